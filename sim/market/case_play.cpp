#include "sim/market/case_play.hpp"

#include <algorithm>

#include "sim/market/traits.hpp"
#include "sim/market/words.hpp"

namespace dueprocess {
namespace {

/// "a, b" of two sides' parts.
void join(std::string& text, std::string_view part) {
  if (!text.empty()) text += ", ";
  text += part;
}

std::string outcome_in_words(const Answer& answer) {
  if (answer.outcome == Outcome::ok) return "taken";
  if (answer.outcome == Outcome::info) return "no answer";
  if (answer.refusal == Refusal::none) return "refused: nobody there";
  return "refused: " + std::string(name_of(answer.refusal));
}

bool looks_at_order(const Step& step) {
  return step.state || step.completed_by || step.completed_at || step.deadline || step.late;
}
bool counts(const Step& step) { return step.payments || step.paid_cents || step.notices_to_buyer || step.notices_to_seller; }

std::string_view name_of_anchor(Anchor anchor) { return anchor == Anchor::delivered ? "the delivery" : "the deadline"; }

}  // namespace

CasePlay::CasePlay(const MarketPlan::Impl& plan, std::uint32_t index)
    : plan_(plan),
      case_(plan.setup.cases[index]),
      steps_(case_.steps),
      index_(index),
      order_(OrderId{plan.market_orders() + index + 1}),
      played_(steps_.size(), false) {
  // The first step may be the placing itself.
  placed_played_ = !steps_.empty() && steps_.front().operation && steps_.front().by == Party::buyer &&
                   steps_.front().operation->kind == OperationKind::place_order;
  std::vector<StepFailure> none_yet;
  choose(Instant::min(), none_yet);
}

UserId CasePlay::user_of(Party party) const {
  switch (party) {
    case Party::seller:
      return plan_.case_seller(index_);
    case Party::buyer:
      return plan_.case_buyer(index_);
    case Party::stranger:
      return plan_.stranger();
    case Party::anyone:
      break;
  }
  return UserId::nobody;
}

std::optional<Instant> CasePlay::instant_of(const Moment& moment) const {
  Instant from = case_.placed;
  if (moment.anchor == Anchor::due) from = case_.placed + case_.due_in;
  if (moment.anchor == Anchor::start) from = plan_.setup.starts;
  if (moment.anchor == Anchor::delivered) from = delivered_;
  if (moment.anchor == Anchor::deadline) from = deadline_;
  if (from == never) return std::nullopt;
  return from + Duration{MomentTraits(moment).distance(0, us_of(case_.due_in))};
}

bool CasePlay::knows_beforehand(const Step& step) const {
  return step.at.anchor != Anchor::delivered && step.at.anchor != Anchor::deadline;
}

void CasePlay::choose(Instant now, std::vector<StepFailure>& failures) {
  phase_ = Phase::acting;
  for (;;) {
    current_ = placing;
    next_at_ = placed_played_ ? never : case_.placed;
    bool all_before_played = placed_played_;
    std::size_t first_unplayed = steps_.size();
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (played_[i]) continue;
      if (first_unplayed == steps_.size()) first_unplayed = i;
      const bool known = knows_beforehand(steps_[i]) || (all_before_played && first_unplayed == i);
      if (!known) continue;
      if (const auto at = instant_of(steps_[i].at); at && *at < next_at_) {
        next_at_ = *at;
        current_ = i;
      }
    }
    if (next_at_ == never && first_unplayed == steps_.size()) return;
    const std::size_t chosen = next_at_ == never ? first_unplayed : current_;
    if (next_at_ != never && next_at_ >= now) return;
    // A step that can no longer be played at its instant.
    if (chosen == placing) return;
    played_[chosen] = true;
    const Step& lost = steps_[chosen];
    if (next_at_ == never)
      fail(chosen, "a step relative to " + std::string(name_of_anchor(lost.at.anchor)), "none was told until then", failures);
    else
      fail(chosen, "a step at " + in_words(next_at_), "that instant had passed at " + in_words(now), failures);
  }
}

Operation CasePlay::placing_operation() const {
  Operation operation;
  operation.kind = OperationKind::place_order;
  operation.order = order_;
  operation.by = user_of(Party::buyer);
  operation.seller = user_of(Party::seller);
  operation.due_at = case_.placed + case_.due_in;
  operation.price_cents = case_.price_cents;
  return operation;
}

bool CasePlay::shares_key_with_next(std::size_t index) const {
  for (std::size_t i = index + 1; i < steps_.size(); ++i)
    if (steps_[i].operation) return steps_[i].use_last_key;
  return false;
}

Operation CasePlay::operation_of(const Step& step) {
  Operation operation;
  if (!step.operation) {
    operation.kind = OperationKind::view_order;
    operation.order = order_;
    operation.by = user_of(Party::buyer);
    return operation;
  }
  operation = *step.operation;
  operation.order = operation.kind == OperationKind::list_orders ? OrderId::none : order_;
  operation.by = user_of(step.by);
  if (operation.kind == OperationKind::place_order && operation.due_at == never) operation.due_at = case_.placed + case_.due_in;
  if (step.use_last_key)
    operation.key = last_key_;
  else if (shares_key_with_next(current_))
    operation.key = KeyId{(number(order_) << 16) | (current_ + 1)};
  last_key_ = operation.key;
  return operation;
}

bool CasePlay::next(Operation& operation, std::vector<StepFailure>& failures) {
  const Instant now = next_at_;
  if (phase_ == Phase::counting) {
    check_counts(failures);
    choose(now, failures);
    return false;
  }
  if (current_ == placing)
    operation = placing_operation();
  else if (phase_ == Phase::looking)
    operation = operation_of(Step{});
  else
    operation = operation_of(step());
  return true;
}

void CasePlay::learn(const Answer& answer, Instant now, std::vector<StepFailure>& failures) {
  if (answer.deadline != never) deadline_ = answer.deadline;
  if (current_ == placing) {
    placed_played_ = true;
    return choose(now, failures);
  }
  if (phase_ == Phase::acting) {
    played_[current_] = true;
    if (step().operation) {
      if (is_delivery(step().operation->kind) && answer.outcome == Outcome::ok && !step().use_last_key) delivered_ = now;
      check_operation(answer, failures);
      if (looks_at_order(step()) && answer.state == OrderState::none) {
        phase_ = Phase::looking;  // the one who acted is told nothing; the buyer looks, at the same instant
        return;
      }
    }
  }
  check_order(answer, failures);
  finish_step(now, failures);
}

void CasePlay::finish_step(Instant now, std::vector<StepFailure>& failures) {
  if (counts(step()))
    phase_ = Phase::counting;
  else
    choose(now, failures);
}

void CasePlay::learn(const Evidence& evidence) {
  if (evidence.kind == EvidenceKind::payment) {
    ++payments_;
    paid_cents_ += evidence.amount_cents;
  } else if (evidence.kind == EvidenceKind::notification) {
    if (evidence.to == user_of(Party::buyer)) ++notices_to_buyer_;
    if (evidence.to == user_of(Party::seller)) ++notices_to_seller_;
  }
}

void CasePlay::fail(std::size_t index, std::string expected, std::string seen, std::vector<StepFailure>& failures) {
  if (failed_) return;  // what follows a failure mostly fails because of it
  failed_ = true;
  failures.push_back({index_, static_cast<std::uint32_t>(index), std::move(expected), std::move(seen)});
}

void CasePlay::check_operation(const Answer& answer, std::vector<StepFailure>& failures) {
  std::string expected;
  if (step().refused && (answer.outcome != Outcome::refused || answer.refusal != *step().refused))
    expected = "refused: " + std::string(name_of(*step().refused));
  else if (step().taken && *step().taken != (answer.outcome == Outcome::ok))
    expected = *step().taken ? "taken" : "refused";
  if (!expected.empty()) fail(current_, std::move(expected), outcome_in_words(answer), failures);
}

void CasePlay::check_order(const Answer& answer, std::vector<StepFailure>& failures) {
  std::string expected, seen;
  const Step& wanted = step();
  const auto see = [&](bool holds, const std::string& what, const std::string& instead) {
    if (holds) return;
    join(expected, what);
    join(seen, instead);
  };
  if (wanted.state) see(answer.state == *wanted.state, std::string(name_of(*wanted.state)), std::string(name_of(answer.state)));
  if (wanted.completed_by)
    see(answer.completed_by == *wanted.completed_by, "by " + std::string(name_of(*wanted.completed_by)),
        "by " + std::string(name_of(answer.completed_by)));
  const auto see_instant = [&](const std::optional<Moment>& moment, Instant told, const std::string& what) {
    if (!moment) return;
    const auto at = instant_of(*moment);
    if (!at)
      see(false, what + " relative to " + std::string(name_of_anchor(moment->anchor)), "which nobody told");
    else
      see(told == *at, what + in_words(*at), what + in_words(told));
  };
  see_instant(wanted.completed_at, answer.completed_at, "completed at ");
  see_instant(wanted.deadline, answer.deadline, "deadline ");
  if (wanted.late) see(answer.late == *wanted.late, *wanted.late ? "late" : "not late", answer.late ? "late" : "not late");
  if (!expected.empty()) fail(current_, std::move(expected), std::move(seen), failures);
}

void CasePlay::check_counts(std::vector<StepFailure>& failures) {
  std::string expected, seen;
  const auto see = [&](const auto& wanted, auto value, const std::string& what, auto words) {
    if (!wanted || *wanted == value) return;
    join(expected, what + words(*wanted));
    join(seen, what + words(value));
  };
  const auto plain = [](std::uint64_t count) { return std::to_string(count); };
  see(step().payments, payments_, "payments: ", plain);
  see(step().paid_cents, paid_cents_, "paid: ", money_in_words);
  see(step().notices_to_buyer, notices_to_buyer_, "notices to the buyer: ", plain);
  see(step().notices_to_seller, notices_to_seller_, "notices to the seller: ", plain);
  if (!expected.empty()) fail(current_, std::move(expected), std::move(seen), failures);
}

}  // namespace dueprocess
