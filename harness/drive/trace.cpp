// One order's timeline: its cell is simulated again from the seed, and what concerns the order is kept.

#include "harness/drive/cell.hpp"
#include "harness/drive/run.hpp"

namespace dueprocess {

std::vector<TimelineEntry> trace(const Scenario& scenario, const RunOptions& options, OrderId order) {
  std::vector<TimelineEntry> timeline;
  const MarketPlan plan{scenario.market, scenario.seed};
  if (order == OrderId::none || number(order) > plan.order_count()) return timeline;

  // A second oracle that sees this order only: its findings are the order's, however many others the cell has.
  Tally findings;
  Oracle judge{scenario.policy, oracle_options(scenario), OrderRange{order, 1}, findings};

  Recorder recorder;
  recorder.observation = [&](const Observation& observation) {
    if (observation.operation.order != order) return;
    timeline.push_back({observation.answered, observation});
    judge.observe(observation);
  };
  recorder.evidence = [&](const Evidence& evidence, Instant seen) {
    if (evidence.order != order) return;
    timeline.push_back({seen, evidence});
    judge.observe(evidence, seen);
  };

  Tally whole_cell;
  Cell cell{scenario, plan, bugs_of(scenario, options.bugs), whole_cell, options.target};
  const bool whole = scenario.timers.couples_orders();
  cell.play(whole ? 0 : plan.block_of(order), whole ? plan.block_count() : 1, options, &recorder);
  judge.finish(order, never);

  insert_findings(timeline, findings.violation_samples);
  return timeline;
}

}  // namespace dueprocess
