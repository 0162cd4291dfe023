#include "catch.hpp"
#include "harness/drive/run.hpp"
#include "small_market.hpp"

using namespace dueprocess;

namespace {

Tally tally_of(const Scenario& scenario, unsigned threads, bool one_cell = false) {
  RunOptions options;
  options.threads = threads;
  options.one_cell = one_cell;
  return run(scenario, options).tally;
}

}  // namespace

TEST_CASE("the tally is the same for 1, 2 and 7 threads") {
  const Scenario scenario = scenario_from(varied_market());
  const Tally one = tally_of(scenario, 1);
  CHECK(one.placed == 2800);
  CHECK(tally_of(scenario, 2) == one);
  CHECK(tally_of(scenario, 7) == one);
}

TEST_CASE("one global cell gives what many cells give") {
  Scenario scenario = scenario_from(varied_market());
  const Tally apart = tally_of(scenario, 2);
  Tally together = tally_of(scenario, 1, true);
  // How many orders of one cell completed at one instant depends on what a cell is, and on nothing else.
  together.coverage.herd_completions = apart.coverage.herd_completions;
  together.coverage.herd_largest = apart.coverage.herd_largest;
  CHECK(together == apart);
}

TEST_CASE("another seed is another run") {
  Scenario scenario = scenario_from(varied_market());
  const Tally one = tally_of(scenario, 1);
  scenario.seed = 12;
  CHECK(tally_of(scenario, 1).digest != one.digest);
}

TEST_CASE("a run that is stopped before it begins judges nothing and says so") {
  const Scenario scenario = scenario_from(varied_market());
  const std::atomic<bool> stop{true};
  RunOptions options;
  options.stop = &stop;
  const RunOutcome outcome = run(scenario, options);
  CHECK(outcome.facts.interrupted);
  CHECK(outcome.tally.placed == 0);
}

TEST_CASE("progress adds up to the whole run") {
  const Scenario scenario = scenario_from(varied_market());
  Progress progress;
  RunOptions options;
  options.threads = 2;
  options.progress = &progress;
  const RunOutcome outcome = run(scenario, options);
  CHECK(progress.cells_done == progress.cells_total);
  CHECK(progress.orders_done == progress.orders_total);
  CHECK(progress.orders_done == outcome.tally.placed);
}
