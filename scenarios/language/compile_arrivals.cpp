// Arrivals as written become piecewise constant rates and a number of orders.
//
//   rate(t) = base(t) * shape(t), then each spike in the order written, then the pauses
//
// cut where any of them may change; a ramp into steps that keep its area.
#include "scenarios/language/parts.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dueprocess {
namespace {

using std::chrono::hours;

constexpr int ramp_steps = 256;
constexpr std::size_t cuts_max = 4'000'000;
constexpr Duration shaped_max = hours{24 * 366 * 20};

/// Weights of the week around 1, by local time.
class Shape {
 public:
  explicit Shape(const ShapeText& text) : text_(text) {
    double sum = 0;
    for (const double day : text.weekdays)
      for (const double hour : text.hours) sum += day * hour;
    scale_ = 168 / sum;
    const auto same = [](const auto& weights) { return std::ranges::all_of(weights, [&](double w) { return w == weights[0]; }); };
    by_hour_ = !same(text.hours);
    flat_ = !by_hour_ && same(text.weekdays);
    if (!text.zone.empty()) zone_ = date::locate_zone(text.zone);
  }
  bool flat() const { return flat_; }

  /// The instants in (from, to) at which the weight may change. Zones differ from UTC by quarter hours.
  void cuts(Instant from, Instant to, std::vector<Instant>& out) const {
    if (flat_) return;
    const Duration step = zone_ ? Duration{std::chrono::minutes{15}} : by_hour_ ? Duration{hours{1}} : Duration{hours{24}};
    for (Instant t = Instant{(from.time_since_epoch() / step) * step} - step; t < to; t += step)
      if (t > from && (!zone_ || weight(t) != weight(t - Duration{1}))) out.push_back(t);
  }

  double weight(Instant t) const {
    Duration offset{0};
    if (zone_) offset = zone_->get_info(date::sys_time<Duration>{t.time_since_epoch()}).offset;
    const Instant local = t + offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto hour = static_cast<std::size_t>(std::chrono::floor<hours>(local - day).count());
    const unsigned weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    return text_.weekdays[weekday] * text_.hours[hour] * scale_;
  }

 private:
  const ShapeText& text_;
  const date::time_zone* zone_ = nullptr;
  double scale_ = 1;
  bool by_hour_ = false, flat_ = true;
};

/// Linear from `first` to `last` over [from, to): constant where they are equal.
struct RatePiece {
  Instant from, to;
  double first, last;
  double at(Instant t) const {
    return first + (last - first) * (static_cast<double>((t - from).count()) / static_cast<double>((to - from).count()));
  }
};

std::vector<RatePiece> base_rates(const ArriveText& arrive, Instant starts, Instant ends) {
  if (arrive.ramp_node) return {{starts, ends, arrive.ramp_from, arrive.ramp_to}};
  if (!arrive.stages_node) return {{starts, ends, arrive.rate_node ? arrive.rate : 1.0, arrive.rate_node ? arrive.rate : 1.0}};
  std::vector<RatePiece> pieces;
  Instant from = starts;
  double before = 0;
  for (const StageText& stage : arrive.stages) {
    if (from >= ends) break;
    pieces.push_back({from, from + stage.length, stage.ramp ? before : stage.rate, stage.rate});
    from += stage.length;
    before = stage.rate;
  }
  return pieces;
}

/// Where the rate may change, from start to end.
std::vector<Instant> cut_points(const ArriveText& arrive, const Shape& shape, const std::vector<RatePiece>& pieces,
                                Instant starts, Instant ends) {
  std::vector<Instant> cuts = {starts, ends};
  for (const RatePiece& piece : pieces) {
    cuts.push_back(piece.from);
    cuts.push_back(piece.to);
    const Duration step = std::max((piece.to - piece.from) / ramp_steps, Duration{1});
    if (piece.first != piece.last)
      for (Instant t = piece.from + step; t < piece.to; t += step) cuts.push_back(t);
  }
  for (const auto* list : {&arrive.spikes, &arrive.pauses})
    for (const SpikeText& spike : *list) {
      cuts.push_back(spike.at.from(starts));
      cuts.push_back(spike.at.from(starts) + spike.length);
    }
  shape.cuts(starts, ends, cuts);
  std::erase_if(cuts, [&](Instant t) { return t < starts || t > ends; });
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

/// The rate from each cut to the next.
std::vector<double> rates_between(const std::vector<Instant>& cuts, const ArriveText& arrive, const Shape& shape,
                                  const std::vector<RatePiece>& pieces, Instant starts) {
  std::vector<double> rates(cuts.size() - 1, 0.0);
  std::size_t piece = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    while (piece < pieces.size() && pieces[piece].to <= cuts[i]) ++piece;
    if (piece < pieces.size() && pieces[piece].from <= cuts[i])
      rates[i] = (pieces[piece].at(cuts[i]) + pieces[piece].at(cuts[i + 1])) / 2;
    if (!shape.flat()) rates[i] *= shape.weight(cuts[i]);
  }
  const auto index = [&](Instant t) { return static_cast<std::size_t>(std::ranges::lower_bound(cuts, t) - cuts.begin()); };
  const auto during = [&](const SpikeText& spike, auto change) {
    const std::size_t end = std::min(index(spike.at.from(starts) + spike.length), rates.size());
    for (std::size_t i = index(spike.at.from(starts)); i < end; ++i) rates[i] = change(rates[i]);
  };
  for (const SpikeText& spike : arrive.spikes)
    during(spike, [&](double rate) { return spike.has_times ? rate * spike.times : rate + spike.rate; });
  for (const SpikeText& pause : arrive.pauses) during(pause, [](double) { return 0.0; });
  return rates;
}

}  // namespace

std::optional<Instant> arrivals_end(const ArriveText& arrive, Instant starts) {
  if (arrive.stages_node) {
    Instant end = starts;
    for (const StageText& stage : arrive.stages) end = std::min(end + stage.length, starts + duration_max);
    return end;
  }
  if (arrive.rate_node && arrive.count_node && arrive.rate > 0) {
    const double us = static_cast<double>(arrive.count) / arrive.rate;
    return us < static_cast<double>(us_of(duration_max)) ? starts + Duration{static_cast<std::int64_t>(std::ceil(us))}
                                                         : starts + duration_max;
  }
  return {};
}

void compile_arrivals(Reading& reading, const ArriveText& arrive, Instant starts, Instant ends, Orders& orders) {
  for (const auto* list : {&arrive.spikes, &arrive.pauses})
    for (const SpikeText& spike : *list)
      if (spike.at.from(starts) < starts || spike.at.from(starts) >= ends)
        reading.warning(*spike.at.node, "lies outside of the time in which orders arrive");
  const Shape shape{arrive.shape};
  if (!shape.flat() && ends - starts > shaped_max) return reading.error(*arrive.node, "a shape reaches over at most 20 years");
  const std::vector<RatePiece> pieces = base_rates(arrive, starts, ends);
  const std::vector<Instant> cuts = cut_points(arrive, shape, pieces, starts, ends);
  if (cuts.size() > cuts_max) return reading.error(*arrive.node, "these arrivals have too many pieces");
  const std::vector<double> rates = rates_between(cuts, arrive, shape, pieces, starts);

  orders.process = arrive.process;
  double total = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    total += rates[i] * static_cast<double>((cuts[i + 1] - cuts[i]).count());
    if (!orders.intensity.empty() && orders.intensity.back().weight == rates[i])
      orders.intensity.back().to = cuts[i + 1];
    else
      orders.intensity.push_back({cuts[i], cuts[i + 1], rates[i]});
  }
  if (!(total > 0)) return reading.error(*arrive.node, "no order ever arrives: all the rates are 0");
  if (arrive.count_node) {
    orders.count = arrive.count;
  } else if (total > static_cast<double>(orders_max)) {
    reading.error(*arrive.node, fmt::format("{:.3g} orders are too many: at most {}", total, orders_max));
  } else {
    orders.count = static_cast<std::uint64_t>(total + 0.5);
    if (orders.count == 0) reading.error(*arrive.node, fmt::format("the rates add up to {:.2g} orders: not one", total));
  }
}

}  // namespace dueprocess
