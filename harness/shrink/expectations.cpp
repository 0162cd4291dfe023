#include "harness/shrink/expectations.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

Moment moment_from(Instant at, const OrderPlot& order) {
  Moment moment;
  moment.amount = Distribution::constant(us_of(at - order.placed));
  return moment;
}

/// What `right` says and `other` does not; without an other, what it says of the state.
void expect(Step& step, const Answer& right, const Answer* other, const OrderPlot& order, bool looks) {
  const auto differs = [other](auto member, const Answer& of) { return other && (*other).*member != of.*member; };
  if (!looks && right.outcome == Outcome::refused && right.refusal != Refusal::none) step.refused = right.refusal;
  if (right.state == OrderState::none) return;
  if (!other || differs(&Answer::state, right)) step.state = right.state;
  if (right.state == OrderState::completed && (!other || differs(&Answer::completed_by, right) || differs(&Answer::state, right)))
    step.completed_by = right.completed_by;
  if (right.completed_at != never && (!other || differs(&Answer::completed_at, right)))
    step.completed_at = moment_from(right.completed_at, order);
  if (right.deadline != never && (!other || differs(&Answer::deadline, right)))
    step.deadline = moment_from(right.deadline, order);
  if (differs(&Answer::late, right)) step.late = right.late;
}

bool says_anything(const Step& step) {
  return step.state || step.completed_by || step.completed_at || step.deadline || step.late;
}

/// By the correct engine.
OrderState state_at(Instant at, const Seen& right) {
  if (at >= right.completed_at) return OrderState::completed;
  OrderState state = OrderState::in_progress;
  for (const Answer& answer : right.answers)
    if (answer.state != OrderState::none) state = answer.state;
  return state;
}
CompletedBy completed_by_in(const Seen& right) {
  for (const Answer& answer : right.answers)
    if (answer.completed_by != CompletedBy::nobody) return answer.completed_by;
  return CompletedBy::automatic;
}

bool counts_differ(const Seen& right, const Seen& other) {
  return right.payments != other.payments || right.paid_cents != other.paid_cents ||
         right.notices_to_buyer != other.notices_to_buyer || right.notices_to_seller != other.notices_to_seller;
}

void expect_counts(Step& step, const Seen& right, const Seen* other) {
  if (!other || right.payments != other->payments) step.payments = right.payments;
  if (other && right.payments == other->payments && right.paid_cents != other->paid_cents) step.paid_cents = right.paid_cents;
  if (other && right.notices_to_buyer != other->notices_to_buyer) step.notices_to_buyer = right.notices_to_buyer;
  if (other && right.notices_to_seller != other->notices_to_seller) step.notices_to_seller = right.notices_to_seller;
}

}  // namespace

Plot with_expectations(const Plot& plot, const Played& correct, const Played* suspect) {
  Plot told = plot;
  for (std::size_t i = 0; i < told.orders.size(); ++i) {
    OrderPlot& order = told.orders[i];
    const Seen& right = correct.orders[i];
    const Seen* const other = suspect ? &suspect->orders[i] : nullptr;
    bool shows = false;
    for (std::size_t k = 0; k < order.acts.size() && k < right.answers.size(); ++k) {
      Act& act = order.acts[k];
      const bool known = !other || k < other->answers.size();
      expect(act.seen, right.answers[k],
             other && known ? &other->answers[k]
             : other        ? &right.answers[k]
                            : nullptr,
             order, act.looks);
      // A refusal without a code (nobody was there) is expected as such.
      if (!act.looks) act.seen.taken = act.taken;
      if (act.seen.refused) act.seen.taken.reset();
      shows = shows || says_anything(act.seen) || (other && known && right.answers[k].outcome != other->answers[k].outcome) ||
              (other && known && right.answers[k].refusal != other->answers[k].refusal);
    }
    if (other && shows) continue;
    // Who only waits sees it at the deadline, or when what should not be has come.
    const Instant ends = order.acts.empty() ? order.placed : order.acts.back().at;
    const bool completion_differs = !other || other->completed_at != right.completed_at;
    if (!completion_differs && !counts_differ(right, *other)) continue;
    if (!other && right.completed_at == never) continue;
    Act look;
    look.looks = true;
    look.at = ends;
    if (other && other->completed_at < right.completed_at)
      look.at = std::max(ends, other->completed_at);
    else if (right.completed_at != never)
      look.at = std::max(ends, right.completed_at);
    if (completion_differs) look.seen.state = state_at(look.at, right);
    if (completion_differs && look.at >= right.completed_at) look.seen.completed_by = completed_by_in(right);
    // Counts are of all the order's time, so they are looked at once it is over.
    if (right.completed_at == never || look.at >= right.completed_at) expect_counts(look.seen, right, other);
    order.acts.push_back(std::move(look));
  }
  return told;
}

}  // namespace dueprocess
