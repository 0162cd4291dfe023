// When orders are placed, as written.
#include "scenarios/language/parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dueprocess {
namespace {

constexpr std::array<std::string_view, 7> weekday_names = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<double, 7> quiet_weekends = {1.2, 1.2, 1.15, 1.1, 1.05, 0.65, 0.65};
constexpr std::array<double, 24> quiet_nights = {0.35, 0.2, 0.15, 0.1, 0.1, 0.15, 0.3,  0.6, 0.9, 1.2,  1.4,  1.5,
                                                 1.4,  1.4, 1.45, 1.5, 1.5, 1.4,  1.35, 1.4, 1.5, 1.45, 1.05, 0.65};
constexpr double weight_max = 1e6;

Inlet weights_of_days(ShapeText& shape) {
  return mapping([&shape] {
    Mapping result{"relative weights of the days"};
    for (std::size_t day = 0; day < 7; ++day)
      result.key(std::string{weekday_names[day]}, number(shape.weekdays[day], 0, weight_max), "relative weight", "1");
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
      alone, 1'000);
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

}  // namespace dueprocess
