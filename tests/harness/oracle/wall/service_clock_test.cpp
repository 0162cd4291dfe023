#include "harness/oracle/wall/service_clock.hpp"

#include "catch.hpp"
#include "harness/oracle/wall/wall_oracle.hpp"
#include "sim/kernel/random.hpp"

using namespace dueprocess;

namespace {

/// A service whose clock is `offset_us` from the harness's at harness time 0 and gains `ppm`.
struct SteppedService {
  std::int64_t offset_us = 0, ppm = 0;
  std::int64_t offset_at(HarnessTime t) const { return offset_us + t / 1000 * ppm / 1'000'000; }
  Instant stamp(HarnessTime t) const { return instant_at(t / 1000 + offset_at(t)); }
};

/// An answer stamped `there` after sending and taken in `back` after that.
void answer(ServiceClock& clock, const SteppedService& service, HarnessTime sent, HarnessTime there, HarnessTime back) {
  clock.observe(service.stamp(sent + there), sent, sent + there + back);
}

void require_holds(const ServiceClock& clock, const SteppedService& service, HarnessTime t) {
  const OffsetBounds bounds = clock.at(t);
  INFO("at " << t << " ns: " << bounds.low_us << " .. " << bounds.high_us << ", true " << service.offset_at(t));
  REQUIRE(bounds.low_us <= service.offset_at(t));
  REQUIRE(service.offset_at(t) <= bounds.high_us);
}

}  // namespace

TEST_CASE("without an answer nothing is known of the service's clock") {
  const ServiceClock clock;
  CHECK(clock.empty());
  CHECK_FALSE(clock.at(0).known());
  CHECK_FALSE(clock.latest().known());
  CHECK_FALSE(clock.stepped_in(0, second_ns));
}

TEST_CASE("one answer bounds the offset by its round trip") {
  ServiceClock clock;
  const SteppedService service{5'000'000};
  answer(clock, service, second_ns, 2 * ms_ns, 3 * ms_ns);
  const OffsetBounds bounds = clock.at(second_ns + 5 * ms_ns);
  CHECK(bounds.low_us >= 5'000'000 - 3'000 - 60);   // back
  CHECK(bounds.high_us <= 5'000'000 + 2'000 + 60);  // there
  require_holds(clock, service, second_ns);
}

TEST_CASE("many answers narrow it to less than the shortest round trip") {
  ServiceClock clock;
  const SteppedService service{-7'200'000'000};
  answer(clock, service, second_ns, 4 * ms_ns, 0);
  answer(clock, service, second_ns + 10 * ms_ns, 0, 4 * ms_ns);
  CHECK(clock.at(second_ns + 14 * ms_ns).width_us() < 200);
  require_holds(clock, service, second_ns + 14 * ms_ns);
  CHECK(clock.steps() == 0);
}

TEST_CASE("between answers the bounds widen with the drift there may be, and no further") {
  ServiceClock clock{200};
  const SteppedService service{1'000};
  answer(clock, service, 0, 0, 0);
  const std::int64_t at_once = clock.at(0).width_us();
  const std::int64_t later = clock.at(100 * second_ns).width_us();
  CHECK(later >= at_once + 2 * 200 * 100);
  CHECK(later <= at_once + 2 * 200 * 100 + 3'000);
}

TEST_CASE("a later answer tells of earlier moments too") {
  ServiceClock clock;
  const SteppedService service{1'000};
  answer(clock, service, 0, 50 * ms_ns, 50 * ms_ns);
  const std::int64_t before = clock.at(100 * ms_ns).width_us();
  answer(clock, service, 300 * ms_ns, 0, 0);
  CHECK(clock.at(100 * ms_ns).width_us() < before / 100);
  require_holds(clock, service, 100 * ms_ns);
}

TEST_CASE("a clock that was set is a new regime, and nothing is inferred across it") {
  ServiceClock clock;
  const SteppedService before{0}, after{5'000'000};
  for (int i = 0; i < 10; ++i) answer(clock, before, i * second_ns, ms_ns, ms_ns);
  for (int i = 10; i < 20; ++i) answer(clock, after, i * second_ns, ms_ns, ms_ns);
  CHECK(clock.steps() == 1);
  require_holds(clock, before, 5 * second_ns);
  require_holds(clock, after, 15 * second_ns);
  CHECK(clock.latest().low_us > 4'990'000);
  CHECK(clock.stepped_in(8 * second_ns, 12 * second_ns));
  CHECK_FALSE(clock.stepped_in(0, 8 * second_ns));
  CHECK_FALSE(clock.stepped_in(11 * second_ns, 15 * second_ns));
  // Where it is not known whether the step has come yet, both hold.
  const OffsetBounds between = clock.over(9 * second_ns, 10 * second_ns + 2 * ms_ns);
  CHECK(between.low_us <= 0);
  CHECK(between.high_us >= 5'000'000);
}

TEST_CASE("an answer stamped before a step and taken in after it is no second step") {
  ServiceClock clock;
  const SteppedService before{0}, after{-5'000'000};
  answer(clock, before, second_ns, ms_ns, ms_ns);
  answer(clock, after, 2 * second_ns, ms_ns, ms_ns);
  clock.observe(before.stamp(second_ns + 500 * ms_ns), second_ns + 400 * ms_ns, 2 * second_ns + 10 * ms_ns);
  CHECK(clock.steps() == 1);
  answer(clock, after, 3 * second_ns, ms_ns, ms_ns);
  CHECK(clock.steps() == 1);
}

TEST_CASE("a stamp told again under a key says nothing of the clock") {
  Tally tally;
  LiveTally live;
  WallOracle oracle{Policy{}, WallOptions{}, tally, live};
  const SteppedService service{0};
  const auto told = [&](KeyId key, HarnessTime stamped, HarnessTime sent, HarnessTime answered) {
    LiveObservation seen;
    seen.observation.operation.kind = OperationKind::list_orders;
    seen.observation.operation.by = UserId{1};
    seen.observation.operation.key = key;
    seen.observation.answer.outcome = Outcome::ok;
    seen.observation.answer.stamp = service.stamp(stamped);
    seen.sent_ns = sent;
    seen.answered_ns = answered;
    oracle.observe(seen);
  };
  told(KeyId::none, second_ns + ms_ns / 2, second_ns, second_ns + ms_ns);  // known to 1 ms
  // Asked a little later, and told what was true at first: it would bound the offset from above by -0.4 ms.
  told(KeyId{7}, second_ns + 2 * ms_ns, second_ns + 24 * ms_ns / 10, second_ns + 3 * ms_ns);
  told(KeyId::none, second_ns + 4 * ms_ns, second_ns + 4 * ms_ns - 1000, second_ns + 4 * ms_ns + 1000);
  CHECK(oracle.service_clock().steps() == 0);
  require_holds(oracle.service_clock(), service, second_ns + 4 * ms_ns);
}

TEST_CASE("stamps in whole milliseconds bound no tighter than that") {
  ServiceClock clock{200, Duration{1000}};
  const SteppedService service{123'456};
  for (int i = 0; i < 1000; ++i) {
    const HarnessTime sent = HarnessTime{i} * 7'777'777;
    const std::int64_t us = us_of(service.stamp(sent)), cut = us - us % 1000;
    clock.observe(instant_at(cut), sent, sent + 10'000);
    require_holds(clock, service, sent);
  }
  CHECK(clock.steps() == 0);
}

TEST_CASE("whatever the delays and the drift below the bound, the true offset is never excluded") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::uint32_t n = 0;
    const auto dice = [&](std::uint32_t below) {
      return static_cast<std::int64_t>((std::uint64_t{Draws{seed, 1, 99, n++}.u32(0)} * below) >> 32);
    };
    const SteppedService service{dice(2'000'000'000) - 1'000'000'000, dice(399) - 199};
    ServiceClock clock;
    HarnessTime now = 0;
    for (int i = 0; i < 300; ++i) {
      now += dice(20) == 0 ? 30 * second_ns : dice(200 * ms_ns);
      answer(clock, service, now, dice(5) == 0 ? dice(50 * ms_ns) : dice(200'000),
             dice(5) == 0 ? dice(50 * ms_ns) : dice(200'000));
    }
    CHECK(clock.steps() == 0);
    for (HarnessTime t = -second_ns; t < now + 100 * second_ns; t += now / 500 + 1) {
      require_holds(clock, service, t);
      const OffsetBounds over = clock.over(t, t + 3 * second_ns);
      REQUIRE(over.low_us <= service.offset_at(t + second_ns));
      REQUIRE(over.high_us >= service.offset_at(t + second_ns));
    }
  }
}

TEST_CASE("memory is bounded however long the run and however odd the moments") {
  ServiceClock clock;
  const SteppedService service{0};
  for (HarnessTime t = 0; t < 500'000 * second_ns; t += 50 * second_ns) answer(clock, service, t, ms_ns, ms_ns);
  require_holds(clock, service, 400'000 * second_ns);
  clock.observe(instant_at(5), -(HarnessTime{1} << 61), HarnessTime{1} << 61);
  clock.observe(never, 0, 1);
  clock.observe(Instant::min(), 0, 1);
  for (int i = 0; i < 2000; ++i) clock.observe(instant_at(i % 2 == 0 ? 0 : 1'000'000'000'000), i * second_ns, i * second_ns + 1);
  CHECK(clock.steps() > 100);
}
