#include "harness/eventlog/judge_log.hpp"
#include "catch.hpp"

using namespace dueprocess;

namespace {

const std::string whole_mapping = R"(
order: id
buyer: buyer
seller: seller
due: due
price: price
events:
  - {event: placed, at: at, when: {what: placed}}
  - {event: delivered, at: at, when: {what: delivered}, by: who, deadline: deadline}
  - {event: modification_requested, at: at, when: {what: modification}, by: who}
  - {event: extended, at: at, when: {what: extended}, length: length, by: who}
  - {event: accepted, at: at, when: {what: accepted}, by: who}
  - {event: auto_completed, at: at, when: {what: auto}}
  - {event: paid, at: at, when: {what: paid}, amount: price}
)";

LogOutcome judged(const std::string& mapping_text, const std::string& csv, const OracleOptions& options = {}) {
  const ReadLogMapping read = read_log_mapping(mapping_text, "map.yaml", {});
  for (const Mistake& mistake : read.mistakes) UNSCOPED_INFO(to_string(mistake));
  REQUIRE(read.ok());
  std::string wrong;
  const EventLog log = read_event_log(read.mapping, LogFormat::csv, csv, wrong);
  REQUIRE(wrong == "");
  for (const std::string& problem : log.problems) UNSCOPED_INFO(problem);
  REQUIRE(log.problems.empty());
  return judge_log(read.mapping, log, options);
}

/// One order in a table of events; "DAY what" each. Due on day 2, so the deadline of a delivery before is day 5.
LogOutcome life(const std::vector<std::pair<std::string, std::string>>& events, const std::string& mapping = whole_mapping,
                const OracleOptions& options = {}) {
  std::string csv =
      "id,buyer,seller,due,price,at,what,who,deadline,length\no,b,s,2026-03-02T00:00:00Z,50,2026-03-01T00:00:00Z,placed,b,,\n";
  for (const auto& [at, what] : events) csv += "o,b,s,,50,2026-03-" + at + "," + what + "\n";
  // Another order's placing much later: the log goes on until then.
  csv += "p,b,s,2026-05-02T00:00:00Z,50,2026-05-01T00:00:00Z,placed,b,,\n";
  return judged(mapping, csv, options);
}

std::string found(const LogOutcome& outcome) {
  std::string all;
  for (unsigned i = 0; i < invariant_count; ++i)
    for (std::uint64_t n = 0; n < outcome.tally.violations_by[i]; ++n)
      all += (all.empty() ? "" : " ") + std::string{name_of(static_cast<Invariant>(i))};
  return all;
}

const std::pair<std::string, std::string> delivered{"01T12:00:00Z", "delivered,s,,"}, auto_on_time{"05T00:00:00Z", "auto,,,"},
    paid_on_time{"05T00:00:00Z", "paid,,,"};

}  // namespace

TEST_CASE("a log of lawful lives breaks no rule") {
  CHECK(found(life({delivered, auto_on_time, paid_on_time})) == "");
  CHECK(found(life({delivered, {"03T00:00:00Z", "accepted,b,,"}, {"03T00:00:00Z", "paid,,,"}})) == "");
  CHECK(found(life({delivered,
                    {"02T00:00:00Z", "modification,b,,"},
                    {"06T00:00:00Z", "delivered,s,2026-03-09T00:00:00Z,"},
                    {"09T00:00:00Z", "auto,,,"},
                    {"09T00:00:00Z", "paid,,,"}})) == "");
  CHECK(found(life({delivered, {"02T00:00:00Z", "extended,b,,2d"}, {"07T00:00:00Z", "auto,,,"}, {"07T00:00:00Z", "paid,,,"}})) ==
        "");
  const LogOutcome outcome = life({delivered, auto_on_time, paid_on_time});
  CHECK(outcome.tally.completed_by_auto == 1);
  CHECK(outcome.tally.orders_ok == 2);
  CHECK(outcome.tally.lateness_us.max() == 0);
}

TEST_CASE("each invariant that a log supports is found where it is broken, and told by the order's name and line") {
  const LogOutcome early = life({delivered, {"04T23:59:59Z", "auto,,,"}, {"04T23:59:59Z", "paid,,,"}});
  CHECK(found(early) == "T1");
  REQUIRE(early.tally.violation_samples.size() == 1);
  CHECK(early.tally.violation_samples[0].seen.ends_with("(o in the log, line 5)"));
  CHECK(found(life({delivered, {"05T00:00:01Z", "auto,,,"}, {"05T00:00:01Z", "paid,,,"}})) == "T2");
  CHECK(found(life({delivered})) == "T2");
  CHECK(found(life({delivered, {"02T00:00:00Z", "extended,b,,2d"}, auto_on_time, paid_on_time})) == "T3");
  CHECK(found(life({delivered, {"02T00:00:00Z", "modification,b,,"}, auto_on_time, paid_on_time})) == "T4");
  CHECK(found(life({{"01T12:00:00Z", "delivered,s,2026-03-05T00:00:01Z,"}, auto_on_time, paid_on_time})) == "T5");
  CHECK(found(life({delivered, auto_on_time, paid_on_time, {"06T00:00:00Z", "auto,,,"}})) == "A1");
  CHECK(found(life({delivered, {"03T00:00:00Z", "accepted,b,,"}, {"03T00:00:00Z", "paid,,,"}, auto_on_time})) == "A2");
  CHECK(found(life({{"01T12:00:00Z", "accepted,b,,"}})) == "G1");
  CHECK(found(life({delivered, {"05T00:00:00Z", "accepted,b,,"}, paid_on_time})) == "G4");
  CHECK(found(life({{"01T12:00:00Z", "delivered,x,,"}, auto_on_time, paid_on_time})) == "G5");
  CHECK(found(life({delivered, auto_on_time, paid_on_time, {"06T00:00:00Z", "paid,,,"}})) == "M1");
  CHECK(found(life({delivered, auto_on_time})) == "M2");
  CHECK(found(life({delivered, {"03T00:00:00Z", "paid,,,"}, auto_on_time})) == "M4");
}

TEST_CASE("tolerances are kept to") {
  OracleOptions options;
  options.lateness_max = std::chrono::hours{1};
  options.payment_bound = std::chrono::hours{24};
  CHECK(found(life({delivered, {"05T01:00:00Z", "auto,,,"}, {"06T00:00:00Z", "paid,,,"}}, whole_mapping, options)) == "");
  CHECK(found(life({delivered, {"05T01:00:01Z", "auto,,,"}, {"06T00:00:00Z", "paid,,,"}}, whole_mapping, options)) == "T2");
}

TEST_CASE("what a log does not tell is not found in it") {
  const std::string no_timer = R"(
order: id
due: due
events:
  - {event: placed, at: at, when: {what: placed}}
  - {event: delivered, at: at, when: {what: delivered}}
  - {event: accepted, at: at, when: {what: accepted}}
)";
  CHECK(found(life({delivered}, no_timer)) == "");  // never completed, as far as is told: nothing can be said
  CHECK(found(life({delivered, {"05T00:00:00Z", "accepted,b,,"}}, no_timer)) == "G4");
  CHECK(found(life({delivered, {"06T00:00:00Z", "accepted,b,,"}}, no_timer)) == "G4");
  const LogOutcome outcome = life({delivered}, no_timer);
  CHECK(outcome.tally.orders_ok == 2);
  CHECK(outcome.tally.orders_violated == 0);
}

TEST_CASE("a completion without its author is the buyer's before the deadline and the timer's from there on") {
  const std::string who_knows = R"(
order: id
due: due
events:
  - {event: placed, at: at, when: {what: placed}}
  - {event: delivered, at: at, when: {what: delivered}}
  - {event: completed, at: at, when: {what: auto}}
)";
  CHECK(found(life({delivered, {"03T00:00:00Z", "auto,,,"}}, who_knows)) == "");
  CHECK(found(life({delivered, auto_on_time}, who_knows)) == "");
  CHECK(found(life({delivered, {"05T00:00:01Z", "auto,,,"}}, who_knows)) == "T2");
  CHECK(found(life({delivered}, who_knows)) == "T2");
}

TEST_CASE("what is due after the log's end is not a finding") {
  const std::string until = whole_mapping + "until: 2026-03-05T00:00:00Z\n";
  CHECK(found(life({delivered}, until)) == "");
  CHECK(found(life({delivered}, whole_mapping + "until: 2026-03-05T00:00:01Z\n")) == "T2");
}

TEST_CASE("what each invariant needs is said where the log lacks it") {
  const ReadLogMapping read =
      read_log_mapping("order: id\ndue: due\nevents: [{event: placed, at: a}, {event: delivered, at: b}]\n", "m", {});
  for (const Support& support : support_of(read.mapping)) {
    INFO(name_of(support.invariant));
    CHECK_FALSE(support.judged);
    CHECK_FALSE(support.lacks.empty());
  }
  const ReadLogMapping whole = read_log_mapping(whole_mapping, "m", {});
  std::string judged;
  for (const Support& support : support_of(whole.mapping))
    if (support.judged) judged += std::string{name_of(support.invariant)} + " ";
  CHECK(judged == "T1 T2 T3 T4 T5 A1 A2 G1 G4 G5 M1 M2 M3 M4 F1 ");
}

TEST_CASE("one order's events are shown with what is found about it") {
  const ReadLogMapping read = read_log_mapping(whole_mapping, "m", {});
  std::string wrong;
  const EventLog log = read_event_log(read.mapping, LogFormat::csv,
                                      "id,buyer,seller,due,price,at,what,who,deadline,length\n"
                                      "o,b,s,2026-03-02T00:00:00Z,50,2026-03-01T00:00:00Z,placed,b,,\n"
                                      "o,b,s,,50,2026-03-01T12:00:00Z,delivered,s,,\n"
                                      "o,b,s,,50,2026-03-04T00:00:00Z,auto,,,\n",
                                      wrong);
  const std::vector<TimelineEntry> timeline = trace_log(read.mapping, log, {}, OrderId{1});
  REQUIRE(timeline.size() == 4);
  CHECK(std::holds_alternative<Violation>(timeline[3].what));
  CHECK(trace_log(read.mapping, log, {}, OrderId{2}).empty());
}
