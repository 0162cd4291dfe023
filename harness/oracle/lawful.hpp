// The path that every lawful observation and piece of evidence takes, header-only: who drives lone orders compiles it into the
// rest of an operation's way, where the operation's kind is known and most of the questions below are answered beforehand.
#pragma once

#include "harness/oracle/digest.hpp"
#include "harness/oracle/effects.hpp"

#include <span>

namespace dueprocess::judging {

inline void Judge::note_boundary(const Facts& o, const Operation& op, Role role, Instant now) {
  const bool in_sight = o.state == OrderState::delivered || o.completed_by == CompletedBy::automatic;
  if (!in_sight || (role != buyer_role && op.kind != OperationKind::view_order)) return;
  // Wraps round instead of overflowing where a target has made the deadline `never`.
  const auto off = static_cast<std::int64_t>(word(now) - word(o.deadline));
  if (off > 1'000'000 || off < -1'000'000) [[likely]]
    return;
  const std::int64_t distance = off < 0 ? -off : off;
  Boundary boundary = Boundary::at_deadline;
  if (distance != 0) {
    boundary = distance <= 1      ? Boundary::within_1us_before
               : distance <= 1000 ? Boundary::within_1ms_before
                                  : Boundary::within_1s_before;
    if (off > 0) boundary = static_cast<Boundary>(static_cast<unsigned>(boundary) + 1);
  }
  ++tally_->coverage.boundaries[static_cast<unsigned>(boundary)];
}

[[gnu::always_inline]] inline void Judge::judge_known(Subject it, Asked asked) {
  Facts& o = it.o;
  const Operation& op = asked.op;
  const Role role = role_of(o, op.by);
  note_boundary(o, op, role, asked.now);
  if (o.state == OrderState::delivered && asked.now >= o.deadline) [[unlikely]]
    return judge_overdue(it, asked, role);
  const Refusal due = due_answer(o, op, role, o.state, policy_);
  const bool taken = asked.answer.outcome == Outcome::ok;
  if (asked.answer.refusal != due || taken != (due == Refusal::none)) [[unlikely]]
    return judge_wrong_outcome(it, asked, role, due);
  if (taken) {
    apply(o, op, asked.now);
  } else if (due == Refusal::file_too_large || due == Refusal::confirmation_required) {
    o.flags |= flag::file_refused;
  }
  judge_told(it, asked, role);
}

[[gnu::always_inline]] inline void Judge::judge_placing(Subject it, Asked asked) {
  if (it.o.state != OrderState::none) [[unlikely]]
    return judge_second_place(it, asked);
  const Refusal due = due_to_place(asked.op, asked.now);
  const bool taken = asked.answer.outcome == Outcome::ok;
  if (asked.answer.refusal != due || taken != (due == Refusal::none)) [[unlikely]]
    return judge_wrong_outcome(it, asked, neither, due);
  if (taken) place(it.o, asked.op, asked.now);
  judge_told(it, asked, taken ? buyer_role : neither);
}

[[gnu::always_inline]] inline void Judge::observe(const Observation& seen, Facts* o) {
  const Operation& op = seen.operation;
  tally_->digest += hash_of(seen);
  note_instant(seen.answered);
  const auto kind = static_cast<unsigned>(op.kind), outcome = static_cast<unsigned>(seen.answer.outcome);
  ++tally_->operations[kind][outcome];
  if (seen.answer.outcome == Outcome::refused) ++tally_->refusals[static_cast<unsigned>(seen.answer.refusal)];

  const bool plain =
      o != nullptr && op.key == KeyId::none && seen.answer.outcome != Outcome::info && (o->flags & flag::slow) == 0;
  const OrderState before = o != nullptr ? o->state : OrderState::none;
  ++tally_->coverage.operations[static_cast<unsigned>(before)][kind][outcome];
  if (!plain) [[unlikely]]
    return observe_with_care(seen, o);
  const Asked asked{op, seen.answer, seen.answered};
  if (op.kind == OperationKind::place_order) return judge_placing({*o, op.order}, asked);
  judge_known({*o, op.order}, asked);
}

inline void Judge::judge_event(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  if ((o.owed & owed::event) != 0) {
    // The event comes first of all that an effect shows.
    const bool fits = (o.owed == owed_by_effect_[static_cast<unsigned>(o.effect)]) && (e.version == o.version) &&
                      (e.from == o.from) && (e.state == o.state) && (e.completed_by == o.completed_by) &&
                      (e.deadline == in_force(o)) && (e.at == o.effect_at) && (seen == o.effect_at) &&
                      ((o.flags & flag::told_differs) == 0);
    if (!fits) [[unlikely]]
      return judge_odd_event(it, e, seen);
    o.owed &= static_cast<std::uint8_t>(~owed::event);
    return;
  }
  const bool timer = (o.owed == 0) && (o.state == OrderState::delivered) && (e.from == OrderState::delivered) &&
                     (e.state == OrderState::completed) && (e.completed_by == CompletedBy::automatic) &&
                     (e.version == o.version + 1) && (e.deadline == never) && (e.at == seen);
  if (!timer) [[unlikely]]
    return judge_odd_event(it, e, seen);
  complete_automatically(it, e.at);
  o.owed &= static_cast<std::uint8_t>(~owed::event);
}

inline void Judge::judge_notice(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  const bool of_payment = e.notice == Notice::payment_processed;
  const std::uint8_t bit = of_payment         ? (e.to == o.seller ? owed::paid_notice : 0)
                           : e.to == o.buyer  ? owed::to_buyer
                           : e.to == o.seller ? owed::to_seller
                                              : 0;
  // The next thing owed is its lowest bit: what comes before it was seen.
  const auto next = static_cast<std::uint8_t>(o.owed & -o.owed);
  const bool fits = (bit == next) && (bit != 0) && (of_payment || (e.notice == notice_of[static_cast<unsigned>(o.effect)])) &&
                    (e.deadline == in_force(o)) && (e.version == o.version) &&
                    ((e.completed_by == o.completed_by) || (e.notice != Notice::completed)) && (e.at == o.effect_at) &&
                    (seen == o.effect_at) && ((o.flags & flag::told_differs) == 0);
  if (!fits) [[unlikely]]
    return judge_odd_notice(it, e, seen);
  o.owed &= static_cast<std::uint8_t>(~bit);
}

inline void Judge::judge_payment(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  const auto next = static_cast<std::uint8_t>(o.owed & -o.owed);
  const bool fits = (next == owed::payment) && (e.amount_cents == o.price_cents) && (e.to == o.seller) && (e.at == o.effect_at) &&
                    (seen == o.effect_at);
  if (!fits) [[unlikely]]
    return judge_odd_payment(it, e, seen);
  o.owed &= static_cast<std::uint8_t>(~owed::payment);
  pay(o, e);
}

inline void Judge::judge_piece(Subject it, const Evidence& e, Instant seen) {
  switch (e.kind) {
    case EvidenceKind::event:
      return judge_event(it, e, seen);
    case EvidenceKind::notification:
      return judge_notice(it, e, seen);
    case EvidenceKind::payment:
      return judge_payment(it, e, seen);
  }
}

inline void Judge::observe(const Evidence& evidence, Instant seen, Facts* o) {
  ++tally_->evidence_seen;
  tally_->digest += hash_of(evidence, seen);
  note_instant(seen);
  if (o == nullptr || (o->flags & flag::slow) != 0 || o->state == OrderState::none) [[unlikely]] {
    if (o == nullptr || (o->flags & flag::finished) != 0 || (o->flags & (flag::uncertain | flag::unknown)) == 0)
      return judge_without_order(evidence, seen);
    return judge_uncertain({*o, evidence.order}, evidence, seen);
  }
  judge({*o, evidence.order}, evidence, seen);
}

/// One effect's evidence, all of it and nothing else, in the order in which it is owed: true, and it has been taken in. False:
/// nothing has, look at the pieces one by one.
inline bool Judge::take_all(std::span<const Evidence> pieces, Instant seen, Facts& o, OrderId id) {
  if ((o.flags & (flag::slow | flag::told_differs)) != 0) [[unlikely]]
    return false;
  const bool all_is_given = owed_by_effect_[static_cast<unsigned>(Effect::automatic)] == owed::completion;
  if (all_is_given && o.owed == 0 && o.state == OrderState::delivered && seen == o.deadline && pieces.size() == 5 &&
      pieces.front().state == OrderState::completed && pieces.front().completed_by == CompletedBy::automatic)
    complete_automatically({o, id}, seen);  // what the timer does has no observation
  if (o.owed == 0 || o.owed != owed::by_effect[static_cast<unsigned>(o.effect)] || seen != o.effect_at ||
      pieces.size() != owed::pieces_by_effect[static_cast<unsigned>(o.effect)]) [[unlikely]]
    return false;

  const Evidence* piece = pieces.data();
  const std::uint64_t at = word(seen), deadline = word(in_force(o)), version = std::uint64_t{o.version} << 32;
  const std::uint64_t completed_by = static_cast<std::uint64_t>(o.completed_by) << 32;
  std::uint64_t odd = 0, digest = 0;
  const auto look = [&](std::uint64_t until, std::int64_t cents, UserId to, std::uint64_t small_fields) {
    const Evidence& e = *piece++;
    odd |= (number(e.order) ^ number(id)) | (word(e.at) ^ at) | (word(e.deadline) ^ until) |
           static_cast<std::uint64_t>(e.amount_cents ^ cents) | (eight_bytes_at(e.to) ^ (version | number(to))) |
           ((eight_bytes_at(e.kind) ^ small_fields) & evidence_small_fields);
    digest += hash_of(e, seen);
  };
  const auto notice = [&](Notice what, UserId to, std::uint64_t by) {
    look(deadline, 0, to, static_cast<std::uint64_t>(EvidenceKind::notification) | static_cast<std::uint64_t>(what) << 8 | by);
  };
  look(deadline, 0, UserId::nobody,
       static_cast<std::uint64_t>(o.from) << 16 | static_cast<std::uint64_t>(o.state) << 24 | completed_by);
  switch (o.effect) {
    case Effect::delivered:
      notice(Notice::delivered, o.buyer, 0);
      break;
    case Effect::modification:
      notice(Notice::modification_requested, o.seller, 0);
      break;
    case Effect::extended:
      notice(Notice::review_extended, o.seller, 0);
      break;
    case Effect::accepted:
    case Effect::automatic:
      notice(Notice::completed, o.buyer, completed_by);
      notice(Notice::completed, o.seller, completed_by);
      look(word(never), o.price_cents, o.seller, static_cast<std::uint64_t>(EvidenceKind::payment));
      notice(Notice::payment_processed, o.seller, 0);
      break;
    default:
      break;
  }
  if (odd != 0) [[unlikely]]
    return false;
  if ((o.owed & owed::payment) != 0) pay(o, pieces[3]);
  o.owed = 0;
  tally_->evidence_seen += pieces.size();
  tally_->digest += digest;
  note_instant(seen);
  return true;
}

inline void Judge::observe(std::span<const Evidence> pieces, Instant seen, Facts& o, OrderId id) {
  if (take_all(pieces, seen, o, id)) [[likely]]
    return;
  for (const Evidence& piece : pieces) observe(piece, seen, &o);
}

}  // namespace dueprocess::judging
