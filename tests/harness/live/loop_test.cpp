#include "harness/live/loop.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

#include "harness/target/http/run_clock.hpp"

namespace dueprocess {
namespace {

/// Rings again and again, so long after the ring before.
struct AlarmChain {
  Loop loop{http::monotonic_ns()};
  HarnessTime every = 0, wanted = 0;
  unsigned left = 0, dones = 1;
  bool early = false;
  std::vector<HarnessTime> rung;
  Loop::Alarm alarm{loop, [this] {
                      const HarnessTime now = loop.now();
                      early |= now < wanted;
                      rung.push_back(now);
                      for (unsigned i = 0; i < dones; ++i) loop.did_one();
                      if (--left == 0) return loop.stop();
                      set(now + every);
                    }};

  void set(HarnessTime at) { alarm.set(wanted = at); }
  HarnessTime run(HarnessTime apart, unsigned times) {
    every = apart, left = times;
    const HarnessTime began = loop.now();
    set(began);
    loop.run();
    loop.restart();
    return loop.now() - began;
  }
};

}  // namespace

TEST_CASE("an alarm rings when it was last set for, not before and not twice") {
  Loop loop{http::monotonic_ns()};
  unsigned rings = 0;
  HarnessTime rung = 0;
  Loop::Alarm alarm{loop, [&] {
                      ++rings;
                      rung = loop.now();
                    }};
  Loop::Alarm end{loop, [&] { loop.stop(); }};
  const HarnessTime now = loop.now();
  alarm.set(now + ms_ns);
  alarm.set(now + 20 * ms_ns);
  alarm.set(now + 10 * ms_ns);
  end.set(now + 40 * ms_ns);
  loop.run();
  CHECK(rings == 1);
  CHECK(rung >= now + 10 * ms_ns);
  CHECK(loop.now() >= now + 40 * ms_ns);
}

TEST_CASE("an alarm that was called off does not ring, and one set in the past rings soon") {
  Loop loop{http::monotonic_ns()};
  bool rang = false;
  Loop::Alarm off{loop, [&] { rang = true; }};
  Loop::Alarm late{loop, [&] { loop.stop(); }};
  off.set(loop.now() + ms_ns);
  off.set(never_ns);
  Loop::Alarm starts{loop, [&] { late.set(loop.now() - ms_ns); }};
  starts.set(loop.now() + 5 * ms_ns);
  loop.run();
  CHECK_FALSE(rang);
}

TEST_CASE("a loop that gathers wakes once in so long where much is to do") {
  AlarmChain chain;
  chain.loop.gather(2 * ms_ns);
  chain.dones = 4;
  const HarnessTime took = chain.run(ms_ns / 5, 150);  // 30 ms each at its instant
  CHECK_FALSE(chain.early);
  CHECK(took >= 100 * ms_ns);  // the first 80 show how dense it is (8 gathers), the others come 2 ms apart
}

TEST_CASE("a loop that gathers leaves what comes seldom at its instant") {
  AlarmChain chain;
  chain.loop.gather(50 * ms_ns);
  const HarnessTime took = chain.run(40 * ms_ns, 10);  // fewer than two in 50 ms
  CHECK_FALSE(chain.early);
  CHECK(took >= 360 * ms_ns);
}

}  // namespace dueprocess
