// A judge that knows nothing of constraints or orders: it goes through time microsecond by microsecond and, at each, tries
// everything that may happen: any operation whose bracket holds the moment, in any order, with or without those that had no
// answer, the timer anywhere it may fire. A history is legal if some way through ends with everything explained.
#pragma once

#include "harness/record/live.hpp"
#include "sim/workflow/policy.hpp"

#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

namespace dueprocess::wall_test {

struct Tried {
  Operation op;
  Answer answer;
  std::int64_t low = 0, high = 0;  // in which it took effect, by the service's clock
  HarnessTime sent = 0, answered = 0;
};
struct TriedEvent {
  Evidence evidence;
  std::int64_t low = 0, high = 0;  // in which its effect was
};

class BruteForce {
 public:
  Policy policy;
  std::int64_t lateness = 0, until = 0;
  std::vector<Tried> operations;
  std::vector<TriedEvent> events;
  bool with_events = false;
  bool believes_stamps = false;
  bool tells_lateness = false;

  bool is_legal() {
    seen_.clear();
    Machine start;
    start.now = -8;  // brackets and stamps may begin before 0
    return go(start);
  }

 private:
  using Key = std::tuple<std::int64_t, std::uint32_t, std::uint32_t, OrderState, CompletedBy, std::uint32_t, std::uint32_t,
                         std::uint32_t, std::int64_t, std::int64_t, std::int64_t, bool>;
  struct Machine {
    std::int64_t now = 0;
    std::uint32_t done = 0, shown = 0;  // bits of operations, of events
    OrderState state = OrderState::none;
    CompletedBy by = CompletedBy::nobody;
    std::uint32_t version = 0, extensions = 0, modifications = 0;
    std::int64_t deadline = 0, completed = 0;
    std::int64_t recorded = -1;  // completed_at as told before
    std::int64_t due = 0;
    bool delivered_late = false;
    UserId buyer{}, seller{};
    Key key() const {
      return {now, done, shown, state, by, version, extensions, modifications, deadline, completed, recorded, delivered_late};
    }
  };

  bool is_strict() const { return policy.after_deadline == AfterDeadline::strict; }

  bool go(const Machine& m) {
    if (!seen_.insert(m.key()).second) return false;
    if (is_finished(m)) return true;
    if (m.state == OrderState::delivered && m.now >= m.deadline && m.now <= m.deadline + lateness) {
      Machine next = m;
      next.by = CompletedBy::automatic;
      next.completed = m.now;
      if (change(next, OrderState::completed) && go(next)) return true;
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
      if (!may_come(m, i)) continue;
      Machine next = m;
      next.done |= 1U << i;
      if (perform(next, operations[i]) && go(next)) return true;
    }
    // Time passes, unless something must happen now at the latest.
    if (m.now >= until) return false;
    for (std::size_t i = 0; i < operations.size(); ++i)
      if ((m.done >> i & 1) == 0 && operations[i].answer.outcome != Outcome::info && operations[i].high <= m.now) return false;
    if (m.state == OrderState::delivered && m.now >= m.deadline + lateness) return false;
    Machine next = m;
    ++next.now;
    return go(next);
  }

  bool is_finished(const Machine& m) const {
    for (std::size_t i = 0; i < operations.size(); ++i)
      if ((m.done >> i & 1) == 0 && operations[i].answer.outcome != Outcome::info) return false;
    if (!with_events) return true;
    if (m.state == OrderState::delivered) return false;  // its time is over by the last look, and no event came
    return m.shown == (1U << events.size()) - 1;
  }

  bool may_come(const Machine& m, std::size_t i) const {
    const Tried& it = operations[i];
    const bool lost = it.answer.outcome == Outcome::info;
    if ((m.done >> i & 1) != 0 || m.now < it.low || (!lost && m.now > it.high)) return false;
    for (std::size_t k = 0; k < operations.size(); ++k) {
      const bool before = operations[k].answer.outcome != Outcome::info && operations[k].answered < it.sent;
      if (before && (m.done >> k & 1) == 0) return false;
    }
    return true;
  }

  bool change(Machine& m, OrderState to) const {
    const OrderState from = m.state;
    m.state = to;
    ++m.version;
    if (!with_events) return true;
    for (std::size_t e = 0; e < events.size(); ++e) {
      const Evidence& shown = events[e].evidence;
      if ((m.shown >> e & 1) != 0 || shown.version != m.version) continue;
      m.shown |= 1U << e;
      const std::int64_t deadline = to == OrderState::delivered ? m.deadline : us_of(never);
      const std::int64_t at = us_of(shown.at);
      const bool at_deadline = m.by == CompletedBy::automatic && at == m.deadline;
      return shown.from == from && shown.state == to && shown.completed_by == m.by && us_of(shown.deadline) == deadline &&
             m.now >= events[e].low && m.now <= events[e].high && (!believes_stamps || at == m.now || at_deadline);
    }
    return false;  // every effect is shown by the last look
  }

  Refusal due_to(const Machine& m, const Operation& op) const {
    using K = OperationKind;
    if (m.state == OrderState::none || (op.by != m.buyer && op.by != m.seller)) return Refusal::not_found;
    OrderState state = m.state;
    if (state == OrderState::delivered && m.now >= m.deadline && is_strict()) state = OrderState::completed;
    const bool of_buyer = op.kind == K::accept || op.kind == K::request_modification || op.kind == K::extend_review;
    if ((is_delivery(op.kind) && op.by != m.seller) || (of_buyer && op.by != m.buyer)) return Refusal::forbidden;
    if (op.kind == K::deliver && state != OrderState::in_progress) return Refusal::wrong_state;
    if (op.kind == K::deliver_modified && state != OrderState::in_revision) return Refusal::wrong_state;
    if (of_buyer && state != OrderState::delivered) return Refusal::wrong_state;
    if (is_delivery(op.kind) && op.links == 0) return Refusal::confirmation_required;
    if (op.kind == K::extend_review && op.extend_by_us <= 0) return Refusal::invalid;
    if (op.kind == K::extend_review && m.extensions >= policy.max_extensions) return Refusal::limit_reached;
    if (op.kind == K::request_modification && m.modifications >= policy.max_modifications) return Refusal::limit_reached;
    return Refusal::none;
  }

  bool perform(Machine& m, const Tried& it) const {
    using K = OperationKind;
    const Operation& op = it.op;
    const bool lost = it.answer.outcome == Outcome::info;
    if (op.kind == K::place_order) {
      if (m.state != OrderState::none || m.now >= us_of(op.due_at)) return false;
      m.buyer = op.by;
      m.seller = op.seller;
      m.due = us_of(op.due_at);
      return change(m, OrderState::in_progress) && (lost || tells(m, it));
    }
    const Refusal due = due_to(m, op);
    if (lost && due != Refusal::none) return false;
    if (!lost && (it.answer.refusal != due || (it.answer.outcome == Outcome::ok) != (due == Refusal::none))) return false;
    if (due == Refusal::none && !take(m, op)) return false;
    return lost || tells(m, it);
  }

  bool take(Machine& m, const Operation& op) const {
    switch (op.kind) {
      case OperationKind::deliver:
      case OperationKind::deliver_modified: {
        const std::int64_t period = us_of(policy.review_period);
        m.deadline = policy.review_anchor == ReviewAnchor::delivery   ? m.now + period
                     : policy.review_anchor == ReviewAnchor::due_date ? std::max(m.now, m.due + period)
                                                                      : std::max(m.now, m.due) + period;
        m.extensions = 0;
        if (m.state == OrderState::in_progress) m.delivered_late = m.now > m.due;
        return change(m, OrderState::delivered);
      }
      case OperationKind::accept:
        m.by = CompletedBy::buyer;
        m.completed = m.now;
        return change(m, OrderState::completed);
      case OperationKind::request_modification:
        ++m.modifications;
        return change(m, OrderState::in_revision);
      case OperationKind::extend_review:
        ++m.extensions;
        m.deadline += op.extend_by_us;
        return change(m, OrderState::delivered);
      default:
        return true;
    }
  }

  bool tells(Machine& m, const Tried& it) const {
    const Answer& a = it.answer;
    const bool party = it.op.by == m.buyer || it.op.by == m.seller;
    if (!party || m.state == OrderState::none)
      return a.state == OrderState::none && a.version == 0 && a.deadline == never && a.completed_at == never;
    if (a.state != m.state || a.version != m.version || a.completed_by != m.by) return false;
    if (tells_lateness && a.late != (m.state == OrderState::in_progress ? m.now > m.due : m.delivered_late)) return false;
    if (us_of(a.deadline) != (m.state == OrderState::delivered ? m.deadline : us_of(never))) return false;
    if (m.state != OrderState::completed) return a.completed_at == never;
    if (!believes_stamps) return a.completed_at != never;
    const std::int64_t at = us_of(a.completed_at);
    const bool fits = at == m.completed || (m.by == CompletedBy::automatic && at == m.deadline);
    if (!fits || (m.recorded != -1 && m.recorded != at)) return false;  // always the same
    m.recorded = at;
    return true;
  }

  std::set<Key> seen_;
};

}  // namespace dueprocess::wall_test
