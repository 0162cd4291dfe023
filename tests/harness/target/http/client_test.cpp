#include "harness/target/http/client.hpp"

#include "catch.hpp"

#include "harness/target/http/generated.hpp"
#include "tests/harness/target/http/asking.hpp"

namespace dueprocess::http {
namespace {

using namespace testing;

const std::string whole_answer = answer(200, "{}");

std::vector<Step> answers(const std::string& text, unsigned times) {
  std::vector<Step> script;
  for (unsigned i = 0; i < times; ++i) script.insert(script.end(), {hear(), say(text)});
  return script;
}

TEST_CASE("A request goes out as it was asked, and its answer comes back with its times") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(answer(201, R"({"id":"o1"})", "Content-Type: application/json\r\nX-Other:  some  \r\n"))});
  ClientOptions options = Asking::quick();
  options.fields = "User-Agent: test\r\n";
  Asking asking{&loop, server.url() + "/base/", options};
  const Heard heard = asking.ask({.method = "POST",
                                  .target = "/v1/orders?x=1",
                                  .fields = "Content-Type: application/json\r\n",
                                  .body = {.bytes = R"({"seller":"u1"})"}});
  CHECK(server.requests().at(0) == "POST /base/v1/orders?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                                       "\r\nUser-Agent: test\r\nContent-Length: 15\r\nContent-Type: application/json\r\n\r\n" +
                                       R"({"seller":"u1"})");
  CHECK(heard.status == 201);
  CHECK(heard.body == R"({"id":"o1"})");
  CHECK(heard.failure == Failure::none);
  CHECK_FALSE(heard.unsent);
  CHECK(0 < heard.sent_ns);
  CHECK(heard.sent_ns < heard.answered_ns);
  const Answer answer{.head = heard.head};
  CHECK(answer.field("x-other") == "some");
  CHECK(answer.field("content-TYPE") == "application/json");
  CHECK(answer.field("Location").empty());
}

TEST_CASE("Connections are kept: as many as are needed at a time, never more than allowed") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays(answers(whole_answer, 1000));
  Asking asking{&loop, server.url()};
  for (int i = 0; i < 10; ++i) CHECK(asking.ask().status == 200);
  CHECK(server.connections() == 1);
  for (std::uint64_t id = 100; id < 400; ++id) REQUIRE(asking.client.send({.id = id, .target = "/"}));
  CHECK(asking.wait_for(310));
  CHECK(server.connections() <= 4);
  CHECK(asking.client.connections() == server.connections());
  CHECK(asking.client.counts().waiting_max >= 290);
  CHECK(asking.client.counts().connections == server.connections());
}

TEST_CASE("Connections can be opened before they are needed") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays(answers(whole_answer, 10));
  Asking asking{&loop, server.url()};
  asking.client.connect(3);
  RunClock clock;
  while (asking.client.connections() < 3 && clock.now() < 5'000'000'000) loop.run_one_for(std::chrono::milliseconds{20});
  CHECK(asking.client.connections() == 3);
  CHECK(asking.ask().status == 200);
  CHECK(server.connections() == 3);
}

TEST_CASE("What is over the bound is not taken, said and counted") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays(answers(whole_answer, 10));
  ClientOptions options = Asking::quick();
  options.in_flight = 3;
  Asking asking{&loop, server.url(), options};
  for (std::uint64_t id = 1; id <= 3; ++id) CHECK(asking.client.send({.id = id, .target = "/"}));
  CHECK_FALSE(asking.client.send({.id = 4, .target = "/"}));
  CHECK(asking.client.counts().turned_away == 1);
  CHECK(asking.wait_for(3));
  CHECK(asking.client.send({.id = 5, .target = "/"}));
  CHECK(asking.wait_for(4));
  CHECK(asking.client.counts().in_flight_max == 3);
}

TEST_CASE("The sink may send from within an answer, and is never called from within send()") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays(answers(whole_answer, 100));
  Asking asking{&loop, server.url()};
  bool inside = false;
  asking.listener.then = [&](const Answer& answer) {
    CHECK_FALSE(inside);
    CHECK(answer.body == "{}");
    inside = true;
    if (answer.id < 50) CHECK(asking.client.send({.id = answer.id + 1, .target = "/"}));
    CHECK(answer.body == "{}");
    inside = false;
  };
  REQUIRE(asking.client.send({.id = 1, .target = "/"}));
  CHECK(asking.wait_for(50));
  CHECK(server.connections() == 1);
}

TEST_CASE("A connection that the service has closed meanwhile costs a replayable request nothing but an attempt") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(whole_answer), hear(), shut()});
  server.plays({hear(), say(whole_answer), hear(), shut()});
  ClientOptions options = Asking::quick();
  options.retry.attempts = 3;
  Asking asking{&loop, server.url(), options};
  CHECK(asking.ask().status == 200);
  const Heard again = asking.ask({.target = "/", .replayable = true});
  CHECK(again.status == 200);
  CHECK(again.attempts == 2);
  CHECK(asking.client.counts().connections_stale == 1);
  const Heard once = asking.ask({.target = "/", .replayable = false});
  CHECK(once.failure == Failure::cut);
  CHECK(once.attempts == 1);
  CHECK_FALSE(once.unsent);
}

TEST_CASE("A replayable request is sent again, the same to the last byte, until it is answered") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), reset()});
  server.plays({hear(), say("HTTP/1.1 20")});
  server.plays({hear(), silence()});
  server.plays({hear(), say(answer(503, "no")), hear(), say(answer(429, "", "Retry-After: 0\r\n")), hear(), say(whole_answer)});
  ClientOptions options = Asking::quick(1'500'000'000);
  options.retry.attempts = 9;
  Asking asking{&loop, server.url(), options};
  const Heard heard =
      asking.ask({.method = "POST", .target = "/", .body = {.bytes = "abc", .generated = 3000, .seed = 4}, .replayable = true});
  CHECK(heard.status == 200);
  CHECK(heard.attempts == 6);
  CHECK(asking.client.counts().retries == 5);
  REQUIRE(server.requests().size() == 6);
  for (const std::string& request : server.requests()) CHECK(request == server.requests()[0]);
  CHECK(asking.client.counts().statuses[5] == 1);
  CHECK(asking.client.counts().statuses[4] == 1);
  CHECK(asking.client.counts().statuses[2] == 1);
}

TEST_CASE("What may not arrive twice is sent once: its first failure is its outcome") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(answer(503, "no")), hear(), reset()});
  ClientOptions options = Asking::quick();
  options.retry.attempts = 9;
  Asking asking{&loop, server.url(), options};
  CHECK(asking.ask().status == 503);
  CHECK(asking.ask().failure == Failure::cut);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("A Retry-After is waited for") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(answer(429, "", "Retry-After: 1\r\n")), hear(), say(whole_answer)});
  ClientOptions options = Asking::quick();
  options.retry.attempts = 2;
  Asking asking{&loop, server.url(), options};
  const Heard heard = asking.ask({.target = "/", .replayable = true});
  CHECK(heard.status == 200);
  CHECK(heard.answered_ns - heard.sent_ns >= 1'000'000'000);
}

TEST_CASE("A service that is not there: every request ends unsent, after its attempts, without a busy loop") {
  boost::asio::io_context loop;
  std::string url;
  {
    ScriptedServer server{loop};
    url = server.url();
  }
  ClientOptions options = Asking::quick();
  options.retry.attempts = 4;
  Asking asking{&loop, url, options};
  for (std::uint64_t id = 1; id <= 200; ++id) REQUIRE(asking.client.send({.id = id, .target = "/"}));
  CHECK(asking.listener.count == 0);
  CHECK(asking.wait_for(200));
  for (const auto& [id, heard] : asking.listener.answers) {
    CHECK(heard.failure == Failure::no_connection);
    CHECK(heard.unsent);
    CHECK(heard.attempts == 4);
    CHECK(heard.why == "Connection refused");
  }
  CHECK(asking.client.counts().attempts == 0);
  CHECK(asking.client.counts().connections_failed < 20);
}

TEST_CASE("A service that comes back is found again") {
  boost::asio::io_context loop;
  std::uint16_t port = 0;
  {
    ScriptedServer server{loop};
    port = server.port();
  }
  ClientOptions options = Asking::quick();
  options.retry.attempts = 20;
  Asking asking{&loop, "http://127.0.0.1:" + std::to_string(port), options};
  REQUIRE(asking.client.send({.id = 1, .target = "/"}));
  RunClock clock;
  while (asking.client.counts().connections_failed < 2 && clock.now() < 5'000'000'000)
    loop.run_one_for(std::chrono::milliseconds{20});
  ScriptedServer server{loop, "127.0.0.1", port};
  server.plays({hear(), say(whole_answer)});
  CHECK(asking.wait_for(1));
  CHECK(asking.listener.answers[1].status == 200);
}

TEST_CASE("Of several addresses the first that answers is used") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays(answers(whole_answer, 2));
  // localhost is both ::1 and 127.0.0.1 on most machines; where it is only the latter, this says less.
  Asking asking{&loop, "http://localhost:" + std::to_string(server.port())};
  REQUIRE(asking.client.problem().empty());
  CHECK(asking.ask().status == 200);
}

TEST_CASE("A host without an address is a problem of the client, not of each request") {
  Asking asking{"http://no-such-host.invalid/"};
  CHECK(asking.client.problem().find("no address of no-such-host.invalid") == 0);
}

TEST_CASE("No connection becomes free in time: unsent") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), silence()});
  ClientOptions options = Asking::quick();
  options.connections = 1;
  options.answer_timeout_ns = 2'000'000'000;
  options.wait_timeout_ns = 50'000'000;
  Asking asking{&loop, server.url(), options};
  REQUIRE(asking.client.send({.id = 1, .target = "/"}));
  REQUIRE(asking.client.send({.id = 2, .target = "/"}));
  CHECK(asking.wait_for(1));
  CHECK(asking.listener.answers[2].failure == Failure::no_connection);
  CHECK(asking.listener.answers[2].unsent);
}

TEST_CASE("Closing ends everything that is on its way, each once, nothing is taken afterwards") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), silence()});
  ClientOptions options = Asking::quick();
  options.connections = 2;
  options.answer_timeout_ns = 60'000'000'000;
  Asking asking{&loop, server.url(), options};
  for (std::uint64_t id = 1; id <= 10; ++id) REQUIRE(asking.client.send({.id = id, .target = "/"}));
  while (server.requests().size() < 2) loop.run_one_for(std::chrono::milliseconds{20});
  asking.client.close();
  CHECK(asking.listener.count == 0);
  CHECK(asking.wait_for(10));
  unsigned unsent = 0;
  for (const auto& [id, heard] : asking.listener.answers) {
    CHECK(heard.failure == Failure::cut);
    unsent += heard.unsent;
  }
  CHECK(unsent == 8);
  CHECK(asking.client.connections() == 0);
  CHECK_FALSE(asking.client.send({.id = 11, .target = "/"}));
}

TEST_CASE("A request can be cancelled wherever it is") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), silence()});
  ClientOptions options = Asking::quick();
  options.connections = 1;
  options.answer_timeout_ns = 60'000'000'000;
  Asking asking{&loop, server.url(), options};
  for (std::uint64_t id = 1; id <= 3; ++id) REQUIRE(asking.client.send({.id = id, .target = "/"}));
  while (server.requests().empty()) loop.run_one_for(std::chrono::milliseconds{20});
  asking.client.cancel(3);
  asking.client.cancel(1);
  asking.client.cancel(77);
  CHECK(asking.wait_for(2));
  CHECK(asking.listener.answers[1].failure == Failure::cut);
  CHECK(asking.listener.answers[3].unsent);
  CHECK(asking.client.in_flight() == 1);
}

TEST_CASE("A client may go while requests are on their way: nobody is told") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(whole_answer)});
  Listener listener;
  {
    Client client{loop, Asking::endpoint_of(server.url()), Asking::quick(), RunClock{}, listener};
    REQUIRE(client.send({.id = 1, .target = "/"}));
    REQUIRE(client.send({.id = 2, .target = "/"}));
    loop.run_one_for(std::chrono::milliseconds{20});
  }
  loop.run_for(std::chrono::milliseconds{30});
  CHECK(listener.count == 0);
}

TEST_CASE("A loop may go before what it still holds of a client") {
  Listener listener;
  auto loop = std::make_unique<boost::asio::io_context>();
  auto server = std::make_unique<ScriptedServer>(*loop);
  server->plays({hear(), silence()});
  {
    Client client{*loop, Asking::endpoint_of(server->url()), Asking::quick(), RunClock{}, listener};
    REQUIRE(client.send({.id = 1, .target = "/"}));
    loop->run_one_for(std::chrono::milliseconds{20});
  }
  server.reset();
  loop.reset();
  CHECK(listener.count == 0);
}

TEST_CASE("A streamed answer comes in pieces and may be ended by who reads it") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  server.plays({hear(), say(head + "6\r\ndata: "), drip("\r\n3\r\n1\n\n\r\n"), say_forever("8\r\ndata: 2\n\r\n")});
  server.plays({hear(), say(head + "2\r\nhi\r\n0\r\n\r\n")});
  Asking asking{&loop, server.url()};
  asking.listener.enough = 50'000;
  const Heard endless = asking.ask({.target = "/events", .streamed = true});
  CHECK(endless.failure == Failure::none);
  CHECK(endless.status == 200);
  CHECK(endless.body.empty());
  CHECK(Answer{.head = endless.head}.field("Content-Type") == "text/event-stream");
  CHECK(asking.listener.pieces[1].size() >= 50'000);
  CHECK(asking.listener.pieces[1].starts_with("data: 1\n\n"));
  const Heard ended = asking.ask({.target = "/events", .streamed = true});
  CHECK(ended.failure == Failure::none);
  CHECK(asking.listener.pieces[2] == "hi");
}

TEST_CASE("A stream times out on silence, not on its length") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), drip("HTTP/1.1 200 OK\r\n\r\n" + std::string(600, 'x')), silence()});
  Asking asking{&loop, server.url(), Asking::quick(1'000'000'000)};
  const Heard heard = asking.ask({.target = "/events", .streamed = true});
  CHECK(asking.listener.pieces[1].size() == 600);
  CHECK(heard.failure == Failure::timed_out);
}

TEST_CASE("A long poll has a time-out of its own") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), drip(answer(200, std::string(100, 'x')))});
  Asking asking{&loop, server.url(), Asking::quick(50'000'000)};
  CHECK(asking.ask({.target = "/", .timeout_ns = 10'000'000'000}).status == 200);
}

TEST_CASE("A body is made while it is sent: the bytes are those of its seed, and no memory is theirs") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(answer(201, ""))});
  Asking asking{&loop, server.url()};
  constexpr std::size_t size = 3'000'001;
  CHECK(
      asking
          .ask({.method = "POST", .target = "/", .body = {.bytes = "--x\r\n", .generated = size, .seed = 9, .tail = "\r\n--x--"}})
          .status == 201);
  std::string expected(size, '\0');
  generate_bytes(9, 0, expected.data(), size);
  const std::string& request = server.requests().at(0);
  CHECK(request.find("Content-Length: " + std::to_string(size + 12)) != std::string::npos);
  CHECK(request.ends_with("\r\n\r\n--x\r\n" + expected + "\r\n--x--"));
  CHECK(asking.client.counts().bytes_sent == request.size());
}

TEST_CASE("An upload refused while it is sent ends with the refusal") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear_head(), say(answer(413, "too large")), silence()});
  server.plays({hear(), say(whole_answer)});
  Asking asking{&loop, server.url()};
  const Heard heard = asking.ask({.method = "POST", .target = "/", .body = {.generated = 50'000'000, .seed = 1}});
  CHECK(heard.status == 413);
  CHECK(heard.body == "too large");
  CHECK(asking.client.counts().bytes_sent < 50'000'000);
  CHECK(asking.ask().status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE("Asked first, a service can refuse an upload before a byte of it is sent") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear_head(), say(answer(413, "too large")), silence()});
  server.plays({hear_head(), say("HTTP/1.1 100 Continue\r\n\r\n"), hear_head(), say(whole_answer)});
  server.plays({hear(), say(whole_answer)});  // does not know the question
  Asking asking{&loop, server.url()};
  const Request upload{.method = "POST",
                       .target = "/",
                       .body = {.bytes = "0123456789\r\n\r\n", .ask_first = true},
                       .replayable = true,
                       .attempts = 2};
  CHECK(asking.ask(upload).status == 413);
  CHECK(server.requests().at(0).find("Expect: 100-continue\r\n") != std::string::npos);
  CHECK(asking.client.counts().bytes_sent == server.requests().at(0).size());
  CHECK(asking.ask(upload).status == 200);
  CHECK(server.requests().at(2) == "0123456789\r\n\r\n");
  CHECK(asking.ask(upload).status == 200);
  CHECK(server.requests().at(3).ends_with("\r\n\r\n0123456789\r\n\r\n"));
}

TEST_CASE("An upload given up on purpose is cut off where it was to be") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(answer(201, ""))});
  ClientOptions options = Asking::quick();
  options.retry.attempts = 5;
  Asking asking{&loop, server.url(), options};
  const Heard heard = asking.ask(
      {.method = "POST", .target = "/", .body = {.generated = 1'000'000, .seed = 1, .abort_after = 400'000}, .replayable = true});
  CHECK(heard.failure == Failure::cut);
  CHECK(heard.attempts == 1);
  CHECK(server.requests().empty());
  const std::uint64_t sent = asking.client.counts().bytes_sent;
  CHECK(sent > 400'000);
  CHECK(sent < 400'200);
}

}  // namespace
}  // namespace dueprocess::http
