// Completion by the timer at an instant that is not the deadline (T1-T4, T6), and operations that come after a deadline whose
// timer has not been seen to fire (T2, G4).
#include "harness/oracle/effects.hpp"
#include "harness/oracle/words.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace dueprocess::judging {

bool Judge::is_older_deadline(const Facts& o, Instant at) {
  if (o.previous_deadline == at) return true;
  const Cold* cold = table_.cold_if_any(o);
  return cold != nullptr &&
         std::find(cold->older_deadlines.begin(), cold->older_deadlines.end(), at) != cold->older_deadlines.end();
}

void Judge::judge_odd_instant(Subject it, Instant at) {
  Facts& o = it.o;
  if (o.deadline == never) return;  // adopted from a target that told none: nothing to hold it to
  const bool reported = (o.flags & flag::timing_found) != 0;
  const Instant last_told = o.told_at == never || o.effect_at > o.told_at ? o.effect_at : o.told_at;
  Invariant broken = Invariant::T2;
  if (at < o.deadline) {
    ++tally_->early;
    tally_->earliest_us = std::max(tally_->earliest_us, us_of(between(at, o.deadline)));
    const bool extended = o.extensions != 0 || (policy_.extensions_carry_over && o.extended != Duration{0});
    broken = outages_.came_back_in(last_told, at) ? Invariant::T6
             : is_older_deadline(o, at)           ? Invariant::T4
             : extended                           ? Invariant::T3
                                                  : Invariant::T1;
  } else {
    record_lateness(o.deadline, at);
    if (at <= outages_.latest(o.deadline)) return;
    // A restart before D that leaves it in sight, and then another instant: the restart moved it.
    if (outages_.came_back_in(last_told, o.deadline)) broken = Invariant::T6;
  }
  if (reported) return;
  o.flags |= flag::timing_found;
  std::string expected = fmt::format("completed by auto at {}", in_words(o.deadline));
  if (broken == Invariant::T3) expected += fmt::format(", {} extension(s) in this review", o.extensions);
  if (broken == Invariant::T4) expected += ", the deadline of the review under way";
  report(it, at, broken, std::move(expected), fmt::format("at {}", in_words(at)));
}

/// An answer is the first sign that the timer completed the order; the event is owed from now on.
void Judge::complete_as_told(Subject it, Asked asked) {
  const Answer& a = asked.answer;
  const Instant at = a.completed_at == never || a.completed_at > asked.now ? asked.now : a.completed_at;
  complete_automatically(it, at);
}

/// In `delivered` by what was seen so far, at or after the deadline.
void Judge::judge_overdue(Subject it, Asked asked, Role role) {
  Facts& o = it.o;
  const Operation& op = asked.op;
  const Answer& a = asked.answer;
  if (is_down(a, asked.now)) return;
  if (role != neither && a.state == OrderState::completed && a.completed_by == CompletedBy::automatic) {
    complete_as_told(it, asked);
    return judge(it, asked);
  }
  const bool taken = a.outcome == Outcome::ok;
  const bool lenient = policy_.after_deadline == AfterDeadline::until_fired;
  const bool too_late = asked.now > outages_.latest(o.deadline);
  const Refusal before = due_answer(o, op, role, OrderState::delivered, policy_);
  const Refusal after = due_answer(o, op, role, OrderState::completed, policy_);
  const auto answers = [&](Refusal due) { return a.refusal == due && taken == (due == Refusal::none); };

  const bool won_late = taken && before == Refusal::none && after != Refusal::none;
  if (won_late && !lenient) {
    if ((o.flags & flag::timing_found) == 0) {
      o.flags |= flag::timing_found;
      report(it, asked.now, Invariant::G4,
             fmt::format("{} at {}, deadline {}: {}", in_words(op), in_words(asked.now), in_words(o.deadline),
                         in_words(Outcome::refused, after)),
             in_words(a));
    }
  } else if (!answers(after) && !(lenient && answers(before))) {
    return judge_wrong_outcome(it, asked, role, after);
  }
  const bool still_open = role != neither && a.state == OrderState::delivered && too_late && (!won_late || lenient);
  if (still_open && (o.flags & flag::timing_found) == 0) {
    o.flags |= flag::timing_found;
    report(it, asked.now, Invariant::T2, fmt::format("completed by auto at {}", in_words(o.deadline)), in_words(a));
  }
  if (taken) apply(o, op, asked.now);
  judge_told(it, asked, role);
}

/// The timer completed an order that is in no review.
void Judge::judge_completion_outside_review(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  const std::string what = in_words(e);
  switch (o.state) {
    case OrderState::completed: {
      const bool two_winners = o.completed_by == CompletedBy::buyer;
      report(it, seen, two_winners ? Invariant::A2 : Invariant::A1,
             fmt::format("completed once, by {} at {}", name_of(o.completed_by), in_words(o.completed_at)), what);
      complete(o, CompletedBy::automatic, e.at);
      o.owed = static_cast<std::uint8_t>(owed_by_effect_[static_cast<unsigned>(Effect::automatic)] & ~owed::event);
      o.version = e.version;
      return tolerate(o);
    }
    case OrderState::in_revision:
      report(it, seen, Invariant::T4, "in_revision: no deadline is pending", what);
      break;
    default: {
      const Invariant broken = (o.flags & flag::drafted) != 0        ? Invariant::G2
                               : (o.flags & flag::file_refused) != 0 ? Invariant::G3
                                                                     : Invariant::T1;
      report(it, seen, broken, fmt::format("{}: no deadline is pending", name_of(o.state)), what);
    }
  }
  ++tally_->early;
  complete(o, CompletedBy::automatic, e.at);
  o.owed &= static_cast<std::uint8_t>(~owed::event);
  o.version = e.version;
}

}  // namespace dueprocess::judging
