// The oracle in virtual time: decides from observations alone whether every order of a cell lived by the rules.
//
// It shares the vocabulary (sim/workflow) with the engine and none of its code: the engine is a state machine with
// timers, the oracle keeps per order the few facts a direct formula needs (when delivered, which extensions were
// acknowledged, how often paid) and asks of each observation: could this be?
//
// Judgements are exact to the microsecond; at one instant the timer goes first (R11).
// REQUIRES: observations and evidence of one order come in the order of their virtual time, evidence of a timer that
// is due at t before an operation at t, evidence of an operation after its observation. One oracle per cell, one thread; it
// writes to the tally it was given.
#pragma once

#include "harness/record/observation.hpp"
#include "harness/record/tally.hpp"
#include "sim/workflow/policy.hpp"

#include <memory>
#include <span>
#include <vector>

namespace dueprocess {

/// A time in which the target was declared down: from `from` on it answers nothing, at `to` it has restarted.
struct Downtime {
  Instant from = never, to = never;
};

struct OracleOptions {
  Duration lateness_max{0};                             // L: 0 for an event-driven engine in virtual time, one period for a sweep
  Duration recovery_bound{0};                           // after the end of a downtime
  Duration payment_bound{0};                            // M2: payment no later than this after completion
  Duration notice_bound{0};                             // N1
  std::vector<Downtime> downtimes;                      // sorted, disjoint
  bool events = true, notices = true, payments = true;  // what evidence the target gives; what it does not give is not owed
};

class Oracle {
 public:
  /// The tally outlives the oracle.
  Oracle(const Policy&, const OracleOptions&, OrderRange, Tally&);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  void observe(const Observation&);
  void observe(const Evidence&, Instant seen);
  /// One after the other; quicker where they are all that one operation or timer lets be seen.
  void observe(std::span<const Evidence>, Instant seen);
  /// The order's history is over: obligations that fell due before `horizon` are judged (T2, M2, N1, N2...), the order is counted
  /// by outcome and verdict, and its memory may go. `never` as horizon: the target is quiescent, nothing more will happen.
  /// Evidence seen for it afterwards is still judged as evidence about a finished order.
  void finish(OrderId, Instant horizon);
  /// All orders placed and not yet finished.
  void finish_all(Instant horizon);
  /// Ready for the next cell; keeps its memory.
  void reset(OrderRange);
  /// Hint: the order will be asked about soon.
  void prefetch(OrderId) const;

  struct Impl;
  Impl& impl() { return *impl_; }  // for who drives lone orders (lawful.hpp)

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
