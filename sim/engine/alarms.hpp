// Which order's timer fires next.
//
// Each order has at most one event in the queue that counts, at `armed`, not after its deadline. Whatever ends or moves a
// review leaves the event where it is; only when it reaches the front is it looked at:
//
//   the order is not in review     dropped
//   armed before the deadline      put back in at the deadline (an extension, or a new review, moved it)
//   armed at the deadline          real
//
// The front of the queue is always a real one, so next() tells no lies. A deadline before `armed` queues a new event; the
// old one is the order's no longer and is dropped in its turn.
#pragma once

#include "sim/engine/order_table.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/switches.hpp"
#include "sim/engine/timers.hpp"

namespace dueprocess {

template <bool Seeded, class Record>
class Alarms {
 public:
  Alarms(const OrderTable<Record>& table, Switches<Seeded> bugs) : table_(table), on_(bugs) {}

  Instant next() const { return front_.at(); }

  /// REQUIRES: in review; next() is still to come.
  void arm(Record& order, OrderId id) {
    const Instant at = fires_at(order);
    if (order.armed <= at) return;  // its event comes by in time and will see; or there is nothing to arm
    order.armed = at;
    push(Event::make(at, proper, number(id), 0));
  }

  /// The order's timer, last for `deadline`, is needed no more, or later.
  void cancel(OrderId id, [[maybe_unused]] Instant deadline) {
    if (on_(Bug::b22) || on_(Bug::b23) || on_(Bug::b25)) arm_rogue(id, deadline);
    look_again(id);
  }

  /// The order has changed, or is no more: its timer may not be the next one now.
  void look_again(OrderId id) {
    if (front_.entity() == number(id)) settle();
  }

  /// Seeded bugs: a timer that should not be. It fires whatever has become of the order.
  void arm_rogue(OrderId id, Instant at) { push(Event::make(at, rogue, number(id), 0)); }

  struct Fired {
    OrderId id;
    Instant at;
    bool rogue;
  };
  /// Takes the front off; settle() once it has been dealt with. REQUIRES: next() != never.
  Fired take() {
    const Event event = front_;
    timers_.pop();
    const Fired fired{OrderId{event.entity()}, event.at(), Seeded && event.klass() == rogue};
    if (!fired.rogue) table_.find(fired.id)->armed = never;
    return fired;
  }

  void settle() {
    front_ = nothing;
    while (!timers_.empty() && !stopped_) {
      const Event event = timers_.top();
      // There is time to bring the orders of later ones in before their turn comes.
      timers_.announce([this](const Event& coming) { table_.prefetch(OrderId{coming.entity()}); });
      const Instant at = counts_at(event);
      if (at == event.at()) {
        front_ = event;
        return;
      }
      if (at == never) {
        timers_.pop();
        if (on_(Bug::b59)) stopped_ = true;
      } else {
        timers_.pop_push(Event::make(at, proper, event.entity(), 0));
      }
    }
  }

  /// When the timer of an order in review fires.
  static Instant fires_at(const Record& order) {
    if constexpr (Seeded)
      return order.fires_at;
    else
      return order.moment;
  }
  bool stopped() const { return stopped_; }

  /// Every event is gone; REQUIRES: then no order is armed.
  void clear() {
    timers_.clear();
    front_ = nothing;
    stopped_ = false;
  }

 private:
  static constexpr Event nothing{us_of(never), 0};
  static constexpr std::uint32_t proper = 0;
  static constexpr std::uint32_t rogue = 1;

  /// When this event is to fire: now at its front, later, or never. Leaves the order armed so.
  Instant counts_at(const Event& event) {
    if (Seeded && event.klass() == rogue) return event.at();
    Record* const order = table_.find(OrderId{event.entity()});
    if (!order || order->armed != event.at()) return never;
    order->armed = order->state == OrderState::delivered ? fires_at(*order) : never;
    return order->armed;
  }

  void push(Event event) {
    timers_.push(event);
    if (event < front_) front_ = event;
  }

  const OrderTable<Record>& table_;
  [[no_unique_address]] Switches<Seeded> on_;
  Timers timers_;
  Event front_ = nothing;
  bool stopped_ = false;  // seeded bugs only
};

}  // namespace dueprocess
