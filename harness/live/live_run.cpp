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
#include "harness/live/wall_drive.hpp"
#include "harness/target/http/run_clock.hpp"
#include "scenarios/language/fault_plan.hpp"
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
  outcome.facts.clock = clock.now();
  outcome.run.facts.cells = options.clock == LiveClock::barrier ? 1 : blocks;
}

/// Blocks of the market; those after them are the cases.
std::uint32_t market_blocks_of(const MarketPlan& plan) {
  std::uint32_t blocks = plan.block_count();
  while (blocks > 0 && plan.is_case(blocks - 1)) --blocks;
  return blocks;
}

double cpu_s_of(const ProcessFacts& facts) { return facts.cpu_user_s + facts.cpu_system_s; }

void run_wall(const Scenario& scenario, const MarketPlan& plan, const LiveOptions& options, unsigned threads,
              HarnessTime began_ns, LiveOutcome& outcome) {
  const std::uint32_t blocks = market_blocks_of(plan);
  std::deque<Loop> loops;
  std::vector<Tally> tallies(threads);
  std::vector<std::unique_ptr<WallDrive>> drives;
  for (unsigned i = 0; i < threads; ++i) {
    const std::uint32_t first = first_of(blocks, i, threads), count = first_of(blocks, i + 1, threads) - first;
    drives.push_back(
        std::make_unique<WallDrive>(scenario, plan, options, first, count, loops.emplace_back(began_ns), tallies[i]));
    check_abilities(drives[i]->target(), options.clock);
    wait_for(loops[i], [&](LiveTarget::Done done) { drives[i]->target().open(std::move(done)); });
    wait_for(loops[i], [&](LiveTarget::Done done) { drives[i]->measure_clock(std::move(done)); });
  }
  TimeScale scale;
  scale.starts = scenario.starts;
  scale.speed = options.wall.speed;
  scale.zero_ns = loops[0].now() + options.wall.lead_ns;
  if (const OffsetBounds offset = drives[0]->offset(); offset.known())
    scale.base = instant_at(scale.zero_ns / 1000 + offset.low_us + offset.width_us() / 2);
  else if (options.wall.calendar_zero != never)
    scale.base = options.wall.calendar_zero + Duration{scale.zero_ns / 1000};
  else
    throw TargetProblem{"the target's answers bear no time stamp, so there is no telling what its clock shows"};
  for (const DeclaredDowntime& down : declared_downtimes(scenario.faults))
    for (const auto& drive : drives) drive->down(scale.harness_at(down.from), scale.harness_at(down.to));
  if (options.faults.wall_begins) options.faults.wall_begins(scale.zero_ns);
  WallDrive::Together together{threads, scale.harness_at(std::max(last_fault_end(scenario.faults), scenario.starts))};
  const ProcessFacts before = process_facts();
  {
    std::vector<std::jthread> team;
    for (unsigned i = 1; i < threads; ++i) team.emplace_back([&, i] { drives[i]->run(scale, together); });
    drives[0]->run(scale, together);
  }
  const ProcessFacts after = process_facts();
  HarnessTime load_ended = scale.zero_ns;
  for (unsigned i = 0; i < threads; ++i) {
    outcome.run.tally.merge(tallies[i]);
    outcome.run.facts.interrupted |= drives[i]->interrupted();
    outcome.facts.reviews_unread += drives[i]->reviews_unread();
    load_ended = std::max(load_ended, drives[i]->load_ended_ns());
    if (outcome.problem.empty()) outcome.problem = drives[i]->problem();
  }
  LiveFacts& facts = outcome.facts;
  facts.load_s = static_cast<double>(load_ended - scale.zero_ns) * 1e-9;
  facts.cases_not_played = plan.block_count() - blocks;
  // All of the run's own work is set against the load's time: what comes after the load costs next to nothing.
  if (facts.load_s > 0)
    facts.cpu_ppm = static_cast<std::uint32_t>((cpu_s_of(after) - cpu_s_of(before)) / (facts.load_s * threads) * 1e6);
  facts.send_error_p99_ns = outcome.run.tally.live.send_error_ns.quantile(990'000);
  facts.saturated = facts.cpu_ppm > saturated_cpu_ppm || facts.send_error_p99_ns > saturated_send_error_ns;
  outcome.run.facts.cells = threads;
}

}  // namespace

LiveOutcome run_live(const Scenario& scenario, const LiveOptions& options) {
  assert(options.target && options.threads >= 1);
  assert(scenario.restarts.empty());
  const ProcessFacts before = process_facts();
  const MarketPlan plan{scenario.market, scenario.seed};
  const unsigned threads =
      options.clock == LiveClock::barrier ? 1 : std::max(1u, std::min<unsigned>(options.threads, plan.block_count()));
  if (options.progress) {
    options.progress->orders_total = plan.order_count();
    options.progress->virtual_us = us_of(scenario.starts);
  }
  LiveOutcome outcome;
  const HarnessTime began_ns = options.began_ns != 0 ? options.began_ns : http::monotonic_ns();
  if (options.clock == LiveClock::wall)
    run_wall(scenario, plan, options, threads, began_ns, outcome);
  else
    run_virtual(scenario, plan, options, threads, began_ns, outcome);
  RunFacts& facts = outcome.run.facts;
  note_cost(before, process_facts(), facts);
  facts.threads = threads;
  return outcome;
}

}  // namespace dueprocess
