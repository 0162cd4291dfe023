// The target against a service that plays scripts: sessions, orders, keys, failures, evidence.
#include "harness/target/binding/http_target.hpp"
#include "bindings.hpp"
#include "tests/harness/target/http/scripted_server.hpp"

#include <boost/asio/io_context.hpp>
#include <map>
#include <vector>

using namespace dueprocess;
using http::testing::answer;
using http::testing::hear;
using http::testing::reset;
using http::testing::say;
using http::testing::ScriptedServer;

namespace {

const char* const service =
    "operations:\n"
    "  place_order: {request: POST /orders, body: {to: \"{seller}\"}}\n"
    "  list_orders: unsupported\n"
    "  view_order: GET /orders/{order}\n"
    "  save_draft: unsupported\n"
    "  open_draft: unsupported\n"
    "  upload: {request: \"POST /orders/{order}/files\", file: raw}\n"
    "  deliver: {request: \"POST /orders/{order}/done\", body: {files: \"{attachments}\"}}\n"
    "  deliver_modified: unsupported\n"
    "  accept: POST /orders/{order}/ok\n"
    "  request_modification: unsupported\n"
    "  extend_review: unsupported\n"
    "  contact_support: unsupported\n"
    "answers: {statuses: {unauthenticated: 401, not_found: 404, invalid: 422}, id: /id, state: /state, attachment: /file}\n"
    "unknown_order: nobody\n";
const char* const login =
    "login: {by: {request: POST /login, body: {name: \"{user}\"}}, token: /token, send: {Authorization: \"Bearer {token}\"}}\n";
const char* const keys = "key: {X-Key: \"{run}/{key}\"}\n";

/// One connection, one thing after the other.
struct Asking : LiveSink {
  explicit Asking(const std::string& text) : binding(binding_of(text)) {}

  HttpTarget& target() {
    if (!made) {
      HttpTargetOptions options;
      options.clock = LiveClock::wall;
      options.run = "run";
      options.client.connections = 1;
      options.client.retry = {.attempts = 2, .first_ns = 1'000'000, .most_ns = 1'000'000};
      options.client.answer_timeout_ns = 10'000'000'000;
      std::string problem;
      const auto endpoint = http::read_endpoint(server.url(), problem);
      REQUIRE(endpoint);
      made = std::make_unique<HttpTarget>(loop, *endpoint, binding, options, http::RunClock{}, *this);
      bool open = false;
      made->open([&](const std::string& what) {
        CHECK(what.empty());
        open = true;
      });
      run_until([&] { return open; });
    }
    return *made;
  }

  void run_until(const std::function<bool()>& done) {
    loop.restart();
    while (!done() && loop.run_one_for(std::chrono::seconds{20}) != 0) {
    }
    REQUIRE(done());
  }

  std::uint64_t ask(OperationKind kind, std::uint32_t user, std::uint64_t order = 1, std::uint64_t key = 0) {
    Asked asked;
    asked.ticket = ++tickets;
    asked.operation.kind = kind;
    asked.operation.by = UserId{user};
    asked.operation.order = OrderId{order};
    asked.operation.key = KeyId{key};
    asked.operation.seller = UserId{kind == OperationKind::place_order ? 3u : 0u};
    asked.operation.attachments = kind == OperationKind::deliver ? 1 : 0;
    if (kind == OperationKind::upload) asked.operation.bytes = 5;
    target().perform(asked);
    CHECK(replies.count(asked.ticket) == 0);
    return asked.ticket;
  }
  const LiveObservation& answer_to(std::uint64_t ticket) {
    run_until([&] { return replies.count(ticket) != 0; });
    return replies.at(ticket);
  }
  const LiveObservation& get(OperationKind kind, std::uint32_t user, std::uint64_t order = 1, std::uint64_t key = 0) {
    return answer_to(ask(kind, user, order, key));
  }
  bool heard(std::size_t index, const std::string& part) {
    UNSCOPED_INFO(server.requests().at(index));
    return server.requests().at(index).find(part) != std::string::npos;
  }

  void replied(std::uint64_t ticket, const LiveObservation& seen) override { CHECK(replies.emplace(ticket, seen).second); }
  void witnessed(const LiveEvidence& seen) override { evidence.push_back(seen); }

  boost::asio::io_context loop;
  ScriptedServer server{loop};
  Binding binding;
  std::unique_ptr<HttpTarget> made;
  std::map<std::uint64_t, LiveObservation> replies;
  std::vector<LiveEvidence> evidence;
  std::uint64_t tickets = 0;
};

const std::string placed = R"({"id":"t9","state":"in_progress"})";

}  // namespace

TEST_CASE("a user is logged in once for all who wait, and an order goes under the service's id") {
  Asking a{std::string{service} + login};
  a.server.plays({hear(), say(answer(200, R"({"token":"secret7"})")), hear(), say(answer(201, placed)), hear(),
                  say(answer(200, R"({"state":"delivered"})")), hear(), say(answer(200, R"({"state":"completed"})"))});
  const auto first = a.ask(OperationKind::place_order, 7), second = a.ask(OperationKind::view_order, 7),
             third = a.ask(OperationKind::view_order, 7);
  CHECK(a.answer_to(first).observation.answer.outcome == Outcome::ok);
  CHECK(a.answer_to(second).observation.answer.state == OrderState::delivered);
  CHECK(a.answer_to(third).observation.answer.state == OrderState::completed);
  REQUIRE(a.server.requests().size() == 4);
  CHECK(a.heard(0, "POST /login"));
  CHECK(a.heard(0, R"({"name":"u7"})"));
  CHECK(a.heard(1, "Authorization: Bearer secret7\r\n"));
  CHECK(a.heard(1, R"({"to":"u3"})"));
  CHECK(a.heard(2, "GET /orders/t9 HTTP/1.1"));
}

TEST_CASE("who is logged out logs in again, once a request") {
  Asking a{std::string{service} + login};
  a.server.plays({hear(), say(answer(200, R"({"token":"one"})")), hear(), say(answer(401, "")), hear(),
                  say(answer(200, R"({"token":"two"})")), hear(), say(answer(201, placed)), hear(), say(answer(401, "")), hear(),
                  say(answer(200, R"({"token":"three"})")), hear(), say(answer(401, ""))});
  CHECK(a.get(OperationKind::place_order, 7).observation.answer.outcome == Outcome::ok);
  CHECK(a.heard(3, "Bearer two"));
  const LiveObservation& seen = a.get(OperationKind::view_order, 7);
  CHECK(seen.observation.answer.refusal == Refusal::unauthenticated);
  CHECK(seen.attempts == 2);
  CHECK(a.made->counts().logins_again == 2);
}

TEST_CASE("a login that fails sends nothing of what waited for it") {
  Asking a{std::string{service} + login};
  a.server.plays({hear(), say(answer(403, "no"))});
  const LiveObservation& seen = a.get(OperationKind::place_order, 7);
  CHECK(seen.observation.answer.outcome == Outcome::refused);
  CHECK(seen.observation.answer.refusal == Refusal::none);
  CHECK(seen.failure == Failure::unreadable);
  CHECK(a.server.requests().size() == 1);
}

TEST_CASE("nobody says nothing of who he is, orders that were never placed go under an id that none has") {
  Asking a{std::string{service} + login};
  a.server.plays({hear(), say(answer(401, "")), hear(), say(answer(200, R"({"token":"x"})")), hear(), say(answer(422, "")),
                  hear(), say(answer(404, ""))});
  CHECK(a.get(OperationKind::view_order, 0).observation.answer.refusal == Refusal::unauthenticated);
  CHECK_FALSE(a.heard(0, "Authorization"));
  CHECK(a.heard(0, "GET /orders/nobody "));
  CHECK(a.get(OperationKind::place_order, 7).observation.answer.refusal == Refusal::invalid);
  CHECK(a.get(OperationKind::view_order, 7).observation.answer.refusal == Refusal::not_found);
  CHECK(a.heard(3, "GET /orders/nobody "));
}

TEST_CASE("what the binding does not have is never sent, and replied to") {
  Asking a{service};
  a.server.plays({hear()});
  const LiveObservation& seen = a.get(OperationKind::list_orders, 7);
  CHECK(seen.failure == Failure::unsupported);
  CHECK(seen.observation.answer.outcome == Outcome::refused);
  CHECK(a.server.requests().empty());
}

TEST_CASE("an order whose placing was not answered cannot be asked about") {
  Asking a{service};  // no keys: it is not tried again
  a.server.plays({hear(), reset()});
  a.server.plays({hear()});
  const LiveObservation& lost = a.get(OperationKind::place_order, 7);
  CHECK(lost.observation.answer.outcome == Outcome::info);
  CHECK(lost.failure == Failure::cut);
  CHECK(a.get(OperationKind::view_order, 7).failure == Failure::unsupported);
  CHECK(a.made->counts().orphaned == 1);
}

TEST_CASE("an order is not placed under a second key, whatever became of the first") {
  Asking a{std::string{service} + keys};
  a.server.plays({hear(), reset()});
  a.server.plays({hear(), reset()});
  a.server.plays({hear(), say(answer(201, placed)), hear()});
  CHECK(a.get(OperationKind::place_order, 7, 1, 99).observation.answer.outcome == Outcome::info);
  for (const std::uint64_t other : {0, 98}) {
    const LiveObservation& refused = a.get(OperationKind::place_order, 7, 1, other);
    CHECK(refused.failure == Failure::unsupported);
    CHECK(refused.observation.answer.outcome == Outcome::refused);
  }
  CHECK(a.get(OperationKind::place_order, 7, 1, 99).observation.answer.outcome == Outcome::ok);
  CHECK(a.get(OperationKind::place_order, 7, 1, 98).failure == Failure::unsupported);
  CHECK(a.server.requests().size() == 3);
}

TEST_CASE("with keys a lost placing is tried again under the same key, and a repeated click has its own key again") {
  Asking a{std::string{service} + keys};
  a.server.plays({hear(), reset()});
  a.server.plays({hear(), say(answer(201, placed)), hear(), say(answer(200, R"({"state":"completed"})")), hear(),
                  say(answer(200, R"({"state":"completed"})"))});
  const LiveObservation& seen = a.get(OperationKind::place_order, 7);
  CHECK(seen.observation.answer.outcome == Outcome::ok);
  CHECK(seen.attempts == 2);
  const auto key_of = [&](std::size_t i) {
    const std::string& text = a.server.requests().at(i);
    const std::size_t at = text.find("X-Key: ");
    return text.substr(at, text.find("\r\n", at) - at);
  };
  CHECK(key_of(0) == key_of(1));
  CHECK(key_of(0).starts_with("X-Key: run/"));
  a.get(OperationKind::accept, 7, 1, 99);
  a.get(OperationKind::accept, 7, 1, 99);
  CHECK(key_of(2) == key_of(3));
  CHECK(key_of(2) != key_of(1));
}

TEST_CASE("a delivery names the files uploaded since the last, and under a repeated key the same again") {
  Asking a{std::string{service} + keys};
  a.server.plays({hear(), say(answer(201, placed)), hear(), say(answer(201, R"({"file":"f5"})")), hear(),
                  say(answer(200, R"({"state":"delivered"})")), hear(), say(answer(200, R"({"state":"delivered"})")), hear(),
                  say(answer(422, ""))});
  a.get(OperationKind::place_order, 7);
  a.get(OperationKind::upload, 3);
  a.get(OperationKind::deliver, 3, 1, 50);
  a.get(OperationKind::deliver, 3, 1, 50);
  a.get(OperationKind::deliver, 3, 1, 51);
  CHECK(a.heard(2, R"({"files":["f5"]})"));
  CHECK(a.heard(3, R"({"files":["f5"]})"));
  CHECK(a.heard(4, R"({"files":["0"]})"));
}

TEST_CASE("odd answers end in a counted failure") {
  for (const std::string& odd : {answer(200, "<html>"), answer(200, "{}"), answer(500, "{\"state\":\"delivered\"}"),
                                 answer(302, ""), answer(200, R"({"state":"unheard of"})")}) {
    Asking a{service};
    a.server.plays({hear(), say(answer(201, placed)), hear(), say(odd)});
    a.server.plays({hear(), say(odd)});
    a.get(OperationKind::place_order, 7);
    const LiveObservation& seen = a.get(OperationKind::view_order, 7);
    CHECK(seen.failure == Failure::unreadable);
    CHECK(seen.observation.answer.outcome == Outcome::info);
    CHECK(seen.observation.answer.state == OrderState::none);
  }
}

TEST_CASE("closing replies to everything exactly once") {
  Asking a{std::string{service} + login};
  a.server.plays({hear(), say(answer(200, R"({"token":"x"})")), hear(), http::testing::silence()});
  const auto one = a.ask(OperationKind::place_order, 7), two = a.ask(OperationKind::view_order, 7);
  a.run_until([&] { return a.server.requests().size() == 2; });
  bool closed = false;
  a.target().close([&](const std::string&) { closed = true; });
  a.run_until([&] { return closed; });
  CHECK(a.replies.size() == 2);
  CHECK(a.replies.at(one).failure == Failure::cut);
  CHECK(a.replies.at(one).observation.answer.outcome == Outcome::info);
  CHECK(a.replies.at(two).observation.answer.outcome == Outcome::refused);
}

TEST_CASE("the feed is read to its end, and what is others' is left out") {
  Asking a{
      std::string{service} +
      "observe: {by: feed, shows: events, from: \"GET /log?after={cursor}\", next: /next, items: {list: /log, kind: {at: /k, "
      "names: {event: e}}, order: /o, state: /s}}\n"};
  a.binding.observe.wait = Duration{0};
  HttpTargetOptions options;
  options.clock = LiveClock::barrier;  // read when asked to, not by itself
  a.binding.clock.barrier = true;
  options.client.connections = 1;
  std::string problem;
  a.made = std::make_unique<HttpTarget>(a.loop, *http::read_endpoint(a.server.url(), problem), a.binding, options,
                                        http::RunClock{}, a);
  a.server.plays(
      {hear(), say(answer(201, placed)), hear(),
       say(answer(200, R"({"log":[{"k":"e","o":"t9","s":"delivered"},{"k":"e","o":"t8","s":"delivered"}],"next":"5"})")), hear(),
       say(answer(200, R"({"log":[{"k":"e","o":"t9","s":"completed"},{"k":"?"}],"next":"7"})")), hear(),
       say(answer(200, R"({"log":[],"next":"7"})"))});
  a.get(OperationKind::place_order, 7);
  bool drained = false;
  a.made->drain([&](const std::string& what) {
    CHECK(what.empty());
    drained = true;
  });
  a.run_until([&] { return drained; });
  REQUIRE(a.evidence.size() == 2);
  CHECK(a.evidence[0].evidence.order == OrderId{1});
  CHECK(a.evidence[1].evidence.state == OrderState::completed);
  CHECK(a.made->counts().evidence_foreign == 1);
  CHECK(a.made->counts().evidence_unreadable == 1);
  CHECK(a.made->counts().evidence_lacks == "kind");
  CHECK(a.heard(1, "GET /log?after= "));
  CHECK(a.heard(2, "GET /log?after=5 "));
  CHECK(a.heard(3, "GET /log?after=7 "));
}
