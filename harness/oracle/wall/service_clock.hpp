// How far the service's clock is from the harness's, by what its answers say. A bound, never an estimate.
//
//   harness   --------h0=====================h1-------->      an answer with stamp T, sent at h0 and answered at h1
//   service   -------------------T--------------------->      T was read somewhere between
//
//   offset (service - harness) at that moment lies in [T - h1, T - h0]; between answers it may drift by rho. All answers
//   together: the intersection. Where it is empty the clock was set: a step, and a new regime begins. Nothing is inferred
//   across a step.
//
// Microseconds of the service's clock since the epoch, nanoseconds of the harness's. Bounded memory: windows of time, each with
// the tightest bounds that hold over all of it; too many windows become half as many, twice as long. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/record/live.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

/// Rounded down, below 0 too.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

/// service - harness, in microseconds: low <= offset <= high. Unknown (nothing stamped): low is INT64_MIN / 4, high INT64_MAX
/// / 4.
struct OffsetBounds {
  static constexpr std::int64_t unbounded_us = INT64_MAX / 4;
  std::int64_t low_us = -unbounded_us, high_us = unbounded_us;
  bool known() const { return low_us != -unbounded_us && high_us != unbounded_us; }
  std::int64_t width_us() const { return high_us - low_us; }
};

class ServiceClock {
 public:
  /// Stamps are exact to `granularity`, whether cut off or rounded.
  explicit ServiceClock(std::uint32_t drift_ppm = 200, Duration granularity = Duration{1});

  /// An answer's stamp. REQUIRES: it was read for this very answer (one to a repeated key bears the first answer's stamp, which
  /// is older than the request, and would narrow the bounds wrongly); sent_ns <= answered_ns, both within 2^61 of 0.
  void observe(Instant stamp, HarnessTime sent_ns, HarnessTime answered_ns);

  /// What is known of the offset at a moment: from the answers of its regime, before it and after it.
  OffsetBounds at(HarnessTime) const;
  /// What holds at every moment of [from, to], whatever happened between.
  OffsetBounds over(HarnessTime from, HarnessTime to) const;
  /// Was the clock set at any time in [from, to]? At a step, the time in which it was not yet noticed belongs to it.
  bool stepped_in(HarnessTime from, HarnessTime to) const;

  std::uint64_t steps() const { return steps_; }
  /// The last regime's bounds as of its last answer: what a report says.
  OffsetBounds latest() const;
  bool empty() const { return regimes_.empty(); }

 private:
  struct Regime {
    HarnessTime from_ns = 0;       // the answer that the regime before could not explain was taken in
    HarnessTime unsure_ns = 0;     // the latest answer that it could explain was sent: the step came between
    HarnessTime last_sent_ns = 0;  // the latest answer of this one
    HarnessTime last_ns = 0;       // ... taken in
    std::int64_t first = 0;        // number of the first window
    std::vector<OffsetBounds>
        windows;  // contiguous; each holds at every moment of its window, and was carried on from the one before
  };
  static constexpr std::size_t windows_max = 1u << 14, regimes_max = 256, reach = 8;

  std::int64_t drift_us(HarnessTime length_ns) const;
  std::int64_t window_of(HarnessTime) const;
  OffsetBounds at(const Regime&, HarnessTime) const;
  std::size_t regime_of(HarnessTime) const;
  void narrow(Regime&, HarnessTime sent_ns, HarnessTime answered_ns, OffsetBounds);
  void make_room(Regime&, HarnessTime);
  void lengthen_windows();

  std::int64_t drift_ppm_, granularity_us_;
  std::int64_t window_ns_ = 100'000'000;
  std::vector<Regime> regimes_;  // past regimes_max the last one is begun anew
  std::uint64_t steps_ = 0;
};

}  // namespace dueprocess
