#include "harness/conform/rule_table.hpp"

namespace dueprocess {
namespace {

constexpr std::string_view titles[] = {"identity",
                                       "two doors, one effect",
                                       "attachments",
                                       "no file: confirm",
                                       "description",
                                       "drafts",
                                       "final work only",
                                       "links",
                                       "acceptance",
                                       "auto-complete",
                                       "the deadline is an instant",
                                       "modification",
                                       "extension",
                                       "payment",
                                       "notifications",
                                       "retries",
                                       "refusals change nothing",
                                       "support"};
static_assert(std::size(titles) == rule_count);

constexpr std::uint32_t bit(unsigned rule) { return 1u << rule; }

}  // namespace

std::string_view title_of_rule(unsigned rule) { return titles[rule - 1]; }

std::uint32_t rules_reached(const Operation& operation, Party by, const Answer& answer, Instant at, Instant deadline_before,
                            OrderState before, bool repeat) {
  using enum OperationKind;
  std::uint32_t rules = 0;
  if (answer.outcome == Outcome::refused) rules |= bit(17);
  if (by == Party::stranger || by == Party::anyone || answer.refusal == Refusal::forbidden) rules |= bit(1);
  if (repeat) rules |= bit(16);
  if (by == Party::stranger || by == Party::anyone) return rules;
  const bool buyers = operation.kind == accept || operation.kind == request_modification || operation.kind == extend_review;
  if (buyers && by == Party::buyer && deadline_before != never && at >= deadline_before - Duration{1} &&
      at <= deadline_before + Duration{1})
    rules |= bit(11);
  const bool in_work = before == OrderState::in_progress || before == OrderState::in_revision;
  switch (operation.kind) {
    case upload:
      return in_work ? rules | bit(3) : rules;
    case save_draft:
    case open_draft:
      return rules | bit(6);
    case deliver:
    case deliver_modified:
      if (!in_work) return rules;
      if (operation.kind == deliver_modified && answer.outcome == Outcome::ok) rules |= bit(12);
      if (operation.use_draft) return rules | bit(6);
      if (operation.attachments == 0 && operation.links == 0) rules |= bit(4);
      if (operation.links > 0) rules |= bit(8);
      if (is_blank(operation.text)) rules |= bit(5);
      if (operation.content != Content::final_work) rules |= bit(7);
      return rules;
    case accept:
      return by == Party::buyer && answer.outcome == Outcome::ok ? rules | bit(9) : rules;
    case request_modification:
      return answer.outcome == Outcome::ok ? rules | bit(12) : rules;
    case extend_review:
      return before == OrderState::delivered ? rules | bit(13) : rules;
    case contact_support:
      return rules | bit(18);
    case place_order:
    case list_orders:
    case view_order:
      return rules;
  }
  return rules;
}

std::uint32_t rules_reached(const Evidence& evidence) {
  if (evidence.kind == EvidenceKind::payment) return bit(14);
  if (evidence.kind == EvidenceKind::notification) return bit(15);
  return evidence.state == OrderState::completed && evidence.completed_by == CompletedBy::automatic ? bit(10) : 0;
}

unsigned rule_of(Invariant invariant, const Operation* operation) {
  using enum Invariant;
  switch (invariant) {
    case T3:
      return 13;
    case T4:
      return 12;
    case A1:
    case A2:
    case G4:
      return 11;
    case A3:
      return 16;
    case A4:
      return 17;
    case G2:
      return 6;
    case G3:
      if (operation && operation->kind == OperationKind::upload) return 3;
      return operation && operation->links > 0 ? 8 : 4;
    case G5:
      return 1;
    case M1:
    case M2:
    case M3:
    case M4:
      return 14;
    case N1:
    case N2:
    case N3:
    case N4:
    case R4:
      return 15;
    case G1:
      break;
    default:
      return 10;
  }
  if (!operation) return 17;
  switch (operation->kind) {
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      if (operation->content != Content::final_work) return 7;
      if (operation->use_draft) return 6;
      return is_blank(operation->text) ? 5 : 17;
    case OperationKind::accept:
      return 9;
    case OperationKind::request_modification:
      return 12;
    case OperationKind::extend_review:
      return 13;
    case OperationKind::save_draft:
    case OperationKind::open_draft:
      return 6;
    case OperationKind::contact_support:
      return 18;
    default:
      return 17;
  }
}

}  // namespace dueprocess
