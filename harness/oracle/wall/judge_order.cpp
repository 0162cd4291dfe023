#include "harness/oracle/wall/judge_order.hpp"

#include <algorithm>
#include <memory>

#include "harness/oracle/wall/diagnosis.hpp"
#include "harness/oracle/wall/naming.hpp"
#include "harness/oracle/wall/search.hpp"

namespace dueprocess {

namespace {

using namespace wall;

/// One frame's search and what came of it.
struct Judged {
  Account account;
  std::unique_ptr<Search> search;
  bool explained = false;      // without a trouble
  bool over_budget = false;    // it is not known
  bool contradictory = false;  // whatever is passed over: the account itself is at odds with time
  bool unnamed = false;        // it is wrong; what is was not found in time
  bool stale = false;          // explained if looks may be of any age
  explicit operator bool() const { return search != nullptr; }
};

Us smallest(Us a, Us b) { return std::min(a, b); }

class OrderJudge {
 public:
  OrderJudge(const OrderHistory& history, const Policy& policy, judging::ReviewClock& review, const WallOptions& options,
             const ServiceClock& clock)
      : history_{history}, policy_{policy}, review_{review}, options_{options}, clock_{clock} {}

  OrderVerdict judge() {
    sum_up_payments();
    if (history_.overflowed) {
      unknown(UnknownReason::over_budget);
      return std::move(verdict_);
    }
    choose_frames();
    for (Judged* it : {&stamps_, &brackets_, &order_})
      if (*it) report(*it);
    const Judged& main = main_frame();
    if (!main.contradictory && !main.over_budget) {
      describe_end(main);
      describe_timer(main);
      cover(main);
      if (verdict_.violations.empty()) doubt(main);
    }
    if (!verdict_.violations.empty()) verdict_.verdict = Verdict::violated;
    for (const Judged* it : {&stamps_, &brackets_, &order_})
      if (*it) verdict_.searched += it->search->steps();
    return std::move(verdict_);
  }

 private:
  void unknown(UnknownReason why) {
    if (verdict_.verdict == Verdict::ok) verdict_.reason = why;
    verdict_.verdict = std::max(verdict_.verdict, Verdict::unknown);
  }

  void sum_up_payments() {
    for (const LiveEvidence& e : history_.evidence) {
      if (e.evidence.kind != EvidenceKind::payment) continue;
      ++verdict_.payments;
      verdict_.paid_cents = judging::sum_of(Duration{verdict_.paid_cents}, Duration{e.evidence.amount_cents}).count();
    }
  }

  void choose_frames() {
    HarnessTime from = never_ns, to = -never_ns;
    bool stamped = false;
    for (const LiveObservation& o : history_.operations) {
      from = std::min(from, o.sent_ns);
      to = std::max(to, o.answered_ns);
      stamped = stamped || o.observation.answer.stamp != never;
    }
    for (const LiveEvidence& e : history_.evidence) to = std::max(to, e.seen_ns);
    stepped_ = from <= to && clock_.stepped_in(from, to);
    if (stamped && !stepped_) search(stamps_, Frame::stamps);
    if (!clock_.empty() && !stepped_) search(brackets_, Frame::brackets);
    if (!stamps_ && !brackets_) search(order_, Frame::order);
  }

  void search(Judged& it, Frame frame) {
    it.account = account_of(history_, frame, options_, clock_);
    it.search = std::make_unique<Search>(it.account, policy_, review_, options_);
    if (it.account.keys_differ) return;
    it.explained = it.search->explain(0);
    it.over_budget = it.search->gave_up();
    if (it.explained || it.over_budget) return;
    const Diagnosis diagnosis = diagnose(*it.search, it.account, policy_, review_, options_);
    it.stale = diagnosis == Diagnosis::stale;
    it.contradictory = diagnosis == Diagnosis::contradictory;
    it.unnamed = diagnosis == Diagnosis::unnamed;
  }

  void add(Violation violation) {
    const bool known = std::any_of(verdict_.violations.begin(), verdict_.violations.end(),
                                   [&](const Violation& v) { return v.invariant == violation.invariant; });
    if (!known) verdict_.violations.push_back(std::move(violation));
  }

  void report(Judged& it) {
    if (it.account.keys_differ) return add(named_keys_differ(history_.order, it.account));
    if (it.explained) return;
    if (it.over_budget) return unknown(UnknownReason::over_budget);
    if (it.contradictory) return unknown(UnknownReason::clock_step);
    if (it.stale) return add(named_stale(history_.order, it.account));
    // Passed over and yet not broken, or not found in time: the operations can be told in no order.
    if (it.unnamed || it.search->troubles().empty())
      return add({history_.order, never, Invariant::A2, "an order of the operations that explains the answers", "none"});
    for (const Trouble& trouble : it.search->troubles()) add(named(trouble, history_.order, it.account, *it.search));
  }

  const Judged& main_frame() const {
    return stamps_ && !stamps_.contradictory ? stamps_ : brackets_ ? brackets_ : stamps_ ? stamps_ : order_;
  }

  void describe_end(const Judged& main) {
    if (main.account.keys_differ || main.stale || main.unnamed) {
      for (const LiveObservation& o : history_.operations) {
        const Answer& a = o.observation.answer;
        if (a.state == OrderState::none) continue;
        verdict_.placed = true;
        verdict_.state = a.state;
        verdict_.completed_by = a.completed_by;
      }
      return;
    }
    const judging::Facts& o = main.search->end().facts;
    verdict_.placed = o.state != OrderState::none;
    verdict_.state = o.state;
    verdict_.completed_by = o.completed_by;
  }

  // ---------------------------------------------------------------------------------------------- the timer

  /// Instants that the service gives for the completion: an event's or an answer's.
  static Instant stamped_completion(const Judged& it, std::size_t timer) {
    const auto& path = it.search->path();
    if (path[timer].event >= 0) {
      const Instant at = it.account.events[static_cast<std::size_t>(path[timer].event)].seen->evidence.at;
      if (at != never) return at;
    }
    for (std::size_t i = timer + 1; i < path.size() && it.search->options().tells.completed_at; ++i) {
      if (path[i].step == no_step) continue;
      const Answer& a = it.account.steps[static_cast<std::size_t>(path[i].step)].seen->observation.answer;
      if (a.completed_by == CompletedBy::automatic && a.completed_at != never) return a.completed_at;
    }
    return never;
  }

  static bool tells_state(const Judged& it, const Placed& p) {
    if (p.step == no_step) return false;
    const Step& step = it.account.steps[static_cast<std::size_t>(p.step)];
    return !step.optional && step.seen->observation.answer.state != OrderState::none;
  }

  /// Between the last that told it not completed yet and the first that told it completed.
  static Span bracket_of_timer(const Judged& it, std::size_t timer) {
    const auto& path = it.search->path();
    Span c;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (i == timer || !tells_state(it, path[i])) continue;
      const Span when = it.account.steps[static_cast<std::size_t>(path[i].step)].when;
      if (i < timer) c.low = std::max(c.low, when.low);
      if (i > timer) c.high = smallest(c.high, when.high);
    }
    if (path[timer].event >= 0) {
      const Witness& w = it.account.events[static_cast<std::size_t>(path[timer].event)];
      c = both(c, {plus(w.hidden_low, -std::clamp<Us>(us_of(it.search->options().notice_bound), 0, far_us)), w.seen_high});
    }
    return c;
  }
  static std::size_t timer_of(const Judged& it) {
    const auto& path = it.search->path();
    std::size_t i = 0;
    while (i < path.size() && !(path[i].step == no_step && path[i].before == OrderState::delivered)) ++i;
    return i;
  }

  void describe_timer(const Judged& main) {
    if (main.account.keys_differ || main.stale || main.unnamed) return;
    const std::size_t in_main = timer_of(main);
    if (in_main == main.search->path().size()) return;
    TimerSeen seen;
    const Span deadline = main.search->path()[in_main].deadline_span;
    if (const Instant stamped = stamped_completion(main, in_main); stamped != never && main.account.frame == Frame::stamps) {
      seen.stamped = true;
      seen.lateness_stamped = Duration{plus(clamped(us_of(stamped)), -deadline.high)};
    }
    if (brackets_ && !brackets_.contradictory && !brackets_.over_budget && !brackets_.stale && !brackets_.unnamed) {
      const std::size_t timer = timer_of(brackets_);
      if (timer != brackets_.search->path().size()) {
        const Span c = bracket_of_timer(brackets_, timer), d = brackets_.search->path()[timer].deadline_span;
        seen.bracketed = c.low > -far_us / 2 && c.high < far_us / 2 && d.low > -far_us / 2 && d.high < far_us / 2;
        if (seen.bracketed) {
          seen.lateness_low = Duration{c.low - d.high};
          seen.lateness_high = Duration{c.high - d.low};
          seen.resolution = Duration{std::max<Us>(0, c.width())};
        }
      }
    }
    verdict_.timer = seen;
  }

  // ---------------------------------------------------------------------------------------------- what is not known

  void doubt(const Judged& main) {
    if (main.account.frame == Frame::order && main.search->end().reviews > 0)
      unknown(stepped_ ? UnknownReason::clock_step : UnknownReason::unstamped);
    if (is_unsettled(main)) unknown(UnknownReason::lost_answers);
    if (is_unread(main)) unknown(UnknownReason::unread);
    if (verdict_.timer && !verdict_.timer->stamped && !is_resolved(main)) unknown(UnknownReason::unstamped);
    if (hinges_on_the_deadline(main)) unknown(UnknownReason::overlap);
  }

  /// An operation that might change the order had no answer, and nobody looked afterwards.
  bool is_unsettled(const Judged& main) const {
    if (verdict_.state == OrderState::completed) return false;
    HarnessTime lost_until = -never_ns, looked = -never_ns;
    for (const LiveObservation& o : history_.operations) {
      const Observation& seen = o.observation;
      if (seen.answer.outcome == Outcome::info && can_transition(seen.operation.kind))
        lost_until = std::max(lost_until, o.answered_ns);
      if (seen.answer.outcome != Outcome::info && seen.answer.state != OrderState::none) looked = std::max(looked, o.sent_ns);
    }
    for (const Step& step : main.account.steps)
      if (step.optional && !step.repeat && can_transition(step.seen->observation.operation.kind)) return looked <= lost_until;
    return false;
  }

  /// Its time is over and nobody looked.
  bool is_unread(const Judged& main) const {
    const Standing& end = main.search->end();
    if (end.facts.state != OrderState::delivered || end.deadline == no_node) return false;
    const Us by = plus(end.deadline_span.low, main.search->grace(end.deadline_span));
    return !options_.events && by < main.account.last_look.low;
  }

  bool is_resolved(const Judged& main) const {
    const TimerSeen& t = *verdict_.timer;
    if (!t.bracketed) return false;
    const std::size_t timer = timer_of(main);
    const Us late_us = main.search->grace(main.search->path()[timer].deadline_span);
    return t.lateness_low >= -options_.resolution_max && t.lateness_high <= Duration{late_us} + options_.resolution_max;
  }

  /// An operation's outcome depends on whether it came before D, and both may be.
  bool hinges_on_the_deadline(const Judged& main) const {
    if (policy_.after_deadline == AfterDeadline::until_fired) return false;
    const Us slack = std::clamp<Us>(us_of(options_.resolution_max), 0, far_us);
    for (const Placed& p : main.search->path()) {
      if (!p.hinges || p.step == no_step) continue;
      const Step& step = main.account.steps[static_cast<std::size_t>(p.step)];
      if (step.optional || step.when.high < p.deadline_span.low || step.when.low >= p.deadline_span.high) continue;
      if (plus(step.when.high, -p.deadline_span.low) > slack || plus(p.deadline_span.high, -step.when.low) > slack) return true;
    }
    return false;
  }

  // ---------------------------------------------------------------------------------------------- C1

  void cover(const Judged& main) {
    if (main.account.keys_differ || main.stale || main.unnamed) return;
    Coverage& met = verdict_.coverage;
    for (const Placed& p : main.search->path()) {
      if (p.step == no_step) {
        if (main.search->outages().any() && main.search->outages().covers(instant_at(p.deadline_span.low)))
          ++met.deadlines_in_downtime;
        continue;
      }
      const Step& step = main.account.steps[static_cast<std::size_t>(p.step)];
      const Observation& o = step.seen->observation;
      ++met.operations[static_cast<unsigned>(p.before)][static_cast<unsigned>(o.operation.kind)]
                      [step.optional ? 2U : static_cast<unsigned>(o.answer.outcome)];
      cover_effect(main, p, step, met);
      cover_boundary(p, step, met);
    }
  }

  void cover_effect(const Judged& main, const Placed& p, const Step& step, Coverage& met) {
    if (p.effect == judging::Effect::extended) ++met.extensions;
    if (p.effect != judging::Effect::delivered) return;
    const Instant at = instant_at(step.when.low);
    if (p.before == OrderState::in_revision) {
      ++met.redeliveries;
    } else if (at > main.search->end().facts.due_at) {
      ++met.late_deliveries;
    }
    const Instant deadline = instant_at(p.deadline_span_after.high);
    if (review_.crosses_offset_change(at, deadline)) ++met.dst_reviews;
    if (review_.holds_leap_day(at, deadline)) ++met.leap_day_reviews;
    if (main.search->outages().any() && main.search->outages().touches(at, deadline)) ++met.reviews_over_restart;
  }

  static void cover_boundary(const Placed& p, const Step& step, Coverage& met) {
    const bool looks = step.seen->observation.operation.kind == OperationKind::view_order && p.before == OrderState::delivered;
    if ((!p.hinges && !looks) || step.when.width() > 1'000'000 || p.deadline_span.width() > 1'000'000) return;
    const Us off = plus(step.when.low, -p.deadline_span.high);
    const Us distance = off < 0 ? -off : off;
    if (distance > 1'000'000) return;
    Boundary boundary = Boundary::at_deadline;
    if (distance != 0) {
      boundary = distance <= 1      ? Boundary::within_1us_before
                 : distance <= 1000 ? Boundary::within_1ms_before
                                    : Boundary::within_1s_before;
      if (off > 0) boundary = static_cast<Boundary>(static_cast<unsigned>(boundary) + 1);
    }
    ++met.boundaries[static_cast<unsigned>(boundary)];
  }

  const OrderHistory& history_;
  const Policy& policy_;
  judging::ReviewClock& review_;
  const WallOptions& options_;
  const ServiceClock& clock_;
  Judged stamps_, brackets_, order_;
  bool stepped_ = false;
  OrderVerdict verdict_;
};

}  // namespace

OrderVerdict judge(const OrderHistory& history, const Policy& policy, judging::ReviewClock& review, const WallOptions& options,
                   const ServiceClock& clock) {
  return OrderJudge{history, policy, review, options, clock}.judge();
}

}  // namespace dueprocess
