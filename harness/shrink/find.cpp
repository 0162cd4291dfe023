#include "harness/shrink/find.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "harness/drive/cell.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t suspects_max = 12;  // orders of one cell that are tried alone

/// What is wished for, else the first there is.
std::optional<Invariant> broken(const Tally& tally, const ShrinkWishes& wishes) {
  if (wishes.order != OrderId::none) {
    for (const Violation& one : tally.violation_samples)
      if (one.order == wishes.order && (!wishes.invariant || one.invariant == *wishes.invariant)) return one.invariant;
    return std::nullopt;
  }
  for (const Violation& one : tally.violation_samples)
    if (one.order != OrderId::none && (!wishes.invariant || one.invariant == *wishes.invariant)) return one.invariant;
  if (wishes.invariant && tally.violations_by[static_cast<std::size_t>(*wishes.invariant)] > 0) return wishes.invariant;
  return std::nullopt;
}

std::vector<OrderId> suspects_of(const Tally& tally, Invariant invariant, const ShrinkWishes& wishes) {
  std::vector<OrderId> orders;
  for (const Violation& one : tally.violation_samples)
    if (one.invariant == invariant && one.order != OrderId::none &&
        (wishes.order == OrderId::none || wishes.order == one.order) && (orders.empty() || orders.back() != one.order))
      orders.push_back(one.order);
  return orders;
}

/// One cell's operations, order by order.
using Recorded = std::map<OrderId, std::vector<Observation>>;

class Cells {
 public:
  Cells(const Scenario& scenario, const BugSet& bugs, const TargetFactory& target, bool one_cell)
      : scenario_(scenario), bugs_(bugs), target_(target), plan_(scenario.market, scenario.seed), one_cell_(one_cell) {}
  std::uint32_t count() const { return one_cell_ ? std::min(plan_.block_count(), 1u) : plan_.block_count(); }
  std::uint32_t cell_of(OrderId order) const { return one_cell_ ? 0 : plan_.block_of(order); }
  bool has(OrderId order) const { return number(order) >= 1 && number(order) <= plan_.order_count(); }

  Tally play(std::uint32_t cell) const { return play(cell, nullptr); }
  Recorded record(std::uint32_t cell) const {
    Recorded recorded;
    Recorder recorder;
    recorder.observation = [&recorded](const Observation& seen) {
      if (seen.operation.order != OrderId::none) recorded[seen.operation.order].push_back(seen);
    };
    recorder.evidence = [](const Evidence&, Instant) {};
    play(cell, &recorder);
    return recorded;
  }

 private:
  Tally play(std::uint32_t cell, const Recorder* recorder) const {
    Tally tally;
    Cell machine{scenario_, plan_, bugs_, tally, target_};
    machine.play(cell, one_cell_ ? plan_.block_count() : 1, RunOptions{}, recorder);
    return tally;
  }

  const Scenario& scenario_;
  const BugSet& bugs_;
  const TargetFactory& target_;
  MarketPlan plan_;
  bool one_cell_;
};

/// What the correct engine takes of it is legal to take, and is kept so.
void note_what_is_taken(const Stage& stage, Plot& plot) {
  const Played correct = stage.correct(plot);
  for (std::size_t i = 0; i < plot.orders.size(); ++i)
    for (std::size_t k = 0; k < plot.orders[i].acts.size(); ++k)
      plot.orders[i].acts[k].taken = k < correct.orders[i].answers.size() && correct.orders[i].answers[k].outcome == Outcome::ok;
}

/// The order alone, under the first number, else under its own.
std::optional<Plot> alone(Stage& stage, const Scenario& scenario, const OrderPlot& order, OrderId id, Invariant invariant) {
  Plot plot = empty_plot(scenario);
  plot.restarts = scenario.restarts;
  plot.orders.push_back(order);
  note_what_is_taken(stage, plot);
  if (stage.suspect(plot).breaks(invariant)) return plot;
  plot.idle_orders = number(id) - 1;
  if (plot.idle_orders > 0 && !stage.is_live() && stage.suspect(plot).breaks(invariant)) return plot;
  return std::nullopt;
}

std::optional<Found> find_in(Stage& stage, const Scenario& scenario, const Recorded& recorded,
                             const std::vector<OrderId>& suspects, Invariant invariant) {
  std::optional<Found> best;
  for (std::size_t i = 0; i < std::min(suspects.size(), suspects_max); ++i) {
    const auto of = recorded.find(suspects[i]);
    if (of == recorded.end()) continue;
    std::optional<Plot> plot = alone(stage, scenario, plot_of(of->second), suspects[i], invariant);
    if (!plot) continue;
    const auto size = [](const Plot& one) { return std::pair{one.idle_orders, one.operations()}; };
    if (!best || size(*plot) < size(best->plot)) best = Found{std::move(*plot), invariant, suspects[i]};
  }
  if (best || stage.is_live() || suspects.empty()) return best;
  // It takes others: all of the cell, in one engine.
  Plot whole = empty_plot(scenario);
  whole.restarts = scenario.restarts;
  whole.one_cell = true;
  for (const auto& [id, observations] : recorded)
    if (OrderPlot order = plot_of(observations); order.placed != never) whole.orders.push_back(std::move(order));
  note_what_is_taken(stage, whole);
  if (stage.suspect(whole).breaks(invariant)) return Found{std::move(whole), invariant, suspects.front()};
  return std::nullopt;
}

std::optional<Found> find_here(Stage& stage, const Scenario& scenario, const BugSet& bugs, const TargetFactory& target,
                               const ShrinkWishes& wishes, Shrunk& ended) {
  const Cells cells{scenario, bugs, target, wishes.one_cell};
  std::uint32_t first = 0, last = cells.count();
  if (wishes.order != OrderId::none) {
    if (!cells.has(wishes.order)) return ended.problem = "the scenario has no such order", std::nullopt;
    first = cells.cell_of(wishes.order);
    last = first + 1;
  }
  // Cases come last in a plan, and are the smaller to begin with; but the first violation is the one a report shows.
  for (std::uint32_t cell = first; cell < last; ++cell) {
    if (wishes.out_of_time()) {
      ended.ran_out_of_time = true;
      if (ended.problem.empty()) ended.problem = "the time ran out before anything was found";
      return std::nullopt;
    }
    const Tally tally = cells.play(cell);
    const std::optional<Invariant> invariant = broken(tally, wishes);
    if (!invariant) continue;
    if (const Tally again = cells.play(cell); again.violations_by != tally.violations_by) {
      ended.end = ShrinkEnd::flaky;
      ended.problem = "played twice, the same orders were not violated alike: the target is not the same each time";
      return std::nullopt;
    }
    const std::vector<OrderId> suspects = suspects_of(tally, *invariant, wishes);
    if (auto found = find_in(stage, scenario, cells.record(cell), suspects, *invariant)) return found;
    ended.end = ShrinkEnd::not_alone;
    ended.order = suspects.empty() ? OrderId::none : suspects.front();
    ended.invariant = *invariant;
    ended.problem = "what was done to the orders, done again as cases, does not break it";
  }
  if (ended.problem.empty()) ended.problem = "nothing was violated";
  return std::nullopt;
}

/// A live target's orders do the same as those of the correct engine, until the target answers otherwise: that is the plot.
std::optional<Found> find_live(Stage& stage, const Scenario& scenario, const ShrinkWishes& wishes, Shrunk& ended) {
  const Tally tally = stage.suspect(scenario, true);
  const std::optional<Invariant> invariant = broken(tally, wishes);
  if (!invariant) return ended.problem = "nothing was violated", std::nullopt;
  Scenario here = scenario;
  for (const DeclaredDowntime& down : declared_downtimes(scenario.faults)) here.restarts.push_back({down.from, down.to});
  here.faults.clear();
  const BugSet none;
  const TargetFactory built_in;
  const Cells cells{here, none, built_in, false};
  for (const OrderId order : suspects_of(tally, *invariant, wishes)) {
    if (!cells.has(order)) continue;
    if (auto found = find_in(stage, scenario, cells.record(cells.cell_of(order)), {order}, *invariant)) return found;
    if (wishes.out_of_time()) break;
  }
  ended.end = ShrinkEnd::not_alone;
  ended.invariant = *invariant;
  ended.problem = "what was done to the order, done again as a case, does not break it";
  return std::nullopt;
}

}  // namespace

std::optional<Found> find_plot(Stage& stage, const Scenario& scenario, const BugSet& bugs, const TargetFactory& target,
                               const ShrinkWishes& wishes, Shrunk& ended) {
  return stage.is_live() ? find_live(stage, scenario, wishes, ended) : find_here(stage, scenario, bugs, target, wishes, ended);
}

}  // namespace dueprocess
