// Does an answer tell of the order what is known of it at its place? Told instants narrow the system, or contradict it.
#include "harness/oracle/wall/search.hpp"

namespace dueprocess::wall {

using judging::Role;

Constraint Search::not_before(Node node, Instant told) const { return {node, no_node, plus(clamped(us_of(told)), -fuzz_us_)}; }
Constraint Search::not_after(Node node, Instant told, Us later) const {
  return {no_node, node, -plus(plus(clamped(us_of(told)), fuzz_us_), later)};
}

/// After a finding, the target's word.
void Search::adopt(const Answer& a, Standing& s) {
  s.facts.state = a.state;
  if (a.version != 0) s.facts.version = a.version;
  s.facts.completed_by = a.completed_by;
  if (a.state == OrderState::delivered && s.deadline == no_node && a.deadline != never) {
    s.deadline_span = around(clamped(us_of(a.deadline)), fuzz_us_);
    s.deadline = instants_.add(s.deadline_span);
    s.extended = 0;
  }
  if (a.state == OrderState::in_revision) s.deadline = no_node;
  if (a.state == OrderState::completed && s.completed == no_node) s.completed = s.last;
}

bool Search::tells(const Step& step, const Here& here, Standing& s, Role role) {
  const Answer& a = step.seen->observation.answer;
  const bool refused = a.outcome == Outcome::refused;
  if (role == judging::neither) {
    const bool told = a.state != OrderState::none || a.version != 0 || a.deadline != never || a.completed_at != never;
    return !told || broken(Break::identity, s, here);
  }
  if (a.state == OrderState::none || (refused && !options_.tells.refusals)) return true;
  if (a.state != s.facts.state) {
    if (!broken(Break::state, s, here)) return false;
    adopt(a, s);
    return true;
  }
  if (options_.tells.versions && a.version != 0 && a.version != s.facts.version) {
    if (!broken(Break::version, s, here)) return false;
    s.facts.version = a.version;
    path_.back().version = a.version;
  }
  if (options_.tells.deadlines && !tells_deadline(a.deadline, here, s)) return false;
  if (!tells_completion(a, here, s)) return false;
  if (!options_.tells.lateness || s.facts.due_at == never) return true;
  const Node first = s.first_delivered != no_node ? s.first_delivered : s.last;
  const Us due = clamped(us_of(s.facts.due_at));
  const Constraint late{first, no_node, plus(due, 1)}, in_time{no_node, first, -due};
  return require(Break::lateness, s, here, a.late ? late : in_time);
}

bool Search::tells_deadline(Instant told, const Here& here, Standing& s) {
  if (s.facts.state != OrderState::delivered) return told == never || broken(Break::deadline, s, here);
  if (s.deadline == no_node) return true;
  if (told == never) return broken(Break::deadline, s, here);
  const Us stated = plus(clamped(us_of(told)), -s.extended);
  const Instant base = instant_at(stated);
  if (!require(Break::deadline, s, here, not_before(s.deadline, base), not_after(s.deadline, base))) return false;
  const Span pinned = both(s.deadline_span, around(clamped(us_of(told)), fuzz_us_));
  if (!pinned.empty()) s.deadline_span = pinned;
  return true;
}

bool Search::tells_completion(const Answer& a, const Here& here, Standing& s) {
  if (s.facts.state != OrderState::completed) {
    const bool nothing = a.completed_by == CompletedBy::nobody && a.completed_at == never;
    return nothing || broken(Break::completion, s, here);
  }
  if (options_.tells.completed_by && a.completed_by != s.facts.completed_by) {
    if (!broken(Break::completion, s, here)) return false;
    s.facts.completed_by = a.completed_by;
    return true;
  }
  if (!options_.tells.completed_at) return true;
  if (a.completed_at == never) return broken(Break::completion, s, here);
  if (account_.frame != Frame::stamps) return true;
  if (s.recorded_as_fired || s.deadline == no_node)
    return require(Break::completion, s, here, not_before(s.completed, a.completed_at), not_after(s.completed, a.completed_at));
  const Instant base = instant_at(plus(clamped(us_of(a.completed_at)), -s.extended));
  return require(Break::completion, s, here, not_before(s.deadline, base), not_after(s.deadline, base));
}

}  // namespace dueprocess::wall
