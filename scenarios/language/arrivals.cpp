// When orders are placed: as written, and compiled to piecewise constant rates.
#include "scenarios/language/parts.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dueprocess {
namespace {

using std::chrono::hours;

constexpr std::array<std::string_view, 7> weekday_names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<double, 7> quiet_weekends = {1.2, 1.2, 1.15, 1.1, 1.05, 0.65, 0.65};
constexpr std::array<double, 24> quiet_nights = {0.35, 0.2, 0.15, 0.1, 0.1, 0.15, 0.3,  0.6, 0.9, 1.2,  1.4,  1.5,
                                                 1.4,  1.4, 1.45, 1.5, 1.5, 1.4,  1.35, 1.4, 1.5, 1.45, 1.05, 0.65};
constexpr int ramp_steps = 256;
constexpr std::size_t segments_max = 4'000'000;
constexpr double weight_max = 1e6;

Inlet weights_of_days(ShapeText& shape) {
  return mapping([&shape] {
    Mapping result{"relative weights of the days"};
    for (std::size_t day = 0; day < 7; ++day)
      std::move(result).key(std::string{weekday_names[day]}, number(shape.weekdays[day], 0, weight_max), "relative weight", "1");
    return result;
  });
}

/// {0..6: 0.2, 9..17: 2}
Inlet weights_of_hours(ShapeText& shape) {
  const auto hour = [&shape](const std::string& name, const Node& key) {
    return Inlet{[&shape, name, &key](Reading& reading, const Node& node) {
                   const std::size_t dots = name.find("..");
                   const auto first = parse_count(name.substr(0, dots));
                   const auto last = dots == name.npos ? first : parse_count(name.substr(dots + 2));
                   if (!first.ok() || !last.ok() || first.value > 23 || last.value > 23 || first.value > last.value)
                     return reading.error(key,
                                          fmt::format("\"{}\" is not an hour (0 to 23) or a range of hours such as 9..17", name));
                   double weight = 0;
                   const std::size_t errors = reading.errors();
                   number(weight, 0, weight_max).read(reading, node);
                   if (reading.errors() != errors) return;
                   for (std::uint64_t h = first.value; h <= last.value; ++h) shape.hours[h] = weight;
                 },
                 [] { return schema_ref("number"); }};
  };
  return named(hour, "weights by hours of the day");
}

Inlet zone(std::string& out) {
  return {[&out](Reading& reading, const Node& node) {
            const auto name = reading.scalar(node, "a zone such as Europe/Berlin");
            if (!name) return;
            const std::string problem = zone_problem(*name);
            if (problem.empty())
              out = *name;
            else
              reading.error(node, problem);
          },
          [] { return schema_ref("text"); }};
}

Inlet shape_inlet(ShapeText& shape) {
  const Inlet word = one_of({"flat", "weekday", "daytime", "marketplace"}, [&shape](std::size_t which) {
    if (which == 1 || which == 3) shape.weekdays = quiet_weekends;
    if (which == 2 || which == 3) shape.hours = quiet_nights;
  });
  const Inlet own = mapping([&shape] {
    return Mapping{"the rhythm of the week"}
        .key("weekdays", weights_of_days(shape), "relative weights of the days", "1 each")
        .key("hours", weights_of_hours(shape), "relative weights of the hours of the day", "1 each")
        .key("zone", zone(shape.zone), "the zone whose days and hours these are", "UTC")
        .check([&shape](Reading& reading, const Node& node) {
          const auto all_zero = [](const auto& weights) { return std::ranges::all_of(weights, [](double w) { return w == 0; }); };
          if (all_zero(shape.weekdays) || all_zero(shape.hours)) reading.error(node, "all weights are 0");
        });
  });
  return scalar_or(word, own);
}

Inlet stage_inlet(StageText& stage) {
  return mapping([&stage] {
    return Mapping{"a stretch of time with its rate"}
        .required("for", duration(stage.length, Sign::positive), "how long it lasts")
        .required("rate", rate(stage.rate), "its rate, or the rate it moves to")
        .key("ramp", flag(stage.ramp), "moves steadily from the rate before", "false");
  });
}

Inlet spike_inlet(SpikeText& spike, bool pause) {
  return mapping([&spike, pause] {
    Mapping result = Mapping{pause ? "a time in which nothing is placed" : "a time of more orders"}
                         .required("at", time_point(spike.at), "when it begins")
                         .required("for", duration(spike.length, Sign::positive), "how long it lasts");
    if (pause) return result;
    const Inlet times = number(spike.times, 0, weight_max), more = rate(spike.rate);
    return std::move(result)
        .key("times",
             {[&spike, times](Reading& reading, const Node& node) {
                spike.has_times = true;
                times.read(reading, node);
              },
              times.schema},
             "the rate is so many times as high")
        .key("rate",
             {[&spike, more](Reading& reading, const Node& node) {
                spike.has_rate = true;
                more.read(reading, node);
              },
              more.schema},
             "the rate is increased by this")
        .check([&spike](Reading& reading, const Node& node) {
          if (spike.has_times == spike.has_rate) reading.error(node, "a spike has either `times` or `rate`");
        });
  });
}

template <class T>
Inlet grown_list(std::vector<T>& out, std::function<Inlet(T&)> element, bool alone) {
  return list(
      [&out, element](std::size_t) {
        return Inlet{[&out, element](Reading& reading, const Node& node) {
                       T one;
                       element(one).read(reading, node);
                       out.push_back(one);
                     },
                     [element] {
                       T one;
                       return element(one).schema();
                     }};
      },
      alone, 10'000);
}

Mapping describe(ArriveText& arrive) {
  return Mapping{"when orders are placed"}
      .key("rate", noting(arrive.rate_node, rate(arrive.rate)), "a constant mean rate")
      .key("count", noting(arrive.count_node, count(arrive.count, 1, orders_max)), "exactly so many orders",
           "what the rates add up to")
      .key("ramp", noting(arrive.ramp_node, mapping([&arrive] {
                            return Mapping{"grows or falls steadily from start to end"}
                                .required("from", rate(arrive.ramp_from), "the rate at the start")
                                .required("to", rate(arrive.ramp_to), "the rate at the end");
                          })),
           "a steadily changing rate, instead of `rate`")
      .key("stages", noting(arrive.stages_node, grown_list<StageText>(arrive.stages, stage_inlet, false)),
           "stretches of time one after the other, instead of `rate`")
      .key("spikes",
           grown_list<SpikeText>(
               arrive.spikes, [](SpikeText& spike) { return spike_inlet(spike, false); }, true),
           "times of more orders")
      .key("pauses",
           grown_list<SpikeText>(
               arrive.pauses, [](SpikeText& spike) { return spike_inlet(spike, true); }, true),
           "times without orders")
      .key("shape", shape_inlet(arrive.shape), "the rhythm of the week", "flat")
      .key("process", one_of({"poisson", "even"}, [&arrive](std::size_t i) { arrive.process = static_cast<ArrivalProcess>(i); }),
           "independent instants, or equally spaced", "poisson")
      .instead("spike", "spikes")
      .instead("pause", "pauses")
      .instead("replay", "orders.replay")
      .check([&arrive](Reading& reading, const Node& node) {
        const int ways = (arrive.rate_node != nullptr) + (arrive.ramp_node != nullptr) + (arrive.stages_node != nullptr);
        if (ways > 1) reading.error(node, "give one of rate, ramp and stages");
        if (ways == 0 && !arrive.count_node) reading.error(node, "how many orders? Give rate, ramp, stages or count");
      });
}

// ---------------------------------------------------------------------------------------------- compiling

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
struct Piece {
  Instant from, to;
  double first, last;
  double at(Instant t) const {
    return first + (last - first) * (static_cast<double>((t - from).count()) / static_cast<double>((to - from).count()));
  }
};

std::vector<Piece> base_rates(const ArriveText& arrive, Instant starts, Instant ends) {
  if (arrive.ramp_node) return {{starts, ends, arrive.ramp_from, arrive.ramp_to}};
  if (!arrive.stages_node) return {{starts, ends, arrive.rate_node ? arrive.rate : 1.0, arrive.rate_node ? arrive.rate : 1.0}};
  std::vector<Piece> pieces;
  Instant from = starts;
  double before = 0;
  for (const StageText& stage : arrive.stages) {
    pieces.push_back({from, from + stage.length, stage.ramp ? before : stage.rate, stage.rate});
    from += stage.length;
    before = stage.rate;
  }
  return pieces;
}

bool covers(const SpikeText& spike, Instant starts, Instant t) {
  return spike.at.from(starts) <= t && t < spike.at.from(starts) + spike.length;
}

}  // namespace

Mapping describe(OrdersText& orders) {
  const Bounds after_placing{1, us_of(duration_max), "the due date lies after the order is placed"};
  const Bounds paid{1, 100'000'000'000'000, "a price is more than 0"};
  const Inlet arrive = scalar_or({[&orders](Reading& reading, const Node& node) {
                                    orders.arrive.rate_node = &node;
                                    rate(orders.arrive.rate).read(reading, node);
                                  },
                                  [] { return schema_ref("rate"); }},
                                 mapping([&orders] { return describe(orders.arrive); }));
  return Mapping{"what is ordered, and when"}
      .key("arrive", noting(orders.arrive.node, arrive), "when orders are placed")
      .key("due_in", distribution(orders.due_in, Quantity::duration, after_placing), "from placing to the due date", "3d")
      .key("price", distribution(orders.price_cents, Quantity::cents, paid), "the price of an order", "50")
      .key("replay", noting(orders.replay.node, mapping([&orders] { return describe(orders.replay); })),
           "real orders from a CSV file")
      .check([&orders](Reading& reading, const Node& node) {
        if (!orders.replay.node && !orders.arrive.node) reading.error(node, "when do orders arrive? Give arrive, or replay");
        if (!orders.replay.node) return;
        for (const auto* key : {"arrive", "due_in", "price"})
          if (const Node* given = node.find(key))
            reading.error(*given, fmt::format("a replay brings its own orders: {} has no meaning beside it", key));
      });
}

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
  orders.process = arrive.process;
  const Shape shape{arrive.shape};
  const std::vector<Piece> pieces = base_rates(arrive, starts, ends);

  std::vector<Instant> cuts = {starts, ends};
  for (const Piece& piece : pieces) {
    cuts.push_back(piece.from);
    cuts.push_back(piece.to);
    const Duration step = std::max((piece.to - piece.from) / ramp_steps, Duration{1});
    if (piece.first != piece.last)
      for (Instant t = piece.from + step; t < piece.to; t += step) cuts.push_back(t);
  }
  for (const auto* list : {&arrive.spikes, &arrive.pauses})
    for (const SpikeText& spike : *list) {
      const Instant at = spike.at.from(starts);
      if (at < starts || at >= ends) reading.warning(*spike.at.node, "lies outside of the time in which orders arrive");
      cuts.push_back(at);
      cuts.push_back(at + spike.length);
    }
  if (!shape.flat() && ends - starts > hours{24 * 366 * 20})
    return reading.error(*arrive.node, "a shape reaches over at most 20 years");
  shape.cuts(starts, ends, cuts);
  std::erase_if(cuts, [&](Instant t) { return t < starts || t > ends; });
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  if (cuts.size() > segments_max) return reading.error(*arrive.node, "these arrivals have too many pieces");

  double total = 0;
  std::size_t piece = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const Instant from = cuts[i], to = cuts[i + 1];
    while (piece < pieces.size() && pieces[piece].to <= from) ++piece;
    double rate = 0;
    if (piece < pieces.size() && pieces[piece].from <= from) rate = (pieces[piece].at(from) + pieces[piece].at(to)) / 2;
    if (!shape.flat()) rate *= shape.weight(from);
    for (const SpikeText& spike : arrive.spikes)
      if (covers(spike, starts, from)) rate = spike.has_times ? rate * spike.times : rate + spike.rate;
    for (const SpikeText& pause : arrive.pauses)
      if (covers(pause, starts, from)) rate = 0;
    total += rate * static_cast<double>((to - from).count());
    if (!orders.intensity.empty() && orders.intensity.back().weight == rate)
      orders.intensity.back().to = to;
    else
      orders.intensity.push_back({from, to, rate});
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
