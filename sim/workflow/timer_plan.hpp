// How a service runs its timers: what differs between services that keep the same rules. A scenario chooses it for the in-process
// engine; the oracle never sees it, only how late a timer may be by the scenario's own declaration.
#pragma once

#include "sim/kernel/time.hpp"

#include <cstdint>
#include <vector>

namespace dueprocess {

enum class TimerMode : std::uint8_t {
  exact,  // event-driven: each timer fires at its deadline
  sweep,  // every so often whatever is due by then fires
};

/// Which of the due orders a sweep takes that may not take all.
enum class SweepOrder : std::uint8_t { oldest, newest };

/// The machine's wall clock is set at this instant: forward, or back. No timer of a sound service depends on it.
struct ClockStep {
  Instant at = never;
  Duration by{0};
};

struct TimerPlan {
  TimerMode mode = TimerMode::exact;
  // sweep: at the instants phase + n * every, counted from 1970-01-01T00:00Z, so that periods that divide a day fall on the hour
  Duration every = std::chrono::minutes{5};
  Duration phase{0};
  std::uint64_t batch = 0;  // at most so many orders a sweep, the others wait for the next; 0: all that are due
  SweepOrder order = SweepOrder::oldest;
  // For seeded bugs; a sound service asks its store for the time and for what nobody else has claimed.
  std::uint32_t workers = 1;           // each has its share of the orders
  Duration clock_skew{0};              // how far off the wall clock of the last worker is
  std::vector<ClockStep> clock_steps;  // of all workers' wall clocks; sorted

  /// Orders share what a sweep may take: the whole market is one cell then.
  bool couples_orders() const { return mode == TimerMode::sweep && batch != 0; }
};

}  // namespace dueprocess
