#include "harness/oracle/judge.hpp"

#include "harness/oracle/digest.hpp"
#include "harness/oracle/effects.hpp"

namespace dueprocess {

struct Oracle::Impl : judging::Judge {
  using Judge::Judge;
};

Oracle::Oracle(const Policy& policy, const OracleOptions& options, OrderRange range, Tally& tally)
    : impl_{std::make_unique<Impl>(policy, options, range, tally)} {}
Oracle::~Oracle() = default;
void Oracle::observe(const Observation& seen) { impl_->observe(seen); }
void Oracle::observe(const Evidence& evidence, Instant seen) { impl_->observe(evidence, seen); }
void Oracle::finish(OrderId id, Instant horizon) { impl_->finish(id, horizon); }
void Oracle::finish_all(Instant horizon) { impl_->finish_all(horizon); }
void Oracle::reset(OrderRange range) { impl_->reset(range); }
void Oracle::prefetch(OrderId id) const { impl_->prefetch(id); }

namespace judging {

Judge::Judge(const Policy& policy, const OracleOptions& options, OrderRange range, Tally& tally)
    : policy_{policy}, options_{options}, tally_{&tally}, table_{range}, clock_{policy}, outages_{options} {
  using namespace owed;
  const auto given =
      static_cast<std::uint8_t>((options.events ? event : 0) | (options.notices ? to_buyer | to_seller | paid_notice : 0) |
                                (options.payments ? payment : 0));
  for (std::size_t i = 0; i < owed_by_effect_.size(); ++i) owed_by_effect_[i] = static_cast<std::uint8_t>(by_effect[i] & given);
}

void Judge::reset(OrderRange range) {
  table_.reset(range);
  keys_.clear();
  herd_at_ = never;
  herd_size_ = 0;
}

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

[[gnu::always_inline]] inline void Judge::judge_known(Subject it, const Asked& asked) {
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

void Judge::judge(Subject it, const Asked& asked) { judge_known(it, asked); }

void Judge::observe(const Observation& seen) {
  const Operation& op = seen.operation;
  tally_->digest += hash_of(seen);
  note_instant(seen.answered);
  const auto kind = static_cast<unsigned>(op.kind), outcome = static_cast<unsigned>(seen.answer.outcome);
  ++tally_->operations[kind][outcome];
  if (seen.answer.outcome == Outcome::refused) ++tally_->refusals[static_cast<unsigned>(seen.answer.refusal)];

  Facts* o = op.kind != OperationKind::list_orders ? table_.find(op.order) : nullptr;
  const bool plain =
      o != nullptr && op.key == KeyId::none && seen.answer.outcome != Outcome::info && (o->flags & flag::slow) == 0;
  const OrderState before = o != nullptr ? o->state : OrderState::none;
  ++tally_->coverage.operations[static_cast<unsigned>(before)][kind][outcome];
  if (!plain) [[unlikely]]
    return observe_with_care(seen, o);
  const Asked asked{op, seen.answer, seen.answered};
  if (op.kind == OperationKind::place_order) return judge_place({*o, op.order}, asked);
  judge_known({*o, op.order}, asked);
}

void Judge::observe_with_care(const Observation& seen, Facts* o) {
  const Operation& op = seen.operation;
  const Asked asked{op, seen.answer, seen.answered};
  const bool keyed = op.key != KeyId::none && op.by != UserId::nobody && !is_down(seen.answer, seen.answered);
  if (keyed) {
    if (KeyRecord* record = keys_.find(op.by, op.key)) return judge_replay(op.order, o, asked, *record);
  }
  if (op.kind == OperationKind::place_order && o == nullptr && table_.range().contains(op.order) &&
      !table_.remains(op.order).has(Remains::finished)) {
    o = table_.make(op.order);
  }
  const bool known = o != nullptr && (o->state != OrderState::none || op.kind == OperationKind::place_order);
  if (o != nullptr && (o->flags & flag::finished) != 0) return;  // its history is over: counted, not judged
  if (known && seen.answer.outcome == Outcome::info) {
    note_unanswered({*o, op.order}, op, seen.sent);
  } else if (known && (o->flags & flag::uncertain) != 0) {
    judge_uncertain({*o, op.order}, asked);
  } else if (known && (o->flags & flag::unknown) == 0) {
    op.kind == OperationKind::place_order ? judge_place({*o, op.order}, asked) : judge({*o, op.order}, asked);
  } else if (!known && seen.answer.outcome != Outcome::info) {
    judge_without_order(op.order, asked);
  }
  if (keyed) remember_key(known ? o : nullptr, asked);
}

void Judge::judge_place(Subject it, const Asked& asked) {
  if (it.o.state != OrderState::none) [[unlikely]]
    return judge_second_place(it, asked);
  const Refusal due = due_to_place(asked.op, asked.now);
  const bool taken = asked.answer.outcome == Outcome::ok;
  if (asked.answer.refusal != due || taken != (due == Refusal::none)) [[unlikely]]
    return judge_wrong_outcome(it, asked, neither, due);
  if (taken) place(it.o, asked.op, asked.now);
  judge_told(it, asked, taken ? buyer_role : neither);
}

void Judge::observe(const Evidence& evidence, Instant seen) {
  ++tally_->evidence_seen;
  tally_->digest += hash_of(evidence, seen);
  note_instant(seen);
  Facts* o = table_.find(evidence.order);
  if (o == nullptr || (o->flags & flag::slow) != 0 || o->state == OrderState::none) [[unlikely]] {
    if (o == nullptr || (o->flags & flag::finished) != 0 || (o->flags & (flag::uncertain | flag::unknown)) == 0)
      return judge_without_order(evidence, seen);
    return judge_uncertain({*o, evidence.order}, evidence, seen);
  }
  judge({*o, evidence.order}, evidence, seen);
}

void Judge::judge(Subject it, const Evidence& e, Instant seen) {
  switch (e.kind) {
    case EvidenceKind::event:
      return judge_event(it, e, seen);
    case EvidenceKind::notification:
      return judge_notice(it, e, seen);
    case EvidenceKind::payment:
      return judge_payment(it, e, seen);
  }
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

}  // namespace judging
}  // namespace dueprocess
