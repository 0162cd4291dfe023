#include "catch.hpp"
#include "harness/history/header.hpp"
#include "harness/history/reading.hpp"

using namespace dueprocess;

namespace {

/// Values of every size, the greatest and the least of each kind among them; the same ones every time.
class Values {
 public:
  explicit Values(std::uint64_t seed) : state_(seed) {}
  std::uint64_t word() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return state_ ^ (state_ >> 31);
  }
  template <class Number>
  Number any() {
    const std::uint64_t shift = word() % 65;
    const std::uint64_t value = shift == 64 ? 0 : word() >> shift;
    return static_cast<Number>(value);
  }
  std::uint64_t id() { return any<std::uint64_t>() >> 1; }
  template <class Enum>
  Enum one_of(unsigned count) {
    return static_cast<Enum>(word() % count);
  }
  Instant instant() {
    if (word() % 4 == 0) return never;
    const auto us = static_cast<std::int64_t>(any<std::uint64_t>() >> 2);
    return instant_at(word() % 3 == 0 ? -us : us);
  }
  bool flag() { return word() % 2 == 0; }
  HarnessTime ns() { return static_cast<HarnessTime>(any<std::uint64_t>() >> 1) * (flag() ? 1 : -1); }

 private:
  std::uint64_t state_;
};

Observation any_observation(Values& values) {
  Observation seen;
  Operation& op = seen.operation;
  op.kind = values.one_of<OperationKind>(operation_kind_count);
  op.order = OrderId{values.id() | 1};
  op.key = KeyId{values.flag() ? 0 : values.id()};
  op.by = UserId{values.any<std::uint32_t>()};
  const bool delivers = is_delivery(op.kind);
  if (delivers) {
    op.content = values.one_of<Content>(4);
    op.confirm_no_file = values.flag();
    op.use_draft = values.flag();
  }
  if (delivers || op.kind == OperationKind::save_draft) {
    op.attachments = values.any<std::uint16_t>();
    op.links = values.any<std::uint16_t>();
  }
  const bool has_text = delivers || op.kind == OperationKind::save_draft || op.kind == OperationKind::upload ||
                        op.kind == OperationKind::request_modification || op.kind == OperationKind::contact_support;
  if (has_text) op.text = TextId{values.any<std::uint32_t>()};
  if (op.kind == OperationKind::place_order) {
    op.seller = UserId{values.any<std::uint32_t>()};
    op.due_at = values.instant();
  }
  if (op.kind == OperationKind::place_order || op.kind == OperationKind::upload || op.kind == OperationKind::extend_review)
    op.price_cents = values.ns();
  seen.answered = values.instant();
  seen.sent = values.flag() ? seen.answered : values.instant();
  seen.intended = values.flag() ? seen.sent : values.instant();
  Answer& answer = seen.answer;
  answer.stamp = values.flag() ? seen.answered : values.instant();
  answer.deadline = values.instant();
  answer.completed_at = values.instant();
  answer.version = values.any<std::uint32_t>();
  answer.listed = values.any<std::uint32_t>();
  answer.outcome = values.one_of<Outcome>(3);
  answer.refusal = values.one_of<Refusal>(refusal_count);
  answer.state = values.one_of<OrderState>(order_state_count);
  answer.completed_by = values.one_of<CompletedBy>(3);
  answer.late = values.flag();
  return seen;
}

Evidence any_evidence(Values& values) {
  Evidence e;
  e.order = OrderId{values.id()};
  e.at = values.instant();
  e.deadline = values.instant();
  e.amount_cents = values.ns();
  e.to = UserId{values.any<std::uint32_t>()};
  e.version = values.any<std::uint32_t>();
  e.kind = values.one_of<EvidenceKind>(3);
  e.notice = values.one_of<Notice>(notice_count);
  e.from = values.one_of<OrderState>(order_state_count);
  e.state = values.one_of<OrderState>(order_state_count);
  e.completed_by = values.one_of<CompletedBy>(3);
  return e;
}

template <class... What>
std::string line_of(const What&... what) {
  char text[record_room];
  const char* end = write_record(text, what...);
  REQUIRE(end[-1] == '\n');
  return {text, static_cast<std::size_t>(end - text - 1)};
}

Record read(const std::string& line) {
  LineScan scan;
  Record record;
  INFO(line);
  REQUIRE(read_record(scan, line, record) == "");
  return record;
}

std::string problem_of(const std::string& line) {
  LineScan scan;
  Record record;
  return read_record(scan, line, record);
}

}  // namespace

TEST_CASE("an operation that was written reads as it was, whatever its values") {
  Values values{1};
  for (int i = 0; i < 20'000; ++i) {
    const Observation seen = any_observation(values);
    const std::string line = line_of(seen);
    const Record record = read(line);
    REQUIRE(record.kind == RecordKind::operation);
    REQUIRE_FALSE(record.live);
    REQUIRE(line_of(record.operation.observation) == line);
    // The text says all there is: written again it is the same, and no field that its kind uses is lost on the way.
    const Observation& again = record.operation.observation;
    REQUIRE(again.operation.order == seen.operation.order);
    REQUIRE(again.operation.price_cents == seen.operation.price_cents);
    REQUIRE(again.operation.due_at == seen.operation.due_at);
    REQUIRE(again.operation.text == seen.operation.text);
    REQUIRE((again.answer.stamp == seen.answer.stamp && again.answer.completed_at == seen.answer.completed_at));
    REQUIRE((again.answer.refusal == seen.answer.refusal && again.answer.late == seen.answer.late));
    REQUIRE((again.intended == seen.intended && again.sent == seen.sent && again.answered == seen.answered));
  }
}

TEST_CASE("a live operation keeps the harness's times, its attempts and its failure") {
  Values values{2};
  for (int i = 0; i < 5'000; ++i) {
    LiveObservation live;
    live.observation = any_observation(values);
    live.intended_ns = values.ns();
    live.sent_ns = values.ns();
    live.answered_ns = values.ns();
    live.attempts = values.any<std::uint16_t>();
    live.status = values.any<std::uint16_t>();
    live.failure = values.one_of<Failure>(failure_count);
    const Record record = read(line_of(live));
    REQUIRE(record.live);
    REQUIRE(line_of(record.operation) == line_of(live));
    REQUIRE(record.operation.failure == live.failure);
    REQUIRE(record.operation.intended_ns == live.intended_ns);
  }
}

TEST_CASE("evidence that was written reads as it was, seen in process or live") {
  Values values{3};
  for (int i = 0; i < 20'000; ++i) {
    const Evidence e = any_evidence(values);
    const Instant seen = values.flag() ? e.at : values.instant();
    const Record record = read(line_of(e, seen));
    REQUIRE(record.kind == RecordKind::evidence);
    REQUIRE(record.at == seen);
    REQUIRE(line_of(record.evidence.evidence, seen) == line_of(e, seen));
    REQUIRE(record.evidence.evidence.kind == e.kind);
    REQUIRE(record.evidence.evidence.notice == e.notice);
    REQUIRE(record.evidence.evidence.amount_cents == e.amount_cents);
    const LiveEvidence live{e, values.ns(), values.ns()};
    const Record again = read(line_of(live, seen));
    REQUIRE(again.live);
    REQUIRE(again.evidence.seen_ns == live.seen_ns);
    REQUIRE(again.evidence.not_seen_ns == live.not_seen_ns);
  }
}

TEST_CASE("no record is longer than there is room for") {
  LiveObservation live;
  live.observation.operation.kind = OperationKind::deliver_modified;
  live.observation.operation.content = Content::work_sample;
  live.observation.operation.confirm_no_file = live.observation.operation.use_draft = true;
  const Instant far = instant_at(-(std::int64_t{1} << 62));
  live.observation.intended = instant_at(us_of(far) + 2);
  live.observation.sent = instant_at(us_of(far) + 1);
  live.observation.answered = far;
  live.observation.answer = {never,
                             far,
                             far,
                             UINT32_MAX,
                             UINT32_MAX,
                             Outcome::refused,
                             Refusal::confirmation_required,
                             OrderState::in_progress,
                             CompletedBy::nobody,
                             true};
  live.intended_ns = live.sent_ns = live.answered_ns = INT64_MIN;
  live.attempts = live.status = UINT16_MAX;
  live.failure = Failure::no_connection;
  CHECK(line_of(live).size() < record_room / 2);
}

TEST_CASE("the records around them read as they were") {
  CHECK(read(line_of(ClockSample{instant_at(5), -3, 9})).clock == ClockSample{instant_at(5), -3, 9});
  CHECK(read(line_of(ClockAdvance{instant_at(-5), 3, 9})).advance == ClockAdvance{instant_at(-5), 3, 9});
  const HistoryEnd end{1, 2, 0xFEDC'BA98'7654'3210, 3, 4, 5, true};
  CHECK(read(line_of(end)).end == end);

  char text[record_room];
  const auto line = [&](const char* last) { return std::string{text, static_cast<std::size_t>(last - text - 1)}; };
  Record record = read(line(write_cell_begin(text, {OrderId{17}, 4})));
  CHECK((record.kind == RecordKind::cell && record.orders.first == OrderId{17} && record.orders.count == 4));
  record = read(line(write_cell_end(text, never)));
  CHECK((record.kind == RecordKind::cell_end && record.at == never));
  record = read(line(write_cell_end(text, instant_at(8))));
  CHECK(record.at == instant_at(8));
  record = read(line(write_finish(text, OrderId{3}, instant_at(7))));
  CHECK((record.kind == RecordKind::finish && record.order == OrderId{3} && record.at == instant_at(7)));

  record = read(line(write_cell_end_at_look(text, 9)));
  CHECK((record.kind == RecordKind::cell_end && record.at == never && record.look_ns == 9));
  record = read(line(write_finish_at_look(text, OrderId{3}, -7)));
  CHECK((record.kind == RecordKind::finish && record.order == OrderId{3} && record.look_ns == -7));
  record = read(line(write_down(text, 2, 3)));
  CHECK((record.kind == RecordKind::down && record.fault.begin_ns == 2 && record.fault.end_ns == 3));

  const FaultSpan fault{"resets: 5%, \"quoted\"\n", instant_at(1), never, 2, 3};
  CHECK(read(record_text(fault)).fault == fault);
  const CaseFailureRecord failed{{3, 2, "delivered", "it's \"late\" \xC3\xA4"}, "a case, \\ and all", 470, 59};
  CHECK(read(record_text(failed)).case_failure == failed);
}

TEST_CASE("a header reads as it was") {
  HistoryHeader header;
  header.version = "1.2.3";
  header.scenario = "a \"name\"\n";
  header.seed = UINT64_MAX;
  header.starts = instant_at(-1);
  header.overrides = {{"a.b", "c=d"}};
  header.environment = {{"DUEPROCESS_SET_X", ""}};
  header.bugs = {"B05"};
  header.expectations = {{"violations == 0", 7}};
  header.texts = {"", " ", "ä"};
  header.target = "http://127.0.0.1:8080";
  header.clock = HistoryClock::wall;
  header.speed = 86'400;
  header.faults = {"resets: 5%"};
  header.orders = 12;
  header.finishes = true;
  header.policy.days = DayRule::calendar;
  header.policy.zone = "Europe/Berlin";
  header.policy.max_modifications = 3;
  header.tolerances.lateness_max = Duration{9};
  header.tolerances.downtimes = {{instant_at(1), instant_at(2)}, {instant_at(5), instant_at(6)}};
  header.tolerances.notices = false;
  header.interleaved = true;
  header.wall.lateness_max = Duration{11};
  header.wall.tells.completed_at = false;
  header.wall.payments = false;
  header.wall.drift_ppm = 50;
  header.wall.nodes_max = 77;
  const std::string line = header_line(header);
  const ReadHeader read = read_header(line);
  CHECK(read.problem == "");
  CHECK(read.is_header);
  CHECK(header_line(read.header) == line);
  CHECK(read.header.policy == header.policy);
  CHECK(read.header.seed == UINT64_MAX);
  CHECK((read.header.interleaved && !read.header.tolerances.notices));
  CHECK((read.header.wall.nodes_max == 77 && !read.header.wall.tells.completed_at && !read.header.wall.payments));
}

TEST_CASE("a header that is wrong says where") {
  const auto problem = [](const std::string& members) {
    return read_header(R"({"type":"header","format":"dueprocess/history/1",)" + members + "}").problem;
  };
  CHECK(problem(R"("seed":-1)") == "header: seed: expected a whole number from 0 to 18446744073709551615");
  CHECK(problem(R"("policy":{"review_anchor":"sooner"})") ==
        "header: policy.review_anchor: expected one of later, due_date, delivery");
  CHECK(problem(R"("policy":3)") == "header: policy: expected an object");
  CHECK(problem(R"("tolerances":{"downtimes":[{"from":5,"to":5}]})") ==
        "header: tolerances.downtimes: expected spans {from, to}, one after the other");
  CHECK(problem(R"("policy":{"review_period_us":-1})").starts_with("header: policy.review_period_us: expected"));
  CHECK(problem(R"("speed":0.5)").starts_with("header: speed: expected"));
  CHECK(read_header(R"({"type":"header","format":"dueprocess/history/2"})").problem ==
        "header: format \"dueprocess/history/2\"; this version reads \"dueprocess/history/1\"");
  CHECK_FALSE(read_header(R"({"type":"operation"})").is_header);
  CHECK_FALSE(read_header("order,buyer,seller").is_header);
}

TEST_CASE("a record that is wrong says which member, and what was expected") {
  const std::string good = R"({"type":"operation","order":1,"at":5,"op":"accept","by":2,"outcome":"ok"})";
  CHECK(problem_of(good) == "");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string line = good;
    return problem_of(line.replace(line.find(from), from.size(), to));
  };
  CHECK(with(R"("op":"accept",)", "") == "op: expected it to be there");
  CHECK(with("\"accept\"", "\"accepted\"") == "op: expected an operation's name");
  CHECK(with("\"ok\"", "1") == "outcome: expected ok, refused or info");
  CHECK(with("\"at\":5", "\"at\":\"2026-03-02\"") == "at: expected microseconds since 1970, or null");
  CHECK(with("\"at\":5", "\"at\":9223372036854775806") == "at: expected microseconds since 1970, or null");
  CHECK(with("\"by\":2", "\"by\":4294967296") == "by: expected a whole number from 0 to 4294967295");
  CHECK(with("\"by\":2", "\"by\":-1") == "by: expected a whole number from 0 to 4294967295");
  CHECK(with("\"by\":2", "\"by\":2.0") == "by: expected a whole number from 0 to 4294967295");
  CHECK(with("\"order\":1,", "") == "order: expected it to be there");
  CHECK(with("\"type\":\"operation\",", "") == "no record: it has no type");
  CHECK(problem_of(R"({"type":"notice","order":1,"at":5})") == "notice: expected it to be there");
  CHECK(problem_of(R"({"type":"end","digest":"12"})") == "digest: expected 16 hexadecimal digits");
}

TEST_CASE("what a later version may add is passed over") {
  const Record record = read(
      R"({"colour":"blue","type":"operation","deep":{"a":[1,{"b":"]}"}],"c":null},"order":1,"at":5,"op":"accept","outcome":"ok","x":1e9})");
  CHECK(record.operation.observation.operation.kind == OperationKind::accept);
  CHECK(read(R"({"type":"weather","at":"sunny"})").kind == RecordKind::other);
}
