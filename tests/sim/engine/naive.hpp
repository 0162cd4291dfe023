// The rules once more, as naively as they can be written: a list of orders, every question answered by scanning it, no
// timers but "whose deadline is next?". What the engine does fast is held to this.
#pragma once

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"

#include <date/tz.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace dueprocess::test {

class Naive {
 public:
  explicit Naive(const Policy& policy_used) : policy(policy_used) {}

  Instant next_timer() const {
    Instant next = never;
    for (const auto& [id, order] : orders)
      if (order.state == OrderState::delivered) next = std::min(next, order.deadline);
    return next;
  }

  void fire_next() { fire_next_at(next_timer()); }

  void restart(Instant, Instant back) {
    while (next_timer() <= back) fire_next_at(back);
  }

  Answer perform(const Operation& op, Instant now) {
    if (op.by == UserId::nobody) return told(nullptr, op, now, Refusal::unauthenticated);
    if (op.key == KeyId::none) return once(op, now);
    const auto first = keys.find({op.by, op.key});
    if (first == keys.end()) return keys.emplace(std::pair{op.by, op.key}, std::pair{op, once(op, now)}).first->second.second;
    if (same(first->second.first, op)) return first->second.second;
    return told(find(op.order), op, now, Refusal::invalid);
  }

  std::vector<Evidence> seen;

 private:
  struct Order {
    UserId seller, buyer;
    Instant due_at;
    std::int64_t cents;
    OrderState state = OrderState::in_progress;
    Instant deadline = never;
    std::uint32_t version = 1;
    std::vector<Instant> deliveries;
    std::vector<Duration> extensions_ever, extensions_now;
    std::uint32_t modifications = 0;
    std::uint32_t uploads = 0;
    bool has_draft = false;
    TextId draft_text{};
    std::uint32_t draft_attachments = 0, draft_links = 0;
    CompletedBy completed_by = CompletedBy::nobody;
    Instant completed_at = never;
  };

  Order* find(OrderId id) {
    const auto found = orders.find(id);
    return found == orders.end() ? nullptr : &found->second;
  }

  // The test sets only fields the kind uses, the order apart.
  static bool same(const Operation& a, const Operation& b) {
    return a.kind == b.kind && (a.kind == OperationKind::list_orders || a.order == b.order) && a.seller == b.seller &&
           a.text == b.text && a.attachments == b.attachments && a.links == b.links && a.price_cents == b.price_cents &&
           a.due_at == b.due_at && a.content == b.content && a.confirm_no_file == b.confirm_no_file && a.use_draft == b.use_draft;
  }

  Answer told(const Order* order, const Operation& op, Instant now, Refusal refusal) const {
    Answer answer;
    answer.stamp = now;
    answer.refusal = refusal;
    answer.outcome = refusal == Refusal::none ? Outcome::ok : Outcome::refused;
    if (!order || (op.by != order->seller && op.by != order->buyer)) return answer;
    answer.state = order->state;
    answer.version = order->version;
    answer.deadline = order->state == OrderState::delivered ? order->deadline : never;
    answer.completed_at = order->completed_at;
    answer.completed_by = order->completed_by;
    answer.late = (order->deliveries.empty() ? now : order->deliveries.front()) > order->due_at;
    return answer;
  }

  Answer once(const Operation& op, Instant now) {
    if (op.kind == OperationKind::list_orders) {
      Answer answer = told(nullptr, op, now, Refusal::none);
      for (const auto& [id, order] : orders) answer.listed += op.by == order.seller || op.by == order.buyer ? 1 : 0;
      return answer;
    }
    if (op.kind == OperationKind::place_order && !find(op.order)) {
      if (op.due_at <= now || op.price_cents <= 0 || op.seller == UserId::nobody || op.seller == op.by)
        return told(nullptr, op, now, Refusal::invalid);
      Order& order = orders[op.order];
      order.seller = op.seller;
      order.buyer = op.by;
      order.due_at = op.due_at;
      order.cents = op.price_cents;
      event(op.order, order, now, OrderState::none);
      return told(&order, op, now, Refusal::none);
    }
    Order* order = find(op.order);
    if (!order) return told(nullptr, op, now, Refusal::not_found);
    const std::vector<Refusal> reasons = against(op, *order);
    const Refusal refusal = reasons.empty() ? Refusal::none : *std::min_element(reasons.begin(), reasons.end());
    if (refusal == Refusal::none) effect(op, *order, now);
    return told(order, op, now, refusal);
  }

  /// Every reason to refuse, in no order: R17 takes the first of the enumeration.
  std::vector<Refusal> against(const Operation& op, const Order& order) const {
    using enum OperationKind;
    std::vector<Refusal> reasons;
    const auto when = [&](bool holds, Refusal refusal) {
      if (holds) reasons.push_back(refusal);
    };
    when(op.by != order.seller && op.by != order.buyer, Refusal::not_found);
    const bool sellers = op.kind == save_draft || op.kind == open_draft || op.kind == upload || is_delivery(op.kind);
    const bool buyers =
        op.kind == place_order || op.kind == accept || op.kind == request_modification || op.kind == extend_review;
    when(sellers && op.by != order.seller, Refusal::forbidden);
    when(buyers && op.by != order.buyer, Refusal::forbidden);

    const bool working = order.state == OrderState::in_progress || order.state == OrderState::in_revision;
    when(op.kind == place_order, Refusal::wrong_state);
    when((op.kind == save_draft || op.kind == open_draft || op.kind == upload) && !working, Refusal::wrong_state);
    when(op.kind == deliver && order.state != OrderState::in_progress, Refusal::wrong_state);
    when(op.kind == deliver_modified && order.state != OrderState::in_revision, Refusal::wrong_state);
    when(buyers && order.state != OrderState::delivered, Refusal::wrong_state);

    if (op.kind == save_draft) when(op.attachments > order.uploads, Refusal::invalid);
    if (op.kind == upload) {
      when(op.bytes < 0, Refusal::invalid);
      when(op.bytes > policy.max_file_size, Refusal::file_too_large);
    }
    if (is_delivery(op.kind)) {
      const TextId text = op.use_draft ? order.draft_text : op.text;
      const std::uint32_t attachments = op.use_draft ? order.draft_attachments : op.attachments;
      const std::uint32_t links = op.use_draft ? order.draft_links : op.links;
      when(op.use_draft && !order.has_draft, Refusal::invalid);
      when(attachments > order.uploads, Refusal::invalid);
      when(op.content != Content::final_work, Refusal::not_final_work);
      when(is_blank(text), Refusal::description_required);
      when(attachments + links == 0 && !op.confirm_no_file, Refusal::confirmation_required);
    }
    if (op.kind == request_modification) when(order.modifications >= policy.max_modifications, Refusal::limit_reached);
    if (op.kind == extend_review) {
      const Duration by{op.extend_by_us};
      when(by <= Duration{0} || by < policy.extension_min || by > policy.extension_max, Refusal::invalid);
      when(order.extensions_now.size() >= policy.max_extensions, Refusal::limit_reached);
    }
    return reasons;
  }

  void effect(const Operation& op, Order& order, Instant now) {
    const OrderState from = order.state;
    switch (op.kind) {
      case OperationKind::save_draft:
        order.has_draft = true;
        order.draft_text = op.text;
        order.draft_attachments = op.attachments;
        order.draft_links = op.links;
        return;
      case OperationKind::upload:
        ++order.uploads;
        return;
      case OperationKind::deliver:
      case OperationKind::deliver_modified:
        order.deliveries.push_back(now);
        order.extensions_now.clear();
        order.uploads = 0;
        order.has_draft = false;
        order.state = OrderState::delivered;
        order.deadline = deadline_of(order);
        ++order.version;
        event(op.order, order, now, from);
        notice(op.order, order, now, Notice::delivered, order.buyer);
        return;
      case OperationKind::accept:
        return complete(op.order, order, now, CompletedBy::buyer);
      case OperationKind::request_modification:
        ++order.modifications;
        order.state = OrderState::in_revision;
        ++order.version;
        event(op.order, order, now, from);
        notice(op.order, order, now, Notice::modification_requested, order.seller);
        return;
      case OperationKind::extend_review:
        order.extensions_now.push_back(Duration{op.extend_by_us});
        order.extensions_ever.push_back(Duration{op.extend_by_us});
        order.deadline = deadline_of(order);
        ++order.version;
        event(op.order, order, now, from);
        notice(op.order, order, now, Notice::review_extended, order.seller);
        return;
      default:
        return;
    }
  }

  /// R10, from the order's whole history.
  Instant deadline_of(const Order& order) const {
    const Instant delivered = order.deliveries.back();
    const Instant anchor = policy.review_anchor == ReviewAnchor::due_date   ? order.due_at
                           : policy.review_anchor == ReviewAnchor::delivery ? delivered
                                                                            : std::max(order.due_at, delivered);
    Instant base = anchor + policy.review_period;
    if (policy.days == DayRule::calendar && policy.review_period >= date::days{1}) {
      const auto days = date::floor<date::days>(policy.review_period);
      base = instant_of_local(local_of(anchor) + days) + (policy.review_period - days);
    }
    Duration carried{0}, granted{0};
    for (Duration by : order.extensions_now) granted += by;
    if (policy.extensions_carry_over)
      for (Duration by : order.extensions_ever) carried += by;
    // What was granted in this review comes on top of a deadline that was at least the delivery (R11).
    if (!policy.extensions_carry_over) return std::max(base, delivered) + granted;
    return std::max(base + (carried - granted), delivered) + granted;
  }

  date::local_time<Duration> local_of(Instant t) const { return date::locate_zone(policy.zone)->to_local(t); }
  Instant instant_of_local(date::local_time<Duration> local) const {
    const date::local_info info = date::locate_zone(policy.zone)->get_info(local);
    return Instant{local.time_since_epoch() - info.first.offset};
  }

  void fire_next_at(Instant now) {
    const Instant due = next_timer();
    for (auto& [id, order] : orders)
      if (order.state == OrderState::delivered && order.deadline == due) return complete(id, order, now, CompletedBy::automatic);
  }

  void complete(OrderId id, Order& order, Instant now, CompletedBy by) {
    order.state = OrderState::completed;
    order.completed_at = now;
    order.completed_by = by;
    ++order.version;
    event(id, order, now, OrderState::delivered);
    notice(id, order, now, Notice::completed, order.buyer);
    notice(id, order, now, Notice::completed, order.seller);
    Evidence payment;
    payment.kind = EvidenceKind::payment;
    payment.order = id;
    payment.at = now;
    payment.version = order.version;
    payment.amount_cents = order.cents;
    payment.to = order.seller;
    seen.push_back(payment);
    notice(id, order, now, Notice::payment_processed, order.seller);
  }

  void event(OrderId id, const Order& order, Instant now, OrderState from) {
    Evidence e;
    e.order = id;
    e.at = now;
    e.version = order.version;
    e.from = from;
    e.state = order.state;
    e.completed_by = order.completed_by;
    e.deadline = order.state == OrderState::delivered ? order.deadline : never;
    seen.push_back(e);
  }

  void notice(OrderId id, const Order& order, Instant now, Notice what, UserId to) {
    Evidence e;
    e.kind = EvidenceKind::notification;
    e.order = id;
    e.at = now;
    e.version = order.version;
    e.notice = what;
    e.to = to;
    e.deadline = order.state == OrderState::delivered ? order.deadline : never;
    if (what == Notice::completed) e.completed_by = order.completed_by;
    seen.push_back(e);
  }

  const Policy policy;
  std::map<OrderId, Order> orders;
  std::map<std::pair<UserId, KeyId>, std::pair<Operation, Answer>> keys;
};

}  // namespace dueprocess::test
