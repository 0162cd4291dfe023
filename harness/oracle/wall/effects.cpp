// What an operation does to an order, if it is placed here: is its outcome the one the rules give (R17), and what follows.
#include <algorithm>

#include "harness/oracle/wall/search.hpp"

namespace dueprocess::wall {

using judging::Effect;
using judging::Role;
namespace flag = judging::flag;

namespace {

/// It stays so in whatever order: the state is asked only for parties.
bool answers(const Answer& a, Refusal due) { return a.refusal == due && (a.outcome == Outcome::ok) == (due == Refusal::none); }
std::uint16_t with(std::uint16_t flags, unsigned more) { return static_cast<std::uint16_t>(flags | more); }
std::uint16_t without(std::uint16_t flags, unsigned less) { return static_cast<std::uint16_t>(flags & ~less); }

}  // namespace

/// A delivery may come by the due date or after it; which of the two is a choice, as the deadline depends on it.
unsigned Search::alternatives(const Step& step) const {
  const Observation& o = step.seen->observation;
  const bool delivers = is_delivery(o.operation.kind) && (step.optional || o.answer.outcome == Outcome::ok);
  return delivers && policy_.review_anchor != ReviewAnchor::delivery ? 2 : 1;
}

bool Search::happens(std::uint32_t i, unsigned alternative, Standing& s) {
  const Step& step = account_.steps[i];
  const Operation& op = step.seen->observation.operation;
  Here here{static_cast<int>(i), nullptr, Refusal::none};
  const Node node = instants_.add(step.when);
  if (s.last != no_node && !instants_.at_least(node, s.last, 0)) return false;
  s.last = node;
  Placed& placed = path_.emplace_back();
  placed.step = static_cast<int>(i);
  placed.node = node;
  placed.before = placed.after = s.facts.state;
  placed.version = s.facts.version;
  placed.deadline_span = s.deadline_span;
  if (step.repeat && !broken(Break::key, s, here)) return false;

  bool takes = false;
  Role role = judging::neither;
  if (op.kind == OperationKind::place_order) {
    if (!is_placed_as_told(step, here, s, takes)) return false;
  } else {
    role = judging::role_of(s.facts, op.by);
    if (!is_answered(step, here, s, role, takes)) return false;
  }
  if (takes && !take_effect(step, here, alternative, s)) return false;
  path_.back().after = s.facts.state;
  path_.back().version = s.facts.version;
  path_.back().deadline = s.deadline;
  path_.back().extended = s.extended;
  path_.back().deadline_span_after = s.deadline_span;
  if (step.optional) return true;
  return tells(step, here, s, judging::role_of(s.facts, op.by));
}

bool Search::is_placed_as_told(const Step& step, const Here& here, Standing& s, bool& takes) {
  const Operation& op = step.seen->observation.operation;
  const Answer& a = step.seen->observation.answer;
  const Node node = s.last;
  const Us due = clamped(us_of(op.due_at));
  if (s.facts.state != OrderState::none) return !step.optional && (a.outcome != Outcome::ok || broken(Break::outcome, s, here));
  const Refusal always = judging::due_to_place(op, Instant::min());
  takes = step.optional || a.outcome == Outcome::ok;
  if (takes && always == Refusal::none) {
    const Constraint before_due{no_node, node, 1 - due};
    return step.optional ? add(before_due) : require(Break::outcome, s, here, before_due);
  }
  if (step.optional) return false;
  if (!takes && always != Refusal::none && a.refusal == always) return true;
  if (!takes && a.refusal == Refusal::invalid) return require(Break::outcome, s, here, {node, no_node, due});
  return broken(Break::outcome, s, here);
}

bool Search::is_answered(const Step& step, Here& here, Standing& s, Role role, bool& takes) {
  const Operation& op = step.seen->observation.operation;
  const Answer& a = step.seen->observation.answer;
  const bool refused_for_key = a.outcome == Outcome::refused && a.refusal == Refusal::invalid;
  if ((step.key_taken || step.key_shared) && refused_for_key) return true;
  if (step.key_taken && !step.optional && !broken(Break::key, s, here)) return false;

  // Its word for the state is taken before the refusal is judged by it.
  const bool told_otherwise = a.outcome == Outcome::refused && options_.tells.refusals && role != judging::neither &&
                              a.state != OrderState::none && a.state != s.facts.state;
  if (told_otherwise && is_allowed(Break::state)) {
    broken(Break::state, s, here);
    adopt(a, s);
  }

  Refusal due = Refusal::none;
  if (s.facts.state == OrderState::delivered) {
    if (!is_answered_in_review(step, here, s, role, due)) return false;
  } else {
    due = judging::due_answer(s.facts, op, role, s.facts.state, policy_);
    const bool no_draft = op.kind == OperationKind::open_draft && due == Refusal::none &&
                          (s.facts.flags & flag::has_draft) == 0 && a.refusal == Refusal::invalid;
    here.due = due;
    if (step.optional) {
      if (due != Refusal::none) return false;
    } else if (!answers(a, due) && !no_draft && !broken(Break::outcome, s, here)) {
      return false;
    }
  }
  here.due = due;
  takes = step.optional || a.outcome == Outcome::ok;
  if (takes && due != Refusal::none) {
    // Taken although it had to be refused. It was real if the order moved.
    const bool known = s.facts.state != OrderState::none;
    takes = known && (!can_transition(op.kind) || a.state == OrderState::none || a.version != s.facts.version);
  }
  if (!takes && is_about_files(a.refusal)) s.facts.flags = with(s.facts.flags, flag::file_refused);
  return true;
}

/// In `delivered`, as long as the timer has not fired: t <= D + L. Where its outcome depends on D, the answer says on which side.
bool Search::is_answered_in_review(const Step& step, const Here& here, Standing& s, Role role, Refusal& due) {
  const Operation& op = step.seen->observation.operation;
  const Answer& a = step.seen->observation.answer;
  const Node node = s.last;
  const Refusal before = judging::due_answer(s.facts, op, role, OrderState::delivered, policy_);
  const Refusal after = judging::due_answer(s.facts, op, role, OrderState::completed, policy_);
  const bool lenient = policy_.after_deadline == AfterDeadline::until_fired;
  due = before;
  Here it = here;
  it.due = before;
  const bool pending = s.deadline != no_node;
  path_.back().hinges = before != after && pending;
  if (step.optional) {
    if (before != Refusal::none) return false;
    if (!lenient && pending && !add({s.deadline, node, 1 - s.extended})) return false;
  } else if (before == after || lenient) {
    if (!answers(a, before) && !broken(Break::outcome, s, it)) return false;
  } else if (answers(a, before)) {
    it.due = after;
    if (pending && !require(Break::after_deadline, s, it, {s.deadline, node, 1 - s.extended})) return false;
  } else if (answers(a, after)) {
    due = after;
    if (pending && !require(Break::outcome, s, it, {node, s.deadline, s.extended})) return false;
  } else if (!broken(Break::outcome, s, it)) {
    return false;
  }
  if (!pending) return true;
  const Us late_us = plus(s.extended, grace(s.deadline_span));
  const Constraint in_review{s.deadline, node, -late_us};
  return step.optional ? add(in_review) : require(Break::late, s, here, in_review);
}

bool Search::take_effect(const Step& step, const Here& here, unsigned alternative, Standing& s) {
  const Operation& op = step.seen->observation.operation;
  judging::Facts& o = s.facts;
  switch (op.kind) {
    case OperationKind::place_order:
      o.buyer = op.by;
      o.seller = op.seller;
      o.due_at = op.due_at;
      o.price_cents = op.price_cents;
      return begin(Effect::placed, OrderState::in_progress, here, s, false);
    case OperationKind::save_draft:
      o.flags = with(without(o.flags, flag::draft_blank),
                     flag::has_draft | flag::drafted | (is_blank(op.text) ? flag::draft_blank : 0U));
      o.draft_attachments = op.attachments;
      o.draft_links = op.links;
      return true;
    case OperationKind::upload:
      ++o.uploads;
      return true;
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      if (s.first_delivered == no_node) s.first_delivered = s.last;
      if (!opens_review(s.last, alternative, s)) return false;
      o.extensions = 0;
      o.uploads = 0;
      o.flags = without(o.flags, flag::has_draft | flag::draft_blank | flag::drafted | flag::file_refused);
      return begin(Effect::delivered, OrderState::delivered, here, s, false);
    case OperationKind::accept:
      s.completed = s.last;
      s.recorded_as_fired = true;
      o.completed_by = CompletedBy::buyer;
      return begin(Effect::accepted, OrderState::completed, here, s, false);
    case OperationKind::request_modification:
      ++o.modifications;
      s.older_deadline = s.deadline_span;
      s.deadline = no_node;
      s.extended = 0;
      s.deadline_span = {};
      return begin(Effect::modification, OrderState::in_revision, here, s, false);
    case OperationKind::extend_review: {
      const Us by = clamped(op.extend_by_us);
      s.extended = plus(s.extended, by);
      s.deadline_span = moved(s.deadline_span, by);
      o.extended = judging::sum_of(o.extended, Duration{by});
      ++o.extensions;
      return begin(Effect::extended, OrderState::delivered, here, s, false);
    }
    default:
      return true;
  }
}

//   later     t <= due: D = due + P         t > due: D = t + P         P: the period, on the calendar counted from the anchor
//   due_date  t <= due + P: D = due + P     t > due + P: D = t
//   delivery                                D = t + P
bool Search::opens_review(Node delivered, unsigned alternative, Standing& s) {
  const Us due = clamped(us_of(s.facts.due_at));
  const Duration carried = policy_.extensions_carry_over ? s.facts.extended : Duration{0};
  const auto ends = [&](Us from) { return clamped(us_of(review_.deadline(instant_at(due), instant_at(from), carried))); };
  const bool of_due_date = policy_.review_anchor == ReviewAnchor::due_date;
  const Us by_due = of_due_date ? ends(-far_us) : ends(due);  // D of a delivery in time
  const Us in_time_until = of_due_date ? by_due : due;
  ++s.reviews;
  s.extended = 0;
  if (policy_.review_anchor != ReviewAnchor::delivery) {
    if (alternative == 0) {
      if (!instants_.within(delivered, {-far_us, in_time_until})) return false;
      s.deadline_span = {by_due, by_due};
      s.deadline = instants_.add(s.deadline_span);
      return true;
    }
    if (!instants_.within(delivered, {plus(in_time_until, 1), far_us})) return false;
  }
  const Span when{instants_.low(delivered), instants_.high(delivered)};
  if (of_due_date) {
    s.deadline = delivered;
    s.deadline_span = when;
    return true;
  }
  // The same everywhere in the span but on the calendar, where an offset may change: a day more or less at most.
  Us shortest = plus(ends(when.low), -when.low), longest = shortest;
  if (policy_.days == DayRule::calendar) {
    const Us other = plus(ends(when.high), -when.high);
    const bool near = when.width() < 3'600'000'000;
    const Us day = near ? 0 : 86'400'000'000;
    const Us usual = plus(us_of(policy_.review_period), us_of(carried));
    shortest = near ? std::min(shortest, other) : plus(usual, -day);
    longest = near ? std::max(longest, other) : plus(usual, day);
  } else {
    shortest = longest = plus(clamped(us_of(policy_.review_period)), clamped(us_of(carried)));
  }
  s.deadline_span = {plus(when.low, shortest), plus(when.high, longest)};
  s.deadline = instants_.add(s.deadline_span);
  return instants_.at_least(s.deadline, delivered, shortest) && instants_.at_least(delivered, s.deadline, -longest);
}

/// An effect: the next version, and an event of it.
bool Search::begin(Effect effect, OrderState to, const Here& here, Standing& s, bool event_at_firing) {
  judging::Facts& o = s.facts;
  o.from = o.state;
  o.state = to;
  o.effect = effect;
  ++o.version;
  Placed& placed = path_.back();
  placed.effect = effect;
  placed.after = to;
  placed.version = o.version;
  placed.deadline = s.deadline;
  placed.extended = s.extended;
  return shows_event(placed, here, s, event_at_firing);
}

}  // namespace dueprocess::wall
