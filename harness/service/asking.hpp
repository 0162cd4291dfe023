// What a request asks of the service and what it is told, free of HTTP: the waist between routes and state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess::service {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256

/// An operation as it was asked for. It owns its texts; reuse one, and nothing is allocated once they have grown.
struct Ask {
  OperationKind kind = OperationKind::view_order;  // deliver stands for deliver_modified too, see `modified`
  UserId by = UserId::nobody;
  OrderId order = OrderId::none;  // of place_order: none
  Instant at = never;             // its own instant (stamped mode); never: the clock's
  std::string key;                // idempotency key; empty: none
  std::string problem;            // what is wrong with it: refused as invalid, unless something comes before (R17)

  std::string text;  // description, message, file name
  std::string seller;
  std::vector<std::string> attachments, links;
  std::optional<bool> modified;  // deliver: which of the two is meant; absent: whichever fits the state
  Content content = Content::final_work;
  bool confirm_no_file = false, use_draft = false;
  std::int64_t amount = 0;  // place_order: cents; upload: bytes; extend_review: microseconds
  Instant due_at = never;
  Digest digest{};  // upload

  void clear();
};

/// An order as a party sees it. Names live as long as the service.
struct OrderView {
  std::uint64_t number = 0;  // 0: there is nothing to tell
  std::string_view buyer, seller;
  Instant due_at = never, deadline = never, completed_at = never;
  std::int64_t price_cents = 0;
  std::uint32_t version = 0;
  OrderState state = OrderState::none;
  CompletedBy completed_by = CompletedBy::nobody;
  bool late = false;
};

struct AttachmentView {
  std::uint64_t number = 0;  // 0: none
  std::string_view name;     // lives as long as the service
  std::int64_t bytes = 0;
  Digest digest{};
};

/// Refusals that are not of the workflow: of HTTP, of limits, of the service's own state.
enum class Trouble : std::uint8_t {
  none,
  no_route,
  method_not_allowed,
  unsupported_media_type,
  not_acceptable,
  content_too_large,
  header_too_large,
  bad_request,
  timed_out,
  too_many_requests,
  unavailable,
  not_operator,  // the operator's alone
  wrong_clock,   // the test clock, where there is none
  wrong_password,
  length_required,
  too_many_uploads,
};

struct Told {
  Refusal refusal = Refusal::none;
  Trouble trouble = Trouble::none;
  Instant now = never;  // the service's stamp
  OrderView order;
  AttachmentView attachment;
  std::string detail;          // in words; empty: what the code says
  bool drafted = false;        // open_draft: there is one
  std::string draft_json;      // open_draft: its members, already written
  std::uint64_t position = 0;  // of the journal: to be answered once it is kept up to there

  bool good() const { return refusal == Refusal::none && trouble == Trouble::none; }
  void clear();
};

}  // namespace dueprocess::service
