// What the engine lets be seen of its own accord (R14, R15): events, notifications, payments, in the order in which
// they happen, appended to one list that the caller empties.
#pragma once

#include "sim/engine/record.hpp"
#include "sim/engine/switches.hpp"
#include "sim/workflow/answer.hpp"

namespace dueprocess {

/// `Seen`: where it is appended to, a std::vector<Evidence> or what looks like one.
template <bool Seeded, class Record, class Seen>
class Witness {
 public:
  explicit Witness(Switches<Seeded> bugs) : on_(bugs) {}

  [[gnu::always_inline]] void event(const Record& order, OrderId id, Instant now, OrderState from) {
    Evidence& e = show(order, id, now, EvidenceKind::event);
    e.deadline = order.deadline();
    e.from = from;
    e.state = order.state;
    e.completed_by = order.flags.completed_by;
  }

  [[gnu::always_inline]] void notice(const Record& order, OrderId id, Instant now, Notice notice, UserId to) {
    Evidence& e = show(order, id, now, EvidenceKind::notification);
    e.notice = notice;
    e.to = to;
    e.deadline = on_(Bug::s17) ? never : order.deadline();
    if (notice == Notice::completed) e.completed_by = order.flags.completed_by;
  }

  [[gnu::always_inline]] void completion_notices(const Record& order, OrderId id, Instant now) {
    if (!on_(Bug::s08)) notice(order, id, now, Notice::completed, order.buyer);
    notice(order, id, now, Notice::completed, order.seller);
  }

  void extension_notice(const Record& order, OrderId id, Instant now, [[maybe_unused]] Instant old_deadline) {
    if (on_(Bug::b70a)) return;
    notice(order, id, now, Notice::review_extended, order.seller);
    if (on_(Bug::b70b)) notice(order, id, now, Notice::review_extended, order.seller);
    if (on_(Bug::b70c)) seen.back().deadline = old_deadline;
  }

  /// And the notice of it.
  [[gnu::always_inline]] void payment(const Record& order, OrderId id, Instant now) {
    Evidence& e = show(order, id, now, EvidenceKind::payment);
    e.amount_cents = order.price_cents;
    e.to = order.seller;
    if constexpr (Seeded) {
      if (on_(Bug::s12)) --e.amount_cents;
      if (on_(Bug::s13)) e.to = order.buyer;
      if (on_(Bug::b68) && order.first_delivered_at != never && now - order.first_delivered_at > std::chrono::hours{7 * 24})
        e.amount_cents = 0;
    }
    notice(order, id, now, Notice::payment_processed, order.seller);
  }

  Seen seen;

 private:
  [[gnu::always_inline]] Evidence& show(const Record& order, OrderId id, Instant now, EvidenceKind kind) {
    Evidence& e = seen.emplace_back();
    e.order = id;
    e.at = now;
    e.version = order.version;
    e.kind = kind;
    return e;
  }

  [[no_unique_address]] Switches<Seeded> on_;
};

}  // namespace dueprocess
