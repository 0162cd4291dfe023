#include "harness/record/histogram.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {
namespace {

// Values of every magnitude.
std::vector<std::int64_t> values(std::uint64_t seed, std::size_t count) {
  std::vector<std::int64_t> all;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Draws draws{seed, i, 0, 0};
    all.push_back(static_cast<std::int64_t>(draws.u64(0) >> (1 + draws.u32(2) % 63)));
  }
  return all;
}

Histogram of(const std::vector<std::int64_t>& all) {
  Histogram histogram;
  for (const std::int64_t value : all) histogram.record(value);
  return histogram;
}

TEST_CASE("An empty histogram answers 0") {
  const Histogram empty;
  REQUIRE(empty.count() == 0);
  REQUIRE(empty.min() == 0);
  REQUIRE(empty.max() == 0);
  REQUIRE(empty.mean() == 0);
  REQUIRE(empty.quantile(500'000) == 0);
  REQUIRE(empty.below(10) == 0);
  Histogram untouched;
  untouched.record(5, 0);
  REQUIRE(untouched == empty);
}

TEST_CASE("Below 256 everything is exact") {
  Histogram histogram;
  for (std::int64_t value = 0; value < 256; ++value) histogram.record(value);
  for (std::uint32_t k = 1; k <= 256; ++k) {
    REQUIRE(histogram.quantile(static_cast<std::uint32_t>(k * 1'000'000ull / 256)) == static_cast<std::int64_t>(k) - 1);
    REQUIRE(histogram.below(k) == k);
  }
  REQUIRE(histogram.mean() == 127.5);
}

TEST_CASE("Quantiles are nearest-rank, never below the true value and less than 1/128 above") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<std::int64_t> all = values(seed, 1 + seed * 37);
    const Histogram histogram = of(all);
    std::sort(all.begin(), all.end());
    REQUIRE(histogram.min() == all.front());
    REQUIRE(histogram.max() == all.back());
    for (const std::uint32_t q : {0u, 1u, 250'000u, 500'000u, 990'000u, 999'000u, 999'999u, 1'000'000u}) {
      const std::uint64_t rank = std::max<std::uint64_t>(1, (all.size() * std::uint64_t{q} + 999'999) / 1'000'000);
      const std::int64_t exact = all[rank - 1];
      const std::int64_t told = histogram.quantile(q);
      REQUIRE(told >= exact);
      REQUIRE(told - exact <= exact / 128);
    }
    REQUIRE(histogram.quantile(1'000'000) == all.back());
  }
}

TEST_CASE("Counts below a limit are exact at powers of two and outside the values") {
  const std::vector<std::int64_t> all = values(7, 3000);
  const Histogram histogram = of(all);
  for (int power = 0; power < 63; ++power) {
    const std::int64_t limit = std::int64_t{1} << power;
    const auto exact = std::count_if(all.begin(), all.end(), [limit](std::int64_t value) { return value < limit; });
    REQUIRE(histogram.below(limit) == static_cast<std::uint64_t>(exact));
  }
  REQUIRE(histogram.below(-1) == 0);
  REQUIRE(histogram.below(histogram.max()) < all.size());
  REQUIRE(histogram.below(std::numeric_limits<std::int64_t>::max()) == all.size());
}

TEST_CASE("The largest integer and negative ones have their place") {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  Histogram histogram;
  histogram.record(-5);
  histogram.record(largest, 3);
  REQUIRE(histogram.min() == 0);
  REQUIRE(histogram.max() == largest);
  REQUIRE(histogram.quantile(250'000) == 0);
  REQUIRE(histogram.quantile(250'001) == largest);
  REQUIRE(histogram.mean() == Approx(0.75 * static_cast<double>(largest)));
  REQUIRE(histogram.below(largest) == 1);
}

TEST_CASE("Merging is recording everything in one, in any order and grouping") {
  const std::vector<std::int64_t> all = values(3, 900);
  const Histogram whole = of(all);
  const Histogram a = of({all.begin(), all.begin() + 1}), b = of({all.begin() + 1, all.begin() + 400}),
                  c = of({all.begin() + 400, all.end()}), none;
  const auto merged = [](std::vector<Histogram> parts) {
    Histogram sum;
    for (const Histogram& part : parts) sum.merge(part);
    return sum;
  };
  REQUIRE(merged({a, b, c}) == whole);
  REQUIRE(merged({c, none, a, b}) == whole);
  REQUIRE(merged({a, merged({b, c})}) == whole);
  Histogram times;
  times.record(77, 5);
  REQUIRE(times == of({77, 77, 77, 77, 77}));
}

}  // namespace
}  // namespace dueprocess
