// The shipped scenarios against the seeded bugs: each must be found by one of them, and none without a bug, whatever the seed.
#include <algorithm>
#include <cstdlib>

#include "harness/drive/hunt.hpp"
#include "library.hpp"

using namespace dueprocess;

namespace {

Scenario shipped(const std::string& name) {
  ReadResult read = library::read(library::text_of(name), name, library::needs(name));
  REQUIRE(read.ok());
  return std::move(read.scenario);
}

/// The smaller ones first, as `dueprocess prove` tries them.
std::vector<Scenario> profiles() {
  std::vector<Scenario> all;
  for (const std::string& name : library::names()) {
    Scenario scenario = shipped(name);
    if (name != "marketplace-year" && name != "real-orders" && scenario.faults.empty()) all.push_back(std::move(scenario));
  }
  std::stable_sort(all.begin(), all.end(), [](const Scenario& a, const Scenario& b) {
    return a.market.orders.count + a.market.cases.size() < b.market.orders.count + b.market.cases.size();
  });
  return all;
}

}  // namespace

TEST_CASE("each seeded bug is found by one of the shipped scenarios") {
  const std::vector<Scenario> all = profiles();
  for (const BugInfo& bug : all_bugs()) {
    const bool found = std::any_of(all.begin(), all.end(),
                                   [&](const Scenario& scenario) { return hunt(scenario, only(bug.bug), false).found(); });
    INFO(bug.id << ": " << bug.what << "; needs " << bug.needs);
    CHECK(found);
  }
}

TEST_CASE("a hunt says which invariant, after how many orders, and stops there") {
  const Scenario smoke = shipped("smoke");
  const Hunted caught = hunt(smoke, only(Bug::b01a), false);
  REQUIRE(caught.found());
  CHECK(caught.orders_until_found() > 0);
  CHECK(caught.first_order[static_cast<std::size_t>(Invariant::T5)] != 0);
  const Hunted whole = hunt(smoke, only(Bug::b01a), true);
  CHECK(whole.orders_until_found() == caught.orders_until_found());
  CHECK(whole.found_by() == caught.found_by());
  CHECK(whole.tally.placed == 202);
  CHECK_FALSE(hunt(smoke, {}, true).found());
}

// DUEPROCESS_SEEDS=1000 for the figure of docs/detection.md.
TEST_CASE("without a bug nothing is found, whatever the seed") {
  const char* const asked = std::getenv("DUEPROCESS_SEEDS");
  const std::uint64_t seeds = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 3;
  for (const char* name : {"smoke", "deadline-huggers", "sweeps", "herds", "clocks", "dst-weeks"}) {
    Scenario scenario = shipped(name);
    std::uint64_t orders = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      scenario.seed = seed * 0x9E37'79B9'7F4A'7C15u;
      const Tally tally = run(scenario, {}).tally;
      orders += tally.placed;
      if (tally.violations_total() + tally.orders_unknown + tally.case_failures.size() != 0)
        FAIL(name << ", seed " << scenario.seed << ": " << library::findings(make_result(scenario, {}, tally, {})));
    }
    if (asked != nullptr) WARN(name << ": " << seeds << " seeds, " << orders << " orders, no finding");
  }
}
