// What came back: the outcome of an operation, the order as the answer showed it, and the evidence (events,
// notifications, payments) a target gives beside its answers.
#pragma once

#include "sim/kernel/time.hpp"
#include "sim/workflow/ids.hpp"
#include "sim/workflow/order.hpp"

#include <cstdint>
#include <string_view>

namespace dueprocess {

enum class Outcome : std::uint8_t {
  ok,       // the effect happened between sent and answered
  refused,  // certainly no effect
  info,     // not known: no answer, or one without a verdict; it may take effect at any time after sending, or never
};

/// R17, in its order: when several apply the first is given.
enum class Refusal : std::uint8_t {
  none,
  unauthenticated,
  not_found,  // unknown, or not your order
  forbidden,  // the other party's operation
  wrong_state,
  invalid,
  file_too_large,
  not_final_work,
  description_required,
  confirmation_required,
  limit_reached,
};
inline constexpr unsigned refusal_count = 11;

std::string_view name_of(Outcome);
std::string_view name_of(Refusal);

struct Answer {
  Instant stamp = never;     // the service's own clock
  Instant deadline = never;  // the auto-complete deadline in force; never: none pending
  Instant completed_at = never;
  std::uint32_t version = 0;  // grows by one with each effect on the order; 0: not told
  std::uint32_t listed = 0;   // list_orders: how many
  Outcome outcome = Outcome::ok;
  Refusal refusal = Refusal::none;
  OrderState state = OrderState::none;  // after the operation; none: not told (refused by R1)
  CompletedBy completed_by = CompletedBy::nobody;
  bool late = false;  // the due date passed without a delivery
};

enum class EvidenceKind : std::uint8_t { event, notification, payment };

enum class Notice : std::uint8_t { delivered, modification_requested, review_extended, completed, payment_processed };
inline constexpr unsigned notice_count = 5;
std::string_view name_of(Notice);

/// One thing a target lets be seen of its own accord. `event` is an entry of the order's history: a transition, or
/// an extension (from == to == delivered).
struct Evidence {
  OrderId order = OrderId::none;
  Instant at = never;             // the service's stamp
  Instant deadline = never;       // event, notification: the deadline in force after it
  std::int64_t amount_cents = 0;  // payment
  UserId to = UserId::nobody;     // notification: addressee; payment: payee
  std::uint32_t version = 0;      // the order's version after it
  EvidenceKind kind = EvidenceKind::event;
  Notice notice = Notice::delivered;               // notification
  OrderState from = OrderState::none;              // event
  OrderState state = OrderState::none;             // event: state after it
  CompletedBy completed_by = CompletedBy::nobody;  // event, notification completed
};

}  // namespace dueprocess
