#include "scenarios/language/describe.hpp"

#include "reading.hpp"
#include "scenarios/language/estimate.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

TEST_CASE("what a scenario will do is told within the width") {
  const Scenario s = scenario_of(
      buyers("{quick: {share: 60%, decides_after: 6h}, hugger: {share: 40%, decides_at: deadline + {uniform: [-2ms, 2ms]}}}") +
      "cases: [{name: one, steps: [{at: 1d, expect: in_progress}]}]\nexpect: [violations == 0, http.response_time p99 < 50ms]\n");
  for (const unsigned width : {40u, 80u, 200u}) {
    const std::string told = describe_scenario(s, width);
    INFO(told);
    std::size_t columns = 0;
    for (const char c : told) {
      if (c == '\n')
        columns = 0;
      else if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u)
        ++columns;
      REQUIRE(columns <= width);
    }
  }
  const std::string told = describe_scenario(s, 200);
  for (const auto* part :
       {"1,400 and 1 case", "60% quick: decide 6h after the delivery", "40% hugger: decide -2.0ms to 2.0ms around the deadline",
        "orders placed, by 1d", "Mon 2026-03-02  100", "█", "(live targets only)", "one (1 steps)"}) {
    INFO(told << "\nwanted: " << part);
    CHECK(told.find(part) != told.npos);
  }
}

TEST_CASE("the buckets of a picture hold every order") {
  const Scenario s = scenario_of(
      "starts: 2026-03-02T05:30:00Z\nends: 10d7h\norders: {arrive: {rate: 1000/day, shape: marketplace, pauses: {at: 2d, for: "
      "1d}}}\nsellers: {count: 1}\nbuyers: {count: 1}\n");
  for (const Duration bucket : {Duration{1h}, Duration{24h}, Duration{168h}}) {
    double sum = 0;
    for (const double count : arrivals_by_bucket(s, bucket)) sum += count;
    CHECK(sum == Approx(static_cast<double>(s.market.orders.count)));
  }
}

TEST_CASE("the estimate counts what certainly happens") {
  const Scenario silent = scenario_of(
      "ends: 10d\norders: {arrive: 100/day, due_in: 2d}\nsellers: {count: 1, personas: {a: {delivers_after: 1d, files: "
      "2}}}\nbuyers: {count: 1, personas: {a: {}}}\n");
  const Estimate e = estimate(silent);
  CHECK(e.orders == 1000);
  CHECK(e.operations == Approx(4000));  // placed, two uploads, delivered
  CHECK(e.timers == Approx(1000));
  CHECK(e.life_us == Approx(static_cast<double>(us("5d"))));  // a day of work, one to the due date, three of review
  CHECK(e.alive_max == Approx(500));
}
