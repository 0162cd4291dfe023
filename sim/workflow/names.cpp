#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/order.hpp"

namespace dueprocess {
namespace {

// The enumerators run from 0 without gaps, so a name is one look-up. An enumerator without a name is a programmer's error.
template <std::size_t N, class Enum>
std::string_view look_up(const std::string_view (&names)[N], Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : std::string_view{"?"};
}

}  // namespace

std::string_view name_of(OrderState state) {
  static constexpr std::string_view names[] = {"none", "in_progress", "delivered", "in_revision", "completed"};
  return look_up(names, state);
}

std::string_view name_of(CompletedBy by) {
  static constexpr std::string_view names[] = {"nobody", "buyer", "auto"};
  return look_up(names, by);
}

std::string_view name_of(OperationKind kind) {
  static constexpr std::string_view names[] = {
      "place_order", "list_orders",      "view_order", "save_draft",           "open_draft",    "upload",
      "deliver",     "deliver_modified", "accept",     "request_modification", "extend_review", "contact_support"};
  return look_up(names, kind);
}

std::string_view name_of(Content content) {
  static constexpr std::string_view names[] = {"final", "work_sample", "draft", "incomplete"};
  return look_up(names, content);
}

std::string_view name_of(Outcome outcome) {
  static constexpr std::string_view names[] = {"ok", "refused", "info"};
  return look_up(names, outcome);
}

std::string_view name_of(Refusal refusal) {
  static constexpr std::string_view names[] = {"none",
                                               "unauthenticated",
                                               "not_found",
                                               "forbidden",
                                               "wrong_state",
                                               "invalid",
                                               "file_too_large",
                                               "not_final_work",
                                               "description_required",
                                               "confirmation_required",
                                               "limit_reached"};
  return look_up(names, refusal);
}

std::string_view name_of(Notice notice) {
  static constexpr std::string_view names[] = {"delivered", "modification_requested", "review_extended", "completed",
                                               "payment_processed"};
  return look_up(names, notice);
}

}  // namespace dueprocess
