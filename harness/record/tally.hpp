// Everything a report says about a run, and a commutative monoid: Tally{} is neutral, merge is associative and
// commutative down to the last byte (integers only, samples kept by a total order). One is filled per thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/coverage.hpp"
#include "harness/record/histogram.hpp"
#include "harness/record/live.hpp"
#include "harness/record/violation.hpp"
#include "sim/kernel/int128.hpp"

namespace dueprocess {

/// F1's buckets of auto-complete lateness: < 1 s, 1-10 s, 10-60 s, 1-10 min, > 10 min; "on time" is exactly 0.
enum class LatenessBucket : std::uint8_t { on_time, under_1s, under_10s, under_1min, under_10min, over_10min };
inline constexpr unsigned lateness_bucket_count = 6;
std::string_view name_of(LatenessBucket);
LatenessBucket bucket_of(Duration lateness);  // REQUIRES: lateness >= 0

struct CaseFailure {
  std::uint32_t case_index = 0;  // into Scenario::cases
  std::uint32_t step_index = 0;
  std::string expected, seen;
  friend auto operator<=>(const CaseFailure&, const CaseFailure&) = default;
};

struct Tally {
  static constexpr std::size_t samples_max = 100;  // violations kept whole; all are counted

  // orders
  std::uint64_t placed = 0, completed_by_buyer = 0, completed_by_auto = 0;
  std::uint64_t open_in_progress = 0, open_delivered = 0, open_in_revision = 0;
  std::uint64_t orders_ok = 0, orders_violated = 0, orders_unknown = 0;  // the oracle's verdict per order
  std::uint64_t paid = 0;
  Int128 paid_cents = 0;

  // work done
  std::array<std::array<std::uint64_t, 3>, operation_kind_count> operations{};  // by kind and Outcome
  std::array<std::uint64_t, refusal_count> refusals{};
  std::uint64_t timers_fired = 0;
  std::uint64_t evidence_seen = 0;
  std::uint64_t bytes_uploaded = 0;
  std::uint64_t actions_dropped = 0;  // an actor gave up (e.g. its corrections ran out)

  // auto-complete timing
  Histogram lateness_us;  // of completions by auto, c - D, those not early
  std::array<std::uint64_t, lateness_bucket_count> lateness_buckets{};
  std::uint64_t early = 0;       // completed by auto before D
  std::int64_t earliest_us = 0;  // the worst: most microseconds early (max)

  // verdict
  std::array<std::uint64_t, invariant_count> violations_by{};
  std::vector<Violation> violation_samples;  // sorted, the first samples_max
  std::uint64_t cases_run = 0;
  std::vector<CaseFailure> case_failures;  // sorted: add_case_failure
  Coverage coverage;

  // where in virtual time
  Instant first = never;  // earliest and latest instant anything happened
  Instant last = Instant::min();
  std::uint64_t digest = 0;  // sum over everything observed of a hash of (order, instant, what): equal runs, equal digests

  LiveTally live;  // against a live target: what the wall clock and the transport say; in process: nothing

  std::uint64_t violations_total() const;
  void add_violation(Violation);  // counts it; keeps it if it is among the first samples_max
  void add_case_failure(CaseFailure);
  void merge(const Tally&);
  friend bool operator==(const Tally&, const Tally&) = default;
};

}  // namespace dueprocess
