// Answers understood: codes before statuses before 2xx, words by their names, and nothing believed of what is half understood.
#include "harness/target/binding/answer_reader.hpp"
#include "bindings.hpp"

using namespace dueprocess;
using namespace dueprocess::binding;

namespace {

const char* const rules =
    "answers:\n"
    "  code: /error/code\n"
    "  codes: {wrong_state: [LOCKED, CLOSED], info: BUSY, ok: FINE}\n"
    "  statuses: {not_found: 404, invalid: [400, 422]}\n"
    "  id: /id\n"
    "  state: {at: /status, names: {in_progress: [NEW, STARTED], delivered: DONE, in_revision: AGAIN, completed: CLOSED}}\n"
    "  version: /rev\n"
    "  deadline: {at: /closesAt, as: epoch_ms}\n"
    "  completed_by: {at: /by, names: {auto: SYSTEM, buyer: CUSTOMER}}\n"
    "  late: /late\n"
    "  stamp: {header: X-Now, as: epoch_us}\n"
    "  attachment: /file\n";

struct Reading {
  Binding binding = binding_of(with_operation("view_order", "\"GET /o/{order}\"", rules));
  AnswerReader view{binding.of(OperationKind::view_order).answers, OperationKind::view_order};
  AnswerReader place{binding.of(OperationKind::place_order).answers, OperationKind::place_order};
  http::Answer answer;

  const http::Answer& came(unsigned status, std::string_view body) {
    answer.status = status;
    answer.body = body;
    answer.head = "HTTP/1.1 200 OK\r\nx-now: 1772409600000001\r\n\r\n";
    return answer;
  }
};

}  // namespace

TEST_CASE("an order as an answer shows it") {
  Reading r;
  const ReadAnswer read =
      r.view.read(r.came(200, R"({"status":"STARTED","rev":4,"closesAt":1772409600000.25,"by":null,"late":true})"));
  CHECK(read.understood);
  CHECK(read.answer.outcome == Outcome::ok);
  CHECK(read.answer.state == OrderState::in_progress);
  CHECK(read.answer.version == 4);
  CHECK(us_of(read.answer.deadline) == 1'772'409'600'000'250);
  CHECK(read.answer.completed_by == CompletedBy::nobody);
  CHECK(read.answer.late);
  CHECK(us_of(read.answer.stamp) == 1'772'409'600'000'001);
}

TEST_CASE("the code decides before the status, the status before 2xx") {
  Reading r;
  const auto verdict = [&](unsigned status, const char* body) {
    const Answer a = r.view.read(r.came(status, body)).answer;
    return std::pair{a.outcome, a.refusal};
  };
  using Pair = std::pair<Outcome, Refusal>;
  CHECK(verdict(404, R"({"error":{"code":"LOCKED"}})") == Pair{Outcome::refused, Refusal::wrong_state});
  CHECK(verdict(404, R"({"error":{"code":"OTHER"}})") == Pair{Outcome::refused, Refusal::not_found});
  CHECK(verdict(422, "<html>") == Pair{Outcome::refused, Refusal::invalid});
  CHECK(verdict(200, R"({"error":{"code":"CLOSED"}})") == Pair{Outcome::refused, Refusal::wrong_state});
  CHECK(verdict(500, R"({"error":{"code":"FINE"},"status":"NEW"})") == Pair{Outcome::ok, Refusal::none});
  CHECK(verdict(409, R"({"error":{"code":"BUSY"}})") == Pair{Outcome::info, Refusal::none});
  CHECK(verdict(503, "") == Pair{Outcome::info, Refusal::none});
  CHECK(verdict(302, "") == Pair{Outcome::info, Refusal::none});
}

TEST_CASE("an ok answer that lacks what it must tell, or tells it in unknown words, is not believed") {
  Reading r;
  const auto lacks = [&](AnswerReader& reader, const char* body) {
    const ReadAnswer read = reader.read(r.came(200, body));
    CHECK_FALSE(read.understood);
    CHECK(read.answer.outcome == Outcome::info);
    CHECK(read.answer.state == OrderState::none);
    return std::string{read.lacks};
  };
  CHECK(lacks(r.view, R"({"rev":4})") == "state");
  CHECK(lacks(r.view, R"({"status":"WEIRD"})") == "state");
  CHECK(lacks(r.view, R"({"status":"NEW","closesAt":"soon"})") == "deadline");
  CHECK(lacks(r.view, R"({"status":"NEW","rev":-1})") == "version");
  CHECK(lacks(r.view, R"({"status":"NEW","by":"GHOST"})") == "completed_by");
  CHECK(lacks(r.view, "<html>hello</html>") == "JSON");
  CHECK(lacks(r.place, R"({"status":"NEW"})") == "id");
  CHECK(r.place.read(r.came(201, R"({"status":"NEW","id":17})")).id == "17");
}

TEST_CASE("what was refused was refused, whatever is wrong with what it shows") {
  Reading r;
  const ReadAnswer read = r.view.read(r.came(409, R"({"error":{"code":"LOCKED"},"status":"WEIRD","rev":3})"));
  CHECK(read.understood);
  CHECK(read.answer.refusal == Refusal::wrong_state);
  CHECK(read.answer.version == 0);
  CHECK(read.lacks == "state");
}
