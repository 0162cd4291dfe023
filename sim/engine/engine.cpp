#include "sim/engine/engine.hpp"

#include "sim/engine/calendar.hpp"
#include "sim/engine/keys.hpp"
#include "sim/engine/order_counts.hpp"
#include "sim/engine/order_table.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/require.hpp"
#include "sim/engine/timers.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

namespace dueprocess {
namespace {

constexpr Event no_event{us_of(Duration::max()), 0};
constexpr std::uint32_t proper_timer = 0;
constexpr std::uint32_t rogue_timer = 1;  // seeded bugs only: one that should have been cancelled, or never armed
constexpr Duration one_day = std::chrono::hours{24};

/// Sums of user-given lengths must not wrap round to the past.
Instant later_by(Instant t, Duration d) {
  std::int64_t sum;
  return __builtin_add_overflow(us_of(t), us_of(d), &sum) ? never - Duration{1} : std::min(instant_at(sum), never - Duration{1});
}

}  // namespace

// How timers work. Each order has at most one event in the queue that counts, at `armed` <= the deadline. Whatever ends
// or moves a review leaves it there; only when it reaches the front is it looked at:
//
//   not in review                  dropped
//   armed before the deadline      put back in at the deadline (an extension, or a new review, moved it)
//   armed at the deadline          real: the front of the queue is always one of these, so next_timer() tells no lies
//
// A new deadline before `armed` queues a new event; the old one no longer is the order's `armed` and is dropped in turn.
template <bool Seeded>
struct BasicEngine<Seeded>::Impl {
  using Record = std::conditional_t<Seeded, SeededRecord, OrderRecord>;

  Impl(const Policy& policy_used, OrderRange range, BugSet bugs_used) : policy(policy_used), bugs(bugs_used), table(range) {
    if (policy.days == DayRule::calendar)
      calendar.emplace(policy.zone);
    else if (on(Bug::b16b))
      calendar.emplace("America/New_York");
  }

  bool on([[maybe_unused]] Bug bug) const {
    if constexpr (Seeded) return bugs[static_cast<std::size_t>(bug)];
    return false;
  }

  // --- operations -------------------------------------------------------------------------------------------------

  void perform(const Operation& op, Instant now, Answer& answer) {
    require(us_of(now) < front.at_us, "an operation at or after a pending timer");
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
    if (bound) order->keyed = true;
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
        if (on(Bug::s26)) set_fires_at(order, never);
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
    require(!order.forgotten, "an order placed after it was forgotten");
    order.due_at = op.due_at;
    order.price_cents = op.price_cents;
    order.seller = op.seller;
    order.buyer = op.by;
    order.version = 1;
    order.state = OrderState::in_progress;
    counts.placed(op.seller, op.by);
    record_event(order, op.order, now, OrderState::none);
    tell(answer, order, now);
  }

  Refusal save_draft(const Operation& op, Record& order, Instant now) {
    if (!in_work(order)) return Refusal::wrong_state;
    if (op.attachments > order.uploads) return Refusal::invalid;
    order.has_draft = true;
    order.draft_described = !is_blank(op.text);
    order.draft_has_file = op.attachments > 0 || op.links > 0;
    if (on(Bug::b29)) arm_rogue(op.order, std::max(later_by(order.due_at, policy.review_period), now));
    if (on(Bug::s07)) ++order.version;
    if (on(Bug::s10)) notify(order, op.order, now, Notice::delivered, order.buyer);
    return Refusal::none;
  }

  Refusal upload(const Operation& op, Record& order) {
    if (!in_work(order)) return Refusal::wrong_state;
    if (op.bytes < 0) return Refusal::invalid;
    const std::int64_t bytes = on(Bug::b75) ? op.bytes & 0xFFFF'FFFF : op.bytes;
    if (bytes > policy.max_file_size || (on(Bug::s20) && bytes == policy.max_file_size)) return Refusal::file_too_large;
    if (order.uploads < 0xFFFF) ++order.uploads;
    return Refusal::none;
  }

  Refusal deliver(const Operation& op, Record& order, Instant now, OrderState from) {
    const Refusal refusal = why_not_deliver(op, order, from);
    if (refusal != Refusal::none) {
      if (on(Bug::s29)) order.has_draft = false;
      return refusal;
    }
    if (from == OrderState::in_progress) order.delivered_late = now > order.due_at;
    if constexpr (Seeded)
      if (from == OrderState::in_progress) order.first_delivered_at = now;
    order.state = OrderState::delivered;
    order.extensions = 0;
    order.uploads = 0;
    order.has_draft = false;
    ++order.version;
    order.moment = review_deadline(order, now);
    record_event(order, op.order, now, from);
    notify(order, op.order, now, Notice::delivered, on(Bug::s09) ? order.seller : order.buyer);
    if (on(Bug::b24) && from == OrderState::in_revision)
      set_fires_at(order, never);
    else
      arm(order, op.order, now);
    return Refusal::none;
  }

  Refusal why_not_deliver(const Operation& op, const Record& order, OrderState from) const {
    if (order.state != from) return Refusal::wrong_state;
    bool described, has_file;
    if (op.use_draft) {
      if (!order.has_draft) return Refusal::invalid;
      described = order.draft_described;
      has_file = order.draft_has_file;
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
    if (on(Bug::b73) && order.state != OrderState::delivered) pay(order, op.order, now);
    if (order.state != OrderState::delivered || closing(order, now)) {
      if constexpr (Seeded) {
        if (order.state == OrderState::completed && (on(Bug::b60) || (on(Bug::b57) && both_win(order, now)))) {
          complete(order, op.order, now, CompletedBy::buyer);
          return Refusal::none;
        }
      }
      if (on(Bug::s15)) notify_both(order, op.order, now);
      return Refusal::wrong_state;
    }
    const Instant deadline = order.moment;
    complete(order, op.order, now, CompletedBy::buyer);
    cancel(op.order, deadline);
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
    if (!on(Bug::s11)) record_event(order, op.order, now, OrderState::delivered);
    notify(order, op.order, now, Notice::modification_requested, order.seller);
    cancel(op.order, deadline);
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
    order.moment = extended_deadline(before, by, now);
    record_event(order, op.order, now, OrderState::delivered);
    notify_extension(order, op.order, now, before);
    if (on(Bug::b07)) return Refusal::none;
    arm(order, op.order, now);
    cancel(op.order, before);
    return Refusal::none;
  }

  // --- deadlines --------------------------------------------------------------------------------------------------

  Instant review_deadline(const Record& order, Instant now) {
    Instant anchor = now;
    if (policy.review_anchor == ReviewAnchor::later) anchor = std::max(order.due_at, now);
    if (policy.review_anchor == ReviewAnchor::due_date) anchor = order.due_at;
    if (on(Bug::b02)) anchor = now;
    if (on(Bug::b03) || on(Bug::b04)) anchor = order.due_at;
    Instant deadline = after_review_period(anchor);
    if (policy.extensions_carry_over || on(Bug::s27)) deadline = later_by(deadline, order.extended);
    if (on(Bug::b01a)) deadline -= one_day;
    if (on(Bug::b01b)) deadline += one_day;
    if (on(Bug::b04) && deadline < now) return deadline;
    return std::max(deadline, now);  // R11: one already past is the instant of the delivery
  }

  Instant after_review_period(Instant anchor) {
    if (!calendar || on(Bug::b16a)) return later_by(anchor, policy.review_period);
    const std::int64_t days = policy.review_period / one_day;
    const CalendarDays::Landing landing = calendar->add(anchor, days);
    Instant at = landing.at;
    if (on(Bug::b17) && landing.local == CalendarDays::Local::nonexistent) at += one_day;
    if (on(Bug::b18)) at = landing.second;
    return later_by(at, policy.review_period - days * one_day);
  }

  Instant extended_deadline(Instant deadline, Duration by, Instant now) const {
    if (on(Bug::b05)) return later_by(now, by);
    if (on(Bug::b06a)) return std::max(Instant{by}, now);
    if (on(Bug::b06b)) return later_by(later_by(deadline, by), by);
    return later_by(deadline, by);
  }

  // --- timers -----------------------------------------------------------------------------------------------------

  static Instant fires_at(const Record& order) {
    if constexpr (Seeded)
      return order.fires_at;
    else
      return order.moment;
  }
  static void set_fires_at([[maybe_unused]] Record& order, [[maybe_unused]] Instant at) {
    if constexpr (Seeded) order.fires_at = at;
  }

  /// REQUIRES: in review.
  void arm(Record& order, OrderId id, [[maybe_unused]] Instant now) {
    if constexpr (Seeded) set_fires_at(order, sabotaged(order, id, now));
    const Instant at = fires_at(order);
    if (order.armed <= at && order.armed != never) return;  // its event comes by in time and will see
    if (at == never) return;
    order.armed = at;
    const Event event = Event::make(at, proper_timer, number(id), 0);
    timers.push(event);
    if (event < front) front = event;
  }

  /// The order's timer is not at `deadline` any more: not needed, or later.
  void cancel(OrderId id, [[maybe_unused]] Instant deadline) {
    if (on(Bug::b22) || on(Bug::b23) || on(Bug::b25)) arm_rogue(id, deadline);
    if (front.entity() == number(id)) settle();
  }

  /// Makes the front of the queue a timer that will fire.
  void settle() {
    front = no_event;
    while (!timers.empty() && !scheduler_dead) {
      const Event event = timers.top();
      if (Seeded && event.klass() == rogue_timer) {
        front = event;
        return;
      }
      Record* order = table.find(OrderId{event.entity()});
      Instant later = never;
      if (order && order->armed == event.at()) {
        later = order->state == OrderState::delivered ? fires_at(*order) : never;
        if (later == event.at()) {
          front = event;
          return;
        }
        order->armed = later;
      }
      if (later == never) {
        timers.pop();
        if (on(Bug::b59)) scheduler_dead = true;
      } else {
        timers.pop_push(Event::make(later, proper_timer, event.entity(), 0));
      }
    }
  }

  void fire_next() {
    require(front != no_event, "no timer to fire");
    const Event event = front;
    timers.pop();
    const OrderId id{event.entity()};
    if (Seeded && event.klass() == rogue_timer) {
      fire_rogue(id, event.at());
    } else {
      Record& order = *table.find(id);
      order.armed = never;
      expire(order, id, event.at());
    }
    settle();
  }

  void expire(Record& order, OrderId id, Instant now) {
    if (on(Bug::b69) && order.modifications == 0) return set_fires_at(order, never);
    complete(order, id, now, CompletedBy::automatic);
  }

  void restart(Instant down, Instant back) {
    require(down <= back, "back before down");
    while (front.at_us < us_of(down)) fire_next();
    timers.clear();
    front = no_event;
    scheduler_dead = false;
    if (on(Bug::s06)) keys.clear();
    overdue.clear();
    table.each([&](OrderId id, Record& order) {
      order.armed = never;
      if (order.state != OrderState::delivered) return;
      if (on(Bug::b30)) return set_fires_at(order, never);
      if (order.moment > back)
        arm(order, id, back);
      else
        overdue.push_back(Event::make(order.moment, proper_timer, number(id), 0));
    });
    std::sort(overdue.begin(), overdue.end());
    recovering = true;
    for (const Event& event : overdue) {
      const OrderId id{event.entity()};
      Record& order = *table.find(id);
      if (on(Bug::b32) && back - event.at() > std::chrono::hours{1}) {
        set_fires_at(order, never);
        continue;
      }
      expire(order, id, back);
      if (on(Bug::b33))
        for (int again = 0; again < 2; ++again) complete(order, id, back, CompletedBy::automatic);
    }
    recovering = false;
    settle();
  }

  // --- seeded bugs that need more than a line ------------------------------------------------------------------------

  /// When the timer of this deadline really fires.
  Instant sabotaged(const Record& order, OrderId id, Instant now) const {
    const Instant deadline = order.moment;
    const Duration delay = deadline - now;
    const std::int64_t delay_ms = us_of(delay) / 1000;
    if (on(Bug::b04) && deadline < now) return never;
    if (on(Bug::b09a) && delay_ms > 0x7FFF'FFFF) return now + std::chrono::milliseconds{1};
    if (on(Bug::b09b))
      return now + std::chrono::milliseconds{std::max(static_cast<std::int32_t>(delay_ms), 0)} +
             delay % std::chrono::milliseconds{1};
    if (on(Bug::b10) && delay > 7 * one_day) return never;
    if (on(Bug::b11a)) return now + delay / 1000;
    if (on(Bug::b11b)) return now + std::min(delay, Duration{std::chrono::hours{24 * 365}}) * 1000;
    if (on(Bug::b12)) return std::max(std::chrono::floor<std::chrono::seconds>(deadline) + Duration{0}, now);
    if (on(Bug::b26) && order.modifications > 0) return never;
    if (on(Bug::b36) && (number(id) * 0x9E37'79B9'7F4A'7C15u + order.version * 0xD6E8'FEB8'6659'FD93u) % 10'000 == 0)
      return never;
    if (on(Bug::b74)) return deadline + Duration{1};
    return deadline;
  }

  void arm_rogue(OrderId id, Instant at) {
    const Event event = Event::make(at, rogue_timer, number(id), 0);
    timers.push(event);
    if (event < front) front = event;
  }

  /// A timer that should not be: what it completes depends on which bug kept it.
  void fire_rogue(OrderId id, Instant now) {
    Record* order = table.find(id);
    if (!order) return;
    const bool bites = (on(Bug::b22) && order->state == OrderState::in_revision) ||
                       (on(Bug::b23) && order->state == OrderState::completed) ||
                       (on(Bug::b25) && order->state == OrderState::delivered) || (on(Bug::b29) && in_work(*order));
    if (bites) complete(*order, id, now, CompletedBy::automatic);
  }

  static bool both_win(const Record& order, Instant now) {
    return order.completed_by == CompletedBy::automatic && now - order.moment <= std::chrono::milliseconds{5};
  }

  bool closing(const Record& order, Instant now) const { return on(Bug::s18) && order.moment - now <= std::chrono::seconds{1}; }

  // --- what is seen -------------------------------------------------------------------------------------------------

  void complete(Record& order, OrderId id, Instant now, CompletedBy by) {
    const OrderState from = order.state;
    order.state = OrderState::completed;
    order.completed_by = on(Bug::s14) ? CompletedBy::buyer : by;
    order.moment = now;
    ++order.version;
    record_event(order, id, now, from);
    notify_both(order, id, now);
    if (on(Bug::s16) && by == CompletedBy::automatic) return;
    if (on(Bug::b65) && recovering) return;
    pay(order, id, now);
    if (on(Bug::b62) && number(id) % 8 == 0) pay(order, id, now);
  }

  void notify_both(const Record& order, OrderId id, Instant now) {
    if (!on(Bug::s08)) notify(order, id, now, Notice::completed, order.buyer);
    notify(order, id, now, Notice::completed, order.seller);
  }

  void notify_extension(const Record& order, OrderId id, Instant now, Instant before) {
    if (on(Bug::b70a)) return;
    notify(order, id, now, Notice::review_extended, order.seller);
    if (on(Bug::b70c)) seen.back().deadline = before;
    if (on(Bug::b70b)) notify(order, id, now, Notice::review_extended, order.seller);
  }

  void record_event(const Record& order, OrderId id, Instant now, OrderState from) {
    Evidence& e = show(order, id, now, EvidenceKind::event);
    e.deadline = order.deadline();
    e.from = from;
    e.state = order.state;
    e.completed_by = order.completed_by;
  }

  void notify(const Record& order, OrderId id, Instant now, Notice notice, UserId to) {
    Evidence& e = show(order, id, now, EvidenceKind::notification);
    e.notice = notice;
    e.to = to;
    e.deadline = on(Bug::s17) ? never : order.deadline();
    if (notice == Notice::completed) e.completed_by = order.completed_by;
  }

  void pay(const Record& order, OrderId id, Instant now) {
    Evidence& e = show(order, id, now, EvidenceKind::payment);
    e.amount_cents = order.price_cents;
    e.to = order.seller;
    if constexpr (Seeded) {
      if (on(Bug::s12)) --e.amount_cents;
      if (on(Bug::s13)) e.to = order.buyer;
      if (on(Bug::b68) && order.first_delivered_at != never && now - order.first_delivered_at > 7 * one_day) e.amount_cents = 0;
    }
    notify(order, id, now, Notice::payment_processed, order.seller);
  }

  Evidence& show(const Record& order, OrderId id, Instant now, EvidenceKind kind) {
    Evidence& e = seen.emplace_back();
    e.order = id;
    e.at = now;
    e.version = order.version;
    e.kind = kind;
    return e;
  }

  void tell(Answer& answer, const Record& order, Instant now) const {
    answer.state = order.state;
    answer.version = order.version;
    answer.deadline = order.deadline();
    if (order.state == OrderState::completed) {
      answer.completed_at = order.moment;
      answer.completed_by = order.completed_by;
    }
    answer.late = order.state == OrderState::in_progress ? now > order.due_at : order.delivered_late;
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

  Policy policy;
  BugSet bugs;
  OrderTable<Record> table;
  Timers timers;
  Event front = no_event;  // the next timer that will really fire
  std::vector<Evidence> seen;
  OrderCounts counts;
  KeyStore keys;
  std::optional<CalendarDays> calendar;
  std::vector<Event> overdue;
  bool scheduler_dead = false;
  bool recovering = false;
};

template <bool Seeded>
BasicEngine<Seeded>::BasicEngine(const Policy& policy, OrderRange range, BugSet bugs)
    : impl_(std::make_unique<Impl>(policy, range, bugs)) {}
template <bool Seeded>
BasicEngine<Seeded>::~BasicEngine() = default;

template <bool Seeded>
void BasicEngine<Seeded>::perform(const Operation& operation, Instant now, Answer& answer) {
  impl_->perform(operation, now, answer);
}
template <bool Seeded>
Instant BasicEngine<Seeded>::next_timer() const {
  return impl_->front.at();
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
  return impl_->seen;
}
template <bool Seeded>
void BasicEngine<Seeded>::forget(OrderId id) {
  const auto* order = impl_->table.find(id);
  if (!order) return;
  if (order->keyed) impl_->keys.forget(id);
  const bool in_front = impl_->front.entity() == number(id);
  impl_->table.forget(id);
  if (in_front) impl_->settle();
}
template <bool Seeded>
void BasicEngine<Seeded>::reset(OrderRange range) {
  impl_->table.reset(range);
  impl_->timers.clear();
  impl_->front = no_event;
  impl_->seen.clear();
  impl_->counts.clear();
  impl_->keys.clear();
  impl_->scheduler_dead = false;
}
template <bool Seeded>
void BasicEngine<Seeded>::prefetch(OrderId id) const {
  if (const auto* order = impl_->table.find(id)) __builtin_prefetch(order, 1);
}

template class BasicEngine<false>;
template class BasicEngine<true>;

}  // namespace dueprocess
