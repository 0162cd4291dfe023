// Operations whose outcome is not the one the rules give (G1-G5, A1-A3), and answers that tell something else than what is
// known of the order (T5, T6, T4, A1, A4, G2, G5).
#include "harness/oracle/effects.hpp"
#include "harness/oracle/words.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace dueprocess::judging {
namespace {

constexpr bool is_identity(Refusal r) {
  return r == Refusal::unauthenticated || r == Refusal::not_found || r == Refusal::forbidden;
}
constexpr bool is_about_files(Refusal r) { return r == Refusal::file_too_large || r == Refusal::confirmation_required; }
constexpr bool touches_draft(const Operation& op) {
  return op.kind == OperationKind::save_draft || op.kind == OperationKind::open_draft || (is_delivery(op.kind) && op.use_draft);
}
constexpr bool is_inert(OperationKind kind) {
  return kind == OperationKind::save_draft || kind == OperationKind::open_draft || kind == OperationKind::upload;
}

std::string due_in_words(Refusal due) { return due == Refusal::none ? "ok" : in_words(Outcome::refused, due); }

std::string about(const Facts& o, const Operation& op, Refusal due) {
  return fmt::format("{} in {}: {}", in_words(op), name_of(o.state), due_in_words(due));
}

}  // namespace

bool Judge::is_down(const Answer& a, Instant now) const {
  return a.outcome == Outcome::refused && a.refusal == Refusal::none && outages_.covers(now);
}

Instant Judge::told_deadline(const Facts& o) {
  return (o.flags & flag::told_differs) != 0 ? table_.cold_if_any(o)->told_deadline : in_force(o);
}

void Judge::tell_deadline(Facts& o, Instant told) {
  if (told == in_force(o)) {
    o.flags &= static_cast<std::uint16_t>(~flag::told_differs);
    return;
  }
  table_.cold(o).told_deadline = told;
  o.flags |= flag::told_differs;
}

void Judge::move_told_deadline(Facts& o, Duration by) {
  Cold& cold = table_.cold(o);
  cold.told_deadline = moved(cold.told_deadline, by);
  if (cold.told_deadline == o.deadline) o.flags &= static_cast<std::uint16_t>(~flag::told_differs);
}

/// What follows from a finding is not found again: the evidence owed may come or not.
void Judge::tolerate(Facts& o) {
  Cold& cold = table_.cold(o);
  cold.tolerated = o.owed;
  cold.tolerated_effect = o.effect;
  o.owed = 0;
  o.flags |= flag::tolerates;
}

void Judge::adopt(Facts& o, const Answer& a) {
  if (a.state == OrderState::none) return;
  o.state = a.state;
  o.version = a.version;
  o.completed_by = a.completed_by;
  o.completed_at = a.completed_at;
  if (a.state == OrderState::delivered && o.deadline == never) o.deadline = a.deadline;
  tell_deadline(o, a.deadline);
}

Invariant Judge::broken_by(const Facts& o, Asked asked, Role role, Refusal due) const {
  const Answer& a = asked.answer;
  const bool taken = a.outcome == Outcome::ok;
  if (is_identity(due) || is_identity(a.refusal)) return Invariant::G5;
  if (taken && due == Refusal::wrong_state && o.state == OrderState::completed && can_transition(asked.op.kind)) {
    return asked.op.kind == OperationKind::accept && o.completed_by == CompletedBy::automatic ? Invariant::A2 : Invariant::A1;
  }
  if (due == Refusal::wrong_state || a.refusal == Refusal::wrong_state || role == neither) return Invariant::G1;
  // Files before drafts: a delivery of a draft without a file is still one without a file.
  if ((taken && is_about_files(due)) || (due == Refusal::none && is_about_files(a.refusal))) return Invariant::G3;
  if (touches_draft(asked.op) && (taken || due == Refusal::none)) return Invariant::G2;
  return Invariant::G1;
}

void Judge::judge_wrong_outcome(Subject it, Asked asked, Role role, Refusal due) {
  Facts& o = it.o;
  const Operation& op = asked.op;
  const Answer& a = asked.answer;
  if (is_down(a, asked.now)) return;
  // No rule says what opening a draft that nobody saved gives.
  if (op.kind == OperationKind::open_draft && due == Refusal::none && (o.flags & flag::has_draft) == 0 &&
      a.refusal == Refusal::invalid)
    return judge_told(it, asked, role);
  const bool told_of_timer = role != neither && o.state == OrderState::delivered && a.state == OrderState::completed &&
                             a.completed_by == CompletedBy::automatic;
  if (told_of_timer) {
    // The answer is the first sign of a completion: that is judged, and the outcome by what was true then.
    complete_as_told(it, asked);
    return judge(it, asked);
  }
  report(it, asked.now, broken_by(o, asked, role, due), about(o, op, due), in_words(a));
  if (a.outcome == Outcome::ok && op.kind != OperationKind::open_draft) {
    const bool known = o.state != OrderState::none || op.kind == OperationKind::place_order;
    const bool took_effect = !can_transition(op.kind) || a.state == OrderState::none || a.version != o.version;
    if (known && took_effect) {
      apply(o, op, asked.now);
      if (can_transition(op.kind)) tolerate(o);
    }
  }
  if (o.state == OrderState::none) return;
  adopt(o, a);
  o.told_at = asked.now;
  o.last_kind = op.kind;
}

void Judge::judge_second_place(Subject it, Asked asked) {
  // The name is taken; which refusal says so is not for the rules of one order to say.
  if (asked.answer.outcome == Outcome::refused) return;
  report(it, asked.now, Invariant::G1, fmt::format("{} of an order that exists: refused", in_words(asked.op)),
         in_words(asked.answer));
}

void Judge::judge_without_order(OrderId id, Asked asked) {
  const Operation& op = asked.op;
  const Answer& a = asked.answer;
  if (is_down(a, asked.now)) return;
  Refusal due = op.by == UserId::nobody ? Refusal::unauthenticated : Refusal::not_found;
  if (op.kind == OperationKind::list_orders && op.by != UserId::nobody) due = Refusal::none;
  if (op.kind == OperationKind::place_order) due = due_to_place(op, asked.now);
  const bool taken = a.outcome == Outcome::ok;
  const OrderId about_order = op.kind == OperationKind::list_orders ? OrderId::none : id;
  if (a.refusal != due || taken != (due == Refusal::none)) {
    const bool identity = is_identity(due) || is_identity(a.refusal);
    report(about_order, asked.now, identity ? Invariant::G5 : Invariant::G1,
           fmt::format("{}: {}", in_words(op), due_in_words(due)), in_words(a));
  } else if (op.kind != OperationKind::list_orders && op.kind != OperationKind::place_order && a.state != OrderState::none) {
    report(about_order, asked.now, Invariant::G5, fmt::format("{} of an order that does not exist: told nothing", in_words(op)),
           in_words(a));
  }
}

void Judge::judge_odd_telling(Subject it, Asked asked, Role role) {
  Facts& o = it.o;
  const Answer& a = asked.answer;
  if (role == neither)
    return report(it, asked.now, Invariant::G5, fmt::format("{}: told nothing of the order", in_words(asked.op)), in_words(a));
  const bool told_of_timer =
      o.state == OrderState::delivered && a.state == OrderState::completed && a.completed_by == CompletedBy::automatic;
  if (told_of_timer) complete_as_told(it, asked);

  const bool inert = is_inert(asked.op.kind);
  if (a.state != o.state) {
    const Invariant broken = a.state == OrderState::none        ? Invariant::G5
                             : inert                            ? Invariant::G2
                             : o.state == OrderState::completed ? Invariant::A1
                                                                : Invariant::G1;
    report(it, asked.now, broken, fmt::format("after {}: {}, version {}", in_words(asked.op), name_of(o.state), o.version),
           in_words(a));
    return adopt(o, a);
  }
  judge_told_completion(it, asked);
  judge_told_deadline(it, asked);
  if (a.version != o.version) {
    report(it, asked.now, inert ? Invariant::G2 : Invariant::A4,
           fmt::format("after {}: version {}", in_words(asked.op), o.version), fmt::format("version {}", a.version));
    o.version = a.version;
  }
  if (a.late != is_late(o, asked.now) && (o.flags & flag::late_found) == 0) {
    o.flags |= flag::late_found;
    report(it, asked.now, Invariant::T5,
           fmt::format("{}late: due {}, first delivered {}", a.late ? "not " : "", in_words(o.due_at),
                       in_words(o.first_delivered_at)),
           a.late ? "late" : "not late");
  }
}

void Judge::judge_told_completion(Subject it, Asked asked) {
  Facts& o = it.o;
  const Answer& a = asked.answer;
  if (a.completed_by == o.completed_by && a.completed_at == o.completed_at) return;
  // A timer that fires late may still put the deadline down as the instant of completion (R11).
  const bool as_of_deadline = a.completed_by == CompletedBy::automatic && o.completed_by == CompletedBy::automatic &&
                              a.completed_at == o.deadline && o.completed_at > o.deadline;
  if (!as_of_deadline) {
    const bool two_winners =
        a.completed_by != o.completed_by && a.completed_by != CompletedBy::nobody && o.completed_by != CompletedBy::nobody;
    report(it, asked.now, two_winners ? Invariant::A2 : Invariant::T5,
           fmt::format("completed by {} at {}", name_of(o.completed_by), in_words(o.completed_at)),
           fmt::format("completed by {} at {}", name_of(a.completed_by), in_words(a.completed_at)));
    o.completed_by = a.completed_by;
  }
  o.completed_at = a.completed_at;
}

void Judge::judge_told_deadline(Subject it, Asked asked) {
  Facts& o = it.o;
  const Answer& a = asked.answer;
  if (a.deadline != told_deadline(o) && a.deadline != in_force(o)) {
    const Instant last_told = o.told_at == never || o.effect_at > o.told_at ? o.effect_at : o.told_at;
    const Invariant broken = is_inert(asked.op.kind)                       ? Invariant::G2
                             : outages_.came_back_in(last_told, asked.now) ? Invariant::T6
                             : o.state == OrderState::in_revision          ? Invariant::T4
                                                                           : Invariant::T5;
    report(it, asked.now, broken, fmt::format("after {}: deadline {}", in_words(asked.op), in_words(in_force(o))),
           fmt::format("deadline {}", in_words(a.deadline)));
  }
  tell_deadline(o, a.deadline);
}

}  // namespace dueprocess::judging
