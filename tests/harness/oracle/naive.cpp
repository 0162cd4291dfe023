#include "naive.hpp"

#include <date/tz.h>
#include <algorithm>

namespace dueprocess {

Instant NaiveTarget::review_ends(Instant due, Instant delivered, Duration extended) const {
  Instant anchor = std::max(due, delivered);
  if (policy_.review_anchor == ReviewAnchor::due_date) anchor = due;
  if (policy_.review_anchor == ReviewAnchor::delivery) anchor = delivered;
  Instant end = anchor + policy_.review_period;
  if (policy_.days == DayRule::calendar) {
    const Duration days = std::chrono::floor<std::chrono::days>(policy_.review_period);
    const date::time_zone* zone = date::locate_zone(policy_.zone);
    const auto local = zone->to_local(anchor) + days;
    const auto info = zone->get_info(local);  // nonexistent: first is the offset before the gap; ambiguous: first is the earlier
    end = Instant{local.time_since_epoch() - info.first.offset} + (policy_.review_period - days);
  }
  return std::max(delivered, end + extended);
}

bool NaiveTarget::down(Instant now) const {
  return std::any_of(downtimes_.begin(), downtimes_.end(), [&](const Downtime& d) { return now >= d.from && now < d.to; });
}

Instant NaiveTarget::fires(Instant deadline) const {
  for (const Downtime& d : downtimes_)
    if (deadline >= d.from && deadline < d.to) return d.to;
  return deadline;
}

NaiveTarget::View NaiveTarget::view(OrderId order, Instant now) const {
  View v;
  const auto pass_time_to = [&](Instant t) {
    if (v.state != OrderState::delivered || v.deadline == never || fires(v.deadline) > t) return;
    v.state = OrderState::completed;
    v.by = CompletedBy::automatic;
    v.completed_at = fires(v.deadline);
    v.deadline = never;
    ++v.version;
  };
  for (const Done& d : done_) {
    const Operation& op = d.operation;
    if (op.order != order || op.kind == OperationKind::list_orders) continue;
    pass_time_to(d.at);
    switch (op.kind) {
      case OperationKind::place_order:
        v.placed = op;
        v.state = OrderState::in_progress;
        v.version = 1;
        break;
      case OperationKind::save_draft:
        v.has_draft = true;
        v.draft = op;
        break;
      case OperationKind::upload:
        ++v.uploads;
        break;
      case OperationKind::deliver:
      case OperationKind::deliver_modified:
        if (v.first_delivered == never) v.first_delivered = d.at;
        v.delivered = d.at;
        v.deadline = review_ends(v.placed.due_at, d.at, policy_.extensions_carry_over ? v.granted_ever : Duration{0});
        v.granted_now = Duration{0};
        v.extensions = v.uploads = 0;
        v.has_draft = false;
        v.state = OrderState::delivered;
        ++v.version;
        break;
      case OperationKind::accept:
        v.state = OrderState::completed;
        v.by = CompletedBy::buyer;
        v.completed_at = d.at;
        v.deadline = never;
        ++v.version;
        break;
      case OperationKind::request_modification:
        v.state = OrderState::in_revision;
        v.deadline = never;
        ++v.modifications;
        ++v.version;
        break;
      case OperationKind::extend_review:
        v.deadline += Duration{op.extend_by_us};
        v.granted_ever += Duration{op.extend_by_us};
        ++v.extensions;
        ++v.version;
        break;
      default:
        break;
    }
  }
  pass_time_to(now);
  return v;
}

Instant NaiveTarget::deadline(OrderId order, Instant now) const { return view(order, now).deadline; }

Refusal NaiveTarget::refusal(const View& v, const Operation& op, Instant now) const {
  using K = OperationKind;
  if (op.by == UserId::nobody) return Refusal::unauthenticated;
  if (op.kind == K::list_orders) return Refusal::none;
  if (op.kind == K::place_order) {
    const bool fine = op.due_at > now && op.price_cents > 0 && op.seller != UserId::nobody && op.seller != op.by;
    return fine ? Refusal::none : Refusal::invalid;
  }
  const bool seller = op.by == v.placed.seller, buyer = op.by == v.placed.by;
  if (v.state == OrderState::none || (!seller && !buyer)) return Refusal::not_found;
  const bool open = v.state == OrderState::in_progress || v.state == OrderState::in_revision;
  switch (op.kind) {
    case K::save_draft:
    case K::open_draft:
    case K::upload:
      if (!seller) return Refusal::forbidden;
      if (!open) return Refusal::wrong_state;
      if (op.kind == K::upload && op.bytes < 0) return Refusal::invalid;
      if (op.kind == K::upload && op.bytes > policy_.max_file_size) return Refusal::file_too_large;
      if (op.kind == K::save_draft && op.attachments > v.uploads) return Refusal::invalid;
      return Refusal::none;
    case K::deliver:
    case K::deliver_modified: {
      if (!seller) return Refusal::forbidden;
      if (v.state != (op.kind == K::deliver ? OrderState::in_progress : OrderState::in_revision)) return Refusal::wrong_state;
      if (op.use_draft && !v.has_draft) return Refusal::invalid;
      const Operation& what = op.use_draft ? v.draft : op;
      if (!op.use_draft && op.attachments > v.uploads) return Refusal::invalid;
      if (op.content != Content::final_work) return Refusal::not_final_work;
      if (is_blank(what.text)) return Refusal::description_required;
      if (what.attachments + what.links == 0 && !op.confirm_no_file) return Refusal::confirmation_required;
      return Refusal::none;
    }
    case K::accept:
    case K::request_modification:
    case K::extend_review:
      if (!buyer) return Refusal::forbidden;
      if (v.state != OrderState::delivered) return Refusal::wrong_state;
      if (op.kind == K::extend_review) {
        const Duration by{op.extend_by_us};
        if (by <= Duration{0} || by < policy_.extension_min || by > policy_.extension_max) return Refusal::invalid;
        if (v.extensions >= policy_.max_extensions) return Refusal::limit_reached;
      }
      if (op.kind == K::request_modification && v.modifications >= policy_.max_modifications) return Refusal::limit_reached;
      return Refusal::none;
    default:
      return Refusal::none;
  }
}

void NaiveTarget::tell(const View& v, UserId user, Instant now, Answer& a) const {
  if (v.state == OrderState::none || (user != v.placed.by && user != v.placed.seller)) return;
  a.state = v.state;
  a.version = v.version;
  a.deadline = v.deadline;
  a.completed_by = v.by;
  a.completed_at = v.completed_at;
  a.late = (v.first_delivered == never ? now : v.first_delivered) > v.placed.due_at;
}

std::vector<Evidence> NaiveTarget::shown(const View& before, const View& after, OrderId order, Instant at) {
  if (after.version == before.version) return {};
  std::vector<Evidence> all;
  Evidence e;
  e.order = order;
  e.at = at;
  e.version = after.version;
  e.deadline = after.deadline;
  e.kind = EvidenceKind::event;
  e.from = before.state;
  e.state = after.state;
  e.completed_by = after.by;
  all.push_back(e);
  const auto notice = [&](Notice what, UserId to) {
    Evidence n;
    n.order = order;
    n.at = at;
    n.version = after.version;
    n.deadline = after.deadline;
    n.kind = EvidenceKind::notification;
    n.notice = what;
    n.to = to;
    n.completed_by = what == Notice::completed ? after.by : CompletedBy::nobody;
    all.push_back(n);
  };
  if (after.state == OrderState::delivered) {
    before.state == OrderState::delivered ? notice(Notice::review_extended, after.placed.seller)
                                          : notice(Notice::delivered, after.placed.by);
  } else if (after.state == OrderState::in_revision) {
    notice(Notice::modification_requested, after.placed.seller);
  } else if (after.state == OrderState::completed) {
    notice(Notice::completed, after.placed.by);
    notice(Notice::completed, after.placed.seller);
    Evidence p;
    p.order = order;
    p.at = at;
    p.version = after.version;
    p.kind = EvidenceKind::payment;
    p.to = after.placed.seller;
    p.amount_cents = after.placed.price_cents;
    all.push_back(p);
    notice(Notice::payment_processed, after.placed.seller);
  }
  return all;
}

std::vector<Step> NaiveTarget::wait(Instant until) {
  std::vector<Step> steps;
  for (;;) {
    // The earliest order whose completion by the timer was not yet shown.
    OrderId next = OrderId::none;
    Instant at = never;
    for (const OrderId order : orders_) {
      const View v = view(order, until);
      const bool shown_already = std::find(completed_.begin(), completed_.end(), order) != completed_.end();
      if (v.by == CompletedBy::automatic && v.completed_at < at && !shown_already) next = order, at = v.completed_at;
    }
    if (next == OrderId::none) return steps;
    completed_.push_back(next);
    View before = view(next, at);
    const View after = before;
    before.state = OrderState::delivered;
    before.version = after.version - 1;
    steps.push_back({false, {}, at, shown(before, after, next, at)});
  }
}

std::vector<Step> NaiveTarget::ask(const Operation& op, Instant now) {
  std::vector<Step> steps = wait(now);
  Step step;
  step.asked = true;
  step.at = now;
  Observation& o = step.observation;
  o.operation = op;
  o.intended = o.sent = o.answered = now;
  Answer& a = o.answer;
  const auto refuse = [&](Refusal why) {
    a.outcome = Outcome::refused;
    a.refusal = why;
  };
  const auto first = std::find_if(keyed_.begin(), keyed_.end(), [&](const Keyed& k) {
    return op.key != KeyId::none && op.by != UserId::nobody && k.operation.key == op.key && k.operation.by == op.by;
  });
  if (down(now)) {
    refuse(Refusal::none);
  } else if (first != keyed_.end()) {
    const Operation& k = first->operation;
    const bool same = k.kind == op.kind && k.order == op.order && k.text == op.text && k.attachments == op.attachments &&
                      k.links == op.links && k.price_cents == op.price_cents && k.due_at == op.due_at && k.seller == op.seller &&
                      k.content == op.content && k.confirm_no_file == op.confirm_no_file && k.use_draft == op.use_draft;
    a.stamp = now;
    if (same) {
      a = first->answer;
    } else {
      refuse(Refusal::invalid);
      tell(view(op.order, now), op.by, now, a);
    }
  } else {
    a.stamp = now;
    const View before = view(op.order, now);
    const Refusal why = refusal(before, op, now);
    if (why != Refusal::none) refuse(why);
    // At the instant of a delivery whose deadline is that instant, the answer comes first and the timer then.
    View after = before;
    if (why == Refusal::none && op.kind != OperationKind::list_orders) {
      done_.push_back({op, now});
      if (op.kind == OperationKind::place_order) orders_.push_back(op.order);
      after = view(op.order, now);
      if (is_delivery(op.kind) && after.state == OrderState::completed) {
        after.state = OrderState::delivered;
        after.by = CompletedBy::nobody;
        after.completed_at = never;
        after.deadline = now;
        --after.version;
      }
      step.evidence = shown(before, after, op.order, now);
    }
    if (op.kind != OperationKind::list_orders) tell(after, op.by, now, a);
    if (op.key != KeyId::none && op.by != UserId::nobody) keyed_.push_back({op, a});
  }
  steps.push_back(step);
  for (Step& more : wait(now)) steps.push_back(std::move(more));
  return steps;
}

}  // namespace dueprocess
