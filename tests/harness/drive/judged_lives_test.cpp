#include "catch.hpp"
#include "first_finding.hpp"
#include "harness/drive/run.hpp"
#include "small_market.hpp"

using namespace dueprocess;

namespace {

void finds_nothing(const std::string& more, std::uint64_t seeds) {
  Scenario scenario = scenario_from(varied_market(more));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    scenario.seed = seed;
    const Tally tally = run(scenario, {}).tally;
    INFO("seed " << seed << ": " << first_finding(tally));
    REQUIRE(tally.violations_total() == 0);
    REQUIRE(tally.orders_ok == tally.placed);
    REQUIRE(tally.placed == scenario.market.orders.count);
    REQUIRE(tally.early == 0);
    if (scenario.restarts.empty()) REQUIRE(tally.lateness_us.max() == 0);
    REQUIRE(tally.paid == tally.completed_by_buyer + tally.completed_by_auto);
  }
}

}  // namespace

TEST_CASE("the oracle finds nothing on the correct engine under the default policy") { finds_nothing("", 20); }

TEST_CASE("the oracle finds nothing on the correct engine when reviews run from the due date") {
  finds_nothing("policy: {review_anchor: due_date, review_period: 1d}\n", 8);
}

TEST_CASE("the oracle finds nothing on the correct engine when reviews run from the delivery") {
  finds_nothing("policy: {review_anchor: delivery, review_period: 36h, max_file_size: 100MB}\n", 8);
}

TEST_CASE("the oracle finds nothing on the correct engine across both daylight-saving changes") {
  finds_nothing("policy: {days: calendar(Europe/Berlin)}\n", 8);
  Scenario autumn = scenario_from(varied_market("policy: {days: calendar(America/New_York)}\n"));
  const Duration to_october = std::chrono::hours{24 * 220};
  autumn.starts += to_october;
  autumn.ends += to_october;
  autumn.market.starts += to_october;
  for (IntensitySegment& segment : autumn.market.orders.intensity) segment.from += to_october, segment.to += to_october;
  const Tally tally = run(autumn, {}).tally;
  INFO(first_finding(tally));
  CHECK(tally.violations_total() == 0);
  CHECK(tally.coverage.dst_reviews > 0);
}

TEST_CASE("the oracle finds nothing on the correct engine when extensions carry over and everything is limited") {
  finds_nothing(
      "policy: {extensions_carry_over: true, max_modifications: 1, max_extensions: 1, extension_min: 1h, extension_max: 30d}\n",
      8);
}

TEST_CASE("the oracle finds nothing on the correct engine when it goes down and comes back over and over") {
  finds_nothing("restarts: [{down: 5d, back: 5d6h}, {down: 12d, for: 1s}, {down: 20d, back: 21d}]\n", 8);
}

TEST_CASE("late orders of a run are those whose seller was late, and the run meets every kind of operation") {
  const Tally tally = run(scenario_from(varied_market()), {}).tally;
  CHECK(tally.coverage.late_deliveries > 100);
  for (unsigned kind = 0; kind < operation_kind_count; ++kind) {
    INFO(name_of(static_cast<OperationKind>(kind)));
    CHECK(tally.operations[kind][0] > 0);
  }
  for (const Refusal refusal :
       {Refusal::unauthenticated, Refusal::not_found, Refusal::forbidden, Refusal::wrong_state, Refusal::file_too_large,
        Refusal::not_final_work, Refusal::description_required, Refusal::confirmation_required}) {
    INFO(name_of(refusal));
    CHECK(tally.refusals[static_cast<std::size_t>(refusal)] > 0);
  }
  CHECK(tally.coverage.long_extensions > 0);
  CHECK(tally.coverage.key_replays > 0);
  CHECK(tally.coverage.repeats_without_key > 0);
  CHECK(tally.coverage.redeliveries > 0);
}
