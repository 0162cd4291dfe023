// A service without some operation: what its actors are told instead, and how they do without. Such an operation is never sent
// and never judged; it is counted as unsupported.
#pragma once

#include "harness/target/live_target.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess {

/// The answer that lets the actor go on. REQUIRES: the target cannot do it, and it is neither place_order nor deliver.
inline Answer answer_without(OperationKind kind) {
  Answer answer;
  switch (kind) {
    case OperationKind::upload:  // he sends a link
      answer.outcome = Outcome::refused;
      answer.refusal = Refusal::file_too_large;
      break;
    case OperationKind::request_modification:
    case OperationKind::extend_review:  // he decides otherwise
      answer.outcome = Outcome::refused;
      answer.refusal = Refusal::limit_reached;
      answer.state = OrderState::delivered;
      break;
    case OperationKind::accept:
    case OperationKind::deliver_modified:  // it stays as it is
      answer.outcome = Outcome::refused;
      answer.refusal = Refusal::wrong_state;
      break;
    default:  // looks, lists, drafts, tickets: he got what he came for
      break;
  }
  return answer;
}

/// The same operation as far as the target can carry it out: without drafts, a delivery says itself what it delivers.
inline Operation fitted(Operation operation, const Abilities& abilities) {
  if (operation.use_draft && !abilities.can(OperationKind::save_draft)) {
    operation.use_draft = false;
    operation.text = TextId::first_real;
    operation.attachments = 0;
    operation.links = 1;
  }
  return operation;
}

}  // namespace dueprocess
