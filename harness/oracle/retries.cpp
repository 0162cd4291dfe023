// Idempotency keys (R16, A3), and operations without an answer. An unanswered operation may have taken effect at any time since
// it was sent, or never: each later observation is tried on the facts as they are and as they would be with the effect; the first
// that fits is adopted. Where none fits the order is `unknown`, never violated: bounded work, no guess.
#include "harness/oracle/digest.hpp"
#include "harness/oracle/effects.hpp"
#include "harness/oracle/words.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace dueprocess::judging {

void Judge::remember_key(Facts* o, Asked asked) {
  const std::uint32_t index = keys_.add(asked.op, asked.answer);
  keys_.at(index).settled = asked.answer.outcome != Outcome::info;
  if (o == nullptr) return;  // kept until the cell is done
  Cold& cold = table_.cold(*o);
  keys_.at(index).next = cold.first_key;
  cold.first_key = index;
}

void Judge::judge_replay(OrderId id, Facts* o, Asked asked, KeyRecord& first) {
  const Answer& a = asked.answer;
  const bool living = o != nullptr && o->state != OrderState::none && (o->flags & flag::finished) == 0;
  if (a.outcome == Outcome::info) return;  // the same logical operation: nothing new is known
  if (!same_operation(asked.op, first.operation)) {
    if (a.outcome == Outcome::refused && a.refusal == Refusal::invalid) {
      const bool certain = living && (o->flags & flag::slow) == 0;
      if (certain && o->state == OrderState::delivered && asked.now >= o->deadline && a.state == OrderState::completed)
        complete_as_told({*o, id}, asked);
      if (certain) judge_told({*o, id}, asked, role_of(*o, asked.op.by));
      return;
    }
    const std::string expected =
        fmt::format("{}: refused: invalid, its key was used with {}", in_words(asked.op), in_words(first.operation));
    if (!living) return report(id, asked.now, Invariant::A3, expected, in_words(a));
    report({*o, id}, asked.now, Invariant::A3, expected, in_words(a));
    if (a.outcome == Outcome::ok && a.version != o->version && asked.op.kind != OperationKind::place_order) {
      apply(*o, asked.op, asked.now);
      tolerate(*o);
    }
    return adopt(*o, a);
  }
  ++tally_->coverage.key_replays;
  if (!first.settled) {
    first.settled = true;
    first.answer = a;
    const Instant first_sent = asked.now;
    if (o != nullptr) judge_retry({*o, id}, asked, first_sent);
    return;
  }
  if (living) table_.cold(*o).replayed_at = asked.now;
  if (same_answer(a, first.answer)) return;
  const std::string expected = "the first answer again: " + in_words(first.answer);
  if (!living) return report(id, asked.now, Invariant::A3, expected, in_words(a));
  report({*o, id}, asked.now, Invariant::A3, expected, in_words(a));
  const bool again = can_transition(asked.op.kind) && asked.op.kind != OperationKind::place_order;
  if (a.outcome == Outcome::ok && again && a.version == o->version + 1) {
    apply(*o, asked.op, asked.now);
    tolerate(*o);
  }
  // Only news is adopted: the first answer may tell of a state that is long past.
  if (a.version >= o->version) adopt(*o, a);
}

void Judge::note_unanswered(Subject it, const Operation& op, Instant sent) {
  const bool matters = can_transition(op.kind) || op.kind == OperationKind::save_draft || op.kind == OperationKind::upload;
  if (!matters || op.by == UserId::nobody) return;
  table_.cold(it.o).unanswered.push_back({op, sent});
  it.o.flags |= flag::uncertain;
}

void Judge::give_up(Facts& o) {
  if (!trying_) o.flags |= flag::unknown;
}

/// Would the judgement find nothing, on a copy of the order that was prepared so?
template <class Prepare, class Judgement>
bool Judge::fits(Subject it, const Prepare& prepare, const Judgement& judgement) {
  Tally scratch;
  Tally* const real = tally_;
  Facts copy = table_.fork(it.o);
  tally_ = &scratch;
  trying_ = true;
  findings_ = 0;
  const bool possible = prepare(copy);
  if (possible) judgement(Subject{copy, it.id});
  trying_ = false;
  tally_ = real;
  table_.drop_cold(copy);
  return possible && findings_ == 0;
}

template <class Judgement>
void Judge::settle(Subject it, Instant now, const Judgement& judgement) {
  // Without rewriting history: an effect is applied if the guard allows it there.
  const auto takes = [&](Facts& o, const Unanswered& which, Instant at) {
    const bool placing = which.operation.kind == OperationKind::place_order;
    if (placing ? o.state != OrderState::none : o.state == OrderState::none) return false;
    if (o.state == OrderState::delivered && at >= o.deadline) return false;
    const Refusal due = placing ? due_to_place(which.operation, at)
                                : due_answer(o, which.operation, role_of(o, which.operation.by), o.state, policy_);
    if (due != Refusal::none) return false;
    apply(o, which.operation, at);
    return true;
  };
  const auto as_it_is = [](Facts&) { return true; };
  if (fits(it, as_it_is, judgement)) return judgement(it);

  const std::vector<Unanswered> unanswered = table_.cold(it.o).unanswered;
  for (std::size_t i = 0; i < unanswered.size(); ++i) {
    for (const Instant at : {now, unanswered[i].sent}) {
      const auto with_it = [&](Facts& o) { return takes(o, unanswered[i], at); };
      if (!fits(it, with_it, judgement)) continue;
      with_it(it.o);
      auto& left = table_.cold(it.o).unanswered;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      if (left.empty()) it.o.flags &= static_cast<std::uint16_t>(~flag::uncertain);
      return judgement(it);
    }
  }
  const auto with_all = [&](Facts& o) {
    return std::all_of(unanswered.begin(), unanswered.end(), [&](const Unanswered& u) { return takes(o, u, u.sent); });
  };
  if (unanswered.size() > 1 && fits(it, with_all, judgement)) {
    with_all(it.o);
    table_.cold(it.o).unanswered.clear();
    it.o.flags &= static_cast<std::uint16_t>(~flag::uncertain);
    return judgement(it);
  }
  give_up(it.o);
}

void Judge::judge_uncertain(Subject it, Asked asked) {
  settle(it, asked.now,
         [&](Subject what) { asked.op.kind == OperationKind::place_order ? judge_place(what, asked) : judge(what, asked); });
}

void Judge::judge_uncertain(Subject it, const Evidence& e, Instant seen) {
  if ((it.o.flags & flag::unknown) == 0) {
    settle(it, e.at, [&](Subject what) { judge(what, e, seen); });
    if ((it.o.flags & flag::unknown) == 0) return;
  }
  // Whatever happened, nobody is paid twice.
  if (e.kind != EvidenceKind::payment) return;
  const bool again = (it.o.flags & flag::paid) != 0;
  pay(it.o, e);
  if (again) report(it, seen, Invariant::M1, "one payment", "another: " + in_words(e));
}

/// The first definite answer to an operation whose earlier answers were lost: one logical operation, whose effect lies between
/// the first sending and now.
void Judge::judge_retry(Subject it, Asked asked, Instant) {
  Facts& o = it.o;
  if ((o.flags & (flag::finished | flag::unknown)) != 0) return;
  Instant first_sent = asked.now;
  bool pending = false;
  auto& unanswered = table_.cold(o).unanswered;
  for (auto u = unanswered.begin(); u != unanswered.end();) {
    const bool same = u->operation.key == asked.op.key && u->operation.by == asked.op.by;
    if (same) first_sent = std::min(first_sent, u->sent);
    pending = pending || same;
    u = same ? unanswered.erase(u) : u + 1;
  }
  // Its effect was seen meanwhile and settled it: the answer is of then.
  if (!pending) return;
  if (unanswered.empty()) o.flags &= static_cast<std::uint16_t>(~flag::uncertain);
  const auto at = [&](Instant when) {
    return [&, when](Subject what) {
      const Asked then{asked.op, asked.answer, when};
      asked.op.kind == OperationKind::place_order ? judge_place(what, then) : judge(what, then);
    };
  };
  const auto as_it_is = [](Facts&) { return true; };
  const Instant stamp = asked.answer.stamp;
  for (const Instant when :
       {stamp != never && stamp >= first_sent && stamp <= asked.now ? stamp : asked.now, asked.now, first_sent}) {
    if (fits(it, as_it_is, at(when))) return at(when)(it);
  }
  if ((o.flags & flag::uncertain) != 0) return settle(it, asked.now, at(asked.now));
  give_up(o);
}

}  // namespace dueprocess::judging
