// Services that do what none should: every case ends in a counted outcome, in bounded time, and the next request is none the
// worse.
#include "catch.hpp"

#include "tests/harness/target/http/asking.hpp"

namespace dueprocess::http {
namespace {

using namespace testing;

struct HostileCase {
  const char* what;
  std::vector<Step> script;
  Failure failure;
  unsigned status;
};

const std::string plain_answer = answer(200, "{}");

std::vector<HostileCase> hostile_cases() {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  return {
      {"reset on connecting", {reset()}, Failure::cut, 0},
      {"closed without an answer", {hear(), shut()}, Failure::cut, 0},
      {"reset after the request", {hear(), reset()}, Failure::cut, 0},
      {"closed within the status line", {hear(), say("HTTP/1.1 2"), shut()}, Failure::cut, 0},
      {"reset within the fields", {hear(), say("HTTP/1.1 200 OK\r\nContent-"), reset()}, Failure::cut, 0},
      {"closed within the body", {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), shut()}, Failure::cut, 200},
      {"reset within the body", {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"), reset()}, Failure::cut, 200},
      {"a truncated chunk", {hear(), say(chunked + "5\r\nab"), shut()}, Failure::cut, 200},
      {"no last chunk", {hear(), say(chunked + "2\r\nab\r\n"), shut()}, Failure::cut, 200},
      {"silence", {hear(), silence()}, Failure::timed_out, 0},
      {"silence within the head", {hear(), say("HTTP/1.1 200 OK\r\n"), silence()}, Failure::timed_out, 0},
      {"silence within the body",
       {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), silence()},
       Failure::timed_out,
       200},
      {"a drip that never gets there",
       {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"), drip(std::string(500, 'x'))},
       Failure::timed_out,
       200},
      {"not HTTP at all", {hear(), say("SSH-2.0-OpenSSH_9.2p1\r\n"), silence()}, Failure::garbage, 0},
      {"noise", {hear(), say(std::string("\0\xff\x16\x03\x01\x02", 6)), silence()}, Failure::garbage, 0},
      {"a status that is none", {hear(), say("HTTP/1.1 2x0 OK\r\n\r\n"), silence()}, Failure::garbage, 0},
      {"a version that is none", {hear(), say("HTTP/1.7 200 OK\r\n\r\n"), silence()}, Failure::garbage, 0},
      {"a field without a colon", {hear(), say("HTTP/1.1 200 OK\r\nNonsense\r\n\r\n"), silence()}, Failure::garbage, 0},
      {"a length that is no number",
       {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), silence()},
       Failure::garbage,
       0},
      {"a negative length", {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), silence()}, Failure::garbage, 0},
      {"two lengths",
       {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), silence()},
       Failure::garbage,
       0},
      {"a length and chunks",
       {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")},
       Failure::garbage,
       0},
      {"a length beyond the limit",
       {hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"), silence()},
       Failure::garbage,
       0},
      {"a chunk size that is none", {hear(), say(chunked + "xyz\r\n"), silence()}, Failure::garbage, 200},
      {"a chunk size that overflows", {hear(), say(chunked + "fffffffffffffffff\r\n"), silence()}, Failure::garbage, 200},
      {"fields without end", {hear(), say("HTTP/1.1 200 OK\r\n"), say_forever("X-More: of this\r\n")}, Failure::garbage, 0},
      {"a field without end", {hear(), say("HTTP/1.1 200 OK\r\nX: "), say_forever(std::string(1000, 'x'))}, Failure::garbage, 0},
      {"a chunk's line without end", {hear(), say(chunked + "1;"), say_forever(std::string(1000, 'x'))}, Failure::garbage, 200},
      {"a trailer without end", {hear(), say(chunked + "0\r\n"), say_forever("X-More: of this\r\n")}, Failure::garbage, 200},
      {"a body without end",
       {hear(), say("HTTP/1.1 200 OK\r\n\r\n"), say_forever(std::string(60'000, 'x'))},
       Failure::garbage,
       200},
      {"chunks without end",
       {hear(), say(chunked), say_forever("3e8\r\n" + std::string(1000, 'x') + "\r\n")},
       Failure::garbage,
       200},
      {"interim answers without end", {hear(), say_forever("HTTP/1.1 102 Processing\r\n\r\n")}, Failure::garbage, 0},
      {"another protocol",
       {hear(), say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"), silence()},
       Failure::garbage,
       0},

      {"an answer before the request", {say(plain_answer), hear(), shut()}, Failure::cut, 0},
      {"bytes beyond an answer", {hear(), say(plain_answer + "more"), silence()}, Failure::none, 200},
      {"two answers to one request", {hear(), say(plain_answer + plain_answer), silence()}, Failure::none, 200},
      {"a storm of 503", {hear(), say(answer(503, "busy")), hear(), say(answer(503, "busy"))}, Failure::none, 503},
      {"a redirect to itself", {hear(), say(answer(302, "", "Location: /\r\n"))}, Failure::none, 302},
      {"HTTP/1.0, closed at the end", {hear(), say("HTTP/1.0 200 OK\r\n\r\n{}"), shut()}, Failure::none, 200},
      {"no length, closed at the end", {hear(), say("HTTP/1.1 200 OK\r\n\r\n{}"), shut()}, Failure::none, 200},
      {"an answer in single bytes", {hear(), drip(plain_answer)}, Failure::none, 200},
      {"204 with a length", {hear(), say("HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n")}, Failure::none, 204},
      {"304 without a body", {hear(), say("HTTP/1.1 304 Not Modified\r\n\r\n")}, Failure::none, 304},
      {"interim answers first",
       {hear(), say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + plain_answer)},
       Failure::none,
       200},
      {"chunks, an extension, a trailer",
       {hear(), say(chunked + "1;a=b\r\n{\r\n1\r\n}\r\n0\r\nX-Sum: 1\r\n\r\n")},
       Failure::none,
       200},
      {"chunks in single bytes", {hear(), drip(chunked + "2\r\n{}\r\n0\r\n\r\n")}, Failure::none, 200},
  };
}

TEST_CASE("Whatever a service does ends in one counted outcome, and the next request is none the worse") {
  for (const HostileCase& each : hostile_cases()) {
    INFO(each.what);
    boost::asio::io_context loop;
    ScriptedServer server{loop};
    server.plays(each.script);
    server.plays({hear(), say(plain_answer)});
    ClientOptions options = each.failure == Failure::timed_out ? Asking::quick(150'000'000) : Asking::quick();
    options.head_bytes = 8 * 1024;
    options.body_bytes = 256 * 1024;
    Asking asking{&loop, server.url(), options};
    // Two cases depend on who is faster: whether the connection is open already, whether the request is on it already.
    const Heard heard = asking.ask({.method = "POST", .target = "/v1/orders", .body = {.bytes = "{\"a\":1}"}});
    if (std::string_view{each.what} == "an answer before the request") {
      CHECK((heard.failure == Failure::none || heard.failure == Failure::cut));
    } else if (std::string_view{each.what} == "reset on connecting") {
      CHECK((heard.failure == Failure::no_connection ? heard.unsent : heard.failure == Failure::cut));
    } else {
      CHECK(name_of(heard.failure) == name_of(each.failure));
      CHECK(heard.status == each.status);
      CHECK(heard.why.empty() == (each.failure == Failure::none));
    }
    CHECK(heard.attempts == 1);
    CHECK(heard.answered_ns >= heard.sent_ns);
    CHECK(asking.client.in_flight() == 0);
    CHECK(asking.client.counts().requests == 1);
    CHECK(asking.client.counts().failures[static_cast<unsigned>(heard.failure)] == 1);
    if (heard.status == 200 && heard.failure == Failure::none) CHECK(heard.body == "{}");
    if (std::string_view{each.what} == "a storm of 503") continue;
    const Heard after = asking.ask({.target = "/", .replayable = true, .attempts = 3});
    CHECK(after.failure == Failure::none);
    CHECK(after.body == "{}");
  }
}

TEST_CASE("A body over the limit is given up on when it is over, not when it ends") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say("HTTP/1.1 200 OK\r\n\r\n"), say_forever(std::string(60'000, 'x'))});
  ClientOptions options = Asking::quick();
  options.body_bytes = 1'000'000;
  Asking asking{&loop, server.url(), options};
  CHECK(asking.ask().failure == Failure::garbage);
  CHECK(asking.client.counts().bytes_received < 4'000'000);
}

TEST_CASE("What a service says on a connection that nobody asked on closes it, and is counted") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), say(plain_answer), drip("x"), silence()});
  server.plays({hear(), say(plain_answer)});
  Asking asking{&loop, server.url()};
  CHECK(asking.ask().status == 200);
  RunClock clock;
  while (asking.client.connections() > 0 && clock.now() < 5'000'000'000) loop.run_one_for(std::chrono::milliseconds{20});
  CHECK(asking.client.connections() == 0);
  CHECK(asking.client.counts().surplus == 1);
  CHECK(asking.ask().status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE("A thousand requests to a service that resets every connection all end") {
  boost::asio::io_context loop;
  ScriptedServer server{loop};
  server.plays({hear(), reset()});
  ClientOptions options = Asking::quick();
  options.retry.attempts = 3;
  Asking asking{&loop, server.url(), options};
  for (std::uint64_t id = 1; id <= 1000; ++id) REQUIRE(asking.client.send({.id = id, .target = "/", .replayable = id % 2 == 0}));
  CHECK(asking.wait_for(1000));
  const Counts& counts = asking.client.counts();
  CHECK(counts.failures[static_cast<unsigned>(Failure::cut)] == 1000);
  CHECK(counts.attempts == 500 * 1 + 500 * 3);
  CHECK(counts.retries == 1000);
  CHECK(asking.client.in_flight() == 0);
}

}  // namespace
}  // namespace dueprocess::http
