// The rules of one order (docs/workflow.md): what an operation, or the timer, does to a record, and what is told and shown of it.
// Everything an order needs lies in its record; the timer and what is shown go to whoever is given: the engine of many orders
// has a queue of timers and a growing list, the engine of one order neither (lone_order.hpp).
#pragma once

#include "sim/engine/deadline.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/witness.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace dueprocess {

template <bool Seeded, class Alarms, class Seen>
class Rules {
 public:
  using Record = std::conditional_t<Seeded, SeededRecord, OrderRecord>;

  template <class... Parts>
  Rules(const Policy& policy_used, Switches<Seeded> bugs, Parts&&... parts_of_the_alarms)
      : policy(policy_used),
        on(bugs),
        deadlines(policy, bugs),
        alarms(std::forward<Parts>(parts_of_the_alarms)...),
        witness(bugs) {}

  /// What the operation does to an order of the user's own, or why not (R17).
  [[gnu::always_inline]] Refusal act(const Operation& op, Record& order, Instant now) {
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

  /// Why not (R17), for an order that is not placed yet.
  static Refusal why_not_place(const Operation& op, Instant now) {
    const bool valid = op.due_at > now && op.price_cents > 0 && op.seller != UserId::nobody && op.seller != op.by;
    return valid ? Refusal::none : Refusal::invalid;
  }

  /// REQUIRES: why_not_place() gave none; a fresh record.
  void place(const Operation& op, Record& order, Instant now) {
    order.due_at = op.due_at;
    order.price_cents = op.price_cents;
    order.seller = op.seller;
    order.buyer = op.by;
    order.version = 1;
    order.state = OrderState::in_progress;
    witness.event(order, op.order, now, OrderState::none);
  }

  /// The order's timer is due. `recovering`: at a restart.
  void expire(Record& order, OrderId id, Instant now, bool recovering = false) {
    if (on(Bug::b69) && order.modifications == 0) return lose_timer(order, id);
    if constexpr (Seeded)
      if (on(Bug::b56) && order.moment - order.first_delivered_at > std::chrono::hours{5 * 24})
        complete(order, id, now, CompletedBy::automatic, recovering);
    [[maybe_unused]] const bool in_time = order.moment == now;
    complete(order, id, now, CompletedBy::automatic, recovering);
    if (on(Bug::s34) && in_time) {
      ++order.version;
      witness.event(order, id, now, OrderState::completed);
    }
  }

  [[gnu::always_inline]] void complete(Record& order, OrderId id, Instant now, CompletedBy by,
                                       [[maybe_unused]] bool recovering = false) {
    const OrderState from = order.state;
    order.state = OrderState::completed;
    order.flags.completed_by = on(Bug::s14) ? CompletedBy::buyer : by;
    order.moment = now;
    ++order.version;
    if (on(Bug::s38)) witness.payment(order, id, now);
    witness.event(order, id, now, from);
    witness.completion_notices(order, id, now);
    if (on(Bug::s38)) return;
    if (on(Bug::s16) && by == CompletedBy::automatic) return;
    if (on(Bug::b65) && recovering) return;
    witness.payment(order, id, now);
    if (on(Bug::b62) && number(id) % 8 == 0) witness.payment(order, id, now);
    if constexpr (Seeded)
      if (on(Bug::b64) && number(id) % 16 == 0) alarms.arm_poller(id, later_by(now, std::chrono::minutes{10}));
  }

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
  /// Of an upload to an order in work by its seller.
  [[gnu::always_inline]] Refusal refusal_of_upload(const Operation& op) const {
    if (op.bytes < 0) return Refusal::invalid;
    const std::int64_t bytes = on(Bug::b75) ? op.bytes & 0xFFFF'FFFF : op.bytes;
    if (bytes > policy.max_file_size || (on(Bug::s20) && bytes == policy.max_file_size)) return Refusal::file_too_large;
    return Refusal::none;
  }

  // --- what is told ---------------------------------------------------------------------------------------------------

  [[gnu::always_inline]] void tell(Answer& answer, const Record& order, Instant now) const {
    answer.state = order.state;
    answer.version = order.version;
    answer.deadline = order.deadline();
    if (order.state == OrderState::completed) {
      answer.completed_at = order.moment;
      answer.completed_by = order.flags.completed_by;
    }
    answer.late = order.state == OrderState::in_progress ? now > order.due_at : order.flags.delivered_late;
    if constexpr (Seeded) {
      if (on(Bug::s33) && order.restarted && answer.deadline != never) answer.deadline += std::chrono::hours{1};
      if (on(Bug::s35) && answer.completed_by == CompletedBy::automatic && now - order.moment > std::chrono::minutes{1})
        answer.completed_by = CompletedBy::buyer;
    }
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
  [[gnu::always_inline]] static bool in_work(const Record& order) {
    return order.state == OrderState::in_progress || order.state == OrderState::in_revision;
  }
  bool reached(std::uint32_t count, std::uint32_t limit) const {
    if (limit == unlimited) return false;
    return on(Bug::s25) ? count > limit : count >= limit;
  }
  const Policy policy;
  [[no_unique_address]] const Switches<Seeded> on;
  Deadlines<Seeded> deadlines;
  [[no_unique_address]] Alarms alarms;
  Witness<Seeded, Record, Seen> witness;

 private:
  [[gnu::always_inline]] Refusal save_draft(const Operation& op, Record& order, Instant now) {
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

  [[gnu::always_inline]] Refusal upload(const Operation& op, Record& order) {
    if (!in_work(order)) return Refusal::wrong_state;
    const Refusal refusal = refusal_of_upload(op);
    if (refusal == Refusal::none && order.uploads < 0xFFFF) ++order.uploads;
    return refusal;
  }

  [[gnu::always_inline]] Refusal deliver(const Operation& op, Record& order, Instant now, OrderState from) {
    const Refusal refusal = why_not_deliver(op, order, from);
    if (refusal != Refusal::none) {
      if (on(Bug::s29)) order.flags.has_draft = false;
      return refusal;
    }
    OrderFlags flags = order.flags;
    flags.has_draft = false;
    if (from == OrderState::in_progress) flags.delivered_late = now > order.due_at;
    order.flags = flags;
    if constexpr (Seeded) {
      order.restarted = false;
      if (from == OrderState::in_progress) order.first_delivered_at = now;
    }
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

  [[gnu::always_inline]] Refusal why_not_deliver(const Operation& op, const Record& order, OrderState from) const {
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

  [[gnu::always_inline]] Refusal accept(const Operation& op, Record& order, Instant now) {
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
    if (on(Bug::b66) && number(op.order) % 16 == 0) complete(order, op.order, now, CompletedBy::buyer);
    alarms.cancel(op.order, deadline);
    return Refusal::none;
  }

  [[gnu::always_inline]] Refusal request_modification(const Operation& op, Record& order, Instant now) {
    if (order.state != OrderState::delivered || closing(order, now)) return Refusal::wrong_state;
    if (reached(order.modifications, policy.max_modifications)) return Refusal::limit_reached;
    ++order.modifications;
    ++order.version;
    if (on(Bug::s37)) ++order.version;
    order.state = OrderState::in_revision;
    const Instant deadline = order.moment;
    order.moment = never;
    if (!on(Bug::s11)) witness.event(order, op.order, now, OrderState::delivered);
    witness.notice(order, op.order, now, Notice::modification_requested, order.seller);
    alarms.cancel(op.order, deadline);
    return Refusal::none;
  }

  [[gnu::always_inline]] Refusal extend(const Operation& op, Record& order, Instant now) {
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
    if constexpr (Seeded) order.restarted = false;
    if (on(Bug::b07) || (on(Bug::s32) && order.extensions >= 3)) return Refusal::none;
    arm(order, op.order, now);
    alarms.cancel(op.order, before);
    return Refusal::none;
  }

  static bool both_win(const Record& order, Instant now) {
    return order.flags.completed_by == CompletedBy::automatic && now - order.moment <= std::chrono::milliseconds{5};
  }
  bool closing(const Record& order, Instant now) const { return on(Bug::s18) && order.moment - now <= std::chrono::seconds{1}; }
};

}  // namespace dueprocess
