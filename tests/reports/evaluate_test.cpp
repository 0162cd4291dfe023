#include "reports/evaluate.hpp"

#include "catch.hpp"
#include "made_up.hpp"

using namespace dueprocess;
using made_up::expectation;

namespace {

JudgedExpectation judged(const std::string& text, const Tally& tally) {
  const ParsedExpectation parsed = parse_expectation(text);
  INFO(text << ": " << parsed.problem);
  REQUIRE(parsed.problem.empty());
  Scenario scenario = made_up::scenario();
  scenario.replay_rows_skipped = 9;
  scenario.expectations = {parsed.expectation};
  return evaluate(scenario, tally).at(0);
}

}  // namespace

TEST_CASE("every metric of the language can be evaluated") {
  for (const Metric& metric : all_metrics()) {
    INFO(metric.name);
    CHECK(can_evaluate(metric));
  }
}

TEST_CASE("every metric of a run in process has a value, every live one is not measured") {
  const Tally tally = made_up::good_tally();
  for (const Metric& metric : all_metrics()) {
    Scenario scenario;
    Expectation e;
    e.metric = &metric;
    e.statistic = metric.distribution ? Statistic::max : Statistic::value;
    scenario.expectations = {e};
    const JudgedExpectation result = evaluate(scenario, tally).at(0);
    INFO(metric.name << ": " << result.actual);
    CHECK(result.held.has_value() != metric.live);
    CHECK(result.metric == metric.name);
    CHECK(result.actual != "nothing was measured");
  }
}

TEST_CASE("each metric of its own count tells that count and no other") {
  // A tally in which every count is another number, so that two metrics that are mixed up show.
  Tally t;
  t.placed = 101, t.completed_by_buyer = 102, t.completed_by_auto = 103;
  t.open_in_progress = 104, t.open_delivered = 105, t.open_in_revision = 106;
  t.orders_ok = 107, t.orders_violated = 108, t.orders_unknown = 109, t.paid = 110, t.paid_cents = 111;
  t.timers_fired = 112, t.bytes_uploaded = 113, t.actions_dropped = 114, t.early = 115, t.cases_run = 116;
  Coverage& c = t.coverage;
  c.late_deliveries = 201, c.redeliveries = 202, c.extensions = 203, c.long_extensions = 204, c.key_replays = 205;
  c.repeats_without_key = 206, c.dst_reviews = 207, c.leap_day_reviews = 208, c.herd_completions = 209, c.herd_largest = 210;
  c.reviews_over_restart = 211, c.deadlines_in_downtime = 212;
  for (unsigned i = 0; i < boundary_count; ++i) c.boundaries[i] = 301 + i;
  for (unsigned i = 0; i < invariant_count; ++i) t.violations_by[i] = 401 + i;
  for (unsigned i = 0; i < refusal_count; ++i) t.refusals[i] = 501 + i;
  for (unsigned kind = 0; kind < operation_kind_count; ++kind)
    for (unsigned outcome = 0; outcome < 3; ++outcome) t.operations[kind][outcome] = 1'000 * (kind + 1) + outcome;

  const std::pair<const char*, const char*> wanted[] = {
      {"orders.placed", "101"},
      {"orders.completed", "205"},
      {"orders.completed_by_buyer", "102"},
      {"orders.completed_by_auto", "103"},
      {"orders.open", "315"},
      {"orders.open.in_progress", "104"},
      {"orders.open.delivered", "105"},
      {"orders.open.in_revision", "106"},
      {"orders.ok", "107"},
      {"orders.violated", "108"},
      {"orders.unknown", "109"},
      {"payments", "110"},
      {"payments.amount", "1.11"},
      {"timers.fired", "112"},
      {"uploads.bytes", "113"},
      {"actions.dropped", "114"},
      {"auto_complete.early", "115"},
      {"cases.run", "116"},
      {"deliveries.late", "201"},
      {"deliveries.again", "202"},
      {"extensions", "203"},
      {"extensions.long", "204"},
      {"coverage.key_replays", "205"},
      {"coverage.repeats_without_key", "206"},
      {"coverage.dst_reviews", "207"},
      {"coverage.leap_day_reviews", "208"},
      {"coverage.herd_completions", "209"},
      {"coverage.herd_largest", "210"},
      {"coverage.reviews_over_restart", "211"},
      {"coverage.deadlines_in_downtime", "212"},
      {"coverage.at_deadline", "301"},
      {"coverage.within_1us_before", "302"},
      {"coverage.within_1us_after", "303"},
      {"coverage.within_1ms_before", "304"},
      {"coverage.within_1ms_after", "305"},
      {"coverage.within_1s_before", "306"},
      {"coverage.within_1s_after", "307"},
      {"violations.T1", "401"},
      {"violations.C1", "430"},
      {"violations", "12,465"},
      {"refusals.unauthenticated", "502"},
      {"refusals.limit_reached", "511"},
      {"operations.place_order", "3,003"},
      {"operations.deliver.ok", "7,000"},
      {"operations.deliver_modified.ok", "8,000"},
      {"operations.deliver_modified", "24,003"},
      {"operations.contact_support.refused", "12,001"},
      {"operations.contact_support.unknown", "12,002"},
      {"replay.rows_skipped", "9"},
  };
  for (const auto& [metric, actual] : wanted) {
    INFO(metric);
    CHECK(judged(std::string{metric} + " >= 0", t).actual == actual);
  }
}

TEST_CASE("a count is compared as it is written") {
  const Tally tally = made_up::good_tally();
  CHECK(judged("orders.placed == 1002", tally).held == true);
  CHECK(judged("orders.placed == 1002", tally).actual == "1,002");
  CHECK(judged("orders.placed != 1002", tally).held == false);
  CHECK(judged("orders.placed < 1002", tally).held == false);
  CHECK(judged("orders.placed <= 1002", tally).held == true);
  CHECK(judged("orders.placed > 1002", tally).held == false);
  CHECK(judged("orders.placed >= 1002", tally).held == true);
}

TEST_CASE("lateness is told exactly, whatever the quantile") {
  const Tally tally = made_up::bad_tally();
  CHECK(judged("auto_complete.lateness p50 <= 0s", tally).held == true);
  CHECK(judged("auto_complete.lateness p50 <= 0s", tally).actual == "0s");
  CHECK(judged("auto_complete.lateness max <= 11.999999s", tally).held == false);
  CHECK(judged("auto_complete.lateness max <= 12s", tally).held == true);
  CHECK(judged("auto_complete.lateness max <= 12s", tally).actual == "12s");
  CHECK(judged("auto_complete.lateness min == 0s", tally).held == true);
  CHECK(judged("auto_complete.lateness count == 399", tally).held == true);
  CHECK(judged("auto_complete.lateness mean < 31ms", tally).actual == "30.075ms");
}

TEST_CASE("a share is compared without rounding") {
  Tally tally;
  tally.completed_by_auto = 1, tally.completed_by_buyer = 2;
  CHECK(judged("auto_complete.share > 33.3333%", tally).held == true);
  CHECK(judged("auto_complete.share < 33.3334%", tally).held == true);
  CHECK(judged("auto_complete.share > 33.3333%", tally).actual == "33.3333% (1 of 3)");
  tally.completed_by_buyer = 1;
  CHECK(judged("auto_complete.share == 50%", tally).held == true);
}

TEST_CASE("an expectation about nothing is missed") {
  CHECK(judged("auto_complete.lateness p99.9 <= 0s", Tally{}).held == false);
  CHECK(judged("auto_complete.share <= 100%", Tally{}).held == false);
  CHECK(judged("auto_complete.lateness count == 0", Tally{}).held == true);
  CHECK(judged("violations == 0", Tally{}).held == true);
}

TEST_CASE("a metric of live targets is neither held nor missed") {
  const JudgedExpectation e = judged("http.response_time p99 < 50ms", made_up::good_tally());
  CHECK_FALSE(e.held.has_value());
  CHECK(e.actual == "not measured (only live targets have it)");
}

TEST_CASE("live metrics are judged against a live target") {
  const Tally tally = made_up::live_tally();
  LiveRecord live;
  live.load_s = 2;
  const auto judged = [&](const std::string& text) {
    Scenario scenario;
    scenario.expectations = {made_up::expectation(text, 1)};
    return evaluate(scenario, tally, &live).at(0);
  };
  CHECK(judged("http.response_time p50 < 1300us").held == true);
  CHECK(judged("http.response_time max < 50ms").held == false);
  CHECK(judged("http.service_time p99 <= 1ms").held == true);
  CHECK(judged("http.service_time min < 1ms").held == false);  // exact: a nanosecond counts
  CHECK(judged("http.response_time count == 1000").held == true);
  CHECK(judged("http.errors == 3").held == true);
  CHECK(judged("http.requests == 2000").held == true);
  CHECK(judged("http.requests_per_second >= 1000/s").held == true);
  CHECK(judged("http.requests_per_second > 1000/s").held == false);
  live.saturated = true;
  CHECK(judged("http.response_time max < 50ms").actual.find("limit") != std::string::npos);
  CHECK(judged("orders.placed == 1002").held == true);
}
