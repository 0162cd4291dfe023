#include "engine.hpp"

#include <algorithm>
#include <stdexcept>

namespace own_engine {
namespace {

bool is_party(const Order& order, UserId user) { return user == order.buyer || user == order.seller; }
bool in_work(const Order& order) { return order.state == OrderState::in_progress || order.state == OrderState::in_revision; }

/// R1: who may ask for it.
bool is_for(const Operation& operation, const Order& order) {
  switch (operation.kind) {
    case OperationKind::save_draft:
    case OperationKind::open_draft:
    case OperationKind::upload:
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      return operation.by == order.seller;
    case OperationKind::place_order:
    case OperationKind::accept:
    case OperationKind::request_modification:
    case OperationKind::extend_review:
      return operation.by == order.buyer;
    default:
      return is_party(order, operation.by);
  }
}

/// R16: the same operation again. Fields that a kind does not use are at their defaults, so all may be compared.
bool same(const Operation& a, const Operation& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == OperationKind::list_orders) return true;
  return a.order == b.order && a.content == b.content && a.confirm_no_file == b.confirm_no_file && a.use_draft == b.use_draft &&
         a.seller == b.seller && a.text == b.text && a.attachments == b.attachments && a.links == b.links && a.bytes == b.bytes &&
         a.due_at == b.due_at;
}

Answer answer_to(UserId asker, const Order* order, Instant now, Refusal refusal) {
  Answer answer;
  answer.stamp = now;
  answer.outcome = refusal == Refusal::none ? Outcome::ok : Outcome::refused;
  answer.refusal = refusal;
  if (!order || !is_party(*order, asker)) return answer;  // R1: a stranger learns nothing
  answer.state = order->state;
  answer.version = order->version;
  answer.deadline = order->deadline;
  answer.completed_at = order->completed_at;
  answer.completed_by = order->completed_by;
  answer.late = std::min(order->first_delivered, now) > order->due_at;
  return answer;
}

}  // namespace

Engine::Engine(const Policy& policy) : policy_(policy) {
  if (policy.days == DayRule::calendar) throw std::invalid_argument{"this engine knows days of 24 hours only"};
}

void Engine::reset(OrderRange) {
  orders_.clear();
  keys_.clear();
  evidence_.clear();
}

// --- time ---------------------------------------------------------------------------------------------------------------

const Order* Engine::next_due() const {
  const Order* next = nullptr;
  for (const auto& [id, order] : orders_)
    if (order.deadline != never && (!next || order.deadline < next->deadline)) next = &order;
  return next;
}

Instant Engine::next_timer() const {
  const Order* next = next_due();
  return next ? next->deadline : never;
}

void Engine::fire_next() {
  const Order* next = next_due();
  complete(orders_.at(next->id), CompletedBy::automatic, next->deadline);
}

void Engine::restart(Instant, Instant back) {
  // There are no timers to lose; what fell due meanwhile is completed now.
  for (const Order* next = next_due(); next && next->deadline <= back; next = next_due())
    complete(orders_.at(next->id), CompletedBy::automatic, back);
}

/// R10, R11, R12.
Instant Engine::end_of_review(const Order& order, Instant delivered_at) const {
  Instant anchor = std::max(order.due_at, delivered_at);
  if (policy_.review_anchor == ReviewAnchor::due_date) anchor = order.due_at;
  if (policy_.review_anchor == ReviewAnchor::delivery) anchor = delivered_at;
#ifdef OWN_ENGINE_BUG
  anchor = delivered_at;  // an early delivery takes the buyer's time away
#endif
  Instant deadline = anchor + policy_.review_period;
  if (policy_.extensions_carry_over) deadline += order.extended;
  return std::max(deadline, delivered_at);
}

// --- operations ---------------------------------------------------------------------------------------------------------

void Engine::perform(const Operation& operation, Instant now, Answer& answer) {
  if (operation.by == UserId::nobody) {
    answer = answer_to(operation.by, nullptr, now, Refusal::unauthenticated);
  } else if (operation.key == KeyId::none) {
    answer = carry_out(operation, now);
  } else if (const auto first = keys_.find({operation.by, operation.key}); first == keys_.end()) {
    answer = carry_out(operation, now);
    keys_[{operation.by, operation.key}] = {operation, answer};
  } else if (same(first->second.operation, operation)) {
    answer = first->second.answer;
  } else {
    const auto order = orders_.find(operation.order);
    answer = answer_to(operation.by, order == orders_.end() ? nullptr : &order->second, now, Refusal::invalid);
  }
}

Answer Engine::carry_out(const Operation& operation, Instant now) {
  if (operation.kind == OperationKind::list_orders) return list(operation, now);
  const auto found = orders_.find(operation.order);
  if (found == orders_.end()) {
    if (operation.kind == OperationKind::place_order) return place(operation, now);
    return answer_to(operation.by, nullptr, now, Refusal::not_found);
  }
  Order& order = found->second;
  Refusal refusal = Refusal::none;
  if (!is_party(order, operation.by))
    refusal = Refusal::not_found;
  else if (!is_for(operation, order))
    refusal = Refusal::forbidden;
  else
    refusal = act(operation, order, now);
  return answer_to(operation.by, &order, now, refusal);
}

Answer Engine::place(const Operation& operation, Instant now) {
  if (operation.due_at <= now || operation.price_cents <= 0 || operation.seller == UserId::nobody ||
      operation.seller == operation.by)
    return answer_to(operation.by, nullptr, now, Refusal::invalid);
  Order& order = orders_[operation.order];
  order.id = operation.order;
  order.buyer = operation.by;
  order.seller = operation.seller;
  order.price_cents = operation.price_cents;
  order.due_at = operation.due_at;
  show_event(order, OrderState::none, now);
  return answer_to(operation.by, &order, now, Refusal::none);
}

Answer Engine::list(const Operation& operation, Instant now) const {
  Answer answer = answer_to(operation.by, nullptr, now, Refusal::none);
  for (const auto& [id, order] : orders_) answer.listed += is_party(order, operation.by) ? 1 : 0;
  return answer;
}

Refusal Engine::act(const Operation& operation, Order& order, Instant now) {
  switch (operation.kind) {
    case OperationKind::place_order:
      return Refusal::wrong_state;  // placed already
    case OperationKind::save_draft:
      return save_draft(operation, order);
    case OperationKind::open_draft:
      return in_work(order) ? Refusal::none : Refusal::wrong_state;
    case OperationKind::upload:
      return upload(operation, order);
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      return deliver(operation, order, now);
    case OperationKind::accept:
      return accept(order, now);
    case OperationKind::request_modification:
      return request_modification(order, now);
    case OperationKind::extend_review:
      return extend(operation, order, now);
    default:
      return Refusal::none;  // looking at an order, and support (R18)
  }
}

Refusal Engine::save_draft(const Operation& operation, Order& order) {
  if (!in_work(order)) return Refusal::wrong_state;
  if (operation.attachments > order.uploads) return Refusal::invalid;
  order.has_draft = true;
  order.draft = {!is_blank(operation.text), operation.attachments > 0 || operation.links > 0};
  return Refusal::none;
}

Refusal Engine::upload(const Operation& operation, Order& order) const {
  if (!in_work(order)) return Refusal::wrong_state;
  if (operation.bytes < 0) return Refusal::invalid;
  if (operation.bytes > policy_.max_file_size) return Refusal::file_too_large;
  ++order.uploads;
  return Refusal::none;
}

Refusal Engine::deliver(const Operation& operation, Order& order, Instant now) {
  const bool again = operation.kind == OperationKind::deliver_modified;
  const OrderState from = again ? OrderState::in_revision : OrderState::in_progress;
  if (order.state != from) return Refusal::wrong_state;
  if (operation.use_draft ? !order.has_draft : operation.attachments > order.uploads) return Refusal::invalid;
  const Draft work =
      operation.use_draft ? order.draft : Draft{!is_blank(operation.text), operation.attachments > 0 || operation.links > 0};
  if (operation.content != Content::final_work) return Refusal::not_final_work;
  if (!work.described) return Refusal::description_required;
  if (!work.has_file && !operation.confirm_no_file) return Refusal::confirmation_required;

  order.state = OrderState::delivered;
  order.deadline = end_of_review(order, now);
  if (!again) order.first_delivered = now;
  order.extensions = 0;
  order.uploads = 0;
  order.has_draft = false;
  ++order.version;
  show_event(order, from, now);
  notify(order, Notice::delivered, order.buyer, now);
  return Refusal::none;
}

Refusal Engine::accept(Order& order, Instant now) {
  if (order.state != OrderState::delivered) return Refusal::wrong_state;
  complete(order, CompletedBy::buyer, now);
  return Refusal::none;
}

Refusal Engine::request_modification(Order& order, Instant now) {
  if (order.state != OrderState::delivered) return Refusal::wrong_state;
  if (policy_.max_modifications != unlimited && order.modifications >= policy_.max_modifications) return Refusal::limit_reached;
  order.state = OrderState::in_revision;
  order.deadline = never;
  ++order.modifications;
  ++order.version;
  show_event(order, OrderState::delivered, now);
  notify(order, Notice::modification_requested, order.seller, now);
  return Refusal::none;
}

Refusal Engine::extend(const Operation& operation, Order& order, Instant now) {
  const Duration by{operation.extend_by_us};
  if (order.state != OrderState::delivered) return Refusal::wrong_state;
  if (by <= Duration::zero() || by < policy_.extension_min || by > policy_.extension_max) return Refusal::invalid;
  if (policy_.max_extensions != unlimited && order.extensions >= policy_.max_extensions) return Refusal::limit_reached;
  order.deadline += by;  // R13: to the deadline, not to the moment of asking
  order.extended += by;
  ++order.extensions;
  ++order.version;
  show_event(order, OrderState::delivered, now);
  notify(order, Notice::review_extended, order.seller, now);
  return Refusal::none;
}

void Engine::complete(Order& order, CompletedBy by, Instant now) {
  order.state = OrderState::completed;
  order.deadline = never;
  order.completed_at = now;
  order.completed_by = by;
  ++order.version;
  show_event(order, OrderState::delivered, now);
  notify(order, Notice::completed, order.buyer, now);
  notify(order, Notice::completed, order.seller, now);
  pay(order, now);
  notify(order, Notice::payment_processed, order.seller, now);
}

// --- what can be seen ---------------------------------------------------------------------------------------------------

void Engine::show_event(const Order& order, OrderState from, Instant now) {
  Evidence event;
  event.kind = EvidenceKind::event;
  event.order = order.id;
  event.at = now;
  event.version = order.version;
  event.from = from;
  event.state = order.state;
  event.deadline = order.deadline;
  event.completed_by = order.completed_by;
  evidence_.push_back(event);
}

void Engine::notify(const Order& order, Notice notice, UserId to, Instant now) {
  Evidence notification;
  notification.kind = EvidenceKind::notification;
  notification.order = order.id;
  notification.at = now;
  notification.version = order.version;
  notification.notice = notice;
  notification.to = to;
  notification.deadline = order.deadline;
  if (notice == Notice::completed) notification.completed_by = order.completed_by;
  evidence_.push_back(notification);
}

void Engine::pay(const Order& order, Instant now) {
  Evidence payment;
  payment.kind = EvidenceKind::payment;
  payment.order = order.id;
  payment.at = now;
  payment.version = order.version;
  payment.amount_cents = order.price_cents;
  payment.to = order.seller;
  evidence_.push_back(payment);
}

}  // namespace own_engine
