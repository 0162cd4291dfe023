// What is to happen, in order. One event is kept out of the queue: an actor's next small step is mostly also the next of
// all, and then costs no queue operation.
#pragma once

#include "sim/kernel/event_queue.hpp"

namespace dueprocess {

class Agenda {
 public:
  Instant next_at() const { return queue_.empty() || front_.at_us < queue_.top().at_us ? front_.at() : queue_.top().at(); }
  /// What take() will give. REQUIRES: next_at() != never.
  Event next() const {
    const bool front = queue_.empty() || front_ < queue_.top();
    return front ? front_ : Event{queue_.top().at_us, queue_.top().tie};
  }
  /// REQUIRES: next_at() != never.
  Event take() {
    if (queue_.empty() || front_ < queue_.top()) {
      const Event event{front_.at_us, front_.tie};
      front_.at_us = nothing.at_us;
      front_.tie = nothing.tie;
      return event;
    }
    const Event event{queue_.top().at_us, queue_.top().tie};
    queue_.pop();
    return event;
  }
  /// REQUIRES: not before the event taken last.
  [[gnu::always_inline]] void push(Event event) {
    if (!(event < front_)) return push_behind(event);
    if (front_.at_us != nothing.at_us) push_behind(front_);
    // By halves: stored and read again in different widths the event would have to wait for its own store.
    front_.at_us = event.at_us;
    front_.tie = event.tie;
  }
  void clear() {
    queue_.clear();
    front_ = nothing;
  }
  /// As clear(), cheaper where nothing is pending.
  void rewind() {
    queue_.rewind();
    front_ = nothing;
  }
  /// As EventQueue::announce().
  template <class Visit>
  void announce(Visit visit) {
    queue_.announce(visit);
  }

 private:
  [[gnu::noinline]] void push_behind(const Event& event) { queue_.push(event); }

  static constexpr Event nothing{us_of(never), ~std::uint64_t{0}};
  EventQueue queue_;
  Event front_ = nothing;
};

}  // namespace dueprocess
