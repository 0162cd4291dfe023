#include "harness/shrink/stage.hpp"

#include <algorithm>
#include <utility>

#include "harness/drive/cell.hpp"

namespace dueprocess {
namespace {

/// Takes down what the orders of a plot are told, as the target tells it.
class Listener {
 public:
  Listener(const Plot& plot, const MarketPlan& plan)
      : plot_(plot),
        first_(plan.order_count() - plot.orders.size() + 1),
        first_user_(std::uint64_t{plan.setup().sellers} + plan.setup().buyers + 2) {
    orders_.resize(plot.orders.size());
    placed_.resize(plot.orders.size());
    recorder_.observation = [this](const Observation& seen) { observe(seen); };
    recorder_.evidence = [this](const Evidence& seen, Instant) { witness(seen); };
  }
  const Recorder* recorder() const { return &recorder_; }
  std::vector<Seen> take() { return std::move(orders_); }

 private:
  bool is_here(OrderId order) const { return number(order) >= first_ && number(order) < first_ + orders_.size(); }

  void observe(const Observation& seen) {
    if (!is_here(seen.operation.order)) return;
    const std::size_t index = number(seen.operation.order) - first_;
    if (seen.answer.deadline != never) note(orders_[index].deadlines, seen.answer.deadline);
    if (!plot_.orders[index].places_itself() && !std::exchange(placed_[index], true)) return;
    orders_[index].answers.push_back(seen.answer);
  }
  void witness(const Evidence& seen) {
    if (!is_here(seen.order)) return;
    const std::size_t index = number(seen.order) - first_;
    Seen& order = orders_[index];
    if (seen.deadline != never) note(order.deadlines, seen.deadline);
    if (seen.kind == EvidenceKind::payment) {
      ++order.payments;
      order.paid_cents += seen.amount_cents;
    } else if (seen.kind == EvidenceKind::event && seen.state == OrderState::completed && order.completed_at == never) {
      order.completed_at = seen.at;
    } else if (seen.kind == EvidenceKind::notification) {
      const std::uint64_t seller = first_user_ + 2 * index;
      if (number(seen.to) == seller) ++order.notices_to_seller;
      if (number(seen.to) == seller + 1) ++order.notices_to_buyer;
    }
  }
  static void note(std::vector<Instant>& list, Instant at) {
    if (std::find(list.begin(), list.end(), at) == list.end()) list.push_back(at);
  }

  const Plot& plot_;
  std::uint64_t first_, first_user_;
  std::vector<Seen> orders_;
  std::vector<char> placed_;
  Recorder recorder_;
};

/// The orders of a plot alone, as those that are idle have nothing to do with them; all where they share a cell.
Played play_here(const Plot& plot, const Scenario& base, const BugSet& bugs, const TargetFactory& target) {
  const Scenario scenario = scenario_of(plot, base);
  const MarketPlan plan{scenario.market, scenario.seed};
  Listener listener{plot, plan};
  Tally tally;
  Cell cell{scenario, plan, bugs, tally, target};
  const RunOptions options;
  if (plot.one_cell) {
    cell.play(0, plan.block_count(), options, listener.recorder());
  } else {
    for (std::uint32_t block = 0; block < plan.block_count(); ++block)
      if (plan.is_case(block)) cell.play(block, 1, options, listener.recorder());
  }
  Played played;
  played.violations_by = tally.violations_by;
  played.violations = tally.violations_total();
  played.failures = tally.case_failures.size();
  played.orders = listener.take();
  played.samples = tally.violation_samples;
  return played;
}

}  // namespace

Stage::Stage(const Scenario& scenario, const BugSet& bugs, TargetFactory target, LiveStage live)
    : base_(stripped(scenario)), bugs_(bugs), target_(std::move(target)), live_(std::move(live)) {}

Played Stage::suspect(const Plot& plot) {
  if (!live_) {
    ++plays_;
    return play_here(plot, base_, bugs_, target_);
  }
  const Tally tally = on_live(scenario_of(plot, base_));
  Played played;
  played.samples = tally.violation_samples;
  played.violations_by = tally.violations_by;
  played.violations = tally.violations_total();
  played.failures = tally.case_failures.size();
  return played;
}

Played Stage::correct(const Plot& plot) const {
  if (!live_) return play_here(plot, base_, {}, {});
  // What is killed and started again live is, in process, down meanwhile.
  Plot here = plot;
  for (const DeclaredDowntime& down : declared_downtimes(plot.faults)) here.restarts.push_back({down.from, down.to});
  here.faults.clear();
  return play_here(here, base_, {}, {});
}

Tally Stage::suspect(const Scenario& scenario, bool one_cell) {
  if (live_) return on_live(scenario);
  ++plays_;
  RunOptions options;
  options.bugs = bugs_;
  options.target = target_;
  options.one_cell = one_cell;
  return run(scenario, options).tally;
}

Tally Stage::correct(const Scenario& scenario, bool one_cell) const {
  RunOptions options;
  options.one_cell = one_cell;
  if (!live_) return run(scenario, options).tally;
  Scenario here = scenario;
  for (const DeclaredDowntime& down : declared_downtimes(scenario.faults)) here.restarts.push_back({down.from, down.to});
  here.faults.clear();
  return run(here, options).tally;
}

/// A service's test clock goes forward only, so each play begins where the one before it has ended, some whole weeks later.
Tally Stage::on_live(Scenario scenario) {
  ++plays_;
  constexpr Duration week = std::chrono::hours{24 * 7};
  Duration moved{0};
  if (scenario.starts < live_free_) moved = ((live_free_ - scenario.starts) / week + 1) * week;
  const auto move = [moved](Instant& at) {
    if (at != never && at != Instant::min()) at += moved;
  };
  move(scenario.starts);
  move(scenario.ends);
  move(scenario.market.starts);
  for (IntensitySegment& segment : scenario.market.orders.intensity) {
    move(segment.from);
    move(segment.to);
  }
  for (Case& one : scenario.market.cases) {
    move(one.placed);
    for (Step& step : one.steps)
      if (step.operation && step.operation->kind == OperationKind::place_order) move(step.operation->due_at);
  }
  for (FaultPlan& fault : scenario.faults) {
    move(fault.from);
    move(fault.to);
  }
  LivePlay play = live_(scenario);
  live_free_ = std::max({live_free_, play.clock, play.tally.last, scenario.starts}) + Duration{1};
  return std::move(play.tally);
}

}  // namespace dueprocess
