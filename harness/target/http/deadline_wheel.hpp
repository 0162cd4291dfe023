// Time-outs of a whole pool with one timer: setting, moving and clearing one costs a few instructions and no memory.
//
// A wheel of slots, each a tick wide; a deadline sits in the slot of its tick, whatever the lap, and is looked at when the hand
// comes by. Deadlines are met to within two ticks, never early.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "harness/record/live.hpp"

namespace dueprocess::http {

/// What can have a deadline derives from it. REQUIRES: not in a wheel when it is destroyed or copied.
struct Deadline {
  Deadline* before = nullptr;
  Deadline* after = nullptr;
  HarnessTime due = never_ns;
  bool set() const { return before != nullptr; }
};

class DeadlineWheel {
 public:
  static constexpr unsigned tick_bits = 23;  // 8.4 ms
  static constexpr HarnessTime tick_ns = HarnessTime{1} << tick_bits;

  explicit DeadlineWheel(HarnessTime now) : hand_{now >> tick_bits} {
    for (Deadline& slot : slots_) slot.before = slot.after = &slot;
    over_.before = over_.after = &over_;
  }
  DeadlineWheel(const DeadlineWheel&) = delete;
  DeadlineWheel& operator=(const DeadlineWheel&) = delete;

  bool empty() const { return size_ == 0; }

  /// Sets it, or moves it.
  void set(Deadline& deadline, HarnessTime due) {
    clear(deadline);
    deadline.due = due;
    // The next slot, lest it is due before its tick is over; and never behind the hand, or it would wait for a lap.
    const std::int64_t tick = std::max((due >> tick_bits) + 1, hand_ + 1);
    link(slots_[static_cast<std::size_t>(tick) % slots_.size()], deadline);
    ++size_;
  }

  void clear(Deadline& deadline) {
    if (!deadline.set()) return;
    unlink(deadline);
    --size_;
  }

  /// Calls `over(deadline)` for each that is due, cleared; it may set and clear any.
  template <class Over>
  void advance(HarnessTime now, Over&& over) {
    const std::int64_t until = now >> tick_bits;
    // A hand more than a lap behind looks at each slot once.
    std::int64_t tick = std::max(hand_ + 1, until - static_cast<std::int64_t>(slots_.size()) + 1);
    hand_ = std::max(hand_, until);
    for (; tick <= until; ++tick) {
      Deadline& slot = slots_[static_cast<std::size_t>(tick) % slots_.size()];
      for (Deadline* at = slot.after; at != &slot;) {
        Deadline& deadline = *at;
        at = at->after;
        if (deadline.due > now) continue;  // of a later lap
        unlink(deadline);
        link(over_, deadline);
      }
    }
    while (over_.after != &over_) {
      Deadline& deadline = *over_.after;
      clear(deadline);
      over(deadline);
    }
  }

 private:
  static void link(Deadline& slot, Deadline& deadline) {
    deadline.before = slot.before, deadline.after = &slot;
    slot.before->after = &deadline, slot.before = &deadline;
  }
  static void unlink(Deadline& deadline) {
    deadline.before->after = deadline.after, deadline.after->before = deadline.before;
    deadline.before = deadline.after = nullptr;
  }

  std::array<Deadline, 512> slots_;  // a lap is 4.3 s
  Deadline over_;                    // due, not told yet
  std::int64_t hand_;                // the tick up to which all were looked at
  std::size_t size_ = 0;
};

}  // namespace dueprocess::http
