// The end of an order's history: what is still owed (T2, M2, N2, R4), its outcome and its verdict; and the reporting of findings.
#include "harness/oracle/judge.hpp"
#include "harness/oracle/words.hpp"

#include <fmt/format.h>

namespace dueprocess::judging {

void Judge::report(Subject it, Instant at, Invariant broken, std::string expected, std::string seen) {
  ++findings_;
  if (trying_) return;
  it.o.flags |= flag::violated;
  tally_->add_violation({it.id, at, broken, std::move(expected), std::move(seen)});
}

/// About an order that was never placed, or whose history is over: then its verdict is corrected.
void Judge::report(OrderId id, Instant at, Invariant broken, std::string expected, std::string seen) {
  ++findings_;
  if (trying_) return;
  tally_->add_violation({id, at, broken, std::move(expected), std::move(seen)});
  if (!table_.range().contains(id)) return;
  Remains& left = table_.remains(id);
  if (!left.has(Remains::finished) || left.has(Remains::violated)) return;
  left.bits |= Remains::violated;
  --(left.has(Remains::unknown) ? tally_->orders_unknown : tally_->orders_ok);
  ++tally_->orders_violated;
}

void Judge::judge_still_owed(Subject it, const Outstanding& effect, Instant horizon) {
  const Instant seen_at = horizon == never ? effect.at : horizon;
  const auto due = [&](Duration bound) { return horizon == never || moved(effect.at, bound) < horizon; };
  const std::string what = fmt::format("version {} ({} -> {} at {})", effect.version, name_of(effect.from), name_of(effect.state),
                                       in_words(effect.at));
  if (due(options_.notice_bound)) {
    if ((effect.owed & owed::event) != 0) report(it, seen_at, Invariant::R4, "an event of " + what, "none");
    const auto missing = [&](UserId to, Notice notice) {
      report(it, seen_at, Invariant::N2, fmt::format("notice \"{}\" to user {} of {}", name_of(notice), number(to), what),
             "none");
    };
    const Notice notice = notice_of[static_cast<unsigned>(effect.effect)];
    if ((effect.owed & owed::to_buyer) != 0) missing(it.o.buyer, notice);
    if ((effect.owed & owed::to_seller) != 0) missing(it.o.seller, notice);
    // Without the payment its notice has no cause.
    if ((effect.owed & (owed::paid_notice | owed::payment)) == owed::paid_notice) missing(it.o.seller, Notice::payment_processed);
  }
  if ((effect.owed & owed::payment) != 0 && due(options_.payment_bound))
    report(it, seen_at, Invariant::M2, "a payment after " + what, "none");
}

void Judge::judge_never_completed(Subject it, Instant horizon) {
  Facts& o = it.o;
  const bool due = horizon == never || outages_.latest(o.deadline) < horizon;
  if (!due || (o.flags & flag::timing_found) != 0 || o.deadline == never) return;
  report(it, horizon == never ? o.deadline : horizon, Invariant::T2, fmt::format("completed by auto at {}", in_words(o.deadline)),
         horizon == never ? "never" : fmt::format("still delivered at {}", in_words(horizon)));
}

void Judge::end_with_care(Subject it, Instant horizon) {
  Facts& o = it.o;
  if ((o.flags & flag::unknown) != 0) return;
  const bool uncertain = (o.flags & flag::uncertain) != 0;
  if (uncertain && o.state != OrderState::completed) {
    o.flags |= flag::unknown;  // what was not answered may have changed everything
    return;
  }
  if (const Cold* cold = table_.cold_if_any(o)) {
    for (const Outstanding& effect : std::vector<Outstanding>{cold->outstanding}) judge_still_owed(it, effect, horizon);
  }
  if (o.owed != 0) judge_still_owed(it, {o.effect, o.from, o.state, o.owed, o.version, o.effect_at, never}, horizon);
  if (o.state == OrderState::delivered) judge_never_completed(it, horizon);
}

/// REQUIRES: placed, or perhaps placed; not finished.
Remains Judge::end(Facts& o, OrderId id, Instant horizon) {
  if (o.owed != 0 || o.cold != 0 || o.state == OrderState::delivered || (o.flags & flag::slow) != 0)
    end_with_care({o, id}, horizon);

  Remains left;
  switch (o.state) {
    case OrderState::none:
      break;
    case OrderState::in_progress:
      ++tally_->open_in_progress;
      break;
    case OrderState::delivered:
      ++tally_->open_delivered;
      if (outages_.any() && outages_.touches(o.delivered_at, horizon)) ++tally_->coverage.reviews_over_restart;
      break;
    case OrderState::in_revision:
      ++tally_->open_in_revision;
      break;
    case OrderState::completed:
      ++(o.completed_by == CompletedBy::automatic ? tally_->completed_by_auto : tally_->completed_by_buyer);
      left.bits |= o.completed_by == CompletedBy::automatic ? Remains::by_auto : Remains::by_buyer;
      break;
  }
  if ((o.flags & flag::paid) != 0) left.bits |= Remains::paid;
  if ((o.flags & flag::violated) != 0) {
    ++tally_->orders_violated;
    left.bits |= Remains::violated;
  } else if ((o.flags & flag::unknown) != 0) {
    ++tally_->orders_unknown;
    left.bits |= Remains::unknown;
  } else {
    ++tally_->orders_ok;
  }
  if (const Cold* cold = table_.cold_if_any(o)) keys_.drop(cold->first_key);
  return left;
}

void Judge::finish(OrderId id, Instant horizon) {
  Facts* o = table_.find(id);
  if (o == nullptr || (o->flags & flag::finished) != 0) return;
  if (o->state == OrderState::none && (o->flags & (flag::uncertain | flag::unknown)) == 0) return;  // never placed
  const Remains left = end(*o, id, horizon);
  table_.bury(id, left);
}

void Judge::finish(Facts& o, OrderId id, Instant horizon) {
  if (o.state == OrderState::none && (o.flags & (flag::uncertain | flag::unknown)) == 0) return;  // never placed
  Remains left = end(o, id, horizon);
  table_.drop_cold(o);
  left.bits |= Remains::finished;
  table_.remains(id) = left;
}

void Judge::finish_all(Instant horizon) {
  table_.for_each_living([&](OrderId id) { finish(id, horizon); });
}

}  // namespace dueprocess::judging
