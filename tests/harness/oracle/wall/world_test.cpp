// Thousands of lives of a correct service behind a network with delays, losses and a clock of its own: nothing is found. Bugs
// are.
#include "world.hpp"

#include <cstdlib>
#include <iostream>
#include "catch.hpp"

using namespace dueprocess;
using namespace dueprocess::wall_test;

namespace {

WorldOptions quick() {
  WorldOptions w;
  w.policy = quick_policy();
  return w;
}

void require_nothing_found(const WorldOptions& world, std::uint64_t seed, std::uint64_t orders, std::uint64_t unknown_max = 0) {
  const Outcome_ out = run_worlds(world, wall_options(world), seed, orders);
  INFO("seed " << seed << ": " << out.first_trouble << "\n" << words(out.tally));
  REQUIRE(found(out.tally) == "");
  std::string reasons;
  for (unsigned i = 0; i < out.live.unknown_because.size(); ++i)
    if (out.live.unknown_because[i] != 0)
      reasons += std::string{name_of(static_cast<UnknownReason>(i))} + "x" + std::to_string(out.live.unknown_because[i]) + " ";
  INFO("unknown " << reasons);
  REQUIRE(out.tally.orders_unknown <= unknown_max);
}

/// With a bug: found, and as one of these. Whatever is left beside it is a consequence.
void require_found(WorldOptions world, Bug bug, const std::string& one_of, std::uint64_t at_least = 1) {
  world.bug = bug;
  const Outcome_ out = run_worlds(world, wall_options(world), 7, 40);
  INFO("bug " << static_cast<int>(bug) << " found as " << found(out.tally) << "\n" << words(out.tally));
  CHECK(out.tally.orders_violated >= at_least);
  bool named = false;
  for (unsigned i = 0; i < invariant_count; ++i)
    named =
        named || (out.tally.violations_by[i] >= at_least && one_of.find(name_of(static_cast<Invariant>(i))) != std::string::npos);
  CHECK(named);
}

}  // namespace

TEST_CASE("wall: a correct service on a good network is ok, every order") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) require_nothing_found(quick(), seed, 50);
}

TEST_CASE("wall: lost requests and answers, retries and late arrivals are no findings") {
  WorldOptions w = quick();
  w.lost_in = 12;
  for (std::uint64_t seed = 11; seed <= 16; ++seed) require_nothing_found(w, seed, 50, 8);
}

TEST_CASE("wall: without evidence, by answers alone") {
  WorldOptions w = quick();
  w.evidence = false;
  for (std::uint64_t seed = 21; seed <= 22; ++seed) require_nothing_found(w, seed, 50);
  w.lost_in = 12;
  for (std::uint64_t seed = 23; seed <= 24; ++seed) require_nothing_found(w, seed, 50, 10);
}

TEST_CASE("wall: a service whose clock is off and drifts is no finding, and its offset is reported") {
  WorldOptions w = quick();
  w.clock.offset_us += 5'000'000;
  w.clock.ppm = 150;
  require_nothing_found(w, 31, 80);
  const Outcome_ out = run_worlds(w, wall_options(w), 31, 80);
  CHECK(out.live.offset_low_us <= w.clock.offset_us + 2'000);
  CHECK(out.live.offset_high_us >= w.clock.offset_us);
  CHECK(out.live.offset_high_us - out.live.offset_low_us < 2'000);
  CHECK(out.live.clock_steps == 0);
}

TEST_CASE("wall: a sweep within its declared period is no finding, its lateness is told with its bracket") {
  WorldOptions w = quick();
  w.sweep = Duration{100'000};
  for (std::uint64_t seed = 41; seed <= 42; ++seed) require_nothing_found(w, seed, 50);
  const Outcome_ out = run_worlds(w, wall_options(w), 41, 50);
  CHECK(out.tally.completed_by_auto > 10);
  CHECK(out.live.lateness_low_us.max() > 20'000);
  CHECK(out.live.lateness_high_us.max() < 130'000);
  CHECK(out.live.resolution_us.quantile(500'000) < 20'000);
}

TEST_CASE("wall: slow networks widen the brackets and find nothing") {
  WorldOptions w = quick();
  w.delay_max_ns = 30 * ms_ns;
  for (std::uint64_t seed = 51; seed <= 53; ++seed) require_nothing_found(w, seed, 50);
}

TEST_CASE("wall: a clock that is set is reported, and no finding: orders whose time it fell into are unknown") {
  WorldOptions w = quick();
  w.clock.set_at_ns = 2'500 * ms_ns;
  w.clock.set_by_us = 3'000'000;
  const Outcome_ out = run_worlds(w, wall_options(w), 61, 40);
  INFO(out.first_trouble << words(out.tally));
  CHECK(found(out.tally) == "");
  CHECK(out.live.clock_steps == 1);
  CHECK(out.live.unknown_because[static_cast<unsigned>(UnknownReason::clock_step)] > 10);
}

TEST_CASE("wall: without stamps what hangs on an instant is unknown, unless a resolution is declared, nothing is found") {
  WorldOptions w = quick();
  w.stamped = false;
  w.policy.review_anchor = ReviewAnchor::delivery;
  const Outcome_ out = run_worlds(w, wall_options(w), 71, 40);
  INFO(out.first_trouble << words(out.tally));
  CHECK(found(out.tally) == "");
  CHECK(out.tally.orders_unknown > 5);
}

TEST_CASE("wall: other policies") {
  WorldOptions w = quick();
  w.policy.review_anchor = ReviewAnchor::delivery;
  require_nothing_found(w, 81, 60);
  w.policy.review_anchor = ReviewAnchor::due_date;
  require_nothing_found(w, 82, 60);
  w.policy.extensions_carry_over = true;
  w.policy.max_extensions = 1;
  w.policy.max_modifications = 1;
  require_nothing_found(w, 83, 60);
}

TEST_CASE("wall: bugs of a service are found") {
  const WorldOptions good = quick();
  WorldOptions lossy = quick();
  lossy.lost_in = 6;
  WorldOptions sweeping = quick();
  sweeping.sweep = Duration{100'000};
  require_found(good, Bug::late, "T2", 10);
  require_found(good, Bug::late_and_lying, "T2", 10);
  require_found(good, Bug::early, "T1", 5);
  require_found(good, Bug::early_and_lying, "T1", 5);
  require_found(good, Bug::never_fires, "T2", 10);
  require_found(good, Bug::loses_extension, "T3", 5);
  require_found(good, Bug::extends_from_now, "T5", 5);
  require_found(good, Bug::two_winners, "A2", 1);
  require_found(good, Bug::pays_twice, "M1", 10);
  require_found(good, Bug::never_pays, "M2", 10);
  require_found(good, Bug::pays_wrong, "M3", 10);
  require_found(good, Bug::pays_before, "M4", 10);
  require_found(sweeping, Bug::accepts_after, "G4", 1);
  require_found(good, Bug::refuses_before, "G1", 5);
  require_found(good, Bug::fires_in_revision, "T4", 5);
  require_found(lossy, Bug::forgets_keys, "A3", 1);
  require_found(good, Bug::forgets_delivery, "A4", 10);
  require_found(good, Bug::tells_wrong_deadline, "T5", 10);
  require_found(good, Bug::tells_strangers, "G5", 3);
  require_found(good, Bug::stale_reads, "R1", 10);
  require_found(good, Bug::no_event, "R4", 10);
  require_found(good, Bug::notice_twice, "N2", 10);
  require_found(good, Bug::notice_astray, "N1", 10);
  require_found(good, Bug::no_notice, "N2", 10);
  require_found(good, Bug::oversize, "G3", 1);
  require_found(good, Bug::wrong_version, "A4", 10);
}
