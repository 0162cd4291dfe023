// What the rules answer to an operation: ok, or the first refusal in R17's order. A pure function of the few facts of the order
// and the state it is in at that instant; it says nothing of what the target did.
#pragma once

#include "harness/oracle/facts.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess::judging {

enum Role : std::uint8_t { neither = 0, seller_role = 1, buyer_role = 2, either = 3 };

/// neither: the order does not exist for this user (R1).
inline Role role_of(const Facts& o, UserId user) {
  if (o.state == OrderState::none || user == UserId::nobody) [[unlikely]]
    return neither;
  return user == o.seller ? seller_role : user == o.buyer ? buyer_role : neither;
}

struct Guard {
  std::uint8_t roles;
  std::uint8_t states;  // bits by OrderState
};
namespace in {
inline constexpr std::uint8_t working = 1 << 1 | 1 << 3, progress = 1 << 1, review = 1 << 2, revision = 1 << 3, any = 0x1E;
}
inline constexpr Guard guard_of[operation_kind_count] = {
    {either, in::any},            // place_order: not asked here
    {either, in::any},            // list_orders: not asked here
    {either, in::any},            // view_order
    {seller_role, in::working},   // save_draft
    {seller_role, in::working},   // open_draft
    {seller_role, in::working},   // upload
    {seller_role, in::progress},  // deliver
    {seller_role, in::revision},  // deliver_modified
    {buyer_role, in::review},     // accept
    {buyer_role, in::review},     // request_modification
    {buyer_role, in::review},     // extend_review
    {either, in::any},            // contact_support
};

/// What a delivery hands over: its own words, or the draft's (decisions, 8).
struct Handover {
  std::uint32_t attachments, links;
  bool blank;
};
inline Handover handover(const Facts& o, const Operation& op) {
  return op.use_draft ? Handover{o.draft_attachments, o.draft_links, (o.flags & flag::draft_blank) != 0}
                      : Handover{op.attachments, op.links, is_blank(op.text)};
}

[[gnu::always_inline]] inline Refusal due_to_place(const Operation& op, Instant now) {
  if (op.by == UserId::nobody) return Refusal::unauthenticated;
  const bool valid = op.due_at > now && op.price_cents > 0 && op.seller != UserId::nobody && op.seller != op.by;
  return valid ? Refusal::none : Refusal::invalid;
}

[[gnu::always_inline]] inline Refusal due_to_deliver(const Facts& o, const Operation& op) {
  const Handover what = handover(o, op);
  if (op.use_draft ? (o.flags & flag::has_draft) == 0 : what.attachments > o.uploads) return Refusal::invalid;
  if (op.content != Content::final_work) return Refusal::not_final_work;
  if (what.blank) return Refusal::description_required;
  if (what.attachments == 0 && what.links == 0 && !op.confirm_no_file) return Refusal::confirmation_required;
  return Refusal::none;
}

[[gnu::always_inline]] inline Refusal due_to_extend(const Facts& o, const Operation& op, const Policy& policy) {
  const Duration by{op.extend_by_us};
  if (by <= Duration{0} || by < policy.extension_min || by > policy.extension_max) return Refusal::invalid;
  return o.extensions >= policy.max_extensions ? Refusal::limit_reached : Refusal::none;
}

[[gnu::always_inline]] inline Refusal due_to_upload(const Operation& op, const Policy& policy) {
  if (op.bytes < 0) return Refusal::invalid;
  return op.bytes > policy.max_file_size ? Refusal::file_too_large : Refusal::none;
}

/// The answer due to an operation on an order that is in `state` now. Not for place_order and list_orders.
[[gnu::always_inline]] inline Refusal due_answer(const Facts& o, const Operation& op, Role role, OrderState state,
                                                 const Policy& policy) {
  if (role == neither) [[unlikely]]
    return op.by == UserId::nobody ? Refusal::unauthenticated : Refusal::not_found;
  const Guard guard = guard_of[static_cast<unsigned>(op.kind)];
  if ((guard.roles & role) == 0) [[unlikely]]
    return Refusal::forbidden;
  if ((guard.states >> static_cast<unsigned>(state) & 1) == 0) [[unlikely]]
    return Refusal::wrong_state;
  switch (op.kind) {
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      return due_to_deliver(o, op);
    case OperationKind::upload:
      return due_to_upload(op, policy);
    case OperationKind::extend_review:
      return due_to_extend(o, op, policy);
    case OperationKind::save_draft:
      return op.attachments > o.uploads ? Refusal::invalid : Refusal::none;
    case OperationKind::request_modification:
      return o.modifications >= policy.max_modifications ? Refusal::limit_reached : Refusal::none;
    default:
      return Refusal::none;
  }
}

}  // namespace dueprocess::judging
