#include <cmath>
#include <set>

#include "sim/market/arrivals.hpp"
#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;

namespace {

std::vector<Instant> arrivals_of(const MarketSetup& setup, std::uint64_t seed) {
  const MarketPlan plan(setup, seed);
  const ArrivalLaw law(setup, seed);
  std::vector<Instant> all;
  for (std::uint32_t i = 0; i < plan.block_count(); ++i) {
    const Block block = plan.block(i);
    Arrivals arrivals;
    arrivals.begin(law, block);
    Instant before = Instant::min();
    for (std::uint64_t k = 0; k < block.orders.count; ++k) {
      const Instant next = arrivals.next(law);
      REQUIRE(next >= before);
      all.push_back(before = next);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

MarketSetup busy(std::uint64_t count, std::uint32_t sellers) {
  MarketSetup setup = plain(count, 1);
  setup.sellers = sellers;
  return setup;
}

}  // namespace

TEST_CASE("Poisson arrivals follow the intensity and keep out of its pauses") {
  MarketSetup setup = busy(200'000, 100);
  setup.orders.process = ArrivalProcess::poisson;
  setup.orders.intensity = {
      {at(0), at(day), 1.0}, {at(day), at(2 * day), 0.0}, {at(2 * day), at(3 * day), 3.0}, {at(3 * day), at(5 * day), 0.5}};
  const auto all = arrivals_of(setup, GENERATE(1u, 2u, 3u));
  REQUIRE(all.size() == 200'000);
  // Twelve-hour bins: chi-square with 7 degrees of freedom (eight bins with a mass) is above 40 once in a million.
  const double masses[] = {.5, .5, 0, 0, 1.5, 1.5, .25, .25, .25, .25};
  double chi_square = 0;
  for (std::int64_t bin = 0; bin < 10; ++bin) {
    const auto low = std::lower_bound(all.begin(), all.end(), at(bin * day / 2));
    const auto high = std::lower_bound(all.begin(), all.end(), at((bin + 1) * day / 2));
    const double seen = static_cast<double>(high - low), expected = masses[bin] / 5.0 * 200'000;
    if (expected == 0)
      CHECK(seen == 0);
    else
      chi_square += (seen - expected) * (seen - expected) / expected;
  }
  CHECK(chi_square < 40);
  CHECK(all.front() >= at(0));
  CHECK(all.back() < at(5 * day));
}

TEST_CASE("distances between Poisson arrivals of one block are exponential") {
  MarketSetup setup = busy(2000, 1);
  setup.orders.process = ArrivalProcess::poisson;
  setup.orders.intensity = {{at(0), at(2000 * hour), 1.0}};
  const auto all = arrivals_of(setup, 5);
  std::size_t below_median = 0, above_three_means = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto distance = us_of(all[i] - all[i - 1]);
    below_median += static_cast<double>(distance) < std::log(2.0) * static_cast<double>(hour);
    above_three_means += distance > 3 * hour;
  }
  CHECK(std::abs(static_cast<double>(below_median) - 1000) < 120);  // 5 sigma
  CHECK(std::abs(static_cast<double>(above_three_means) - 99.6) < 50);
}

TEST_CASE("even arrivals are equally spaced over all blocks together, to the microsecond") {
  const auto sellers = GENERATE(as<std::uint32_t>{}, 1, 3, 50);
  const std::uint64_t count = GENERATE(as<std::uint64_t>{}, 1, 7, 6000, 10'001);
  MarketSetup setup = busy(count, sellers);
  setup.orders.intensity = {{at(0), at(static_cast<std::int64_t>(count) * 2 * second), 1.0}};
  const auto all = arrivals_of(setup, 11);
  REQUIRE(all.size() == count);
  for (std::uint64_t i = 0; i < count; ++i) REQUIRE(all[i] == at(static_cast<std::int64_t>(2 * i + 1) * second));
}

TEST_CASE("even arrivals speed up with the rate") {
  MarketSetup setup = busy(4, 1);
  setup.orders.intensity = {{at(0), at(10), 1.0}, {at(10), at(20), 3.0}};
  CHECK(arrivals_of(setup, 1) == std::vector{at(5), at(12), at(15), at(18)});
}

TEST_CASE("all orders may come at one instant") {
  MarketSetup setup = busy(5000, 20);
  setup.orders.process = GENERATE(ArrivalProcess::poisson, ArrivalProcess::even);
  setup.orders.intensity = {{at(hour), at(hour), GENERATE(0.0, 1.0)}};
  for (const Instant arrival : arrivals_of(setup, 1)) REQUIRE(arrival == at(hour));
}

TEST_CASE("a mass at one instant lies beside a rate") {
  MarketSetup setup = busy(1000, 1);
  setup.orders.intensity = {{at(0), at(500), 1.0}, {at(500), at(500), 500.0}};
  const auto all = arrivals_of(setup, 1);
  CHECK(std::count(all.begin(), all.end(), at(500)) == 500);
  CHECK(all.front() < at(3));
}

TEST_CASE("no intensity at all: everything at the start") {
  MarketSetup setup = busy(3, 1);
  setup.orders.intensity.clear();
  CHECK(arrivals_of(setup, 1) == std::vector{starts, starts, starts});
}

TEST_CASE("another seed gives other instants, the same seed the same") {
  MarketSetup setup = busy(100, 1);
  setup.orders.process = ArrivalProcess::poisson;
  setup.orders.intensity = {{at(0), at(day), 1.0}};
  CHECK(arrivals_of(setup, 1) == arrivals_of(setup, 1));
  CHECK(arrivals_of(setup, 1) != arrivals_of(setup, 2));
}

TEST_CASE("the dealing is a bijection") {
  const auto count = GENERATE(as<std::uint64_t>{}, 1, 2, 3, 5, 64, 1000, 65'537);
  const Permutation dealt(GENERATE(1u, 2u), count);
  std::vector<bool> seen(count, false);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t value = dealt(i);
    REQUIRE(value < count);
    REQUIRE(!seen[value]);
    seen[value] = true;
  }
}
