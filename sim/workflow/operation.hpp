// What an actor asks of the target. One flat struct, no ownership, no allocation: it is built once an event in the
// hot path. Fields that the kind does not use are left at their defaults and must not be read.
#pragma once

#include "sim/kernel/time.hpp"
#include "sim/workflow/ids.hpp"

#include <cstdint>
#include <string_view>

namespace dueprocess {

enum class OperationKind : std::uint8_t {
  place_order,           // buyer:  seller, due_at, price_cents; `order` is the harness's name for the new order
  list_orders,           // either: no order
  view_order,            // either
  save_draft,            // seller: description, attachments, links
  open_draft,            // seller
  upload,                // seller: bytes, text = file name; an attachment for the draft or the next delivery
  deliver,               // seller: description, attachments, links, confirm_no_file, content, use_draft
  deliver_modified,      // seller: as deliver
  accept,                // buyer
  request_modification,  // buyer:  text = message
  extend_review,         // buyer:  extend_by
  contact_support,       // either: text = message
};
inline constexpr unsigned operation_kind_count = 12;
std::string_view name_of(OperationKind);

enum class Content : std::uint8_t { final_work, work_sample, draft, incomplete };  // R7: only final_work is taken
std::string_view name_of(Content);                                                 // "final", "work_sample", ...

struct Operation {
  OrderId order = OrderId::none;
  KeyId key = KeyId::none;     // R16
  UserId by = UserId::nobody;  // who is logged in
  OperationKind kind = OperationKind::view_order;
  Content content = Content::final_work;
  bool confirm_no_file = false;
  bool use_draft = false;  // R6: deliver what the draft holds (description, attachments, links) and consume it
  // arguments by kind
  UserId seller = UserId::nobody;  // place_order
  TextId text = TextId::absent;    // description, message or file name
  std::uint16_t attachments = 0;   // deliver, save_draft: how many of this order's uploaded files it names
  std::uint16_t links = 0;         // deliver, save_draft: how many http(s) links it carries
  union {                          // one number whose meaning the kind says
    std::int64_t price_cents = 0;  // place_order
    std::int64_t bytes;            // upload: declared size
    std::int64_t extend_by_us;     // extend_review
  };
  Instant due_at = never;  // place_order
};

constexpr bool is_delivery(OperationKind kind) {
  return kind == OperationKind::deliver || kind == OperationKind::deliver_modified;
}
/// The buyer's answers to a delivery: what the deadline ends.
constexpr bool is_buyers_decision(OperationKind kind) {
  return kind == OperationKind::accept || kind == OperationKind::request_modification || kind == OperationKind::extend_review;
}
/// Operations that can change an order's state or deadline; the others are reads, drafts, uploads and tickets.
constexpr bool can_transition(OperationKind kind) {
  return is_delivery(kind) || kind == OperationKind::place_order || is_buyers_decision(kind);
}

}  // namespace dueprocess
