// The synchronous seam to a target in this process: an engine of your own, driven and judged like the built-in one
//.
//
// Protocol, one virtual clock, which the caller owns; its instants never go back:
//   reset(orders)                                           a cell begins; nothing of the cell before is left
//   while (target.next_timer() <= t) target.fire_next();    at one instant the timer goes first (R11)
//   target.perform(operation, t, answer);
//   take target.evidence(), then clear it                   after perform, fire_next and restart alike
//
// Bodies: the built-in engine (sim/engine, without these virtual calls), a user's own, and a faulty one that wraps another
// (faulty_target.hpp).
//
// Ownership: a target belongs to the run that made it, and keeps nothing of what it is handed by reference.
// Threads: a target lives on one thread. Its factory is called from several at once, one target each: targets share nothing, or
// lock. Failure: an operation that is refused, or not answered, is an Answer like any other. A target that cannot go on throws;
// the run then ends with exit code 3 and what() as the reason.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

class Target {
 public:
  virtual ~Target() = default;

  /// `answer` comes as new: ok, and nothing told. `operation.order` of place_order names the new order.
  virtual void perform(const Operation&, Instant now, Answer&) = 0;
  /// The instant of the earliest timer, not before the present one; never: none is pending. Asked for at every step.
  virtual Instant next_timer() const = 0;
  /// Fires the earliest timer, at its instant (ties: by order). REQUIRES: next_timer() != never.
  virtual void fire_next() = 0;
  /// The process died at `down` and comes back at `back`: timers that fell due between fire now, at `back`, in the order of their
  /// deadlines. Between, nothing was asked.
  virtual void restart(Instant down, Instant back) = 0;
  /// What happened since this was last cleared, in the order in which it happened: events, notifications, payments.
  virtual std::vector<Evidence>& evidence() = 0;
  /// The order will not be asked about again: its memory may go. Only a hint.
  virtual void forget(OrderId) {}
  /// The next cell's orders: ids in this range and no others are placed from now on.
  virtual void reset(OrderRange) = 0;
};

/// Makes a target for orders under this policy. It may throw: what it was asked for cannot be had (a policy it does not know).
using TargetFactory = std::function<std::unique_ptr<Target>(const Policy&)>;

/// The target broke its protocol, or threw: the run cannot go on, and says why.
struct TargetProblem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace dueprocess
