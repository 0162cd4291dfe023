// The asynchronous seam to a live target: operations go out by the thousand, replies and evidence come back through a sink.
//
// Bodies: `http` (harness/target/binding: a real service through a binding), `in_memory` (an engine in this process with a test
// clock of its own, for tests and for the floor of costs), `faulty` (wraps another: loses answers, delays, duplicates, refuses).
//
// Threads: one LiveTarget belongs to one event loop; every call is made on it and the sink is called on it, never from inside
// perform() and its like. Ownership: the sink outlives the target. Failure: a failed request is a reply too
// (LiveObservation::failure); nothing throws once the target is made. Whatever was asked is replied to exactly once, also when
// the target is stopped.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/record/live.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess {

/// How virtual time reaches the target.
enum class LiveClock : std::uint8_t {
  barrier,  // the service's test clock is advanced to each instant, then everything of that instant is asked
  stamped,  // each request carries its instant; the service fires that order's timers up to it first
  wall,     // real time; the service's periods are scaled
};
std::string_view name_of(LiveClock);

/// What a target can do, as its binding says. What it lacks is done without, and said.
struct Abilities {
  std::uint32_t operations = 0;  // a bit an OperationKind
  bool barrier = false, stamped = false;
  bool keys = false;                                       // idempotency keys: operations that change something may be retried
  bool events = false, notices = false, payments = false;  // evidence it gives, by pieces of evidence
  bool pushes = false;        // evidence comes by itself (feed, server-sent events, webhooks); else only by looking
  bool told_refusals = true;  // refusals tell the party state, version and deadline, as docs/decisions/0001 12 has it
  bool can(OperationKind kind) const { return (operations >> static_cast<unsigned>(kind) & 1) != 0; }
};

/// An operation to be carried out.
struct Asked {
  std::uint64_t ticket = 0;  // the caller's, given back with the reply
  Operation operation;
  Instant at = never;           // barrier, stamped: its virtual instant
  HarnessTime intended_ns = 0;  // wall: when it was meant to be sent
};

class LiveSink {
 public:
  virtual ~LiveSink() = default;
  virtual void replied(std::uint64_t ticket, const LiveObservation&) = 0;
  /// Evidence of an order of this run. What belongs to other orders of the service is counted by the target and left out.
  virtual void witnessed(const LiveEvidence&) = 0;
};

class LiveTarget {
 public:
  using Done = std::function<void(const std::string& problem)>;                             // empty: it went well
  using Advanced = std::function<void(const std::string& problem, Instant next_deadline)>;  // never: none pending, or not told

  virtual ~LiveTarget() = default;
  virtual Abilities abilities() const = 0;
  /// Connects, logs in whoever observes, reads the clock. Nothing else is called before `done`.
  virtual void open(Done done) = 0;
  virtual void perform(const Asked&) = 0;
  /// Barrier: done when every timer due by `to` has fired and its effects are visible. Stamped: the same for all orders, so that
  /// silent ones come to their ends; no later request is stamped before `to`.
  virtual void advance(Instant to, Advanced done) = 0;
  /// Done when everything that the service had to show when this was called has been given to the sink.
  virtual void drain(Done done) = 0;
  /// The order will not be asked about again, and no evidence of it is waited for.
  virtual void forget(OrderId) = 0;
  /// Operations on their way.
  virtual std::size_t in_flight() const = 0;
  /// Gives up what is on its way (each is replied to, as `cut`), closes, then `done`.
  virtual void close(Done done) = 0;
  /// Requests, bytes, connections, statuses so far; resets them.
  virtual LiveTally take_transport_counts() = 0;
};

}  // namespace dueprocess
