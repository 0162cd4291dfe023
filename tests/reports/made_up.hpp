// A scenario and a tally made by hand: every part of a report has something to show, and every number is known.
#pragma once

#include "harness/record/tally.hpp"
#include "reports/result.hpp"
#include "scenarios/language/scenario.hpp"

namespace dueprocess::made_up {

using namespace std::chrono_literals;

inline constexpr Instant monday = instant_at(1'772'409'600'000'000);  // 2026-03-02T00:00:00Z

inline std::uint64_t& operations(Tally& tally, OperationKind kind, Outcome outcome) {
  return tally.operations[static_cast<std::size_t>(kind)][static_cast<std::size_t>(outcome)];
}

inline Expectation expectation(const std::string& text, std::uint32_t line) {
  Expectation made = parse_expectation(text).expectation;
  made.line = line;
  return made;
}

inline Scenario scenario() {
  Scenario made;
  made.name = "made up";
  made.description = "Two words:\n\"made\" and \"up\"";
  made.file = "some folder/made-up.yaml";
  made.seed = 7;
  made.starts = monday;
  made.ends = monday + 24h * 14;
  made.policy.max_extensions = 3;
  made.market.orders.count = 1'000;
  made.market.cases.resize(2);
  made.market.cases[0].name = "silent buyer";
  made.market.cases[1].name = "late delivery";
  made.market.cases[1].line = 40;
  made.market.cases[1].steps.resize(3);
  made.market.cases[1].steps[2].line = 44;
  made.expectations = {expectation("violations == 0", 50), expectation("auto_complete.lateness p99.9 <= 0s", 51),
                       expectation("auto_complete.share >= 35%", 52), expectation("http.response_time p99 < 50ms", 53)};
  return made;
}

/// A run in which nothing went wrong.
inline Tally good_tally() {
  Tally t;
  t.placed = 1'002;
  t.completed_by_buyer = 600;
  t.completed_by_auto = 400;
  t.open_in_progress = 2;
  t.orders_ok = 1'002;
  t.paid = 1'000;
  t.paid_cents = 5'000'000;
  operations(t, OperationKind::place_order, Outcome::ok) = 1'002;
  operations(t, OperationKind::deliver, Outcome::ok) = 1'000;
  operations(t, OperationKind::deliver, Outcome::refused) = 12;
  operations(t, OperationKind::accept, Outcome::ok) = 600;
  t.refusals[static_cast<std::size_t>(Refusal::confirmation_required)] = 12;
  t.timers_fired = 400;
  t.evidence_seen = 6'000;
  t.bytes_uploaded = 20'000'000'000;
  t.lateness_us.record(0, 400);
  t.lateness_buckets[0] = 400;
  t.cases_run = 2;
  t.coverage.operations[0][static_cast<std::size_t>(OperationKind::place_order)] = {1'002, 0, 0};
  t.coverage.operations[1][static_cast<std::size_t>(OperationKind::deliver)] = {1'000, 12, 0};
  t.coverage.operations[2][static_cast<std::size_t>(OperationKind::accept)] = {600, 0, 0};
  t.coverage.boundaries[static_cast<std::size_t>(Boundary::at_deadline)] = 3;
  t.coverage.late_deliveries = 150;
  t.coverage.herd_largest = 2;
  t.first = monday + 1s;
  t.last = monday + 24h * 20 + 500us;
  t.digest = 0xfedc'ba98'7654'3210;
  return t;
}

/// One in which much did.
inline Tally bad_tally() {
  Tally t = good_tally();
  t.orders_ok = 999;
  t.orders_violated = 2;
  t.orders_unknown = 1;
  t.early = 1;
  t.earliest_us = 86'400'000'000;
  t.lateness_us = {};
  t.lateness_us.record(0, 398);
  t.lateness_us.record(12'000'000);
  t.lateness_buckets = {398, 0, 0, 1, 0, 0};
  t.add_violation(
      {OrderId{17}, monday + 24h, Invariant::T1, "auto-completion at 2026-03-04T00:00:00Z", "at 2026-03-03T00:00:00Z"});
  t.add_violation({OrderId{18}, monday + 48h, Invariant::T2, "completed by then", "12 s later"});
  t.add_violation({OrderId{18}, monday + 48h, Invariant::M1, "one payment", "2 payments"});
  t.add_case_failure({1, 2, "state completed", "state delivered"});
  return t;
}

inline RunSettings settings() {
  RunSettings made;
  made.scenario = "some folder/made-up.yaml";
  made.overrides = {{"orders.arrive.rate", "50/s"}, {"name", "it's"}};
  made.bugs = {"B01a"};
  return made;
}

inline RunRecord record() {
  RunRecord made;
  made.version = "0.0.0";
  made.compiler = "a compiler";
  made.build_type = "Debug";
  made.started_at = "2026-11-23T10:00:00Z";
  made.system = "a system";
  made.processor = "a processor";
  made.processors = 2;
  made.memory_bytes = 8'000'000'000;
  made.wall_s = 2;
  made.cpu_user_s = 3;
  made.cpu_system_s = 0.25;
  made.memory_peak_bytes = 12'345'678;
  made.threads = 2;
  made.cells = 12;
  return made;
}

inline Result result(Tally tally) { return make_result(scenario(), settings(), std::move(tally), record()); }

/// Against a live service, in wall time.
inline Tally live_tally() {
  Tally t = good_tally();
  LiveTally& live = t.live;
  live.response_ns.record(1'200'000, 990);
  live.response_ns.record(80'000'000, 10);
  live.service_ns.record(1'000'000, 1'000);
  live.send_error_ns.record(60'000, 1'000);
  live.response_by_kind[0].record(1'200'000, 990);
  live.failures[static_cast<unsigned>(Failure::none)] = 1'000;
  live.failures[static_cast<unsigned>(Failure::timed_out)] = 3;
  live.statuses = {0, 0, 990, 0, 10, 3};
  live.requests = 2'000, live.attempts = 2'005, live.retries = 5, live.connections = 64;
  live.bytes_sent = 400'000, live.bytes_received = 800'000, live.reads_at_deadlines = 120;
  live.resolution_us.record(5'000, 400);
  live.lateness_low_us.record(0, 400);
  live.lateness_high_us.record(4'000, 400);
  live.unknown_because[static_cast<unsigned>(UnknownReason::lost_answers)] = 2;
  live.offset_low_us = 4'999'900, live.offset_high_us = 5'000'100;
  return t;
}

inline Result live_result() {
  RunRecord live = record();
  live.live.emplace();
  live.live->target = "http://127.0.0.1:8080";
  live.live->binding = "dueprocess";
  live.live->clock = "wall";
  live.live->speed = 86'400;
  live.live->load_s = 2;
  live.live->cpu_ppm = 420'000;
  live.live->reviews_unread = 7;
  live.live->cases_not_played = 2;
  live.live->faults.push_back({"reset of answers, 2%", 1'000'000, never_ns, never, never, 12, false, false, ""});
  return make_result(scenario(), settings(), live_tally(), std::move(live));
}

}  // namespace dueprocess::made_up
