#include "harness/record/tally.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {
namespace {

using namespace std::chrono_literals;

Violation violation(std::uint64_t order, Invariant invariant = Invariant::T2, std::string seen = {}) {
  return {OrderId{order}, instant_at(static_cast<std::int64_t>(order) * 10), invariant, "expected", std::move(seen)};
}

// A tally with something different in every field.
Tally filled(std::uint64_t seed) {
  Tally tally;
  std::uint64_t drawn = 0;
  const auto draw = [&](std::uint64_t bound) { return Draws{seed, drawn++, 0, 0}.u64(0) % bound; };
  for (std::uint64_t* field : {&tally.placed, &tally.completed_by_buyer, &tally.completed_by_auto, &tally.open_in_progress,
                               &tally.open_delivered, &tally.open_in_revision, &tally.orders_ok, &tally.orders_violated,
                               &tally.orders_unknown, &tally.paid, &tally.timers_fired, &tally.evidence_seen,
                               &tally.bytes_uploaded, &tally.actions_dropped, &tally.early, &tally.cases_run, &tally.digest})
    *field = draw(~std::uint64_t{0});
  tally.paid_cents = static_cast<Int128>(draw(~std::uint64_t{0})) * 1000;
  tally.earliest_us = static_cast<std::int64_t>(draw(1000));
  for (auto& kind : tally.operations)
    for (std::uint64_t& count : kind) count = draw(1000);
  for (std::uint64_t& count : tally.refusals) count = draw(1000);
  for (std::uint64_t& count : tally.lateness_buckets) count = draw(1000);
  for (int i = 0; i < 20; ++i) tally.lateness_us.record(static_cast<std::int64_t>(draw(1'000'000)));
  for (int i = 0; i < 70; ++i) tally.add_violation(violation(draw(500), static_cast<Invariant>(draw(invariant_count))));
  for (int i = 0; i < 3; ++i) tally.add_case_failure({static_cast<std::uint32_t>(draw(5)), 1, "completed", "delivered"});
  for (auto& state : tally.coverage.operations)
    for (auto& kind : state)
      for (std::uint64_t& count : kind) count = draw(1000);
  for (std::uint64_t& count : tally.coverage.boundaries) count = draw(1000);
  Coverage& c = tally.coverage;
  for (std::uint64_t* field : {&c.late_deliveries, &c.redeliveries, &c.extensions, &c.long_extensions, &c.key_replays,
                               &c.repeats_without_key, &c.dst_reviews, &c.leap_day_reviews, &c.herd_completions, &c.herd_largest,
                               &c.reviews_over_restart, &c.deadlines_in_downtime})
    *field = draw(1000);
  tally.first = instant_at(static_cast<std::int64_t>(draw(1000)));
  tally.last = instant_at(1000 + static_cast<std::int64_t>(draw(1000)));
  return tally;
}

Tally merged(const Tally& a, const Tally& b) {
  Tally sum = a;
  sum.merge(b);
  return sum;
}

TEST_CASE("Tallies are a commutative monoid") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Tally a = filled(3 * seed), b = filled(3 * seed + 1), c = filled(3 * seed + 2);
    REQUIRE(merged(a, Tally{}) == a);
    REQUIRE(merged(Tally{}, a) == a);
    REQUIRE(merged(a, b) == merged(b, a));
    REQUIRE(merged(merged(a, b), c) == merged(a, merged(b, c)));
    REQUIRE_FALSE(merged(a, b) == a);
  }
}

TEST_CASE("Merging adds counts, keeps the worst, and widens the span of time") {
  Tally a, b;
  a.placed = 3;
  b.placed = 4;
  a.earliest_us = 7;
  b.earliest_us = 5;
  a.coverage.herd_largest = 2;
  b.coverage.herd_largest = 9;
  a.coverage.herd_completions = 2;
  b.coverage.herd_completions = 9;
  a.first = instant_at(50);
  a.last = instant_at(60);
  b.first = instant_at(55);
  b.last = instant_at(90);
  const Tally sum = merged(a, b);
  REQUIRE(sum.placed == 7);
  REQUIRE(sum.earliest_us == 7);
  REQUIRE(sum.coverage.herd_largest == 9);
  REQUIRE(sum.coverage.herd_completions == 11);
  REQUIRE(sum.first == instant_at(50));
  REQUIRE(sum.last == instant_at(90));
}

TEST_CASE("However a run is cut up, the same first violations are kept and all are counted") {
  constexpr std::uint64_t found = 1000;
  std::vector<Violation> all;
  for (std::uint64_t i = 0; i < found; ++i)
    all.push_back(violation(i * 7919 % 500, static_cast<Invariant>(i % 5), std::to_string(i % 2)));
  std::vector<Violation> first = all;
  std::sort(first.begin(), first.end());
  first.resize(Tally::samples_max);

  for (const std::size_t parts : {1u, 2u, 7u}) {
    std::vector<Tally> tallies(parts);
    for (std::size_t i = 0; i < all.size(); ++i) tallies[Draws{parts, i, 0, 0}.u32(0) % parts].add_violation(all[i]);
    Tally sum;
    for (const Tally& tally : tallies) sum.merge(tally);
    REQUIRE(sum.violation_samples == first);
    REQUIRE(sum.violations_total() == found);
    REQUIRE(sum.violations_by[static_cast<std::size_t>(Invariant::T3)] == found / 5);
  }
}

TEST_CASE("Lateness falls into its bucket at the exact microsecond") {
  REQUIRE(bucket_of(0us) == LatenessBucket::on_time);
  REQUIRE(bucket_of(1us) == LatenessBucket::under_1s);
  REQUIRE(bucket_of(1s - 1us) == LatenessBucket::under_1s);
  REQUIRE(bucket_of(1s) == LatenessBucket::under_10s);
  REQUIRE(bucket_of(10s - 1us) == LatenessBucket::under_10s);
  REQUIRE(bucket_of(10s) == LatenessBucket::under_1min);
  REQUIRE(bucket_of(60s - 1us) == LatenessBucket::under_1min);
  REQUIRE(bucket_of(60s) == LatenessBucket::under_10min);
  REQUIRE(bucket_of(10min) == LatenessBucket::under_10min);  // "> 10 min" is more than ten
  REQUIRE(bucket_of(10min + 1us) == LatenessBucket::over_10min);
  REQUIRE(name_of(LatenessBucket::on_time) == "on time");
  REQUIRE(name_of(LatenessBucket::over_10min) == "> 10 min");
}

TEST_CASE("Every invariant, boundary and bucket has a name of its own") {
  std::set<std::string_view> names, titles;
  for (unsigned i = 0; i < invariant_count; ++i) {
    names.insert(name_of(static_cast<Invariant>(i)));
    titles.insert(title_of(static_cast<Invariant>(i)));
  }
  REQUIRE(names.size() == invariant_count);
  REQUIRE(titles.size() == invariant_count);
  REQUIRE(name_of(Invariant::T1) == "T1");
  REQUIRE(name_of(Invariant::A4) == "A4");
  REQUIRE(name_of(Invariant::G5) == "G5");
  REQUIRE(name_of(Invariant::N4) == "N4");
  REQUIRE(name_of(Invariant::C1) == "C1");
  REQUIRE(title_of(Invariant::T4) == "a modification request voids the deadline");
  for (unsigned i = 0; i < boundary_count; ++i) names.insert(name_of(static_cast<Boundary>(i)));
  for (unsigned i = 0; i < lateness_bucket_count; ++i) names.insert(name_of(static_cast<LatenessBucket>(i)));
  REQUIRE(names.size() == invariant_count + boundary_count + lateness_bucket_count);
  REQUIRE(name_of(Boundary::within_1ms_before) == "D - 1ms");
}

}  // namespace
}  // namespace dueprocess
