// The sellers and buyers of one cell as simulated actors: who asks for what, when, and what they do with the answer.
//
//   while ((t = market.next_at()) != never) {
//     ...                                             // the target's timers that are due by t fire first
//     if (!market.next(operation)) continue;          // an inner event (an order starts being worked on): nothing is asked
//     ... the target answers ...
//     market.learn(operation, answer, t);             // exactly once for every operation handed out, in order
//   }
//
// Against a live service many operations are on their way at once. Then each is taken with a ticket, and answered with it,
// in whatever order the answers come:
//
//   if (market.next(operation, ticket)) ...             // on its way
//   market.learn(ticket, operation, answer, now);       // exactly once for every ticket; now never goes back
//
// The market knows what its actors are told and nothing else: it includes neither engine nor oracle.
// One market per cell, one thread, no allocation once warm.
#pragma once

#include "sim/market/plan.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dueprocess {

/// A step of a case whose expectation did not hold.
struct StepFailure {
  std::uint32_t case_index = 0, step_index = 0;
  std::string expected, seen;
};

/// What an operation was taken for; given back with its answer.
class Ticket {
 private:
  friend class Market;
  OrderId order_ = OrderId::none;
  std::uint32_t happening_ = 0;
  std::uint16_t main_sequence_ = 0;
  bool listing_ = false;
};

class Market {
 public:
  /// Plays the blocks [first, first + count) of the plan as one cell. The plan outlives the market.
  Market(const MarketPlan&, std::uint32_t first_block, std::uint32_t block_count);
  ~Market();
  Market(const Market&) = delete;
  Market& operator=(const Market&) = delete;

  OrderRange orders() const;
  Instant next_at() const;  // never: all actors are done
  bool next(Operation&);    // takes the next event; true: `operation` is to be performed now
  void learn(const Operation&, const Answer&, Instant now);
  bool next(Operation&, Ticket&);
  /// REQUIRES: now not before any event taken.
  void learn(const Ticket&, const Operation&, const Answer&, Instant now);
  void learn(const Evidence&, Instant seen);  // cases count payments and notifications
  /// The next event is a step of a case that counts what evidence told: all there is must have been learned by then. In process
  /// it always is.
  bool counts_evidence_next() const;

  /// Orders whose actors have nothing left to do since the last call (never again an operation on them); cleared by the caller.
  std::vector<OrderId>& done();
  std::vector<StepFailure>& failures();
  std::uint64_t actions_dropped() const;  // actors that gave up, in this cell so far
  /// Hint: orders that coming events will be about, each event's about once (EventQueue::announce). Valid until the next call.
  std::span<const OrderId> upcoming();
  void prefetch(OrderId) const;
  void reset(std::uint32_t first_block, std::uint32_t block_count);

  /// As reset(block, 1), but the orders that have nothing to do with any other are left out and named here, to be played one by
  /// one through impl().play_lone() (lone.hpp) when the others are done: their lives are the same.
  const std::vector<OrderId>& set_lone_orders_apart(std::uint32_t block);

  struct Impl;
  Impl& impl() { return *impl_; }  // for who plays lone orders

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
