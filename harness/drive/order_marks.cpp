#include "harness/drive/order_marks.hpp"

#include <algorithm>

#include "harness/drive/cell.hpp"
#include "harness/oracle/digest.hpp"

namespace dueprocess {

OrderMarks mark_orders(const Scenario& scenario, const RunOptions& options, OrderRange asked) {
  OrderMarks result;
  const MarketPlan plan{scenario.market, scenario.seed};
  const std::uint64_t first = std::max<std::uint64_t>(number(asked.first), 1);
  const std::uint64_t last = std::min(plan.order_count(), first + asked.count - 1);
  if (asked.count == 0 || first > last) return result;
  const bool whole = options.one_cell || scenario.timers.couples_orders();
  const std::uint32_t begin = whole ? 0 : plan.block_of(OrderId{first});
  const std::uint32_t end = whole ? plan.block_count() : plan.block_of(OrderId{last}) + 1;
  result.orders = plan.orders_of(begin, end - begin);
  result.marks.resize(result.orders.count);

  const auto add = [&](OrderId order, std::uint64_t hash) {
    if (result.orders.contains(order)) result.marks[number(order) - number(result.orders.first)] += hash;
  };
  Recorder recorder;
  recorder.observation = [&](const Observation& seen) { add(seen.operation.order, judging::hash_of(seen)); };
  recorder.evidence = [&](const Evidence& evidence, Instant seen) { add(evidence.order, judging::hash_of(evidence, seen)); };
  Tally tally;
  Cell cell{scenario, plan, bugs_of(scenario, options.bugs), tally, options.target};
  if (whole)
    cell.play(begin, end - begin, options, &recorder);
  else
    for (std::uint32_t block = begin; block < end; ++block) cell.play(block, 1, options, &recorder);
  result.digest = tally.digest;
  return result;
}

}  // namespace dueprocess
