#include "harness/capacity/search.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "sim/kernel/random.hpp"

namespace dueprocess::capacity {
namespace {

using Hold = std::function<HoldSeen(const HoldAsk&)>;

HoldSeen carried_if(bool carried) {
  return {carried ? HoldVerdict::carried : HoldVerdict::failed, carried ? "" : "http.response_time p99 < 50ms: 80ms", 10};
}

Found search_with(const SearchPlan& plan, const Hold& hold, std::vector<HoldAsk>* asked = nullptr) {
  Search search{plan};
  while (const auto ask = search.next()) {
    if (asked) asked->push_back(*ask);
    search.take(*ask, hold(*ask));
  }
  return search.found();
}

/// In (0, 1).
double even_chance(std::uint64_t seed, std::uint64_t entity, std::uint32_t n) {
  return (static_cast<double>(Draws{seed, entity, 7, n}.u32(0)) + 0.5) / 4294967296.0;
}

/// The p99 of the time that a customer spends at one server with exponential service, of so many customers, by Lindley's
/// recursion.
double simulated_mm1_p99(double arrivals, double served, std::uint64_t seed) {
  constexpr std::uint32_t customers = 40'000;
  std::vector<double> spent;
  double left = 0;
  for (std::uint32_t i = 0; i < customers; ++i) {
    const double service = -std::log(even_chance(seed, 1, i)) / served;
    if (i > customers / 10) spent.push_back(left + service);
    left = std::max(0.0, left + service + std::log(even_chance(seed, 2, i)) / arrivals);
  }
  const auto place = spent.begin() + static_cast<std::ptrdiff_t>(spent.size() * 99 / 100);
  std::nth_element(spent.begin(), place, spent.end());
  return *place;
}

}  // namespace

TEST_CASE("the search closes in on a sharp edge from below, from above and from the middle") {
  SearchPlan plan;
  plan.resolution = 0.02;
  for (const double first : {1.0, 90.0, 5'000.0}) {
    plan.first = first;
    const Found found = search_with(plan, [](const HoldAsk& ask) { return carried_if(ask.rate <= 123.4); });
    CHECK(found.ending == Ending::found);
    CHECK(found.confirmed);
    CHECK(found.carries <= 123.4);
    CHECK(found.fails > 123.4);
    CHECK(found.fails / found.carries <= 1.02 + 1e-9);
    CHECK(found.reason == "http.response_time p99 < 50ms: 80ms");
  }
}

TEST_CASE("where the p99 of M/M/1 crosses its bound is found within the resolution and the noise") {
  // Response times are exponential with rate served - arrivals: p99 = ln 100 / (served - arrivals).
  const double served = 1'000, bound_s = 0.025, crosses = served - std::log(100.0) / bound_s;
  SearchPlan plan;
  plan.first = 50;
  plan.resolution = 0.02;
  const Found found = search_with(plan, [&](const HoldAsk& ask) {
    const auto seed = static_cast<std::uint64_t>(ask.rate * 1e6) + ask.repeat;
    return carried_if(simulated_mm1_p99(ask.rate, served, seed) < bound_s);
  });
  CHECK(found.ending == Ending::found);
  CHECK(found.carries == Approx(crosses).epsilon(0.03));
}

TEST_CASE("one hold in ten that goes wrong by chance does not decide where the capacity is") {
  SearchPlan plan;
  plan.first = 10;
  plan.holds = 5;
  unsigned wrong = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::uint32_t n = 0;
    const Found found = search_with(plan, [&](const HoldAsk& ask) {
      const bool by_chance = even_chance(seed, 3, ++n) < 0.1;
      return carried_if((ask.rate <= 300) != by_chance);
    });
    wrong += !(found.carries <= 300 && found.carries > 270);
  }
  CHECK(wrong <= 5);
}

TEST_CASE("both bounds are held until a majority agrees") {
  SearchPlan plan;
  plan.holds = 3;
  std::vector<HoldAsk> asked;
  const Found found = search_with(
      plan, [](const HoldAsk& ask) { return carried_if(ask.rate <= 6); }, &asked);
  unsigned low = 0, high = 0;
  for (const HoldAsk& ask : asked) {
    low += ask.rate == found.carries;
    high += ask.rate == found.fails;
  }
  CHECK(low == 2);
  CHECK(high == 2);
}

TEST_CASE("a search that cannot end as it should says why") {
  SearchPlan plan;
  plan.first = 8;
  SECTION("everything that may be tried carries") {
    plan.rate_max = 100;
    const Found found = search_with(plan, [](const HoldAsk&) { return carried_if(true); });
    CHECK(found.ending == Ending::upper_limit);
    CHECK(found.carries == 100);
    CHECK(found.confirmed);
  }
  SECTION("nothing carries") {
    plan.rate_min = 0.5;
    const Found found = search_with(plan, [](const HoldAsk&) { return carried_if(false); });
    CHECK(found.ending == Ending::nothing_carries);
    CHECK(found.carries == 0);
    CHECK(found.fails == 0.5);
  }
  SECTION("the generator is at its limit") {
    const Found found = search_with(plan, [](const HoldAsk& ask) {
      return ask.rate < 50 ? carried_if(true) : HoldSeen{HoldVerdict::saturated, "sent late", 10};
    });
    CHECK(found.ending == Ending::generator);
  }
  SECTION("the time is spent") {
    plan.time_max_s = 35;
    std::vector<HoldAsk> asked;
    const Found found = search_with(
        plan, [](const HoldAsk& ask) { return carried_if(ask.rate < 1'000); }, &asked);
    CHECK(found.ending == Ending::time);
    CHECK(asked.size() == 4);
    CHECK_FALSE(found.confirmed);
  }
  SECTION("a target that answers by the throw of a coin is given up") {
    plan.steps_max = 60;
    std::uint32_t n = 0;
    const Found found = search_with(plan, [&](const HoldAsk&) { return carried_if(even_chance(5, 4, ++n) < 0.5); });
    CHECK((found.ending == Ending::steps || found.ending == Ending::found || found.ending == Ending::nothing_carries));
  }
}

TEST_CASE("the curve's points come last and leave out what was measured already") {
  SearchPlan plan;
  plan.first = 1;
  plan.curve = {0.1, 0.25, 0.5, 0.9};
  std::vector<HoldAsk> asked;
  const Found found = search_with(
      plan, [](const HoldAsk& ask) { return carried_if(ask.rate <= 64); }, &asked);
  CHECK(found.ending == Ending::found);
  bool curve = false;
  for (const HoldAsk& ask : asked) {
    CHECK((ask.purpose == Purpose::curve || !curve));
    curve |= ask.purpose == Purpose::curve;
  }
  CHECK(curve);
}

TEST_CASE("a search that is given its old steps goes on as if it had never stopped") {
  SearchPlan plan;
  plan.first = 3;
  const Hold hold = [](const HoldAsk& ask) { return carried_if(ask.rate <= 200); };
  std::vector<HoldAsk> whole;
  const Found found = search_with(plan, hold, &whole);
  for (std::size_t stop = 0; stop <= whole.size(); ++stop) {
    Search again{plan};
    for (std::size_t i = 0; i < whole.size(); ++i) {
      const auto ask = again.next();
      REQUIRE(ask);
      CHECK(ask->rate == whole[i].rate);
      CHECK(ask->repeat == whole[i].repeat);
      again.take(*ask, hold(*ask));
    }
    CHECK_FALSE(again.next());
    CHECK(again.found().carries == found.carries);
  }
}

}  // namespace dueprocess::capacity
