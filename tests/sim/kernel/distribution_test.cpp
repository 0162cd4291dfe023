#include "sim/kernel/distribution.hpp"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {
namespace {

constexpr std::uint64_t all_ones = ~std::uint64_t{0};
std::uint64_t bits_at(double u) { return static_cast<std::uint64_t>(std::ldexp(u, 64)); }

// A law in closed form, written down here and not asked of the library that the tables are made with.
struct Law {
  std::string name;
  Distribution made;
  std::function<double(double)> below;  // its distribution function
  std::function<double(double)> above;  // and what it leaves, exact in the upper tail
  double mean;
};

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

std::vector<Law> laws() {
  const double day = 86'400e6;
  const auto triangular = [](double a, double c, double b) {
    return [a, b, c](double x) {
      return x < c ? (x - a) * (x - a) / ((b - a) * (c - a)) : 1 - (b - x) * (b - x) / ((b - a) * (b - c));
    };
  };
  const auto rest = [](std::function<double(double)> below) { return [below](double x) { return 1 - below(x); }; };
  const double sigma = std::log(40.0 / 6.0) / 1.6448536269514722;
  return {
      {"exponential", Distribution::exponential(day), [day](double x) { return -std::expm1(-x / day); },
       [day](double x) { return std::exp(-x / day); }, day},
      {"normal", Distribution::normal(-3 * day, day), [day](double x) { return normal_below(x / day + 3); },
       [day](double x) { return normal_below(-x / day - 3); }, -3 * day},
      {"lognormal", Distribution::lognormal(day, 1.5), [day](double x) { return normal_below(std::log(x / day) / 1.5); },
       [day](double x) { return normal_below(-std::log(x / day) / 1.5); }, day * std::exp(1.125)},
      {"lognormal by p95", Distribution::lognormal_by_p95(6 * 3600e6, 40 * 3600e6),
       [sigma](double x) { return normal_below(std::log(x / (6 * 3600e6)) / sigma); },
       [sigma](double x) { return normal_below(-std::log(x / (6 * 3600e6)) / sigma); }, 6 * 3600e6 * std::exp(sigma * sigma / 2)},
      {"gamma of shape 2", Distribution::gamma(2, day), [day](double x) { return 1 - (1 + x / day) * std::exp(-x / day); },
       [day](double x) { return (1 + x / day) * std::exp(-x / day); }, 2 * day},
      {"weibull", Distribution::weibull(2.5, day), [day](double x) { return -std::expm1(-std::pow(x / day, 2.5)); },
       [day](double x) { return std::exp(-std::pow(x / day, 2.5)); }, day * std::tgamma(1.4)},
      {"pareto", Distribution::pareto(day, 3), [day](double x) { return 1 - std::pow(day / x, 3); },
       [day](double x) { return std::pow(day / x, 3); }, 1.5 * day},
      {"triangular", Distribution::triangular(0.2 * day, 0.7 * day, day), triangular(0.2 * day, 0.7 * day, day),
       rest(triangular(0.2 * day, 0.7 * day, day)), (1.9 * day) / 3},
  };
}

TEST_CASE("Quantiles agree with the laws from 2^-20 to 1 - 2^-20") {
  for (const Law& law : laws()) {
    INFO(law.name);
    for (int octave = 1; octave <= 20; ++octave) {
      for (const double within : {1.0, 1.13, 1.37, 1.61, 1.99}) {
        const double tail = std::ldexp(within, -octave - 1);
        INFO("tail " << tail);
        const auto low = static_cast<double>(law.made(bits_at(tail)));
        const auto high = static_cast<double>(law.made(all_ones - bits_at(tail)));
        // The probability found there is within a thousandth of the one asked for.
        REQUIRE(law.below(low) == Approx(tail).epsilon(1e-3));
        REQUIRE(law.above(high) == Approx(tail).epsilon(1e-3));
      }
    }
  }
}

TEST_CASE("The mean is the law's, and the mean of what is drawn") {
  for (const Law& law : laws()) {
    INFO(law.name);
    REQUIRE(law.made.mean() == Approx(law.mean).epsilon(1e-3));
    double sum = 0;
    constexpr int draws = 1 << 20;
    // Evenly spread bits: no chance in it.
    for (int i = 0; i < draws; ++i) sum += static_cast<double>(law.made(((std::uint64_t(i) * 2 + 1) << 43))) / draws;
    REQUIRE(sum == Approx(law.made.mean()).epsilon(2e-3));
  }
}

std::vector<Distribution> assorted() {
  std::vector<Distribution> all;
  for (const Law& law : laws()) all.push_back(law.made);
  const std::vector<Distribution::Weighted> some = {{30, 20}, {-10, 50}, {77, 1e-9}, {20, 30}, {-10, 5}};
  all.insert(all.end(),
             {Distribution::normal(3, 1), Distribution::uniform(-5, 9), Distribution::uniform(0, std::int64_t{1} << 53),
              Distribution::empirical(some), Distribution::empirical(some).truncated(-10, 30), Distribution::constant(4),
              Distribution::normal(3, 1).truncated(0, 6), Distribution::exponential(1e9).truncated(500, 1'000'000)});
  return all;
}

TEST_CASE("More bits never give less, and all lie between min and max, which are reached") {
  for (const Distribution& one : assorted()) {
    REQUIRE(one(0) == one.min());
    REQUIRE(one(all_ones) == one.max());
    REQUIRE(one.is_constant() == (one.min() == one.max()));
    bool rising = true;
    std::int64_t last = one.min();
    // Every octave of both tails, its cells and the places just beside their edges.
    std::vector<std::uint64_t> lower;
    for (unsigned width = 20; width < 64; ++width)
      for (std::uint64_t step = 0; step < 256; ++step)
        for (const std::uint64_t beside : {-1, 0, 1})
          lower.push_back((std::uint64_t{1} << (width - 1)) + ((step << width) >> 9) + beside);
    std::sort(lower.begin(), lower.end());
    const auto look = [&](std::uint64_t bits) {
      const std::int64_t value = one(bits);
      rising = rising && value >= last && value <= one.max();
      last = value;
    };
    for (const std::uint64_t bits : lower) look(bits);
    for (std::size_t i = lower.size(); i-- > 0;) look(~lower[i]);
    REQUIRE(rising);
  }
}

TEST_CASE("A uniform distribution gives every integer equally often") {
  for (const std::int64_t low : {-3, 0, 1000}) {
    for (std::int64_t count = 1; count <= 40; ++count) {
      const Distribution one = Distribution::uniform(low, low + count - 1);
      REQUIRE(one.min() == low);
      REQUIRE(one.max() == low + count - 1);
      // Where each value begins, exactly: at the smallest bits >= i 2^64 / count.
      for (std::int64_t i = 1; i < count; ++i) {
        const auto begin = static_cast<std::uint64_t>(((static_cast<UInt128>(i) << 64) + static_cast<UInt128>(count) - 1) /
                                                      static_cast<UInt128>(count));
        REQUIRE(one(begin - 1) == low + i - 1);
        REQUIRE(one(begin) == low + i);
      }
    }
  }
}

TEST_CASE("A uniform distribution may be as wide as integers are") {
  const std::int64_t wide = std::int64_t{1} << 53;
  const Distribution one = Distribution::uniform(-wide, wide);
  REQUIRE(one(0) == -wide);
  REQUIRE(one(all_ones) == wide);
  REQUIRE(one(std::uint64_t{1} << 63) == 0);
  REQUIRE(one.mean() == 0);
  const Distribution widest = Distribution::uniform(std::numeric_limits<std::int64_t>::min(), -1);
  REQUIRE(widest(0) == std::numeric_limits<std::int64_t>::min());
  REQUIRE(widest(all_ones) == -1);
}

TEST_CASE("Small integers come with the probability of what rounds to them") {
  const Distribution one = Distribution::normal(3, 1);
  std::map<std::int64_t, int> seen;
  constexpr int draws = 1 << 20;
  for (int i = 0; i < draws; ++i) ++seen[one((std::uint64_t(i) * 2 + 1) << 43)];
  for (std::int64_t k = 0; k <= 6; ++k) {
    const double expected = normal_below(static_cast<double>(k) - 2.5) - normal_below(static_cast<double>(k) - 3.5);
    REQUIRE(seen[k] / double{draws} == Approx(expected).epsilon(2e-3));
  }
  REQUIRE(one.mean() == Approx(3).epsilon(1e-4));
}

TEST_CASE("An empirical distribution gives exactly its values in their shares") {
  const std::vector<Distribution::Weighted> given = {{700, 20}, {100, 50}, {300, 25}, {300, 5}, {999, 0}};
  const Distribution one = Distribution::empirical(given);
  REQUIRE(one.min() == 100);
  REQUIRE(one.max() == 700);
  REQUIRE(one.mean() == Approx(50 + 90 + 140));
  REQUIRE(one((std::uint64_t{1} << 63) - 1) == 100);
  REQUIRE(one(std::uint64_t{1} << 63) == 300);
  REQUIRE(one(bits_at(0.7999999)) == 300);
  REQUIRE(one(bits_at(0.8000001)) == 700);
  const std::vector<Distribution::Weighted> single = {{5, 0.1}};
  REQUIRE(Distribution::empirical(single).is_constant());
  REQUIRE(Distribution::empirical(single)(123) == 5);
}

TEST_CASE("An empirical distribution of many values looks each up") {
  std::vector<Distribution::Weighted> given;
  for (std::int64_t i = 0; i < 100'000; ++i) given.push_back({i * 3, i % 7 == 0 ? 0.0 : 1.0});
  const Distribution one = Distribution::empirical(given);
  std::vector<std::int64_t> kept;
  for (const auto& value : given)
    if (value.weight > 0) kept.push_back(value.value);
  bool right = true;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto middle = static_cast<std::uint64_t>(((static_cast<UInt128>(2 * i + 1)) << 63) / kept.size());
    right = right && one(middle) == kept[i];
  }
  REQUIRE(right);
}

TEST_CASE("Truncation conditions on the bounds and keeps within them") {
  const Distribution whole = Distribution::exponential(1000);
  const Distribution cut = whole.truncated(500, 3000);
  REQUIRE(cut.min() == 500);
  REQUIRE(cut.max() == 3000);
  const double from = std::exp(-0.4995), to = std::exp(-3.0005);
  for (const double u : {0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999}) {
    const double expected = -1000 * std::log(from - u * (from - to));
    REQUIRE(std::abs(static_cast<double>(cut(bits_at(u))) - expected) <= 1.0);
  }
  // Again, and the order does not matter.
  const Distribution twice = whole.truncated(0, 3000).truncated(500, 1'000'000);
  for (std::uint64_t i = 0; i < 1000; ++i) REQUIRE(twice(i << 54) == cut(i << 54));
  REQUIRE(whole.truncated(500, 500).is_constant());
  REQUIRE(whole.truncated(500, 500).min() == 500);
}

TEST_CASE("Truncation far out in a tail is still the tail's shape") {
  // 12 standard deviations out the next ones come about 1/12 of one later on average.
  const Distribution cut = Distribution::normal(0, 1e6).truncated(12'000'000, 40'000'000);
  REQUIRE(cut.min() == 12'000'000);
  REQUIRE(cut.mean() - 12e6 == Approx(1e6 / 12).epsilon(0.02));
  const Distribution low = Distribution::normal(0, 1e6).truncated(-40'000'000, -12'000'000);
  REQUIRE(low.max() == -12'000'000);
  REQUIRE(low.mean() + 12e6 == Approx(-1e6 / 12).epsilon(0.02));
}

TEST_CASE("Whether a range can be truncated to is known beforehand") {
  REQUIRE(Distribution::exponential(10).has_mass_in(0, 0));
  REQUIRE(Distribution::exponential(10).has_mass_in(100, 200));
  REQUIRE_FALSE(Distribution::exponential(10).has_mass_in(-9, -1));
  REQUIRE_FALSE(Distribution::exponential(10).has_mass_in(1'000'000, 2'000'000));
  REQUIRE_FALSE(Distribution::exponential(10).has_mass_in(5, 4));
  REQUIRE_FALSE(Distribution::triangular(10, 20, 30).has_mass_in(40, 50));
  REQUIRE(Distribution::uniform(3, 5).has_mass_in(5, 9));
  REQUIRE_FALSE(Distribution::uniform(3, 5).has_mass_in(6, 9));
  REQUIRE(Distribution::constant(3).has_mass_in(3, 3));
  REQUIRE_FALSE(Distribution::constant(3).has_mass_in(4, 9));
  const std::vector<Distribution::Weighted> given = {{1, 1}, {9, 1}};
  REQUIRE_FALSE(Distribution::empirical(given).has_mass_in(2, 8));
  REQUIRE(Distribution::empirical(given).has_mass_in(2, 9));
  REQUIRE(Distribution::empirical(given).truncated(2, 9)(0) == 9);
  REQUIRE(Distribution::uniform(3, 5).truncated(5, 9).is_constant());
}

TEST_CASE("Parameters at the edge of sense give finite, ordered values") {
  std::vector<Distribution> all;
  for (const double shape : {0.01, 0.1, 1.0, 10.0, 1000.0})
    for (const double scale : {1.0, 86'400e6, 1e15}) {
      all.push_back(Distribution::gamma(shape, scale));
      all.push_back(Distribution::weibull(shape, scale));
      all.push_back(Distribution::pareto(scale, shape));
    }
  for (const double sigma : {1e-6, 1.0, 10.0}) all.push_back(Distribution::lognormal(86'400e6, sigma));
  all.push_back(Distribution::exponential(1e-3));
  all.push_back(Distribution::exponential(1e17));
  all.push_back(Distribution::normal(0, 1e-3));
  all.push_back(Distribution::triangular(0, 0, 1e15));
  all.push_back(Distribution::triangular(-1e15, 1e15, 1e15));
  for (const Distribution& one : all) {
    REQUIRE(one.min() <= one.max());
    REQUIRE(std::isfinite(one.mean()));
    REQUIRE(one.mean() >= static_cast<double>(one.min()));
    REQUIRE(one.mean() <= static_cast<double>(one.max()));
    REQUIRE(std::abs(static_cast<double>(one.max())) <= 0x1p60);
    std::int64_t last = one.min();
    bool rising = true;
    for (std::uint64_t i = 0; i < 4096; ++i) {
      rising = rising && one(i << 52) >= last;
      last = one(i << 52);
    }
    REQUIRE(rising);
  }
  REQUIRE(Distribution::exponential(1e-3).is_constant());
}

TEST_CASE("The ends of a finite support can be drawn") {
  const Distribution one = Distribution::triangular(1000, 2000, 9000);
  REQUIRE(one.min() == 1000);
  REQUIRE(one.max() == 9000);
  // Here the last cell's own edge lies two milliseconds and more from the end.
  const Distribution wide = Distribution::triangular(0, 43'200e6, 86'400e6);
  REQUIRE(wide.min() == 0);
  REQUIRE(wide.max() == 86'400'000'000);
  REQUIRE(Distribution::pareto(700, 2).min() == 700);
}

TEST_CASE("A default distribution is the constant 0") {
  REQUIRE(Distribution{}.is_constant());
  REQUIRE(Distribution{}(all_ones) == 0);
  REQUIRE(Distribution::constant(-7)(99) == -7);
}

TEST_CASE("The same bits give the same values for ever") {
  const auto three = [](const Distribution& one) {
    return std::vector<std::int64_t>{one(0x0123'4567'89AB'CDEF), one(0x8000'0000'0000'0000), one(0xFEDC'BA98'7654'3210)};
  };
  using Values = std::vector<std::int64_t>;
  CHECK(three(Distribution::exponential(86'400e6)) == Values{384856027, 59887916400, 467958925962});
  CHECK(three(Distribution::normal(0, 1e9)) == Values{-2616325920, 0, 2616325920});
  CHECK(three(Distribution::lognormal(6 * 3600e6, 1.2)) == Values{935305053, 21600000000, 498847104016});
  CHECK(three(Distribution::gamma(2.5, 1e9)) == Values{195837794, 2175730096, 8514786839});
  CHECK(three(Distribution::weibull(1.5, 1e9)) == Values{27071618, 783219769, 3084104110});
  CHECK(three(Distribution::pareto(1e6, 1.5)) == Values{1002974, 1587401, 36996912});
  CHECK(three(Distribution::triangular(0, 1e9, 5e9)) == Values{149067809, 1837722340, 4701864381});
  CHECK(three(Distribution::uniform(0, 1'000'000'000)) == Values{4444444, 500000000, 995555556});
}

}  // namespace
}  // namespace dueprocess
