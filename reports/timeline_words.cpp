#include "reports/timeline_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/format.hpp"

namespace dueprocess {
namespace {

std::string quoted(TextId text, std::string_view before, const std::vector<std::string>& texts) {
  if (text == TextId::absent) return {};
  const auto index = static_cast<std::size_t>(text);
  return fmt::format("{}\"{}\"", before, index < texts.size() ? texts[index] : text == TextId::blank ? " " : "...");
}

std::string contents(const Operation& operation, const std::vector<std::string>& texts) {
  return fmt::format("files={} links={}{}", operation.attachments, operation.links, quoted(operation.text, " ", texts));
}

std::string declared(const Operation& operation) {
  std::string text;
  if (operation.content != Content::final_work) text += fmt::format(" content={}", name_of(operation.content));
  if (operation.confirm_no_file) text += " confirm_no_file";
  return text;
}

std::string arguments_of_kind(const Operation& operation, const std::vector<std::string>& texts) {
  switch (operation.kind) {
    case OperationKind::place_order:
      return fmt::format("with seller {}, due {}, for {}", number(operation.seller), rfc3339(operation.due_at),
                         human_money(operation.price_cents));
    case OperationKind::upload:
      return fmt::format("{}{}", human_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(operation.bytes, 0))),
                         quoted(operation.text, " ", texts));
    case OperationKind::extend_review:
      return "by " + exact_duration(Duration{operation.extend_by_us});
    case OperationKind::request_modification:
    case OperationKind::contact_support:
      return quoted(operation.text, "", texts);
    case OperationKind::save_draft:
      return contents(operation, texts);
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      return operation.use_draft ? "the draft" + declared(operation) : contents(operation, texts) + declared(operation);
    case OperationKind::list_orders:
    case OperationKind::view_order:
    case OperationKind::open_draft:
    case OperationKind::accept:
      return {};
  }
  return {};
}

}  // namespace

std::string arguments_in_words(const Operation& operation, const std::vector<std::string>& texts) {
  std::string text = arguments_of_kind(operation, texts);
  if (operation.key != KeyId::none) text += fmt::format("{}key={}", text.empty() ? "" : " ", number(operation.key));
  return text;
}

std::string order_in_words(const Answer& answer) {
  std::string text = fmt::format("{}", name_of(answer.state));
  if (answer.version != 0) text += fmt::format(" v{}", answer.version);
  if (answer.completed_by != CompletedBy::nobody) text += fmt::format(" by {}", name_of(answer.completed_by));
  if (answer.completed_at != never) text += " at " + rfc3339(answer.completed_at);
  return text;
}

}  // namespace dueprocess
