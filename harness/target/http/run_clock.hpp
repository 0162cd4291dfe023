// The harness's monotonic clock, and what makes its timers exact.
#pragma once

#include "harness/record/live.hpp"

namespace dueprocess::http {

/// The machine's monotonic clock, in nanoseconds since some moment in its past.
HarnessTime monotonic_ns();

/// Time since the run began. Copy it to whoever tells times: all copies agree.
class RunClock {
 public:
  RunClock() : began_ns_{monotonic_ns()} {}
  explicit RunClock(HarnessTime began_ns) : began_ns_{began_ns} {}
  HarnessTime now() const { return monotonic_ns() - began_ns_; }
  HarnessTime began_ns() const { return began_ns_; }
  /// This thread does nothing until then; in the past: at once. A signal may end it early.
  void wait_until(HarnessTime) const;

 private:
  HarnessTime began_ns_;
};

/// Lets this thread's timers fire when they are due rather than up to 50 us later (the kernel's slack for saving power): the
/// median error of an open-loop schedule falls by about 10 us, at no cost that shows.
void sharpen_timers();

/// Lets this process have `wanted` open files if the hard limit allows. How many it may have now.
std::size_t raise_file_limit(std::size_t wanted);

}  // namespace dueprocess::http
