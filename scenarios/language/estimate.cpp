#include "scenarios/language/estimate.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

// What an order alive costs in market, engine and oracle together: three records of a cache line or two each, its
// events in two queues, and the slack of chunks that are half empty.
constexpr double bytes_an_order = 512;
constexpr double bytes_at_rest = 16e6;
constexpr double bytes_a_replayed_row = 80;

struct Means {
  double before_delivery = 0, a_delivery = 0;  // operations of the seller
  double delivers = 1;                         // share of orders ever delivered
  double delivery_us = 0;
  double decides = 0;  // share of reviews that the buyer ends or lengthens
  double rounds = 0, extensions = 0, accepts = 0;
  double decision_us = 0;
  double others = 0;  // looks, lists, tickets, intrusions
  double doubled = 0;
};

double habits_of(const Habits& habits) {
  return habits.looks.mean() + habits.lists.probability() + habits.seeks_support.probability() + habits.intrudes.probability();
}

/// Microseconds after the anchor, with fractions of the mean time to the due date.
double distance_us(const Moment& moment, double due_us) {
  return moment.fraction_of_due ? moment.amount.mean() / 1e9 * due_us : moment.amount.mean();
}

Means means_of(const MarketSetup& market, double due_us) {
  Means m;
  m.delivers = 0;
  for (const SellerPersona& p : market.seller_personas) {
    const double delivers = 1 - p.abandons.probability();
    m.delivers += p.share * delivers;
    m.before_delivery += p.share * (p.drafts.mean() + p.opens_draft.probability());
    const double corrections =
        p.forgets_file.probability() + p.oversize.probability() + p.blank_description.probability() + p.work_sample.probability();
    m.a_delivery += p.share * delivers * (1 + corrections + p.files.mean());
    m.others += p.share * habits_of(p.habits);
    m.doubled += p.share * p.habits.double_clicks.probability() * delivers;
    m.delivery_us += p.share * std::max(0.0, distance_us(p.delivers, due_us) + (p.delivers.anchor == Anchor::due ? due_us : 0));
  }
  for (const BuyerPersona& p : market.buyer_personas) {
    m.others += p.share * habits_of(p.habits);
    if (!p.decides) continue;
    const double accept = p.accepts.probability(), modify = p.modifies.probability(), extend = p.extends.probability();
    // Each modification and each extension brings another decision.
    const double again = std::min(0.95, modify + extend);
    const double decisions = 1 / (1 - again);
    m.rounds += p.share * (p.modification_rounds.mean() + modify * decisions);
    m.extensions += p.share * std::min(extend * decisions, p.extensions.mean() * (1 + modify * decisions));
    m.accepts += p.share * std::min(1.0, accept * decisions);
    m.decides += p.share * std::min(1.0, accept + modify + extend);
    m.doubled += p.share * p.habits.double_clicks.probability() * decisions;
    const bool after_delivery = p.decides->anchor == Anchor::delivered;
    m.decision_us += p.share * (after_delivery ? std::max(0.0, distance_us(*p.decides, due_us)) : due_us);
  }
  return m;
}

double total_weight(const std::vector<IntensitySegment>& segments) {
  double total = 0;
  for (const IntensitySegment& s : segments) total += s.weight * static_cast<double>((s.to - s.from).count());
  return total;
}

double mean_due_us(const Orders& orders) {
  if (orders.replay.empty()) return orders.due_in.mean();
  double sum = 0;
  for (const ReplayOrder& order : orders.replay) sum += static_cast<double>((order.due - order.placed).count());
  return sum / static_cast<double>(orders.replay.size());
}

}  // namespace

Estimate estimate(const Scenario& scenario) {
  const MarketSetup& market = scenario.market;
  const Orders& orders = market.orders;
  Estimate e;
  const auto count = static_cast<double>(orders.count);
  e.orders = count + static_cast<double>(market.cases.size());
  for (const Case& one : market.cases) {
    const bool places_itself =
        !one.steps.empty() && one.steps[0].operation && one.steps[0].operation->kind == OperationKind::place_order;
    e.operations += static_cast<double>(one.steps.size()) + (places_itself ? 0 : 1);
    e.timers += static_cast<double>(
        std::ranges::count_if(one.steps, [](const Step& step) { return step.operation && is_delivery(step.operation->kind); }));
  }
  if (orders.count) {
    const double due_us = mean_due_us(orders);
    const Means m = means_of(market, due_us);
    e.operations += count * (1 + m.before_delivery + m.a_delivery * (1 + m.rounds) +
                             m.delivers * (m.rounds + m.extensions + m.accepts) + m.others + m.doubled);
    e.timers += count * m.delivers * (1 + m.rounds);
    const auto review_us = static_cast<double>(us_of(scenario.policy.review_period));
    e.life_us = m.delivery_us + m.decision_us + (1 - m.decides) * (std::max(0.0, due_us - m.delivery_us) + review_us) +
                m.rounds * 12 * 3600e6;
    const auto per_day = arrivals_by_bucket(scenario, std::chrono::hours{24});
    const double busiest = per_day.empty() ? 0 : *std::ranges::max_element(per_day);
    e.alive_max = std::min(count, busiest * std::max(1.0, e.life_us / 86'400e6));
  }
  e.alive_max += static_cast<double>(market.cases.size());
  e.memory_bytes =
      bytes_at_rest + e.alive_max * bytes_an_order + static_cast<double>(orders.replay.size()) * bytes_a_replayed_row;
  return e;
}

std::vector<double> arrivals_by_bucket(const Scenario& scenario, Duration bucket) {
  const Orders& orders = scenario.market.orders;
  if (scenario.ends <= scenario.starts || orders.count == 0) return {};
  const auto index = [&](Instant t) { return static_cast<std::size_t>((t - scenario.starts) / bucket); };
  std::vector<double> result(index(scenario.ends - Duration{1}) + 1, 0.0);
  for (const ReplayOrder& order : orders.replay) result[index(order.placed)] += 1;
  if (!orders.replay.empty()) return result;
  const double total = total_weight(orders.intensity);
  for (const IntensitySegment& segment : orders.intensity) {
    for (Instant from = segment.from; from < segment.to;) {
      const std::size_t i = index(from);
      const Instant to = std::min(segment.to, scenario.starts + bucket * static_cast<std::int64_t>(i + 1));
      result[i] += segment.weight * static_cast<double>((to - from).count()) / total * static_cast<double>(orders.count);
      from = to;
    }
  }
  return result;
}

std::vector<double> arrivals_by_hour(const Scenario& scenario) {
  std::vector<double> hours(24, 0.0);
  const auto buckets = arrivals_by_bucket(scenario, std::chrono::hours{1});
  const auto first = std::chrono::floor<std::chrono::hours>(scenario.starts.time_since_epoch()).count();
  for (std::size_t i = 0; i < buckets.size(); ++i)
    hours[static_cast<std::size_t>(((first + static_cast<std::int64_t>(i)) % 24 + 24) % 24)] += buckets[i];
  return hours;
}

}  // namespace dueprocess
