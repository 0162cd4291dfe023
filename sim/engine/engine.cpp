#include "sim/engine/engine.hpp"

#include "sim/engine/alarms.hpp"
#include "sim/engine/deadline.hpp"
#include "sim/engine/keys.hpp"
#include "sim/engine/order_counts.hpp"
#include "sim/engine/order_table.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/require.hpp"
#include "sim/engine/witness.hpp"

#include <algorithm>
#include <type_traits>

namespace dueprocess {

template <bool Seeded>
struct BasicEngine<Seeded>::Impl {
  using Record = std::conditional_t<Seeded, SeededRecord, OrderRecord>;

  Impl(const Policy& policy_used, OrderRange range, Switches<Seeded> bugs)
      : policy(policy_used), on(bugs), table(range), deadlines(policy, bugs), alarms(table, bugs), witness(bugs) {}

  // --- operations -------------------------------------------------------------------------------------------------

  void perform(const Operation& op, Instant now, Answer& answer) {
    require(now < alarms.next(), "an operation at or after a pending timer");
    perform_apart(op, now, answer);
  }

  void perform_apart(const Operation& op, Instant now, Answer& answer) {
    answer = Answer{};
    answer.stamp = now;
    if (op.by == UserId::nobody && !(on(Bug::s04) && is_read(op.kind))) return refuse(answer, Refusal::unauthenticated);
    if (op.key != KeyId::none) [[unlikely]]
      return perform_keyed(op, now, answer);
    perform_plain(op, now, answer);
  }

  void perform_keyed(const Operation& op, Instant now, Answer& answer) {
    if (on(Bug::s05) || (on(Bug::b08) && op.kind == OperationKind::extend_review)) return perform_plain(op, now, answer);
    if (const KeyStore::Remembered* first = keys.find(op.by, op.key)) {
      if (same_request(first->operation, op)) {
        answer = first->answer;
        return;
      }
      const Record* order = table.find(op.order);
      refuse(answer, Refusal::invalid);
      if (order && is_party(*order, op.by)) tell(answer, *order, now);
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
      return refuse(answer, Refusal::not_found);
    }
    if (!is_party(*order, op.by)) [[unlikely]] {
      if (is_read(op.kind) && (on(Bug::s01) || on(Bug::s04))) return tell(answer, *order, now);
      return refuse(answer, on(Bug::s02) ? Refusal::forbidden : Refusal::not_found);
    }
    const Refusal refusal = act(op, *order, now);
    if (refusal != Refusal::none) refuse(answer, refusal);
    tell(answer, *order, now);
  }

  /// What the operation does to an order of the user's own, or why not (R17).
  Refusal act(const Operation& op, Record& order, Instant now) {
    const bool by_seller = op.by == order.seller;
    switch (op.kind) {
      case OperationKind::list_orders:
        break;  // of no order
      case OperationKind::place_order:
        return by_seller ? Refusal::forbidden : Refusal::wrong_state;  // placed already
      case OperationKind::view_order:
        return Refusal::none;
      case OperationKind::contact_support:
        if (on(Bug::s26)) lose_timer(order, op.order);
        return Refusal::none;
      case OperationKind::save_draft:
        return by_seller ? save_draft(op, order, now) : Refusal::forbidden;
      case OperationKind::open_draft:
        return !by_seller ? Refusal::forbidden : in_work(order) ? Refusal::none : Refusal::wrong_state;
      case OperationKind::upload:
        return by_seller ? upload(op, order) : Refusal::forbidden;
      case OperationKind::deliver:
        return by_seller ? deliver(op, order, now, OrderState::in_progress) : Refusal::forbidden;
      case OperationKind::deliver_modified:
        return by_seller ? deliver(op, order, now, OrderState::in_revision) : Refusal::forbidden;
      case OperationKind::accept:
        return !by_seller || on(Bug::s03) ? accept(op, order, now) : Refusal::forbidden;
      case OperationKind::request_modification:
        return by_seller ? Refusal::forbidden : request_modification(op, order, now);
      case OperationKind::extend_review:
        return by_seller ? Refusal::forbidden : extend(op, order, now);
    }
    return Refusal::none;
  }

  void place(const Operation& op, Instant now, Answer& answer) {
    if (op.due_at <= now || op.price_cents <= 0 || op.seller == UserId::nobody || op.seller == op.by)
      return refuse(answer, Refusal::invalid);
    Record& order = table.find_or_make(op.order);
    require(!order.flags.forgotten, "an order placed after it was forgotten");
    order.due_at = op.due_at;
    order.price_cents = op.price_cents;
    order.seller = op.seller;
    order.buyer = op.by;
    order.version = 1;
    order.state = OrderState::in_progress;
    counts.placed(op.seller, op.by);
    witness.event(order, op.order, now, OrderState::none);
    tell(answer, order, now);
  }

  Refusal save_draft(const Operation& op, Record& order, Instant now) {
    if (!in_work(order)) return Refusal::wrong_state;
    if (op.attachments > order.uploads) return Refusal::invalid;
    OrderFlags flags = order.flags;
    flags.has_draft = true;
    flags.draft_described = !is_blank(op.text);
    flags.draft_has_file = op.attachments > 0 || op.links > 0;
    order.flags = flags;
    if (on(Bug::b29)) alarms.arm_rogue(op.order, std::max(later_by(order.due_at, policy.review_period), now));
    if (on(Bug::s07)) ++order.version;
    if (on(Bug::s10)) witness.notice(order, op.order, now, Notice::delivered, order.buyer);
    return Refusal::none;
  }

  Refusal upload(const Operation& op, Record& order) {
    if (!in_work(order)) return Refusal::wrong_state;
    const Refusal refusal = refusal_of_upload(op);
    if (refusal == Refusal::none && order.uploads < 0xFFFF) ++order.uploads;
    return refusal;
  }

  Refusal refusal_of_upload(const Operation& op) const {
    if (op.bytes < 0) return Refusal::invalid;
    const std::int64_t bytes = on(Bug::b75) ? op.bytes & 0xFFFF'FFFF : op.bytes;
    if (bytes > policy.max_file_size || (on(Bug::s20) && bytes == policy.max_file_size)) return Refusal::file_too_large;
    return Refusal::none;
  }

  Refusal deliver(const Operation& op, Record& order, Instant now, OrderState from) {
    const Refusal refusal = why_not_deliver(op, order, from);
    if (refusal != Refusal::none) {
      if (on(Bug::s29)) order.flags.has_draft = false;
      return refusal;
    }
    OrderFlags flags = order.flags;
    flags.has_draft = false;
    if (from == OrderState::in_progress) flags.delivered_late = now > order.due_at;
    order.flags = flags;
    if constexpr (Seeded)
      if (from == OrderState::in_progress) order.first_delivered_at = now;
    order.state = OrderState::delivered;
    order.extensions = 0;
    order.uploads = 0;
    ++order.version;
    order.moment = deadlines.of_review(order, now);
    witness.event(order, op.order, now, from);
    witness.notice(order, op.order, now, Notice::delivered, on(Bug::s09) ? order.seller : order.buyer);
    if (on(Bug::b24) && from == OrderState::in_revision)
      lose_timer(order, op.order);
    else
      arm(order, op.order, now);
    return Refusal::none;
  }

  Refusal why_not_deliver(const Operation& op, const Record& order, OrderState from) const {
    if (order.state != from) return Refusal::wrong_state;
    bool described, has_file;
    if (op.use_draft) {
      if (!order.flags.has_draft) return Refusal::invalid;
      described = order.flags.draft_described;
      has_file = order.flags.draft_has_file;
    } else {
      if (op.attachments > order.uploads) return Refusal::invalid;
      described = !is_blank(op.text);
      has_file = op.attachments > 0 || (op.links > 0 && !on(Bug::s21));
    }
    if (on(Bug::s23) && !described) return Refusal::description_required;
    if (op.content != Content::final_work && !(on(Bug::s24) && op.content == Content::work_sample))
      return Refusal::not_final_work;
    if (!described) return Refusal::description_required;
    if (!has_file && !op.confirm_no_file && !on(Bug::s22)) return Refusal::confirmation_required;
    return Refusal::none;
  }

  Refusal accept(const Operation& op, Record& order, Instant now) {
    if (on(Bug::b73) && order.state != OrderState::delivered) witness.payment(order, op.order, now);
    if (order.state != OrderState::delivered || closing(order, now)) {
      if constexpr (Seeded) {
        if (order.state == OrderState::completed && (on(Bug::b60) || (on(Bug::b57) && both_win(order, now)))) {
          complete(order, op.order, now, CompletedBy::buyer);
          return Refusal::none;
        }
      }
      if (on(Bug::s15)) witness.completion_notices(order, op.order, now);
      return Refusal::wrong_state;
    }
    const Instant deadline = order.moment;
    complete(order, op.order, now, CompletedBy::buyer);
    alarms.cancel(op.order, deadline);
    return Refusal::none;
  }

  Refusal request_modification(const Operation& op, Record& order, Instant now) {
    if (order.state != OrderState::delivered || closing(order, now)) return Refusal::wrong_state;
    if (reached(order.modifications, policy.max_modifications)) return Refusal::limit_reached;
    ++order.modifications;
    ++order.version;
    order.state = OrderState::in_revision;
    const Instant deadline = order.moment;
    order.moment = never;
    if (!on(Bug::s11)) witness.event(order, op.order, now, OrderState::delivered);
    witness.notice(order, op.order, now, Notice::modification_requested, order.seller);
    alarms.cancel(op.order, deadline);
    return Refusal::none;
  }

  Refusal extend(const Operation& op, Record& order, Instant now) {
    if (order.state != OrderState::delivered || closing(order, now)) return Refusal::wrong_state;
    const Duration by{op.extend_by_us};
    if (by <= Duration::zero() || by < policy.extension_min || by > policy.extension_max) return Refusal::invalid;
    if (on(Bug::s19) && by == policy.extension_max) return Refusal::invalid;
    if (reached(order.extensions, policy.max_extensions)) return Refusal::limit_reached;
    ++order.extensions;
    ++order.version;
    order.extended = Duration{us_of(later_by(Instant{order.extended}, by))};
    const Instant before = order.moment;
    order.moment = deadlines.extended(before, by, now);
    witness.event(order, op.order, now, OrderState::delivered);
    witness.extension_notice(order, op.order, now, before);
    if (on(Bug::b07)) return Refusal::none;
    arm(order, op.order, now);
    alarms.cancel(op.order, before);
    return Refusal::none;
  }

  // --- time -------------------------------------------------------------------------------------------------------------

  void arm(Record& order, OrderId id, [[maybe_unused]] Instant now) {
    if constexpr (Seeded) order.fires_at = deadlines.sabotaged(order, id, now);
    alarms.arm(order, id);
  }

  /// Seeded bugs: the deadline stays, its timer is gone.
  void lose_timer([[maybe_unused]] Record& order, [[maybe_unused]] OrderId id) {
    if constexpr (Seeded) {
      order.fires_at = never;
      alarms.look_again(id);
    }
  }

  void fire_next() {
    require(alarms.next() != never, "no timer to fire");
    const auto [id, at, rogue] = alarms.take();
    if (!rogue)
      expire(*table.find(id), id, at);
    else if (Record* order = table.find(id); order && rogue_bites(order->state))
      complete(*order, id, at, CompletedBy::automatic);
    alarms.settle();
  }

  void fire_own(OrderId id, Instant now) {
    Record* const order = table.find(id);
    if (!order || order->state != OrderState::delivered || alarms.stopped()) return;
    const Instant at = alarms.fires_at(*order);
    if (at > now) return;
    expire(*order, id, at);
    alarms.look_again(id);
  }

  void expire(Record& order, OrderId id, Instant now) {
    if (on(Bug::b69) && order.modifications == 0) return lose_timer(order, id);
    complete(order, id, now, CompletedBy::automatic);
  }

  void complete(Record& order, OrderId id, Instant now, CompletedBy by) {
    const OrderState from = order.state;
    order.state = OrderState::completed;
    order.flags.completed_by = on(Bug::s14) ? CompletedBy::buyer : by;
    order.moment = now;
    ++order.version;
    witness.event(order, id, now, from);
    witness.completion_notices(order, id, now);
    if (on(Bug::s16) && by == CompletedBy::automatic) return;
    if (on(Bug::b65) && recovering) return;
    witness.payment(order, id, now);
    if (on(Bug::b62) && number(id) % 8 == 0) witness.payment(order, id, now);
  }

  void restart(Instant down, Instant back) {
    require(down <= back, "back before down");
    while (alarms.next() < down) fire_next();
    alarms.clear();
    if (on(Bug::s06)) keys.clear();
    overdue.clear();
    table.each([&](OrderId id, Record& order) {
      order.armed = never;
      if (order.state != OrderState::delivered) return;
      if (on(Bug::b30)) return lose_timer(order, id);
      if (order.moment > back)
        arm(order, id, back);
      else
        overdue.push_back(Event::make(order.moment, 0, number(id), 0));
    });
    std::sort(overdue.begin(), overdue.end());
    recovering = true;
    for (const Event& event : overdue) recover(OrderId{event.entity()}, event.at(), back);
    recovering = false;
  }

  /// A timer that fell due while nobody was there.
  void recover(OrderId id, Instant deadline, Instant back) {
    Record& order = *table.find(id);
    if (on(Bug::b32) && back - deadline > std::chrono::hours{1}) return lose_timer(order, id);
    expire(order, id, back);
    if (on(Bug::b33))
      for (int again = 0; again < 2; ++again) complete(order, id, back, CompletedBy::automatic);
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
    witness.seen.clear();
    counts.clear();
    keys.clear();
  }

  // --- what is told -----------------------------------------------------------------------------------------------------

  void tell(Answer& answer, const Record& order, Instant now) const {
    answer.state = order.state;
    answer.version = order.version;
    answer.deadline = order.deadline();
    if (order.state == OrderState::completed) {
      answer.completed_at = order.moment;
      answer.completed_by = order.flags.completed_by;
    }
    answer.late = order.state == OrderState::in_progress ? now > order.due_at : order.flags.delivered_late;
    if (on(Bug::s28) && answer.deadline != never) answer.deadline += std::chrono::seconds{1};
    if (on(Bug::s30) && order.state == OrderState::in_progress && now == order.due_at) answer.late = true;
  }

  static void refuse(Answer& answer, Refusal refusal) {
    answer.outcome = Outcome::refused;
    answer.refusal = refusal;
  }

  // --- small questions ------------------------------------------------------------------------------------------------

  static bool is_read(OperationKind kind) { return kind == OperationKind::list_orders || kind == OperationKind::view_order; }
  static bool is_party(const Record& order, UserId user) {
    return order.placed() && (user == order.buyer || user == order.seller);
  }
  static bool in_work(const Record& order) {
    return order.state == OrderState::in_progress || order.state == OrderState::in_revision;
  }
  bool reached(std::uint32_t count, std::uint32_t limit) const {
    if (limit == unlimited) return false;
    return on(Bug::s25) ? count > limit : count >= limit;
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
  static bool both_win(const Record& order, Instant now) {
    return order.flags.completed_by == CompletedBy::automatic && now - order.moment <= std::chrono::milliseconds{5};
  }
  bool closing(const Record& order, Instant now) const { return on(Bug::s18) && order.moment - now <= std::chrono::seconds{1}; }

  const Policy policy;
  [[no_unique_address]] const Switches<Seeded> on;
  OrderTable<Record> table;
  Deadlines<Seeded> deadlines;
  Alarms<Seeded, Record> alarms;
  Witness<Seeded, Record> witness;
  OrderCounts counts;
  KeyStore keys;
  std::vector<Event> overdue;
  bool recovering = false;
};

template <bool Seeded>
BasicEngine<Seeded>::BasicEngine(const Policy& policy, OrderRange range, BugSet bugs)
    : impl_(std::make_unique<Impl>(policy, range, Switches<Seeded>{bugs})) {}
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
  return impl_->refusal_of_upload(operation);
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
void BasicEngine<Seeded>::restart(Instant down, Instant back) {
  impl_->restart(down, back);
}
template <bool Seeded>
std::vector<Evidence>& BasicEngine<Seeded>::evidence() {
  return impl_->witness.seen;
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
