#include "sim/kernel/distribution.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/kernel/curve.hpp"

namespace dueprocess {
namespace {

constexpr double value_max = 0x1p60;  // heavier tails are cut off here
constexpr unsigned fraction_bits_max = 32;
constexpr double p95_of_normal = 1.6448536269514722;  // standard normal quantile at 0.95

}  // namespace

// What the table was made of, kept for truncating it again.
struct Distribution::Table {
  // curve
  std::shared_ptr<const Curve> curve;
  double low = -std::numeric_limits<double>::infinity();  // conditioned on (low, high]
  double high = std::numeric_limits<double>::infinity();
  std::array<std::int64_t, 2 * half> edges{};
  // empirical: ascending values, and the last bits that give each; where in them to begin, by the first bits
  std::vector<std::int64_t> values;
  std::vector<std::uint64_t> weights;
  std::vector<std::uint64_t> lasts;
  std::vector<std::uint32_t> guide;
  unsigned guide_shift = 0;
};

struct Distribution::Builder {
  static double mass(const Curve& curve, double low, double high);
  static Distribution curve(std::shared_ptr<const Curve>, double low = -std::numeric_limits<double>::infinity(),
                            double high = std::numeric_limits<double>::infinity());
  static Distribution empirical(std::vector<std::int64_t> values, std::vector<std::uint64_t> weights);
};

namespace {

// The integral of floor from 0 to x, over the integers' steps.
double floor_integral(double x) {
  const double whole = std::floor(x);
  return whole * (whole - 1) / 2 + whole * (x - whole);
}

// The mean of floor(x) for x evenly spread over [a, b] (or [b, a]).
double floor_mean(double a, double b) {
  constexpr double exact_below = 0x1p20;  // beyond, cancellation costs more than half a unit is worth
  if (a == b) return std::floor(a);
  if (std::abs(a) > exact_below || std::abs(b) > exact_below) return (a + b) / 2 - 0.5;
  return std::abs(b - a) < 1e-6 ? std::floor((a + b) / 2) : (floor_integral(b) - floor_integral(a)) / (b - a);
}

}  // namespace

// Conditioned on (low, high], from whichever end of the curve loses no digits.
double Distribution::Builder::mass(const Curve& curve, double low, double high) {
  return curve.below(low) > 0.5 ? curve.above(low) - curve.above(high) : curve.below(high) - curve.below(low);
}

Distribution Distribution::Builder::curve(std::shared_ptr<const Curve> law, double low, double high) {
  const double all = mass(*law, low, high);
  assert(all > 0);
  const double below = law->below(low), above = law->above(high);
  const double support_low = std::max(low, law->support_low()), support_high = std::min(high, law->support_high());
  const auto at = [&](double tail, bool upper) {
    double x = 0;
    if (upper) {
      const double q = above + tail * all;
      x = q <= 0.5 ? law->quantile_above(q) : law->quantile(law->below(high) - tail * all);
    } else {
      const double p = below + tail * all;
      x = p <= 0.5 ? law->quantile(p) : law->quantile_above(law->above(low) - tail * all);
    }
    return std::clamp(std::clamp(x, support_low, support_high), -value_max, value_max);
  };

  std::array<double, 2 * half> exact;
  for (std::size_t i = 0; i < half; ++i) {
    const std::size_t octave = i >> octave_bits, cell = i & ((1u << octave_bits) - 1);
    const double tail = std::ldexp(static_cast<double>((1u << octave_bits) + cell),
                                   static_cast<int>(octave + width_min) - 64 - static_cast<int>(octave_bits));
    exact[i] = at(tail, false);
    exact[half + i] = at(tail, true);
  }
  // A finite end of the support can be reached.
  if (std::abs(support_low) <= value_max) exact[0] = support_low;
  if (std::abs(support_high) <= value_max) exact[half] = support_high;

  const double largest = std::max(std::abs(exact[0]), std::abs(exact[half])) + 1;
  const unsigned whole_bits = static_cast<unsigned>(std::ilogb(largest)) + 1;
  auto table = std::make_shared<Table>();
  Distribution made;
  made.kind_ = Kind::curve;
  made.fraction_bits_ = static_cast<std::uint8_t>(std::min(fraction_bits_max, 61 - whole_bits));
  // Half a unit, so that cutting off the fraction rounds; a truncated end lies half a unit outside and must round inwards.
  const std::int64_t unit = std::int64_t{1} << made.fraction_bits_, half_unit = unit / 2;
  const auto lowest = std::isfinite(low) && low > -value_max ? static_cast<std::int64_t>(std::floor(low + 0.5)) * unit
                                                             : std::numeric_limits<std::int64_t>::min();
  const auto highest = std::isfinite(high) && high < value_max
                           ? static_cast<std::int64_t>(std::ceil(high - 0.5)) * unit + unit - 1
                           : std::numeric_limits<std::int64_t>::max();
  const auto fixed = [&](double x) {
    return std::clamp(std::llround(std::ldexp(x, made.fraction_bits_)) + half_unit, static_cast<long long>(lowest),
                      static_cast<long long>(highest));
  };
  for (std::size_t i = 0; i < exact.size(); ++i) table->edges[i] = fixed(exact[i]);
  // Quantiles are found to a few digits less than all: a step back would break the order.
  for (std::size_t i = 1; i < half; ++i) table->edges[i] = std::max(table->edges[i], table->edges[i - 1]);
  table->edges[2 * half - 1] = table->edges[half - 1];
  for (std::size_t i = 2 * half - 1; i-- > half;) table->edges[i] = std::max(table->edges[i], table->edges[i + 1]);

  made.edges_ = table->edges.data();
  made.low_ = made.on_curve(0);
  made.high_ = made.on_curve(~std::uint64_t{0});
  const double scale = std::ldexp(1.0, -static_cast<int>(made.fraction_bits_));
  made.mean_ = 0;
  for (std::size_t side = 0; side < 2; ++side) {
    const auto edge = [&](std::size_t i) { return static_cast<double>(table->edges[side * half + i]) * scale; };
    made.mean_ += std::ldexp(std::floor(edge(0)), static_cast<int>(width_min) - 64);
    for (std::size_t i = 0; i + 1 < half; ++i) {
      const auto share = std::ldexp(1.0, static_cast<int>((i >> octave_bits) + width_min) - 64 - static_cast<int>(octave_bits));
      made.mean_ += share * floor_mean(edge(i), edge(i + 1));
    }
  }
  table->curve = std::move(law);
  table->low = low;
  table->high = high;
  made.table_ = std::move(table);
  return made;
}

// REQUIRES: ascending values, weights > 0 with a sum below 2^63.
Distribution Distribution::Builder::empirical(std::vector<std::int64_t> values, std::vector<std::uint64_t> weights) {
  const std::size_t count = values.size();
  std::uint64_t total = 0;
  for (const std::uint64_t weight : weights) total += weight;

  auto table = std::make_shared<Table>();
  table->lasts.resize(count);
  std::uint64_t sum = 0;
  double mean = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += weights[i];
    table->lasts[i] = static_cast<std::uint64_t>((static_cast<UInt128>(sum) << 64) / total - 1);
    mean += static_cast<double>(values[i]) * (static_cast<double>(weights[i]) / static_cast<double>(total));
  }
  // As many starting points as values: on average the right one is found in the first or second look.
  const auto guide_bits = static_cast<unsigned>(std::bit_width(count));
  table->guide_shift = 64 - guide_bits;
  table->guide.resize(std::size_t{1} << guide_bits);
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < table->guide.size(); ++i) {
    while (table->lasts[first] < std::uint64_t{i} << table->guide_shift) ++first;
    table->guide[i] = first;
  }

  Distribution made;
  made.kind_ = count == 1 ? Kind::constant : Kind::empirical;
  made.low_ = values.front();
  made.high_ = values.back();
  made.mean_ = mean;
  table->values = std::move(values);
  table->weights = std::move(weights);
  made.table_ = std::move(table);
  return made;
}

std::int64_t Distribution::choose(std::uint64_t bits) const {
  const Table& table = *table_;
  std::size_t i = table.guide[static_cast<std::size_t>(bits >> table.guide_shift)];
  while (bits > table.lasts[i]) ++i;
  return table.values[i];
}

Distribution Distribution::constant(std::int64_t value) {
  Distribution made;
  made.low_ = made.high_ = value;
  made.mean_ = static_cast<double>(value);
  return made;
}

Distribution Distribution::uniform(std::int64_t low, std::int64_t high) {
  assert(low <= high);
  Distribution made = constant(low);
  made.high_ = high;
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  assert(span <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
  if (low < high) made.kind_ = Kind::uniform;
  made.count_ = span + 1;
  made.mean_ = static_cast<double>(low) + static_cast<double>(span) / 2;
  return made;
}

Distribution Distribution::triangular(double low, double mode, double high) {
  assert(low <= mode && mode <= high && low < high && std::isfinite(low) && std::isfinite(high));
  return Builder::curve(triangular_curve(low, mode, high));
}

Distribution Distribution::exponential(double mean) {
  assert(mean > 0 && std::isfinite(mean));
  return Builder::curve(exponential_curve(mean));
}

Distribution Distribution::normal(double mean, double sd) {
  assert(sd > 0 && std::isfinite(sd) && std::isfinite(mean));
  return Builder::curve(normal_curve(mean, sd));
}

Distribution Distribution::lognormal(double median, double sigma) {
  assert(median > 0 && sigma > 0 && std::isfinite(median) && std::isfinite(sigma));
  return Builder::curve(lognormal_curve(std::log(median), sigma));
}

Distribution Distribution::lognormal_by_p95(double median, double p95) {
  assert(0 < median && median < p95);
  return lognormal(median, std::log(p95 / median) / p95_of_normal);
}

Distribution Distribution::gamma(double shape, double scale) {
  assert(shape > 0 && scale > 0 && std::isfinite(shape) && std::isfinite(scale));
  return Builder::curve(gamma_curve(shape, scale));
}

Distribution Distribution::weibull(double shape, double scale) {
  assert(shape > 0 && scale > 0 && std::isfinite(shape) && std::isfinite(scale));
  return Builder::curve(weibull_curve(shape, scale));
}

Distribution Distribution::pareto(double scale, double shape) {
  assert(shape > 0 && scale > 0 && std::isfinite(shape) && std::isfinite(scale));
  return Builder::curve(pareto_curve(scale, shape));
}

Distribution Distribution::empirical(std::span<const Weighted> given) {
  assert(!given.empty() && given.size() <= (std::size_t{1} << 30));
  std::vector<Weighted> sorted;
  double heaviest = 0;
  for (const Weighted& one : given) {
    assert(one.weight >= 0 && std::isfinite(one.weight));
    if (one.weight > 0) sorted.push_back(one);
    heaviest = std::max(heaviest, one.weight);
  }
  assert(!sorted.empty());
  std::sort(sorted.begin(), sorted.end(), [](const Weighted& a, const Weighted& b) { return a.value < b.value; });

  // Weights that are integers are taken as they are, so that 50% is the exact half; others get as many bits as their sum allows.
  const int bits = 62 - static_cast<int>(std::bit_width(sorted.size()));
  const bool whole =
      std::all_of(sorted.begin(), sorted.end(), [](const Weighted& one) { return one.weight == std::floor(one.weight); });
  const double scale = whole && heaviest <= std::ldexp(1.0, bits) ? 1.0 : std::ldexp(1.0, bits) / heaviest;
  std::vector<std::int64_t> values;
  std::vector<std::uint64_t> weights;
  for (const Weighted& one : sorted) {
    const auto weight = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(one.weight * scale)));
    if (!values.empty() && values.back() == one.value) {
      weights.back() += weight;
    } else {
      values.push_back(one.value);
      weights.push_back(weight);
    }
  }
  return Builder::empirical(std::move(values), std::move(weights));
}

bool Distribution::has_mass_in(std::int64_t low, std::int64_t high) const {
  if (low > high || high < low_ || low > high_) {
    // A curve's own table ends before its support does.
    if (kind_ != Kind::curve || low > high) return false;
  }
  switch (kind_) {
    case Kind::constant:
    case Kind::uniform:
      return true;
    case Kind::curve: {
      const double from = std::max(table_->low, static_cast<double>(low) - 0.5);
      const double to = std::min(table_->high, static_cast<double>(high) + 0.5);
      return from < to && Builder::mass(*table_->curve, from, to) > std::numeric_limits<double>::min();
    }
    case Kind::empirical:
      break;
  }
  const auto at = std::lower_bound(table_->values.begin(), table_->values.end(), low);
  return at != table_->values.end() && *at <= high;
}

Distribution Distribution::truncated(std::int64_t low, std::int64_t high) const {
  assert(has_mass_in(low, high));
  switch (kind_) {
    case Kind::constant:
      return *this;
    case Kind::uniform:
      return uniform(std::max(low, low_), std::min(high, high_));
    case Kind::curve:
      // It is the rounded value that must lie inside.
      return Builder::curve(table_->curve, std::max(table_->low, static_cast<double>(low) - 0.5),
                            std::min(table_->high, static_cast<double>(high) + 0.5));
    case Kind::empirical:
      break;
  }
  std::vector<std::int64_t> values;
  std::vector<std::uint64_t> weights;
  for (std::size_t i = 0; i < table_->values.size(); ++i) {
    if (table_->values[i] < low || table_->values[i] > high) continue;
    values.push_back(table_->values[i]);
    weights.push_back(table_->weights[i]);
  }
  return Builder::empirical(std::move(values), std::move(weights));
}

}  // namespace dueprocess
