#include "harness/oracle/lawful.hpp"

#include <algorithm>

namespace dueprocess {

Oracle::Oracle(const Policy& policy, const OracleOptions& options, OrderRange range, Tally& tally)
    : impl_{std::make_unique<Impl>(policy, options, range, tally)} {}
Oracle::~Oracle() = default;
void Oracle::observe(const Observation& seen) { impl_->observe(seen); }
void Oracle::observe(const Evidence& evidence, Instant seen) { impl_->observe(evidence, seen); }
void Oracle::observe(std::span<const Evidence> pieces, Instant seen) {
  if (!pieces.empty()) impl_->observe(pieces, seen);
}
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
  herds_.clear();
}

void Judge::judge(Subject it, Asked asked) { judge_known(it, asked); }

void Judge::judge_place(Subject it, Asked asked) { judge_placing(it, asked); }

void Judge::judge(Subject it, const Evidence& e, Instant seen) { judge_piece(it, e, seen); }

void Judge::observe(const Observation& seen) {
  observe(seen, seen.operation.kind != OperationKind::list_orders ? table_.find(seen.operation.order) : nullptr);
}

void Judge::observe(const Evidence& evidence, Instant seen) { observe(evidence, seen, table_.find(evidence.order)); }

void Judge::observe(std::span<const Evidence> pieces, Instant seen) {
  const OrderId id = pieces.front().order;
  const bool of_one_order = std::all_of(pieces.begin(), pieces.end(), [&](const Evidence& e) { return e.order == id; });
  Facts* const o = table_.find(id);
  if (of_one_order && o != nullptr) return observe(pieces, seen, *o, id);
  for (const Evidence& piece : pieces) observe(piece, seen);
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

}  // namespace judging
}  // namespace dueprocess
