// Distributions as they are written. Everything that building one requires is checked here, with the place of the mistake.
#include "scenarios/language/inlet.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/slurp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace dueprocess {
namespace {

struct QuantityWords {
  std::string_view singular, schema;
};
QuantityWords words_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::duration:
      return {"a duration", "signed_duration"};
    case Quantity::bytes:
      return {"a size", "size"};
    case Quantity::count:
      return {"a count", "count"};
    case Quantity::fraction:
      return {"a number", "number"};
    case Quantity::cents:
      return {"an amount of money", "money"};
  }
  return {};
}

std::string shown(std::int64_t value, Quantity quantity) {
  switch (quantity) {
    case Quantity::duration:
      return duration_text(Duration{value});
    case Quantity::bytes:
      return size_text(value);
    case Quantity::cents:
      return money_text(value);
    case Quantity::fraction:
      return fmt::format("{}", static_cast<double>(value) / parts_per_billion);
    case Quantity::count:
      break;
  }
  return std::to_string(value);
}

const std::vector<std::string>& family_names() {
  static const std::vector<std::string> names = {"constant", "uniform", "triangular", "exponential", "normal", "lognormal",
                                                 "gamma",    "weibull", "pareto",     "choice",      "file"};
  return names;
}

constexpr std::size_t file_values_max = 1'000'000;
constexpr std::size_t file_bytes_max = 64u << 20;

/// One distribution being read.
class Reader {
 public:
  Reader(Reading& reading, Quantity quantity) : reading_(reading), quantity_(quantity) {}

  std::optional<Distribution> read(const Node& node) {
    if (node.is_scalar()) return read_scalar(node);
    if (!node.is_map()) {
      reading_.error(node, fmt::format("expected {}, a range such as 1..3, or a distribution such as {{uniform: [...]}}, not {}",
                                       words_of(quantity_).singular, what_is(node)));
      return {};
    }
    const Node *family = nullptr, *key = nullptr, *low = nullptr, *high = nullptr;
    bool right = true;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const std::string& name = node.keys[i].text;
      if (name == "min")
        low = &node.items[i];
      else if (name == "max")
        high = &node.items[i];
      else if (std::ranges::find(family_names(), name) == family_names().end()) {
        std::vector<std::string> all = family_names();
        all.insert(all.end(), {"min", "max"});
        reading_.error(node.keys[i], fmt::format("unknown distribution \"{}\"{}", name, suggestion(name, all)));
        right = false;
      } else if (family) {
        reading_.error(node.keys[i], fmt::format("two distributions at once: {} and {}", key->text, name));
        right = false;
      } else {
        key = &node.keys[i];
        family = &node.items[i];
      }
    }
    if (!family) {
      if (right)
        reading_.error(node,
                       "which distribution? There are constant, uniform, triangular, exponential, normal, lognormal, gamma, "
                       "weibull, pareto, choice, file");
      return {};
    }
    const Reading::Within within{reading_, key->text};
    auto distribution = read_family(key->text, *family);
    const auto from = low ? value(*low) : std::optional{std::numeric_limits<std::int64_t>::min()};
    const auto to = high ? value(*high) : std::optional{std::numeric_limits<std::int64_t>::max()};
    if (!right || !distribution || !from || !to) return {};
    if (!low && !high) return distribution;
    if (*from > *to) return fail(*low, fmt::format("min {} is more than max {}", shown(*from, quantity_), shown(*to, quantity_)));
    if (!distribution->has_mass_in(*from, *to)) return fail(low ? *low : *high, "min and max leave nothing of the distribution");
    return distribution->truncated(*from, *to);
  }

  /// Whether values come out that nobody wrote.
  bool has_tails() const { return has_tails_; }

 private:
  std::optional<Distribution> fail(const Node& at, std::string problem) {
    reading_.error(at, std::move(problem));
    return {};
  }

  std::optional<std::int64_t> value(const Node& node) {
    const auto text = reading_.scalar(node, words_of(quantity_).singular);
    return text ? value(node, *text) : std::nullopt;
  }
  std::optional<std::int64_t> value(const Node& at, std::string_view text) {
    const auto parsed = parse_quantity(text, quantity_);
    if (parsed.ok()) return parsed.value;
    reading_.error(at, parsed.problem);
    return {};
  }

  std::optional<Distribution> read_scalar(const Node& node) {
    const auto text = reading_.scalar(node, words_of(quantity_).singular);
    if (!text) return {};
    const std::size_t dots = text->find("..");
    if (dots == text->npos) {
      const auto one = value(node, *text);
      return one ? std::optional{Distribution::constant(*one)} : std::nullopt;
    }
    const auto low = value(node, trimmed(std::string_view{*text}.substr(0, dots)));
    const auto high = value(node, trimmed(std::string_view{*text}.substr(dots + 2)));
    return low && high ? uniform(node, *low, *high) : std::nullopt;
  }

  std::optional<Distribution> uniform(const Node& at, std::int64_t low, std::int64_t high) {
    if (low > high)
      return fail(at, fmt::format("the range is reversed: {} is more than {}", shown(low, quantity_), shown(high, quantity_)));
    return Distribution::uniform(low, high);
  }

  /// Exactly `wanted` values in a list.
  std::optional<std::vector<std::int64_t>> values(const Node& node, std::size_t wanted, std::string_view names) {
    if (!node.is_list() || node.items.size() != wanted) {
      reading_.error(node, fmt::format("expected a list of {}: {}", wanted, names));
      return {};
    }
    std::vector<std::int64_t> result;
    for (const Node& item : node.items)
      if (const auto one = value(item)) result.push_back(*one);
    if (result.size() != wanted) return {};
    return result;
  }

  std::optional<Distribution> read_family(const std::string& family, const Node& node) {
    if (family == "constant") {
      const auto one = value(node);
      return one ? std::optional{Distribution::constant(*one)} : std::nullopt;
    }
    if (family == "uniform") {
      const auto ends = values(node, 2, "[lowest, highest]");
      return ends ? uniform(node, (*ends)[0], (*ends)[1]) : std::nullopt;
    }
    if (family == "triangular") {
      const auto points = values(node, 3, "[lowest, most likely, highest]");
      if (!points) return {};
      const auto& p = *points;
      if (!(p[0] <= p[1] && p[1] <= p[2])) return fail(node, "out of order: lowest, most likely, highest");
      if (p[0] == p[2]) return Distribution::constant(p[0]);
      return Distribution::triangular(real(p[0]), real(p[1]), real(p[2]));
    }
    if (family == "choice") return read_choice(node);
    if (family == "file") return read_file(node);
    has_tails_ = true;
    return read_parameters(family, node);
  }

  static double real(std::int64_t value) { return static_cast<double>(value); }

  /// The families with named parameters. Parameters in the quantity's unit, but shapes and sigma.
  std::optional<Distribution> read_parameters(const std::string& family, const Node& node) {
    double mean = 0, sd = 0, median = 0, p95 = 0, sigma = 0, shape = 0, scale = 0;
    const auto amount = [&](double& out) {
      return Inlet{[this, &out](Reading&, const Node& at) {
                     if (const auto one = value(at)) out = real(*one);
                   },
                   {}};
    };
    const auto positive = [this, &node](double parameter, std::string_view name) {
      const Node* at = node.find(name);
      if (!at || parameter > 0) return at != nullptr;
      reading_.error(*at, fmt::format("{} must be more than 0", name));
      return false;
    };
    const std::size_t errors = errors_so_far();
    Mapping mapping{family};
    if (family == "exponential") mapping.required("mean", amount(mean), "the mean");
    if (family == "normal")
      mapping.required("mean", amount(mean), "the mean").required("sd", amount(sd), "the standard deviation");
    if (family == "lognormal")
      mapping.required("median", amount(median), "half lie below")
          .key("p95", amount(p95), "95% lie below")
          .key("sigma", number(sigma, 1e-6, 10), "standard deviation of the logarithm");
    if (family == "gamma" || family == "weibull" || family == "pareto")
      mapping.required("shape", number(shape, 0.01, 1000), "the shape").required("scale", amount(scale), "the scale");
    mapping.read(reading_, node);
    if (errors_so_far() != errors || !node.is_map()) return {};

    if (family == "exponential") return positive(mean, "mean") ? std::optional{Distribution::exponential(mean)} : std::nullopt;
    if (family == "normal") return positive(sd, "sd") ? std::optional{Distribution::normal(mean, sd)} : std::nullopt;
    if (family == "lognormal") {
      if (!positive(median, "median")) return {};
      if (!node.find("p95") == !node.find("sigma")) return fail(node, "a lognormal has a median and either p95 or sigma");
      if (node.find("sigma")) return Distribution::lognormal(median, sigma);
      if (p95 <= median) return fail(*node.find("p95"), "p95 must be more than the median");
      return Distribution::lognormal_by_p95(median, p95);
    }
    if (!positive(scale, "scale")) return {};
    if (family == "gamma") return Distribution::gamma(shape, scale);
    if (family == "weibull") return Distribution::weibull(shape, scale);
    return Distribution::pareto(scale, shape);
  }

  std::size_t errors_so_far() const { return reading_.errors(); }

  /// A weight: 50% or a plain number.
  std::optional<double> weight(const Node& at, std::string_view text, bool& percent) {
    percent = trimmed(text).ends_with('%');
    if (percent) {
      const auto parsed = parse_share(text);
      if (parsed.ok()) return real(parsed.value);
      reading_.error(at, parsed.problem);
      return {};
    }
    const auto parsed = parse_number(text);
    if (parsed.ok() && parsed.value >= 0 && parsed.value <= 1e15) return parsed.value;
    reading_.error(at, parsed.ok() ? fmt::format("the weight {} is out of range", parsed.value) : parsed.problem);
    return {};
  }

  std::optional<Distribution> read_choice(const Node& node) {
    if (!node.is_map() || node.keys.empty())
      return fail(node, fmt::format("expected values with weights, such as {{1d: 50%, 3d: 50%}}, not {}", what_is(node)));
    std::vector<Distribution::Weighted> choices;
    std::size_t percents = 0;
    double sum = 0;
    bool right = true;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      const auto one = value(node.keys[i]);
      const auto text = reading_.scalar(node.items[i], "a weight such as 50%");
      bool percent = false;
      const auto heavy = text ? weight(node.items[i], *text, percent) : std::nullopt;
      percents += percent;
      if (!one || !heavy) {
        right = false;
        continue;
      }
      if (*heavy > 0) choices.push_back({*one, *heavy});
      sum += *heavy;
    }
    if (!right) return {};
    if (percents && percents != node.keys.size()) return fail(node, "some weights are percentages and some are not");
    if (percents && std::abs(sum - parts_per_billion) > 1e-4 * parts_per_billion)
      return fail(node, fmt::format("the weights add up to {}%, not 100%", 100.0 * sum / parts_per_billion));
    if (choices.empty()) return fail(node, "all weights are 0");
    return Distribution::empirical(choices);
  }

  std::optional<Distribution> read_file(const Node& node) {
    const auto path = reading_.scalar(node, "the path of a file");
    if (!path) return {};
    const std::string resolved = reading_.resolve(*path);
    std::string content;
    if (const std::string problem = slurp(resolved, file_bytes_max, content); !problem.empty()) return fail(node, problem);
    std::vector<Distribution::Weighted> choices;
    bool right = true;
    std::size_t wrong = 0;
    std::string_view rest = content;
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = trimmed(rest.substr(0, std::min(rest.find('#'), end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (line.empty()) continue;
      if (choices.size() == file_values_max)
        return fail(node, fmt::format("\"{}\" has more than {} values", resolved, file_values_max));
      const std::size_t comma = line.find(',');
      const auto one = parse_quantity(trimmed(line.substr(0, comma)), quantity_);
      const auto heavy = comma == line.npos ? Parsed<double>{1, {}} : parse_number(line.substr(comma + 1));
      const bool sane = one.ok() && heavy.ok() && heavy.value >= 0 && heavy.value <= 1e15;
      if (!sane && ++wrong <= 5)
        reading_.error(node, fmt::format("{}:{}: {}", resolved, number,
                                         !one.ok()     ? one.problem
                                         : !heavy.ok() ? heavy.problem
                                                       : "the weight is out of range"));
      right &= sane;
      if (sane && heavy.value > 0) choices.push_back({one.value, heavy.value});
    }
    if (!right) return {};
    if (choices.empty()) return fail(node, fmt::format("\"{}\" has no values", resolved));
    return Distribution::empirical(choices);
  }

  Reading& reading_;
  Quantity quantity_;
  bool has_tails_ = false;
};

}  // namespace

Parsed<std::int64_t> parse_quantity(std::string_view text, Quantity quantity) {
  switch (quantity) {
    case Quantity::duration: {
      auto parsed = parse_duration(text);
      return {us_of(parsed.value), std::move(parsed.problem)};
    }
    case Quantity::bytes:
      return parse_size(text);
    case Quantity::count: {
      auto parsed = parse_count(text);
      if (parsed.ok() && parsed.value > 1'000'000'000)
        return {0, fmt::format("{} is too many: at most 1000000000", parsed.value)};
      return {static_cast<std::int64_t>(parsed.value), std::move(parsed.problem)};
    }
    case Quantity::fraction:
      return parse_number_ppb(text);
    case Quantity::cents:
      return parse_money(text);
  }
  return {0, "?"};
}

void read_distribution(Reading& reading, const Node& node, Distribution& out, Quantity quantity, const Bounds& bounds) {
  Reader reader{reading, quantity};
  auto distribution = reader.read(node);
  if (!distribution) return;
  // What nobody wrote is cut off silently: a tail beyond all bounds, and the 0 that a positive continuous value is rounded to.
  const std::int64_t low = distribution->min() == 0 && bounds.low == 1 ? 1 : distribution->min();
  if (reader.has_tails() && low >= bounds.low && distribution->has_mass_in(low, bounds.high))
    distribution = distribution->truncated(low, bounds.high);
  const bool too_low = distribution->min() < bounds.low;
  if (too_low || distribution->max() > bounds.high) {
    const std::int64_t worst = too_low ? distribution->min() : distribution->max();
    const std::string cut =
        too_low ? fmt::format("min: {}", shown(bounds.low, quantity)) : fmt::format("max: {}", shown(bounds.high, quantity));
    if (distribution->is_constant())
      reading.error(node, fmt::format("is {}: {}", shown(worst, quantity), bounds.why));
    else
      reading.error(node, fmt::format("can be {}: {}{}", shown(worst, quantity), bounds.why,
                                      reader.has_tails() ? "; cut it off with " + cut : ""));
    return;
  }
  out = *distribution;
}

Inlet distribution(Distribution& out, Quantity quantity, Bounds bounds) {
  return {
      [&out, quantity, bounds](Reading& reading, const Node& node) { read_distribution(reading, node, out, quantity, bounds); },
      [quantity] {
        static constexpr std::string_view names[] = {"durations", "sizes", "counts", "numbers", "amounts"};
        return schema_ref(fmt::format("distribution_of_{}", names[static_cast<std::size_t>(quantity)]));
      }};
}

}  // namespace dueprocess
