#include "harness/drive/hunt.hpp"

#include "harness/drive/cell.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {
namespace {

void keep_first(std::uint64_t& first, std::uint64_t order) {
  if (first == 0 || order < first) first = order;
}

/// Of one cell: the samples are by order, so the first that breaks an invariant is nearly always among them; else it is somewhere
/// in the cell.
void note_findings(const Tally& cell, OrderRange orders, Hunted& result) {
  std::array<bool, invariant_count> told{};
  for (const Violation& violation : cell.violation_samples) {
    const auto which = static_cast<std::size_t>(violation.invariant);
    told[which] = true;
    // A finding about no order, such as a list without a login, counts for the cell it came up in.
    keep_first(result.first_order[which], number(violation.order == OrderId::none ? orders.first : violation.order));
  }
  for (std::size_t i = 0; i < invariant_count; ++i)
    if (cell.violations_by[i] != 0 && !told[i]) keep_first(result.first_order[i], number(orders.at(orders.count - 1)));
  if (!cell.case_failures.empty()) keep_first(result.first_case, number(orders.first));
}

}  // namespace

bool Hunted::found() const { return orders_until_found() != 0; }

std::uint64_t Hunted::orders_until_found() const {
  std::uint64_t first = 0;
  for (const std::uint64_t order : first_order)
    if (order != 0) keep_first(first, order);
  if (first_case != 0) keep_first(first, first_case);
  if (first == 0) first = stalled_at;
  return first;
}

std::string Hunted::found_by() const {
  const std::uint64_t first = orders_until_found();
  for (std::size_t i = 0; i < invariant_count; ++i)
    if (first_order[i] == first) return std::string{name_of(static_cast<Invariant>(i))};
  return first_case == first ? "case" : "stall";
}

Hunted hunt(const Scenario& scenario, const BugSet& more_bugs, bool to_the_end, const std::atomic<bool>* stop) {
  Hunted result;
  const MarketPlan plan{scenario.market, scenario.seed};
  Tally cell_tally;
  Cell cell{scenario, plan, bugs_of(scenario, more_bugs), cell_tally};
  RunOptions options;
  options.stop = stop;
  const bool whole = scenario.timers.couples_orders();
  const std::uint32_t blocks = whole ? plan.block_count() : 1;
  for (std::uint32_t first = 0; first < plan.block_count(); first += blocks) {
    if (stop && stop->load(std::memory_order_relaxed)) {
      result.interrupted = true;
      break;
    }
    const OrderRange orders = whole ? OrderRange{OrderId{1}, plan.order_count()} : plan.block(first).orders;
    cell_tally = Tally{};
    try {
      cell.play(first, blocks, options);
    } catch (const TargetProblem& problem) {
      result.stalled = problem.what();
      result.stalled_at = number(orders.first);
    }
    note_findings(cell_tally, orders, result);
    result.tally.merge(cell_tally);
    if (!result.stalled.empty() || (!to_the_end && result.found())) break;
  }
  return result;
}

}  // namespace dueprocess
