#include "harness/live/live_run.hpp"

#include <algorithm>
#include <cassert>
#include <deque>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include "harness/drive/process_facts.hpp"
#include "harness/live/test_clock.hpp"
#include "harness/live/virtual_drive.hpp"
#include "harness/target/http/run_clock.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {
namespace {

/// One call that answers later, waited for on the loop.
void wait_for(Loop& loop, const std::function<void(LiveTarget::Done)>& call) {
  std::string problem;
  bool answered = false;
  call([&](const std::string& what) {
    problem = what;
    answered = true;
    loop.stop();
  });
  loop.run();
  loop.restart();
  if (!answered) problem = "the target did not answer";
  if (!problem.empty()) throw TargetProblem{problem};
}

void check_abilities(const LiveTarget& target, LiveClock clock) {
  const Abilities abilities = target.abilities();
  if (clock == LiveClock::barrier && !abilities.barrier)
    throw TargetProblem{"the target has no test clock to advance: --clock barrier needs one"};
  if (clock == LiveClock::stamped && !abilities.stamped)
    throw TargetProblem{"the target takes no instants with its requests: --clock stamped needs that, and a test clock"};
  for (const OperationKind needed : {OperationKind::place_order, OperationKind::deliver})
    if (!abilities.can(needed))
      throw TargetProblem{std::string{"the target has no "} + std::string{name_of(needed)} + ": there is nothing to drive"};
}

/// A thread's share: neighbouring blocks, as even as they go.
std::uint32_t first_of(std::uint32_t blocks, unsigned thread, unsigned threads) {
  return static_cast<std::uint32_t>(std::uint64_t{blocks} * thread / threads);
}

void run_virtual(const Scenario& scenario, const MarketPlan& plan, const LiveOptions& options, unsigned threads,
                 HarnessTime began_ns, LiveOutcome& outcome) {
  const std::uint32_t blocks = plan.block_count();
  std::deque<Loop> loops;
  std::vector<Tally> tallies(threads);
  TestClock clock;
  std::vector<std::unique_ptr<VirtualDrive>> drives;
  for (unsigned i = 0; i < threads; ++i) {
    const std::uint32_t first = first_of(blocks, i, threads), count = first_of(blocks, i + 1, threads) - first;
    drives.push_back(std::make_unique<VirtualDrive>(scenario, plan, options, first, count,
                                                    options.clock == LiveClock::barrier ? std::max(blocks, 1u) : 1,
                                                    loops.emplace_back(began_ns), clock, tallies[i]));
    check_abilities(drives[i]->target(), options.clock);
    wait_for(loops[i], [&](LiveTarget::Done done) { drives[i]->target().open(std::move(done)); });
  }
  wait_for(loops[0], [&](LiveTarget::Done done) { clock.start(scenario.starts, std::move(done)); });
  {
    std::vector<std::jthread> team;
    for (unsigned i = 1; i < threads; ++i) team.emplace_back([&, i] { drives[i]->run(); });
    drives[0]->run();
  }
  for (unsigned i = 0; i < threads; ++i) {
    outcome.run.tally.merge(tallies[i]);
    outcome.run.facts.interrupted |= drives[i]->interrupted();
    if (outcome.problem.empty()) outcome.problem = drives[i]->problem();
  }
  outcome.run.facts.cells = options.clock == LiveClock::barrier ? 1 : blocks;
}

}  // namespace

LiveOutcome run_live(const Scenario& scenario, const LiveOptions& options) {
  assert(options.target && options.threads >= 1);
  assert(scenario.restarts.empty() && scenario.bugs.empty());
  const ProcessFacts before = process_facts();
  const MarketPlan plan{scenario.market, scenario.seed};
  const unsigned threads =
      options.clock == LiveClock::barrier ? 1 : std::max(1u, std::min<unsigned>(options.threads, plan.block_count()));
  if (options.progress) {
    options.progress->orders_total = plan.order_count();
    options.progress->virtual_us = us_of(scenario.starts);
  }
  LiveOutcome outcome;
  run_virtual(scenario, plan, options, threads, http::monotonic_ns(), outcome);
  const ProcessFacts after = process_facts();
  RunFacts& facts = outcome.run.facts;
  facts.wall_s = after.wall_s - before.wall_s;
  facts.cpu_user_s = after.cpu_user_s - before.cpu_user_s;
  facts.cpu_system_s = after.cpu_system_s - before.cpu_system_s;
  facts.memory_peak_bytes = after.memory_peak_bytes;
  facts.threads = threads;
  return outcome;
}

}  // namespace dueprocess
