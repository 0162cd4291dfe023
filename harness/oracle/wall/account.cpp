#include "harness/oracle/wall/account.hpp"

#include <algorithm>

#include "harness/oracle/keys.hpp"
#include "harness/oracle/wall/service_clock.hpp"

namespace dueprocess::wall {
namespace {

constexpr HarnessTime within_ns = HarnessTime{1} << 61;  // moments beyond are nonsense and are taken to be there

constexpr HarnessTime sane(HarnessTime t) { return std::clamp(t, -within_ns, within_ns); }

bool was_never_sent(const LiveObservation& o) {
  return o.observation.answer.outcome == Outcome::refused && o.observation.answer.refusal == Refusal::none;
}
bool is_lost(const LiveObservation& o) { return o.observation.answer.outcome == Outcome::info; }
bool is_keyed(const Operation& op) { return op.key != KeyId::none && op.by != UserId::nobody; }

bool is_look(OperationKind kind) { return kind == OperationKind::view_order || kind == OperationKind::contact_support; }
bool has_effect(OperationKind kind) {
  return can_transition(kind) || kind == OperationKind::save_draft || kind == OperationKind::upload;
}

/// All requests of one user under one key, as long as they ask the same.
struct Group {
  const LiveObservation* first = nullptr;
  const LiveObservation* answered = nullptr;  // the earliest definite answer
  HarnessTime sent = never_ns;
  std::uint32_t requests = 0;
};

class Builder {
 public:
  Builder(const OrderHistory& history, Frame frame, const WallOptions& options, const ServiceClock& clock)
      : history_{history}, options_{options}, clock_{clock}, slack_us_{std::max<Us>(0, us_of(options.granularity) - 1)} {
    account_.frame = frame;
  }

  Account build() {
    account_.steps.reserve(history_.operations.size() + 2);
    for (const LiveObservation& o : history_.operations) take(o);
    for (const Group& group : groups_) add(group);
    std::stable_sort(account_.steps.begin(), account_.steps.end(), [](const Step& a, const Step& b) { return a.sent < b.sent; });
    for (const LiveEvidence& e : history_.evidence) add(e);
    account_.last_look = bracket(history_.last_look, history_.last_look);
    for (const HarnessSpan& down : options_.downtimes) {
      const Span span = bracket(down.from, std::max(down.from, down.to));
      account_.downtimes.push_back({instant_at(span.low), instant_at(span.high)});
    }
    return std::move(account_);
  }

 private:
  Span bracket(HarnessTime from, HarnessTime to) const {
    return account_.frame == Frame::order ? Span{} : bracket_of(sane(from), sane(to), clock_);
  }
  Span stamp_or(Instant stamp, Span otherwise) const {
    return account_.frame == Frame::stamps && stamp != never ? around(clamped(us_of(stamp)), slack_us_) : otherwise;
  }

  void take(const LiveObservation& o) {
    const Operation& op = o.observation.operation;
    if (was_never_sent(o) || op.kind == OperationKind::list_orders) return;
    if (!is_keyed(op)) return add(Group{&o, is_lost(o) ? nullptr : &o, o.sent_ns, 1});
    bool taken = false, shared = false;
    for (Group& group : groups_) {
      const Operation& first = group.first->observation.operation;
      if (first.key != op.key || first.by != op.by) continue;
      if (judging::same_operation(first, op)) return join(group, o);
      taken = taken || (group.answered != nullptr && sane(group.answered->answered_ns) < sane(o.sent_ns));
      shared = true;
    }
    if (shared) return add(Group{&o, is_lost(o) ? nullptr : &o, o.sent_ns, 1}, taken, shared);
    groups_.push_back({&o, is_lost(o) ? nullptr : &o, o.sent_ns, std::max<std::uint32_t>(1, o.attempts)});
  }

  void join(Group& group, const LiveObservation& o) {
    group.requests += std::max<std::uint32_t>(1, o.attempts);
    group.sent = std::min(group.sent, o.sent_ns);
    if (is_lost(o)) return;
    if (group.answered != nullptr) {
      Answer a = group.answered->observation.answer, b = o.observation.answer;
      a.stamp = b.stamp = never;
      if (!account_.keys_differ && !judging::same_answer(a, b)) {
        account_.keys_differ = true;
        account_.first_answer = group.answered;
        account_.other_answer = &o;
      }
    }
    if (group.answered == nullptr || o.answered_ns < group.answered->answered_ns) group.answered = &o;
  }

  void add(const Group& group, bool key_taken = false, bool key_shared = false) {
    Step step;
    step.seen = group.answered != nullptr ? group.answered : group.first;
    const OperationKind kind = step.seen->observation.operation.kind;
    step.optional = group.answered == nullptr;
    if (step.optional && !has_effect(kind)) return;  // whatever became of it
    step.sent = sane(group.sent);
    step.answered = step.optional ? never_ns : std::max(step.sent, sane(step.seen->answered_ns));
    step.look = is_look(kind) && step.seen->observation.answer.outcome == Outcome::ok;
    step.key_taken = key_taken;
    step.key_shared = key_shared;
    const Span bracket_now = bracket(step.sent, step.optional ? step.sent : step.answered);
    step.when = stamp_or(step.optional ? never : step.seen->observation.answer.stamp, bracket_now);
    if (step.optional) step.when.high = far_us;
    if (kind == OperationKind::view_order && step.look && us_of(options_.read_staleness) > 0) {
      const Us ago = std::min(us_of(options_.read_staleness), far_us / 1000);
      step.when.low = plus(step.when.low, -ago);
      step.sent = sane(step.sent - ago * 1000);
    }
    account_.steps.push_back(step);
    if (group.requests < 2 || !has_effect(kind) || step.optional) return;
    Step again = step;
    again.repeat = again.optional = true;
    again.when.high = far_us;
    again.answered = never_ns;
    account_.steps.push_back(again);
  }

  void add(const LiveEvidence& e) {
    Witness w;
    w.seen = &e;
    w.at = stamp_or(e.evidence.at, {});
    w.seen_high = bracket(e.seen_ns, e.seen_ns).high;
    if (e.not_seen_ns != 0) w.hidden_low = bracket(e.not_seen_ns, e.not_seen_ns).low;
    switch (e.evidence.kind) {
      case EvidenceKind::event:
        return account_.events.push_back(w);
      case EvidenceKind::notification:
        return account_.notices.push_back(w);
      case EvidenceKind::payment:
        return account_.payments.push_back(w);
    }
  }

  const OrderHistory& history_;
  const WallOptions& options_;
  const ServiceClock& clock_;
  Us slack_us_;
  std::vector<Group> groups_;
  Account account_;
};

}  // namespace

Span bracket_of(HarnessTime sent, HarnessTime answered, const ServiceClock& clock) {
  const OffsetBounds before = clock.at(sent), after = sent == answered ? before : clock.at(answered);
  if (!before.known() || !after.known()) return {};
  return {clamped(floor_div(sent, 1000) + before.low_us), clamped(floor_div(answered, 1000) + 1 + after.high_us)};
}

Account account_of(const OrderHistory& history, Frame frame, const WallOptions& options, const ServiceClock& clock) {
  return Builder{history, frame, options, clock}.build();
}

}  // namespace dueprocess::wall
