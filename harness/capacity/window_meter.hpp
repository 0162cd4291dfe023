// What a hold in wall time saw, window by window, so that its beginning can be cut and what comes after its end left out.
//
// An operation belongs to the window in which it was meant to be sent. Threads: one lock, held for a few histogram updates.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/capacity/steady.hpp"
#include "harness/record/live.hpp"

namespace dueprocess::capacity {

inline constexpr std::size_t hold_windows = 100;  // of a hold; twenty batches for MSER-5

/// What is left of a hold when its beginning is cut.
struct HoldWindow {
  std::size_t cut = 0;  // windows
  bool steady = false;
  double moved = 0;         // how much the response time moved at the end: 0.1 is ten percent up
  double measured_s = 0;    // so long is what is left
  double per_second = 0;    // operations
  double response_s = 0;    // mean
  std::uint64_t count = 0;  // operations that were meant in it
  std::uint64_t failed = 0;
};

class WindowMeter {
 public:
  explicit WindowMeter(HarnessTime length_ns);
  ~WindowMeter();
  WindowMeter(const WindowMeter&) = delete;
  WindowMeter& operator=(const WindowMeter&) = delete;

  /// When the load begins. Before it nothing counts.
  void begin(HarnessTime zero_ns);
  void take(const LiveObservation&);

  /// Puts what is left after the cut in the place of the whole hold's operations: response, service and send-error times,
  /// by kind too. All else stays of the whole hold.
  HoldWindow cut(LiveTally&) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::capacity
