#include "reading.hpp"
#include "scenarios/language/estimate.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {

Scenario arriving(const std::string& arrive, const std::string& ends = "ends: 14d\n") {
  return scenario_of(ends + "orders: {arrive: " + arrive + "}\nsellers: {count: 1}\nbuyers: {count: 1}\n");
}
std::vector<std::string> arrival_problems(const std::string& arrive, const std::string& ends = "ends: 14d\n") {
  return mistakes_of(ends + "orders: {arrive: " + arrive + "}\nsellers: {count: 1}\nbuyers: {count: 1}\n");
}
std::uint64_t count(const std::string& arrive, const std::string& ends = "ends: 14d\n") {
  return arriving(arrive, ends).market.orders.count;
}

/// Contiguous, in order, from start to end, never negative.
void check_whole(const Scenario& scenario) {
  const auto& segments = scenario.market.orders.intensity;
  REQUIRE_FALSE(segments.empty());
  CHECK(segments.front().from == scenario.starts);
  CHECK(segments.back().to == scenario.ends);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    REQUIRE(segments[i].from < segments[i].to);
    REQUIRE(segments[i].weight >= 0);
    if (i) REQUIRE(segments[i - 1].to == segments[i].from);
  }
}

}  // namespace

TEST_CASE("a constant rate gives exactly its number of orders") {
  CHECK(count("2000/day") == 28'000);
  CHECK(count("{rate: 3/s}", "ends: 10s\n") == 30);
  CHECK(arriving("2000/day").market.orders.intensity.size() == 1);
  CHECK(arriving("2000/day").market.orders.process == ArrivalProcess::poisson);
  CHECK(arriving("{rate: 2000/day, process: even}").market.orders.process == ArrivalProcess::even);
}

TEST_CASE("a count is exact, and spreads as the rates say") {
  CHECK(count("{count: 12345}") == 12'345);
  CHECK(count("{count: 12345, ramp: {from: 0/s, to: 1/s}}") == 12'345);
  const Scenario scenario = arriving("{rate: 100/h, count: 1000}", "");
  CHECK(scenario.ends - scenario.starts == 10h);
  CHECK(scenario.market.orders.count == 1000);
}

TEST_CASE("a ramp's number of orders is its area") {
  CHECK(count("{ramp: {from: 0/s, to: 10/s}}", "ends: 100s\n") == 500);
  CHECK(count("{ramp: {from: 10/s, to: 4/s}}", "ends: 100s\n") == 700);
  check_whole(arriving("{ramp: {from: 0/s, to: 10/s}}"));
  CHECK(arriving("{ramp: {from: 0/s, to: 10/s}}").market.orders.intensity.size() >= 200);
}

TEST_CASE("stages follow one another and say when arrivals end") {
  const Scenario scenario =
      arriving("{stages: [{for: 100s, rate: 10/s, ramp: true}, {for: 50s, rate: 10/s}, {for: 100s, rate: 0/s, ramp: true}]}", "");
  CHECK(scenario.ends - scenario.starts == 250s);
  CHECK(scenario.market.orders.count == 1500);
  check_whole(scenario);
  CHECK(count("{stages: [{for: 100s, rate: 10/s}]}", "ends: 40s\n") == 400);
  const Scenario longer = arriving("{stages: [{for: 100s, rate: 10/s}]}", "ends: 200s\n");
  CHECK(longer.market.orders.count == 1000);
  check_whole(longer);
}

TEST_CASE("spikes raise the rate and pauses stop it") {
  CHECK(count("{rate: 10/s, spikes: {at: 10s, for: 10s, times: 3}}", "ends: 100s\n") == 1200);
  CHECK(count("{rate: 10/s, spikes: [{at: 10s, for: 10s, rate: 5/s}, {at: 50s, for: 10s, times: 2}]}", "ends: 100s\n") == 1150);
  CHECK(count("{rate: 10/s, pauses: {at: 2026-03-02T00:00:10Z, for: 10s}}", "ends: 100s\n") == 900);
  CHECK(count("{rate: 10/s, pauses: [{at: 90s, for: 1h}]}", "ends: 100s\n") == 900);
  check_whole(arriving("{rate: 10/s, spikes: {at: 10s, for: 10s, times: 3}, pauses: {at: 15s, for: 1s}}", "ends: 100s\n"));
  CHECK(is_told(arrival_problems("{rate: 10/s, pauses: {at: 20d, for: 1h}}"),
                "warning: orders.arrive: lies outside of the time in which orders arrive"));
}

TEST_CASE("shapes leave the mean rate over whole weeks as written") {
  for (const auto* shape : {"flat", "weekday", "daytime", "marketplace", "{weekdays: {sat: 0, sun: 0.2}}",
                            "{hours: {0..6: 0.1, 12: 5}}", "{weekdays: {mon: 2}, hours: {9..17: 3}, zone: Asia/Kolkata}"}) {
    INFO(shape);
    const Scenario scenario = arriving(std::string("{rate: 2000/day, shape: ") + shape + "}");
    CHECK(scenario.market.orders.count == 28'000);
    check_whole(scenario);
  }
}

TEST_CASE("the shape of a week is where it should be") {
  const auto days = arrivals_by_bucket(arriving("{rate: 2000/day, shape: weekday}"), 24h);  // 2 March 2026 is a Monday
  REQUIRE(days.size() == 14);
  CHECK(days[0] == Approx(2400));
  CHECK(days[5] == Approx(1300));
  CHECK(days[7] == Approx(2400));
  const auto hours = arrivals_by_hour(arriving("{rate: 2400/day, shape: {hours: {0..22: 0}}}", "ends: 7d\n"));
  CHECK(hours[23] == Approx(16'800));
  CHECK(hours[22] == Approx(0));
}

TEST_CASE("a zone's hours are that zone's, across a daylight-saving change") {
  // Berlin goes from UTC+1 to UTC+2 on 29 March 2026.
  const std::string arrive = "{rate: 24/day, shape: {hours: {0..8: 0, 10..23: 0}, zone: Europe/Berlin}}";
  const auto hours = arrivals_by_bucket(arriving(arrive, "starts: 2026-03-28\nends: 2d\n"), 1h);
  CHECK(hours[8] == Approx(24));       // Saturday 9:00 is 8:00 UTC
  CHECK(hours[24 + 7] == Approx(24));  // Sunday 9:00 is 7:00 UTC
  CHECK(hours[24 + 8] == Approx(0));
}

TEST_CASE("arrivals that cannot be are told") {
  CHECK(is_told(arrival_problems("{rate: 0/day}"), "no order ever arrives"));
  CHECK(is_told(arrival_problems("{rate: 0.01/day}"), "the rates add up to 0.14 orders: not one"));
  CHECK(is_told(arrival_problems("{rate: 1000000000/s}"), "orders are too many"));
  CHECK(is_told(arrival_problems("{}"), "how many orders? Give rate, ramp, stages or count"));
  CHECK(is_told(arrival_problems("{rate: 1/s, ramp: {from: 1/s, to: 2/s}}"), "give one of rate, ramp and stages"));
  CHECK(is_told(arrival_problems("{ramp: {from: 1/s}}"), "\"to\" is missing"));
  CHECK(is_told(arrival_problems("{stages: [{for: 1h}]}"), "\"rate\" is missing"));
  CHECK(is_told(arrival_problems("{rate: 1/s, spike: {at: 1s, for: 1s, times: 2}}"),
                "unknown key \"spike\"; did you mean \"spikes\"?"));
  CHECK(is_told(arrival_problems("{rate: 1/s, spikes: {at: 1s, for: 1s}}"), "a spike has either `times` or `rate`"));
  CHECK(is_told(arrival_problems("{rate: 1/s, shape: {hours: {25: 1}}}"), "\"25\" is not an hour"));
  CHECK(is_told(arrival_problems("{rate: 1/s, shape: {hours: {0..23: 0}}}"), "all weights are 0"));
  CHECK(is_told(arrival_problems("{rate: 1/s, shape: {zone: Europe/Berln}}"), "did you mean \"Europe/Berlin\"?"));
  CHECK(is_told(arrival_problems("{count: 0}"), "must be at least 1"));
  CHECK(is_told(mistakes_of("ends: 1d\norders: {due_in: 3d}\n"), "when do orders arrive? Give arrive, or replay"));
}
