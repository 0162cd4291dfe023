#include "harness/shrink/plot.hpp"

#include <algorithm>

#include "scenarios/language/read.hpp"

namespace dueprocess {
namespace {

Moment moment_at(Instant at, Instant placed) {
  Moment moment;
  moment.amount = Distribution::constant(us_of(at - placed));
  return moment;
}

UserId user_number(std::uint64_t number) { return UserId{static_cast<std::uint32_t>(number)}; }

Step step_of(const Act& act, const OrderPlot& order, const MarketSetup& market, std::size_t index) {
  Step step = act.seen;
  step.at = moment_at(act.at, order.placed);
  step.by = act.by;
  step.use_last_key = act.same_key;
  if (act.looks) return step;
  step.operation = act.operation;
  Operation& operation = *step.operation;
  operation.order = OrderId::none;
  operation.by = UserId::nobody;
  operation.key = KeyId::none;
  if (operation.kind == OperationKind::place_order) {
    const std::uint64_t seller = std::uint64_t{market.sellers} + market.buyers + 2 + 2 * index;  // MarketPlan's numbering
    operation.seller = act.with == Party::anyone ? UserId::nobody : user_number(act.with == Party::buyer ? seller + 1 : seller);
  }
  return step;
}

/// Sellers who never begin and a buyer who says nothing, in the words of the language, so that both are sure to mean the same.
const MarketSetup& idle_market() {
  static const MarketSetup market = read_scenario(idle_market_text(1) + "starts: 2026-03-02\n", "idle.yaml", {}).scenario.market;
  return market;
}

Party party_of(UserId user, UserId seller, UserId buyer) {
  if (user == UserId::nobody) return Party::anyone;
  return user == seller ? Party::seller : user == buyer ? Party::buyer : Party::stranger;
}

}  // namespace

std::string idle_market_text(std::uint64_t orders) {
  return "ends: 1d\norders: {arrive: {count: " + std::to_string(orders) +
         "}}\nsellers: {count: 1, personas: {idle: {abandons: 100%}}}\nbuyers: {count: 1, personas: {silent: {}}}\n";
}

bool OrderPlot::places_itself() const {
  return !acts.empty() && !acts.front().looks && acts.front().by == Party::buyer &&
         acts.front().operation.kind == OperationKind::place_order;
}

std::size_t Plot::operations() const {
  std::size_t count = 0;
  for (const OrderPlot& order : orders) count += order.acts.size() + (order.places_itself() ? 0 : 1);
  return count;
}

Scenario stripped(const Scenario& scenario) {
  Scenario base = scenario;
  base.market = MarketSetup{};
  base.restarts.clear();
  base.faults.clear();
  base.bugs.clear();
  base.expectations.clear();
  base.replay_file.clear();
  base.replay_problems.clear();
  base.replay_rows = base.replay_rows_skipped = base.replay_rows_outside = 0;
  return base;
}

Plot empty_plot(const Scenario& scenario) {
  Plot plot;
  plot.starts = scenario.starts;
  plot.policy = scenario.policy;
  plot.timers = scenario.timers;
  plot.tolerances = scenario.tolerances;
  plot.faults = scenario.faults;
  for (FaultPlan& fault : plot.faults) {  // as they are on the average: what varies takes luck to repeat
    fault.by = Distribution::constant(static_cast<std::int64_t>(fault.by.mean()));
    fault.after = Distribution::constant(static_cast<std::int64_t>(fault.after.mean()));
  }
  return plot;
}

Scenario scenario_of(const Plot& plot, const Scenario& base) {
  Scenario scenario = base;
  scenario.starts = plot.starts;
  scenario.policy = plot.policy;
  scenario.timers = plot.timers;
  scenario.tolerances = plot.tolerances;
  scenario.restarts = plot.restarts;
  scenario.faults = plot.faults;
  if (plot.idle_orders > 0) {
    scenario.market = idle_market();
    scenario.market.orders.count = plot.idle_orders;
    const Duration moved = plot.starts - scenario.market.starts;
    for (IntensitySegment& segment : scenario.market.orders.intensity) {
      segment.from += moved;
      segment.to += moved;
    }
  }
  scenario.market.starts = plot.starts;
  scenario.ends = plot.starts + std::chrono::hours{24};
  for (std::size_t i = 0; i < plot.orders.size(); ++i) {
    const OrderPlot& order = plot.orders[i];
    Case& made = scenario.market.cases.emplace_back();
    made.name = "order " + std::to_string(i + 1);
    made.placed = order.placed;
    made.due_in = order.due_in;
    made.price_cents = order.price_cents;
    for (const Act& act : order.acts) made.steps.push_back(step_of(act, order, scenario.market, i));
  }
  return scenario;
}

OrderPlot plot_of(std::span<const Observation> seen) {
  OrderPlot plot;
  const auto placing = std::find_if(seen.begin(), seen.end(), [](const Observation& one) {
    return one.operation.kind == OperationKind::place_order && one.operation.by != UserId::nobody;
  });
  if (placing == seen.end()) return plot;
  const UserId buyer = placing->operation.by, seller = placing->operation.seller;
  plot.placed = placing->sent;
  plot.due_in = placing->operation.due_at - placing->sent;
  plot.price_cents = placing->operation.price_cents;
  KeyId last_key = KeyId::none;
  for (const Observation& one : seen) {
    if (one.operation.kind == OperationKind::list_orders) continue;
    Act& act = plot.acts.emplace_back();
    act.at = one.sent;
    act.operation = one.operation;
    act.by = party_of(one.operation.by, seller, buyer);
    if (seller == buyer && act.by == Party::seller) act.by = Party::buyer;
    act.same_key = one.operation.key != KeyId::none && one.operation.key == last_key;
    last_key = one.operation.key;
    if (one.operation.kind == OperationKind::place_order) act.with = party_of(one.operation.seller, seller, buyer);
    if (act.with == Party::stranger) act.with = Party::seller;
  }
  const bool plain = plot.acts.front().operation.kind == OperationKind::place_order && plot.acts.front().by == Party::buyer &&
                     plot.acts.front().with == Party::seller && plot.due_in > Duration{0} && plot.price_cents > 0 &&
                     !(plot.acts.size() > 1 && plot.acts[1].same_key);
  if (plain) plot.acts.erase(plot.acts.begin());
  return plot;
}

}  // namespace dueprocess
