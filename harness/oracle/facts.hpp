// What the oracle keeps of one order: what was acknowledged, and what is still owed for it. Two cache lines; whatever
// few orders need (overlong bookkeeping, idempotency keys, unanswered operations) lies in Cold, found by an index.
#pragma once

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <cstdint>
#include <vector>

namespace dueprocess::judging {

/// What happened to an order: one event, one version, and the evidence that effects() says.
enum class Effect : std::uint8_t { none, placed, delivered, modification, extended, accepted, automatic };

/// Evidence owed for an effect, as bits, in the order in which it is to be seen.
namespace owed {
inline constexpr std::uint8_t event = 1, to_buyer = 2, to_seller = 4, payment = 8, paid_notice = 16;
inline constexpr std::uint8_t completion = event | to_buyer | to_seller | payment | paid_notice;
inline constexpr std::uint8_t by_effect[] = {0,          event,     event | to_buyer, event | to_seller, event | to_seller,
                                             completion, completion};
inline constexpr std::uint8_t pieces_by_effect[] = {0, 1, 2, 2, 2, 5, 5};
}  // namespace owed

inline constexpr Notice no_notice = static_cast<Notice>(notice_count);
inline constexpr Notice notice_of[] = {
    no_notice,         no_notice,        Notice::delivered, Notice::modification_requested, Notice::review_extended,
    Notice::completed, Notice::completed};

namespace flag {
inline constexpr std::uint16_t has_draft = 1;     // a draft is kept
inline constexpr std::uint16_t draft_blank = 2;   // ... and its description is blank
inline constexpr std::uint16_t drafted = 4;       // a draft was saved since the last delivery (G2)
inline constexpr std::uint16_t file_refused = 8;  // a file or a delivery without one was refused since the last delivery (G3)
inline constexpr std::uint16_t paid = 16;
inline constexpr std::uint16_t violated = 32;
inline constexpr std::uint16_t unknown = 64;  // more than one legal history is left: nothing is judged that depends on it
inline constexpr std::uint16_t finished = 128;
inline constexpr std::uint16_t uncertain = 256;      // unanswered operations: Cold::unanswered
inline constexpr std::uint16_t timing_found = 512;   // a wrong completion instant was already reported in this review
inline constexpr std::uint16_t told_differs = 1024;  // the deadline the target tells is not the rule's: Cold::told_deadline
inline constexpr std::uint16_t tolerates = 2048;     // Cold::tolerated: evidence that follows from a finding already reported
inline constexpr std::uint16_t late_found = 4096;    // a wrong lateness was already reported
inline constexpr std::uint16_t slow = finished | uncertain | unknown;
}  // namespace flag

struct alignas(128) Facts {
  // what answers and evidence are compared with
  Instant deadline = never;  // by the rules, of the review under way, or of the one an order was completed in
  Instant completed_at = never;
  Instant effect_at = never;  // instant of the last effect
  Instant due_at = never;
  Instant first_delivered_at = never;
  UserId buyer = UserId::nobody;
  UserId seller = UserId::nobody;
  std::uint32_t version = 0;
  std::uint32_t cold = 0;  // index into the table's Colds; 0: none
  OrderState state = OrderState::none;
  OrderState from = OrderState::none;  // before the last effect
  CompletedBy completed_by = CompletedBy::nobody;
  Effect effect = Effect::none;                         // the last one
  std::uint8_t owed = 0;                                // evidence of it not yet seen
  OperationKind last_kind = OperationKind::view_order;  // last operation that was answered to a party
  std::uint16_t flags = 0;

  // what guards and findings need
  std::int64_t price_cents = 0;
  Instant delivered_at = never;       // of the review under way or the last one
  Instant told_at = never;            // when the target last told the order's state
  Instant previous_deadline = never;  // of the review before this one
  Duration extended{0};               // every extension granted to the order
  std::uint32_t extensions = 0;       // in this review
  std::uint32_t modifications = 0;
  std::uint32_t uploads = 0;  // since the last delivery
  std::uint16_t draft_attachments = 0;
  std::uint16_t draft_links = 0;
  std::uint32_t last_operation = 0;  // a hash of the last transition asked for: repeats (C1)
};
static_assert(sizeof(Facts) == 128);

/// Evidence of an earlier effect that was still owed when the next effect came.
struct Outstanding {
  Effect effect = Effect::none;
  OrderState from = OrderState::none, state = OrderState::none;
  std::uint8_t owed = 0;
  std::uint32_t version = 0;
  Instant at = never, deadline = never;
};

/// An operation without an answer: it may have taken effect at any time since, or never.
struct Unanswered {
  Operation operation;
  Instant sent = never;
};

struct Cold {
  Instant told_deadline = never;
  Instant replayed_at = never;  // last replay of an idempotency key
  std::uint8_t tolerated = 0;   // bits as owed
  Effect tolerated_effect = Effect::none;
  std::uint32_t first_key = 0;           // list of key records (keys.hpp)
  std::vector<Instant> older_deadlines;  // of the reviews before the previous one
  std::vector<Outstanding> outstanding;
  std::vector<Unanswered> unanswered;

  void clear() {
    told_deadline = replayed_at = never;
    tolerated = 0;
    tolerated_effect = Effect::none;
    first_key = 0;
    older_deadlines.clear();
    outstanding.clear();
    unanswered.clear();
  }
};

/// A sum that stays in range whatever a target makes of it: a time moved past the end of time is `never`.
inline Duration sum_of(Duration a, Duration b) {
  std::int64_t sum;
  return __builtin_add_overflow(us_of(a), us_of(b), &sum) ? (us_of(b) < 0 ? Duration::min() : Duration::max()) : Duration{sum};
}
inline Instant moved(Instant t, Duration by) { return t == never ? never : Instant{sum_of(t.time_since_epoch(), by)}; }

inline Duration between(Instant from, Instant to) {
  std::int64_t us;
  return __builtin_sub_overflow(us_of(to), us_of(from), &us) ? (from < to ? Duration::max() : Duration::min()) : Duration{us};
}

/// The deadline an answer should tell: pending only during a review.
constexpr Instant in_force(const Facts& o) { return o.state == OrderState::delivered ? o.deadline : never; }
/// Late (decisions, 5): the first delivery, or now without one, is after the due date.
constexpr bool is_late(const Facts& o, Instant now) {
  return (o.first_delivered_at < now ? o.first_delivered_at : now) > o.due_at;
}

}  // namespace dueprocess::judging
