#include "harness/capacity/steady.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "harness/capacity/window_meter.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess::capacity {
namespace {

double unevenness(std::uint32_t n) { return static_cast<double>(Draws{1, 1, 1, n}.u32(0)) / 4294967296.0 - 0.5; }

}  // namespace

TEST_CASE("a beginning that dies away is cut, and little more") {
  std::vector<double> values;
  for (std::uint32_t i = 0; i < 100; ++i) values.push_back(10 + 30 * std::exp(-(i / 5.0)) + unevenness(i));
  const Truncation found = mser5(values);
  CHECK(found.passed);
  CHECK(found.cut >= 10);
  CHECK(found.cut <= 30);
}

TEST_CASE("values at rest lose little, and a climb never comes to rest") {
  std::vector<double> rest, climb;
  for (std::uint32_t i = 0; i < 100; ++i) {
    rest.push_back(10 + unevenness(i));
    climb.push_back(10 + i + unevenness(i));
  }
  CHECK(mser5(rest).passed);
  CHECK(std::abs(drift(rest)) < 0.05);
  CHECK_FALSE(mser5(climb).passed);
  CHECK(drift(climb) > 0.1);
}

TEST_CASE("a handful of values says nothing") {
  CHECK_FALSE(mser5(std::vector<double>(19, 1.0)).passed);
  CHECK(drift(std::vector<double>{1, 2, 3}) == 0);
  CHECK(drift(std::vector<double>(8, 0.0)) == 0);
  CHECK(drift(std::vector<double>{0, 0, 0, 0, 0, 0, 1, 1}) == 1);
}

TEST_CASE("a meter keeps what was meant for the steady part of its hold") {
  const HarnessTime length = 10 * second_ns, zero = 5 * second_ns;
  WindowMeter meter{length};
  const auto operation = [&](HarnessTime intended, HarnessTime took) {
    LiveObservation seen;
    seen.intended_ns = seen.sent_ns = intended;
    seen.answered_ns = intended + took;
    meter.take(seen);
  };
  operation(zero, 100 * ms_ns);  // nothing has begun
  meter.begin(zero);
  operation(zero - 1, 100 * ms_ns);
  for (int i = 0; i < 1'000; ++i) operation(zero + i * 10 * ms_ns, i < 100 ? 50 * ms_ns : 2 * ms_ns);
  operation(zero + length, 100 * ms_ns);  // after its end
  LiveTally tally;
  tally.response_ns.record(100 * ms_ns);
  const HoldWindow left = meter.cut(tally);
  CHECK(left.steady);
  CHECK(left.cut == 10);
  CHECK(left.count == 900);
  CHECK(left.per_second == Approx(100));
  CHECK(left.response_s == Approx(0.002));
  CHECK(tally.response_ns.max() == 2 * ms_ns);
}

}  // namespace dueprocess::capacity
