// The engine with timers as services really have them (TimerPlan): sweeps that come every so often and may not take all that is
// due, and what seeded bugs make of workers, queues and backlogs. The protocol is the engine's (engine.hpp); between two calls of
// fire_next() the caller performs what comes before next_timer().
//
//      D1   D2        D3                deadlines
//   ---|----|----S-----|-----------S--  sweeps: D1 and D2 fire at the first, D3 at the second
//
// Under `after_deadline: strict` a buyer's operation after a deadline that no sweep has met yet completes the order there and
// then, and is refused; under `until_fired` it is taken. A restart begins with a sweep of everything.
//
// With exact timers and no seeded bug of this file it is the engine.
#pragma once

#include "sim/engine/engine.hpp"

#include <deque>
#include <vector>

namespace dueprocess {

/// Seeded bugs that only timers with a plan can have; BasicEngine alone is sound under them.
bool needs_timer_plan(Bug);

template <bool Seeded>
class TimedEngine {
 public:
  /// REQUIRES: a sweep has a period.
  TimedEngine(const Policy&, const TimerPlan&, OrderRange, BugSet bugs = {});

  void perform(const Operation&, Instant now, Answer&);
  Instant next_timer() const;
  /// Fires a timer, or sweeps. REQUIRES: next_timer() != never.
  void fire_next();
  void restart(Instant down, Instant back);
  std::vector<Evidence>& evidence() { return engine_.evidence(); }
  void forget(OrderId order) { engine_.forget(order); }
  void reset(OrderRange);
  void prefetch(OrderId order) const { engine_.prefetch(order); }

 private:
  using Due = typename BasicEngine<Seeded>::Due;
  struct Echo {
    OrderId order;
    Instant at;
  };

  bool on(Bug bug) const { return Seeded && bugs_[static_cast<std::size_t>(bug)]; }
  bool sweeps() const { return plan_.mode == TimerMode::sweep; }
  bool holds() const { return on(Bug::b49) || on(Bug::b53a); }
  Instant sweep_at_or_after(Instant) const;
  Instant next_sweep() const;
  void sweep(Instant now);
  void fire(const Due&, Instant now);
  void note_fired(OrderId, Instant now);
  void count(const Operation&, const Answer&, std::size_t seen_before, Instant now);

  BasicEngine<Seeded> engine_;
  TimerPlan plan_;
  AfterDeadline after_deadline_;
  BugSet bugs_;
  std::vector<Due> backlog_;  // due at the last sweep and not taken, by (deadline, order)
  Instant swept_at_ = Instant::min();
  Instant now_ = Instant::min();
  // seeded bugs only
  std::deque<Echo> echoes_;  // timers to be emitted again
  Instant busy_until_ = Instant::min();
  Instant blocked_until_ = Instant::min();
  Instant fired_at_ = Instant::min();  // the last firing,
  unsigned fired_there_ = 0;           // and how many at that instant
  std::uint64_t under_review_ = 0;
};

extern template class TimedEngine<false>;
extern template class TimedEngine<true>;

}  // namespace dueprocess
