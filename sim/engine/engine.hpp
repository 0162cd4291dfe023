// The in-process engine: the rules of the workflow as an event-driven state machine with exact timers.
//
// Protocol (the caller owns the clock):
//   while (engine.next_timer() <= t) engine.fire_next();   // at one instant the timer goes first (R11)
//   engine.perform(operation, t, answer);
//   take engine.evidence(), then clear it
// Evidence of a perform is in the order in which it happened. One engine per cell, one thread, no allocation once warm.
//
// With Seeded = false no trace of the seeded bugs is compiled in; with true, `bugs` says which are on (docs/bugs.md).
#pragma once

#include "sim/engine/bugs.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"
#include "sim/workflow/timer_plan.hpp"

#include <memory>
#include <vector>

namespace dueprocess {

template <bool Seeded>
class BasicEngine {
 public:
  /// REQUIRES: with calendar days, the policy's zone is one the machine knows.
  /// `clocks`: for seeded bugs that have them; the mode of its timers is for who drives the engine (timed_engine.hpp).
  BasicEngine(const Policy&, OrderRange, BugSet bugs = {}, const TimerPlan& clocks = {});
  ~BasicEngine();
  BasicEngine(const BasicEngine&) = delete;
  BasicEngine& operator=(const BasicEngine&) = delete;

  /// REQUIRES: now >= every earlier `now`, and no timer pending at or before it.
  /// operation.order of place_order names the new order and lies in the range.
  void perform(const Operation&, Instant now, Answer&);
  /// perform() where orders have clocks of their own (a live service's stamped requests, a sweep that is late): timers of any
  /// order may be pending before `now`, and none fires. REQUIRES: now >= every earlier `now` of this order.
  void perform_apart(const Operation&, Instant now, Answer&);
  /// Fires the order's own timer, at its instant, if it is due by `now`, whatever others are pending; so with the stray timers
  /// of seeded bugs.
  void fire_own(OrderId, Instant now);
  /// Why an upload to an order in work by its seller would be refused, before its bytes are there; none: it would be taken.
  Refusal refusal_of_upload(const Operation&) const;
  Instant next_timer() const;  // never: none
  /// Fires the earliest timer, at its instant (ties: by order id). REQUIRES: next_timer() != never.
  void fire_next();

  // For who fires timers later than at their instant:
  struct Due {
    OrderId order;
    Instant at;          // when it would have fired
    std::uint8_t stray;  // 0, or a seeded bug's
  };
  /// Takes the earliest timer off; nothing has happened to its order yet. REQUIRES: next_timer() != never.
  Due take_due();
  /// Fires it now, unless its order is no longer in review, or its deadline has moved on. True: the order was completed.
  bool fire_late(const Due&, Instant now);
  /// Completes the order now if it is in review and its deadline has passed, whatever has become of its timer.
  void settle(OrderId, Instant now);
  /// Seeded bugs: the timer completes an order that it has completed before.
  void complete_again(OrderId, Instant now);

  /// The process dies and comes back: timers are rebuilt at `back` from what was stored; overdue ones fire then, at `back`,
  /// in the order of their deadlines. Between, the caller sends nothing. The clock is at `back` afterwards. With `late`, timers
  /// due before `down` may be pending, and are overdue like the others.
  void restart(Instant down, Instant back, bool late = false);

  std::vector<Evidence>& evidence();
  /// The order will not be asked about again: it is not found from now on, its timer does not fire, its idempotency keys are
  /// free, and its memory goes once its neighbours are forgotten too. It still counts in list_orders.
  void forget(OrderId);
  /// The next cell: nothing of this one is left but memory to use again.
  void reset(OrderRange);
  /// Hint: the order will be asked about soon. Worth it where the orders alive do not fit the cache.
  void prefetch(OrderId) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using Engine = BasicEngine<false>;
using SeededEngine = BasicEngine<true>;

extern template class BasicEngine<false>;
extern template class BasicEngine<true>;

}  // namespace dueprocess
