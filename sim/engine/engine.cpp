#include "sim/engine/engine.hpp"

#include "sim/engine/alarms.hpp"
#include "sim/engine/keys.hpp"
#include "sim/engine/order_counts.hpp"
#include "sim/engine/order_table.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/require.hpp"
#include "sim/engine/rules.hpp"

#include <algorithm>
#include <type_traits>

namespace dueprocess {

template <bool Seeded>
struct BasicEngine<Seeded>::Impl {
  using Record = std::conditional_t<Seeded, SeededRecord, OrderRecord>;

  Impl(const Policy& policy, OrderRange range, Switches<Seeded> bugs, const TimerPlan& clocks)
      : on(bugs), table(range), rules(policy, bugs, table, bugs) {
    rules.deadlines.give_clocks(clocks);
  }
  using Timer = Alarms<Seeded, Record>;
  using Kind = typename Timer::Kind;

  // --- operations -------------------------------------------------------------------------------------------------

  void perform(const Operation& op, Instant now, Answer& answer) {
    require(now < alarms.next(), "an operation at or after a pending timer");
    perform_apart(op, now, answer);
  }

  void perform_apart(const Operation& op, Instant now, Answer& answer) {
    answer = Answer{};
    answer.stamp = now;
    if (op.by == UserId::nobody && !(on(Bug::s04) && rules.is_read(op.kind)))
      return rules.refuse(answer, Refusal::unauthenticated);
    if (op.key != KeyId::none) [[unlikely]]
      return perform_keyed(op, now, answer);
    perform_plain(op, now, answer);
  }

  void perform_keyed(const Operation& op, Instant now, Answer& answer) {
    if (on(Bug::s05) || (on(Bug::b08) && op.kind == OperationKind::extend_review)) return perform_plain(op, now, answer);
    if (const KeyStore::Remembered* first = keys.find(op.by, op.key)) {
      if (same_request(first->operation, op)) {
        answer = first->answer;
        if (on(Bug::s36)) answer.stamp = now;
        return;
      }
      const Record* order = table.find(op.order);
      rules.refuse(answer, Refusal::invalid);
      if (order && rules.is_party(*order, op.by)) rules.tell(answer, *order, now);
      return;
    }
    perform_plain(op, now, answer);
    Record* order = op.kind == OperationKind::list_orders ? nullptr : table.find(op.order);
    const bool bound = order && order->placed();
    if (bound) order->flags.keyed = true;
    keys.remember(op, answer, bound);
  }

  void perform_plain(const Operation& op, Instant now, Answer& answer) {
    if (op.kind == OperationKind::list_orders) {
      answer.listed = counts.of(op.by);
      return;
    }
    Record* order = table.find(op.order);
    if (!order || !order->placed()) {
      if (op.kind == OperationKind::place_order) return place(op, now, answer);
      return rules.refuse(answer, Refusal::not_found);
    }
    if (!rules.is_party(*order, op.by)) [[unlikely]] {
      if (rules.is_read(op.kind) && (on(Bug::s01) || on(Bug::s04))) return rules.tell(answer, *order, now);
      return rules.refuse(answer, on(Bug::s02) ? Refusal::forbidden : Refusal::not_found);
    }
    const Refusal refusal = rules.act(op, *order, now);
    if (refusal != Refusal::none) rules.refuse(answer, refusal);
    rules.tell(answer, *order, now);
  }
  void place(const Operation& op, Instant now, Answer& answer) {
    if (const Refusal refusal = rules.why_not_place(op, now); refusal != Refusal::none) return rules.refuse(answer, refusal);
    Record& order = table.find_or_make(op.order);
    require(!order.flags.forgotten, "an order placed after it was forgotten");
    rules.place(op, order, now);
    counts.placed(op.seller, op.by);
    rules.tell(answer, order, now);
  }

  // --- time -------------------------------------------------------------------------------------------------------------

  void fire_next() {
    require(alarms.next() != never, "no timer to fire");
    const auto [id, at, kind] = alarms.take();
    if (kind == Kind::proper)
      rules.expire(*table.find(id), id, at);
    else
      fire_stray(id, at, kind);
    alarms.settle();
  }

  void fire_stray(OrderId id, Instant now, Kind kind) {
    Record* const order = table.find(id);
    if (!order || order->flags.forgotten) return;
    if (kind == Kind::poller)
      rules.witness.payment(*order, id, now);
    else if (rogue_bites(order->state))
      rules.complete(*order, id, now, CompletedBy::automatic);
  }

  Due take_due() {
    require(alarms.next() != never, "no timer to take");
    const auto [id, at, kind] = alarms.take();
    alarms.settle();
    return {id, at, static_cast<std::uint8_t>(kind)};
  }

  bool fire_late(const Due& due, Instant now) {
    Record* const order = table.find(due.order);
    if (!order) return false;
    if (due.stray != 0) return fire_stray(due.order, now, static_cast<Kind>(due.stray)), false;
    if (order->state != OrderState::delivered || alarms.fires_at(*order) > now) return false;
    rules.expire(*order, due.order, now);
    alarms.look_again(due.order);
    return order->state == OrderState::completed;
  }

  void settle(OrderId id, Instant now) {
    Record* const order = table.find(id);
    if (!order || order->state != OrderState::delivered || order->moment > now) return;
    rules.expire(*order, id, now);
    alarms.look_again(id);
  }

  void complete_again(OrderId id, Instant now) {
    if (Record* const order = table.find(id); order && order->state == OrderState::completed)
      rules.complete(*order, id, now, CompletedBy::automatic);
  }

  void fire_own(OrderId id, Instant now) {
    Record* const order = table.find(id);
    if (!order || alarms.stopped()) return;
    for (;;) {
      const Instant proper = order->state == OrderState::delivered ? alarms.fires_at(*order) : never;
      const Instant stray = alarms.next_stray(id);
      if (std::min(proper, stray) > now || std::min(proper, stray) == never) break;
      if (proper <= stray) {
        rules.expire(*order, id, proper);
      } else {
        const auto [whose, at, kind] = alarms.take_stray(id);
        fire_stray(whose, at, kind);
      }
    }
    alarms.look_again(id);
  }

  void restart(Instant down, Instant back, bool late) {
    require(down <= back, "back before down");
    while (!late && alarms.next() < down) fire_next();
    alarms.clear();
    if (on(Bug::s06)) keys.clear();
    overdue.clear();
    table.each([&](OrderId id, Record& order) {
      order.armed = never;
      if (order.state != OrderState::delivered) return;
      if constexpr (Seeded) order.restarted = true;
      if (on(Bug::b30)) return rules.lose_timer(order, id);
      if (order.moment > back)
        rules.arm(order, id, back);
      else
        overdue.push_back(Event::make(order.moment, 0, number(id), 0));
    });
    std::sort(overdue.begin(), overdue.end());
    if (on(Bug::b53b) || (on(Bug::b54) && overdue.size() > 20)) {
      for (const Event& event : overdue) rules.lose_timer(*table.find(OrderId{event.entity()}), OrderId{event.entity()});
      overdue.clear();
    }
    for (const Event& event : overdue) recover(OrderId{event.entity()}, event.at(), back);
  }

  /// A timer that fell due while nobody was there.
  void recover(OrderId id, Instant deadline, Instant back) {
    Record& order = *table.find(id);
    if (on(Bug::b32) && back - deadline > std::chrono::hours{1}) return rules.lose_timer(order, id);
    rules.expire(order, id, back, true);
    if (on(Bug::b33))
      for (int again = 0; again < 2; ++again) rules.complete(order, id, back, CompletedBy::automatic, true);
  }

  void forget(OrderId id) {
    const Record* const order = table.find(id);
    if (!order) return;
    if (order->flags.keyed) keys.forget(id);
    table.forget(id);
    alarms.look_again(id);
  }

  void reset(OrderRange range) {
    table.reset(range);
    alarms.clear();
    rules.witness.seen.clear();
    counts.clear();
    keys.clear();
  }

  bool rogue_bites(OrderState state) const {
    switch (state) {
      case OrderState::in_revision:
        return on(Bug::b22) || on(Bug::b29);
      case OrderState::completed:
        return on(Bug::b23);
      case OrderState::delivered:
        return on(Bug::b25);
      case OrderState::in_progress:
        return on(Bug::b29);
      case OrderState::none:
        return false;
    }
    return false;
  }

  [[no_unique_address]] const Switches<Seeded> on;
  OrderTable<Record> table;
  Rules<Seeded, Alarms<Seeded, Record>, std::vector<Evidence>> rules;
  Alarms<Seeded, Record>& alarms = rules.alarms;
  OrderCounts counts;
  KeyStore keys;
  std::vector<Event> overdue;
};

template <bool Seeded>
BasicEngine<Seeded>::BasicEngine(const Policy& policy, OrderRange range, BugSet bugs, const TimerPlan& clocks)
    : impl_(std::make_unique<Impl>(policy, range, Switches<Seeded>{bugs}, clocks)) {}
template <bool Seeded>
BasicEngine<Seeded>::~BasicEngine() = default;

template <bool Seeded>
void BasicEngine<Seeded>::perform(const Operation& operation, Instant now, Answer& answer) {
  impl_->perform(operation, now, answer);
}
template <bool Seeded>
void BasicEngine<Seeded>::perform_apart(const Operation& operation, Instant now, Answer& answer) {
  impl_->perform_apart(operation, now, answer);
}
template <bool Seeded>
void BasicEngine<Seeded>::fire_own(OrderId id, Instant now) {
  impl_->fire_own(id, now);
}
template <bool Seeded>
Refusal BasicEngine<Seeded>::refusal_of_upload(const Operation& operation) const {
  return impl_->rules.refusal_of_upload(operation);
}
template <bool Seeded>
Instant BasicEngine<Seeded>::next_timer() const {
  return impl_->alarms.next();
}
template <bool Seeded>
void BasicEngine<Seeded>::fire_next() {
  impl_->fire_next();
}
template <bool Seeded>
typename BasicEngine<Seeded>::Due BasicEngine<Seeded>::take_due() {
  return impl_->take_due();
}
template <bool Seeded>
bool BasicEngine<Seeded>::fire_late(const Due& due, Instant now) {
  return impl_->fire_late(due, now);
}
template <bool Seeded>
void BasicEngine<Seeded>::settle(OrderId id, Instant now) {
  impl_->settle(id, now);
}
template <bool Seeded>
void BasicEngine<Seeded>::complete_again(OrderId id, Instant now) {
  impl_->complete_again(id, now);
}
template <bool Seeded>
void BasicEngine<Seeded>::restart(Instant down, Instant back, bool late) {
  impl_->restart(down, back, late);
}
template <bool Seeded>
std::vector<Evidence>& BasicEngine<Seeded>::evidence() {
  return impl_->rules.witness.seen;
}
template <bool Seeded>
void BasicEngine<Seeded>::forget(OrderId id) {
  impl_->forget(id);
}
template <bool Seeded>
void BasicEngine<Seeded>::reset(OrderRange range) {
  impl_->reset(range);
}
template <bool Seeded>
void BasicEngine<Seeded>::prefetch(OrderId id) const {
  impl_->table.prefetch(id);
}

template class BasicEngine<false>;
template class BasicEngine<true>;

}  // namespace dueprocess
