#include "harness/target/http/deadline_wheel.hpp"

#include <vector>

#include "catch.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess::http {
namespace {

constexpr HarnessTime tick = DeadlineWheel::tick_ns;

TEST_CASE("Deadlines are met within two ticks, never early, whatever the lap") {
  DeadlineWheel wheel{0};
  std::vector<Deadline> deadlines(2000);
  for (std::uint32_t i = 0; i < deadlines.size(); ++i)
    wheel.set(deadlines[i], static_cast<HarnessTime>(Draws{1, i, 0, 0}.u64(0) % (5000 * static_cast<std::uint64_t>(tick))));
  std::size_t met = 0;
  for (HarnessTime now = 0; now < 5010 * tick; now += tick)
    wheel.advance(now, [&](const Deadline& deadline) {
      ++met;
      CHECK(deadline.due <= now);
      CHECK(deadline.due > now - 2 * tick);
      CHECK_FALSE(deadline.set());
    });
  CHECK(met == deadlines.size());
  CHECK(wheel.empty());
}

TEST_CASE("A deadline can be moved and cleared") {
  DeadlineWheel wheel{0};
  Deadline moved, cleared;
  wheel.set(moved, 5 * tick);
  wheel.set(cleared, 5 * tick);
  wheel.set(moved, 50 * tick);
  wheel.clear(cleared);
  wheel.clear(cleared);
  unsigned met = 0;
  wheel.advance(40 * tick, [&](const Deadline&) { ++met; });
  CHECK(met == 0);
  wheel.advance(52 * tick, [&](const Deadline& deadline) { met += &deadline == &moved; });
  CHECK(met == 1);
  CHECK(wheel.empty());
}

TEST_CASE("Who is told may set and clear others that are due at the same moment") {
  DeadlineWheel wheel{0};
  std::vector<Deadline> deadlines(10);
  for (Deadline& deadline : deadlines) wheel.set(deadline, tick);
  std::vector<std::size_t> met;
  wheel.advance(3 * tick, [&](Deadline& deadline) {
    const std::size_t index = static_cast<std::size_t>(&deadline - deadlines.data());
    met.push_back(index);
    if (index == 0) wheel.clear(deadlines[1]), wheel.set(deadlines[2], 10 * tick), wheel.set(deadline, tick);
  });
  CHECK(met == std::vector<std::size_t>{0, 3, 4, 5, 6, 7, 8, 9});
  wheel.advance(5 * tick, [&](Deadline& deadline) { CHECK(&deadline == deadlines.data()); });
  wheel.clear(deadlines[2]);
  CHECK(wheel.empty());
}

TEST_CASE("A hand that stood still for many laps misses nothing") {
  DeadlineWheel wheel{0};
  std::vector<Deadline> deadlines(100);
  for (std::size_t i = 0; i < deadlines.size(); ++i) wheel.set(deadlines[i], static_cast<HarnessTime>(i) * 100 * tick);
  unsigned met = 0;
  wheel.advance(100'000 * tick, [&](const Deadline&) { ++met; });
  CHECK(met == deadlines.size());
}

}  // namespace
}  // namespace dueprocess::http
