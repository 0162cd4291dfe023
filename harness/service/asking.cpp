#include "harness/service/asking.hpp"

namespace dueprocess::service {

void Ask::clear() {
  kind = OperationKind::view_order;
  by = UserId::nobody;
  order = OrderId::none;
  at = due_at = never;
  key.clear();
  problem.clear();
  text.clear();
  seller.clear();
  attachments.clear();
  links.clear();
  modified.reset();
  content = Content::final_work;
  confirm_no_file = use_draft = false;
  amount = 0;
  digest = {};
}

void Told::clear() {
  refusal = Refusal::none;
  trouble = Trouble::none;
  now = never;
  order = {};
  attachment = {};
  detail.clear();
  drafted = false;
  draft_json.clear();
  position = 0;
}

}  // namespace dueprocess::service
