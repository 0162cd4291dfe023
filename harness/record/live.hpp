// What a live target adds to an observation: when it really happened, on the harness's own monotonic clock, and how the
// transport fared. In process there is neither.
//
// Two clocks, never mixed:
//   harness   nanoseconds of the monotonic clock since the run began: intended, sent, answered, seen
//   service   Instants that the service tells (Answer::stamp, deadline, completed_at, Evidence::at): its own clock
// How far they are apart is measured, not assumed (checking.md, "Wall time").
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/record/histogram.hpp"
#include "harness/record/observation.hpp"

namespace dueprocess {

/// Nanoseconds since the run began, on the harness's monotonic clock. Negative: before it.
using HarnessTime = std::int64_t;
inline constexpr HarnessTime never_ns = INT64_MAX;
inline constexpr HarnessTime us_ns = 1'000, ms_ns = 1'000'000, second_ns = 1'000'000'000;

/// How an operation's last attempt failed as a matter of transport. Its outcome is `info`, unless the request provably never
/// left (no_connection): then it is `refused` without a code, certainly no effect.
enum class Failure : std::uint8_t {
  none,
  no_connection,  // refused, unreachable, connect time-out, port exhaustion: nothing was sent
  tls,            // hand-shake or certificate: nothing was sent
  timed_out,      // sent, no whole answer in time
  cut,            // reset or end of stream before the whole answer
  garbage,        // not HTTP, wrong length, over a limit
  unreadable,     // HTTP, but not an answer that the binding understands (a 5xx, a redirect, a body without the fields)
  unsupported,    // the binding has no such operation: never sent
};
inline constexpr unsigned failure_count = 8;
std::string_view name_of(Failure);

/// An operation against a live target, all its attempts as one: [first sent, last answered].
struct LiveObservation {
  Observation
      observation;  // instants of `answer` are the service's; intended, sent, answered are virtual, or `never` in wall time
  HarnessTime intended_ns = 0;  // when it was meant to be sent: latency counts from here
  HarnessTime sent_ns = 0;      // first byte of the first attempt handed to the system
  HarnessTime answered_ns = 0;  // last byte of the last answer taken in, or when it was given up
  std::uint16_t attempts = 1;
  std::uint16_t status = 0;  // HTTP status of the last answer; 0: none
  Failure failure = Failure::none;
};

/// A piece of evidence, and when the harness saw it.
struct LiveEvidence {
  Evidence evidence;  // Evidence::at is the service's stamp; `never`: it has none
  HarnessTime seen_ns = 0;
  HarnessTime not_seen_ns = 0;  // the latest look, by the moment it was sent, that did not show it yet; 0: none is known
};

/// What a run against a live target adds to its tally: a commutative monoid of integers, like Tally.
struct LiveTally {
  Histogram response_ns;    // answered - intended
  Histogram service_ns;     // answered - sent
  Histogram send_error_ns;  // sent - intended
  std::array<Histogram, operation_kind_count> response_by_kind;
  std::array<std::uint64_t, failure_count> failures{};    // of operations, by the last attempt
  std::array<std::uint64_t, 6> statuses{};                // answers by class: 0 other, 1xx ... 5xx
  std::uint64_t attempts = 0, retries = 0, requests = 0;  // requests: everything sent, reads and clock calls too
  std::uint64_t bytes_sent = 0, bytes_received = 0, connections = 0;
  std::uint64_t reads_at_deadlines = 0;  // views of the harness's own, beside the actors'

  // wall time: what could be told, and how finely
  Histogram resolution_us;                         // width of the bracket of each judged completion by the timer
  Histogram lateness_low_us;                       // completions by the timer: how late at least (0: perhaps on time) ...
  Histogram lateness_high_us;                      // ... and at most
  std::array<std::uint64_t, 8> unknown_because{};  // orders without a verdict, by UnknownReason
  std::int64_t offset_low_us = INT64_MIN, offset_high_us = INT64_MAX;  // service - harness, of the last regime
  std::uint64_t clock_steps = 0;                                       // regimes but the first

  void merge(const LiveTally&);
  friend bool operator==(const LiveTally&, const LiveTally&) = default;
};

/// Why an order could not be judged in wall time.
enum class UnknownReason : std::uint8_t {
  lost_answers,
  clock_step,
  overlap,
  over_budget,
  unread,
  unstamped,
  checker_failed,
  other
};
std::string_view name_of(UnknownReason);

}  // namespace dueprocess
