// A service so small that it can be checked by reading: one order, the rules with exact timers (or a sweep), told and shown as
// the reference service does; and ways to be wrong. It knows nothing of harnesses: it is asked at instants of its own clock.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/record/observation.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess::wall_test {

enum class Bug : std::uint8_t {
  none,
  late,             // the timer fires long after D + L, and says so
  late_and_lying,   // the same, and says that it was in time
  early,            // it fires before D
  early_and_lying,  // the same, and says that it was in time
  never_fires,
  loses_extension,   // acknowledged, told, and not kept by the timer
  extends_from_now,  // counts from the moment of asking
  two_winners,       // an acceptance beside the timer's completion
  pays_twice,
  never_pays,
  pays_wrong,
  pays_before,        // at delivery
  accepts_after,      // D has passed and it takes the acceptance all the same
  refuses_before,     // the last second of a review is taken away
  fires_in_revision,  // the deadline survives a modification request
  forgets_keys,       // a retry has a second effect
  forgets_delivery,   // acknowledged and gone
  tells_wrong_deadline,
  tells_strangers,
  stale_reads,
  no_event,
  notice_twice,
  notice_astray,
  no_notice,
  oversize,
  wrong_version,
};
inline constexpr int bug_count = 27;

struct Shown {
  Evidence evidence;
  Instant visible;  // by the service's clock
};

class Service {
 public:
  Policy policy;
  Duration sweep{0};  // 0: exact timers; else fires at the next multiple
  Bug bug = Bug::none;
  std::vector<Shown> shown;

  /// Everything of the timer's that is due by then. The caller asks in the order of its clock.
  void pass(Instant now) {
    if (bug == Bug::fires_in_revision && state_ == OrderState::in_revision && old_deadline_ != never && old_deadline_ <= now)
      return complete(CompletedBy::automatic, old_deadline_, old_deadline_);
    if (state_ != OrderState::delivered || bug == Bug::never_fires) return;
    Instant fires = kept_deadline_;
    if (sweep > Duration{0}) fires = Instant{(fires.time_since_epoch() + sweep - Duration{1}) / sweep * sweep};
    if (bug == Bug::late || bug == Bug::late_and_lying) fires += Duration{400'000};
    if (bug == Bug::early || bug == Bug::early_and_lying) fires = std::max(delivered_, fires - Duration{400'000});
    if (fires > now) return;
    const bool lies = bug == Bug::late_and_lying || bug == Bug::early_and_lying;
    complete(CompletedBy::automatic, lies || sweep > Duration{0} ? deadline_ : fires, fires);
  }

  Answer perform(const Operation& op, Instant now) {
    pass(now);
    if (op.key != KeyId::none && op.by != UserId::nobody && bug != Bug::forgets_keys) {
      for (const Kept& kept : kept_)
        if (kept.key == op.key && kept.by == op.by) return kept.answer;
    }
    Answer a;
    a.stamp = now;
    const Refusal why = refusal(op, now);
    if (why != Refusal::none) a.outcome = Outcome::refused, a.refusal = why;
    if (why == Refusal::none) effect(op, now);
    const bool party = state_ != OrderState::none && (op.by == buyer_ || op.by == seller_);
    if (party || (bug == Bug::tells_strangers && state_ != OrderState::none)) tell(a, now, op);
    if (op.key != KeyId::none && op.by != UserId::nobody) kept_.push_back({op.key, op.by, a});
    pass(now);
    return a;
  }

  OrderState state() const { return state_; }
  Instant deadline() const { return state_ == OrderState::delivered ? deadline_ : never; }

 private:
  struct Kept {
    KeyId key;
    UserId by;
    Answer answer;
  };

  Refusal refusal(const Operation& op, Instant now) const {
    using K = OperationKind;
    if (op.by == UserId::nobody) return Refusal::unauthenticated;
    if (op.kind == K::place_order) {
      const bool fine = op.due_at > now && op.price_cents > 0 && op.seller != UserId::nobody && op.seller != op.by;
      return fine ? Refusal::none : Refusal::invalid;
    }
    if (state_ == OrderState::none || (op.by != buyer_ && op.by != seller_)) return Refusal::not_found;
    const bool sellers = op.kind == K::save_draft || op.kind == K::open_draft || op.kind == K::upload || is_delivery(op.kind);
    const bool buyers = op.kind == K::accept || op.kind == K::request_modification || op.kind == K::extend_review;
    if ((sellers && op.by != seller_) || (buyers && op.by != buyer_)) return Refusal::forbidden;
    OrderState state = state_;
    if (state == OrderState::delivered && buyers && now >= deadline_ && bug != Bug::accepts_after) state = OrderState::completed;
    if (state == OrderState::delivered && buyers && bug == Bug::refuses_before && now >= deadline_ - Duration{1'000'000})
      state = OrderState::completed;
    if (op.kind == K::accept && bug == Bug::two_winners && completed_by_ == CompletedBy::automatic) return Refusal::none;
    if (buyers && state != OrderState::delivered) return Refusal::wrong_state;
    if (op.kind == K::deliver && state != OrderState::in_progress) return Refusal::wrong_state;
    if (op.kind == K::deliver_modified && state != OrderState::in_revision) return Refusal::wrong_state;
    if (sellers && state != OrderState::in_progress && state != OrderState::in_revision) return Refusal::wrong_state;
    if (op.kind == K::upload && op.bytes > policy.max_file_size && bug != Bug::oversize) return Refusal::file_too_large;
    if (op.kind == K::save_draft && op.attachments > uploads_) return Refusal::invalid;
    if (is_delivery(op.kind)) {
      if (op.use_draft ? !draft_.has_value() : op.attachments > uploads_) return Refusal::invalid;
      const Operation& what = op.use_draft ? *draft_ : op;
      if (op.content != Content::final_work) return Refusal::not_final_work;
      if (is_blank(what.text)) return Refusal::description_required;
      if (what.attachments + what.links == 0 && !op.confirm_no_file) return Refusal::confirmation_required;
    }
    if (op.kind == K::extend_review) {
      const Duration by{op.extend_by_us};
      if (by <= Duration{0} || by < policy.extension_min || by > policy.extension_max) return Refusal::invalid;
      if (extensions_ >= policy.max_extensions) return Refusal::limit_reached;
    }
    if (op.kind == K::request_modification && modifications_ >= policy.max_modifications) return Refusal::limit_reached;
    return Refusal::none;
  }

  void effect(const Operation& op, Instant now) {
    using K = OperationKind;
    const OrderState from = state_;
    switch (op.kind) {
      case K::place_order:
        order_ = op.order;
        buyer_ = op.by;
        seller_ = op.seller;
        due_ = op.due_at;
        price_ = op.price_cents;
        state_ = OrderState::in_progress;
        return changed(from, now, {});
      case K::upload:
        ++uploads_;
        return;
      case K::save_draft:
        draft_ = op;
        return;
      case K::deliver:
      case K::deliver_modified: {
        delivered_ = now;
        if (first_delivered_ == never) first_delivered_ = now;
        Instant anchor = std::max(due_, now);
        if (policy.review_anchor == ReviewAnchor::due_date) anchor = due_;
        if (policy.review_anchor == ReviewAnchor::delivery) anchor = now;
        const Duration carried = policy.extensions_carry_over ? granted_ : Duration{0};
        deadline_ = kept_deadline_ = std::max(now, anchor + policy.review_period + carried);
        extensions_ = uploads_ = 0;
        draft_.reset();
        if (bug == Bug::forgets_delivery && !forgotten_) {
          forgotten_ = true;
          deadline_at_risk_ = true;
        }
        state_ = OrderState::delivered;
        changed(from, now, {{Notice::delivered, buyer_}});
        if (bug == Bug::pays_before) pay(now);
        return;
      }
      case K::accept:
        return complete(CompletedBy::buyer, now, now);
      case K::request_modification:
        old_deadline_ = deadline_;
        ++modifications_;
        state_ = OrderState::in_revision;
        return changed(from, now, {{Notice::modification_requested, seller_}});
      case K::extend_review: {
        const Duration by{op.extend_by_us};
        deadline_ = bug == Bug::extends_from_now ? now + by : deadline_ + by;
        if (bug != Bug::loses_extension) kept_deadline_ = deadline_;
        granted_ += by;
        ++extensions_;
        return changed(from, now, {{Notice::review_extended, seller_}});
      }
      default:
        return;
    }
  }

  void complete(CompletedBy by, Instant at, Instant visible) {
    const OrderState from = state_;
    state_ = OrderState::completed;
    completed_by_ = by;
    completed_at_ = at;
    changed(from, at, {{Notice::completed, buyer_}, {Notice::completed, seller_}}, visible);
    if (bug == Bug::never_pays) return;
    pay(at, visible);
    if (bug == Bug::pays_twice) pay(at, visible);
    show_notice(Notice::payment_processed, seller_, at, visible);
  }
  void pay(Instant at, Instant visible = never) {
    Evidence e;
    e.kind = EvidenceKind::payment;
    e.order = order_;
    e.at = at;
    e.version = version_;
    e.amount_cents = bug == Bug::pays_wrong ? price_ - 1 : price_;
    e.to = seller_;
    shown.push_back({e, visible == never ? at : visible});
  }
  struct To {
    Notice notice;
    UserId user;
  };
  void changed(OrderState from, Instant at, std::vector<To> notices, Instant visible = never) {
    version_ += bug == Bug::wrong_version && version_ == 1 ? 2 : 1;
    Evidence e;
    e.order = order_;
    e.at = at;
    e.version = version_;
    e.from = from;
    e.state = state_;
    e.completed_by = completed_by_;
    e.deadline = deadline();
    if (bug != Bug::no_event || version_ != 2) shown.push_back({e, visible == never ? at : visible});
    for (const To& to : notices) {
      if (bug == Bug::no_notice) continue;
      const UserId user = bug == Bug::notice_astray ? (to.user == buyer_ ? seller_ : buyer_) : to.user;
      show_notice(to.notice, bug == Bug::notice_astray && to.notice == Notice::completed ? to.user : user, at, visible);
      if (bug == Bug::notice_twice) show_notice(to.notice, to.user, at, visible);
    }
  }
  void show_notice(Notice what, UserId to, Instant at, Instant visible) {
    Evidence n;
    n.kind = EvidenceKind::notification;
    n.order = order_;
    n.at = at;
    n.version = version_;
    n.notice = what;
    n.to = to;
    n.deadline = deadline();
    n.completed_by = what == Notice::completed ? completed_by_ : CompletedBy::nobody;
    shown.push_back({n, visible == never ? at : visible});
  }

  void tell(Answer& a, Instant now, const Operation& op) {
    a.state = state_;
    a.version = version_;
    a.deadline = deadline();
    if (bug == Bug::tells_wrong_deadline && a.deadline != never) a.deadline += Duration{250'000};
    a.completed_by = completed_by_;
    a.completed_at = completed_at_;
    a.late = std::min(first_delivered_, now) > due_;
    if (bug == Bug::stale_reads && op.kind == OperationKind::view_order) {
      const Answer fresh = a;
      if (last_told_ && last_told_->version != 0) a = *last_told_;
      a.stamp = now;
      last_told_ = fresh;
    }
    if (deadline_at_risk_ && is_delivery(op.kind)) {  // acknowledged, and then forgotten
      deadline_at_risk_ = false;
      state_ = OrderState::in_progress;
      --version_;
      first_delivered_ = never;
    }
  }

  OrderId order_{};
  UserId buyer_{}, seller_{};
  Instant due_ = never, delivered_ = never, first_delivered_ = never, completed_at_ = never;
  Instant deadline_ = never, kept_deadline_ = never, old_deadline_ = never;
  Duration granted_{0};
  std::int64_t price_ = 0;
  OrderState state_ = OrderState::none;
  CompletedBy completed_by_ = CompletedBy::nobody;
  std::uint32_t version_ = 0, extensions_ = 0, modifications_ = 0, uploads_ = 0;
  std::optional<Operation> draft_;
  std::optional<Answer> last_told_;
  std::vector<Kept> kept_;
  bool forgotten_ = false, deadline_at_risk_ = false;
};

}  // namespace dueprocess::wall_test
