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

#include <algorithm>
#include <unordered_map>
#include <vector>

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
  void arm_rogue(OrderId id, Instant at) { arm_stray(id, at, Kind::rogue); }
  /// Seeded bugs: another look at a completed order's payment.
  void arm_poller(OrderId id, Instant at) { arm_stray(id, at, Kind::poller); }

  enum class Kind : std::uint8_t { proper, rogue, poller };
  struct Fired {
    OrderId id;
    Instant at;
    Kind kind;
  };
  /// Takes the front off; settle() once it has been dealt with. REQUIRES: next() != never.
  Fired take() {
    const Event event = front_;
    timers_.pop();
    const Fired fired{OrderId{event.entity()}, event.at(), Seeded ? static_cast<Kind>(event.klass()) : Kind::proper};
    if (fired.kind == Kind::proper)
      table_.find(fired.id)->armed = never;
    else
      forget_stray(event);
    return fired;
  }

  /// Seeded bugs: the earliest of the order's timers that should not be. Its event is dropped when it comes by.
  Instant next_stray(OrderId id) const {
    Instant at = never;
    if constexpr (Seeded)
      if (const auto found = strays_.find(number(id)); found != strays_.end())
        for (const Event& event : found->second) at = std::min(at, event.at());
    return at;
  }
  /// REQUIRES: next_stray() != never. look_again() once it has been dealt with.
  Fired take_stray(OrderId id) {
    const std::vector<Event>& events = strays_.at(number(id));
    const Event event = *std::min_element(events.begin(), events.end());
    forget_stray(event);
    return {id, event.at(), static_cast<Kind>(event.klass())};
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
    strays_.clear();
    front_ = nothing;
    stopped_ = false;
  }

 private:
  static constexpr Event nothing{us_of(never), 0};
  static constexpr std::uint32_t proper = 0;  // Kind::proper

  /// When this event is to fire: now at its front, later, or never. Leaves the order armed so.
  Instant counts_at(const Event& event) {
    if (Seeded && event.klass() != proper) return is_stray(event) ? event.at() : never;
    Record* const order = table_.find(OrderId{event.entity()});
    if (!order || order->armed != event.at()) return never;
    order->armed = order->state == OrderState::delivered ? fires_at(*order) : never;
    return order->armed;
  }

  void arm_stray(OrderId id, Instant at, Kind kind) {
    const Event event = Event::make(at, static_cast<std::uint32_t>(kind), number(id), 0);
    strays_[number(id)].push_back(event);
    push(event);
  }
  bool is_stray(const Event& event) const {
    const auto found = strays_.find(event.entity());
    return found != strays_.end() && std::find(found->second.begin(), found->second.end(), event) != found->second.end();
  }
  void forget_stray(const Event& event) {
    const auto found = strays_.find(event.entity());
    if (found == strays_.end()) return;
    const auto at = std::find(found->second.begin(), found->second.end(), event);
    if (at != found->second.end()) found->second.erase(at);
    if (found->second.empty()) strays_.erase(found);
  }

  void push(Event event) {
    timers_.push(event);
    if (event < front_) front_ = event;
  }

  const OrderTable<Record>& table_;
  [[no_unique_address]] Switches<Seeded> on_;
  Timers timers_;
  std::unordered_map<std::uint64_t, std::vector<Event>> strays_;  // seeded bugs only; by order
  Event front_ = nothing;
  bool stopped_ = false;  // seeded bugs only
};

}  // namespace dueprocess
