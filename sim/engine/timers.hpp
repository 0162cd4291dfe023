// The engine's timers over the simulation's event queue.
//
// The queue is monotone: nothing may be pushed before the last instant popped. The engine however throws away cancelled
// timers as soon as they reach the front, which is ahead of its clock, and may then arm one in between:
//
//      clock          new timer        cancelled, popped       next real one
//   -----|----------------|-------------------|----------------------|------>
//
// Such a timer waits in `early_`, a small heap, nearly always empty. What is in it is before everything in the queue, so it
// comes first whenever there is any.
#pragma once

#include "sim/kernel/event_queue.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

namespace dueprocess {

class Timers {
 public:
  bool empty() const { return queue_.empty() && early_.empty(); }

  void push(Event event) {
    if (event.at_us >= popped_us_) [[likely]] {
      queue_.push(event);
      return;
    }
    early_.push_back(event);
    std::push_heap(early_.begin(), early_.end(), std::greater<>{});
  }

  /// REQUIRES: not empty.
  Event top() const { return early_.empty() ? queue_.top() : early_.front(); }

  void pop() {
    if (!early_.empty()) [[unlikely]] {
      std::pop_heap(early_.begin(), early_.end(), std::greater<>{});
      early_.pop_back();
      return;
    }
    popped_us_ = queue_.top().at_us;
    queue_.pop();
    if (queue_.empty()) clear_queue();
  }

  /// pop() and push(), cheaper. REQUIRES: not empty, and event not before top().
  void pop_push(Event event) {
    if (!early_.empty()) [[unlikely]] {
      pop();
      push(event);
      return;
    }
    popped_us_ = queue_.top().at_us;
    queue_.pop_push(event);
  }

  /// Hint: what comes after the top.
  template <class Visit>
  void announce(Visit visit) {
    queue_.announce(visit);
  }

  void clear() {
    clear_queue();
    early_.clear();
  }

 private:
  void clear_queue() {
    queue_.clear();
    popped_us_ = std::numeric_limits<std::int64_t>::min();
  }

  EventQueue queue_;
  std::vector<Event> early_;
  std::int64_t popped_us_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace dueprocess
