#include "catch.hpp"
#include "harness/drive/run.hpp"
#include "small_market.hpp"

using namespace dueprocess;

TEST_CASE("a violation's order, simulated again, shows the same finding in its timeline") {
  const Scenario scenario = scenario_from(varied_market());
  RunOptions options;
  options.bugs.set(static_cast<std::size_t>(bug_named("B07").value()));
  const Tally tally = run(scenario, options).tally;
  REQUIRE_FALSE(tally.violation_samples.empty());
  const Violation& violation = tally.violation_samples.back();
  std::vector<Violation> found;
  for (const TimelineEntry& entry : trace(scenario, options, violation.order))
    if (const auto* again = std::get_if<Violation>(&entry.what)) found.push_back(*again);
  CHECK(std::find(found.begin(), found.end(), violation) != found.end());
}

TEST_CASE("a timeline begins with the order being placed and is in order of time") {
  const Scenario scenario = scenario_from(varied_market());
  for (const std::uint64_t id : {1ull, 2ull, 1500ull, 2800ull}) {
    const std::vector<TimelineEntry> timeline = trace(scenario, {}, OrderId{id});
    REQUIRE_FALSE(timeline.empty());
    const auto* placed = std::get_if<Observation>(&timeline.front().what);
    REQUIRE(placed != nullptr);
    CHECK(placed->operation.kind == OperationKind::place_order);
    CHECK(std::is_sorted(timeline.begin(), timeline.end(),
                         [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; }));
  }
}

TEST_CASE("an order that the scenario does not have has no timeline") {
  const Scenario scenario = scenario_from(varied_market());
  CHECK(trace(scenario, {}, OrderId{2801}).empty());
  CHECK(trace(scenario, {}, OrderId::none).empty());
}
