// Lone orders played one after the other: market, engine and oracle compiled into one function, all that an order needs within
// reach of the nearest cache. What an order does, and what is found of it, is the same as in a cell with all the others.
#pragma once

#include <atomic>
#include <vector>

#include "harness/oracle/lawful.hpp"
#include "harness/record/tally.hpp"
#include "sim/engine/lone_order.hpp"
#include "sim/market/lone.hpp"

namespace dueprocess {

/// The world of one order after the other (lone.hpp). Market, oracle and tally outlive it. One thread.
class LonePlay {
 public:
  LonePlay(const Policy& policy, Market& market, Oracle& oracle, Tally& tally)
      : market_(market.impl()), judge_(oracle.impl()), tally_(tally), engine_(policy) {}

  /// Plays the orders to their ends, or until *stop is set: then the rest are not placed.
  void play(const std::vector<OrderId>& orders, const std::atomic<bool>* stop);

  // what the market plays against
  Operation& operation() { return observation_.operation; }
  const Answer& answer() const { return observation_.answer; }
  template <OperationKind kind>
  [[gnu::always_inline]] void perform(Instant now) {
    if (observation_.operation.kind != kind) __builtin_unreachable();
    observation_.intended = observation_.sent = observation_.answered = now;
    engine_.perform(observation_.operation, now, observation_.answer);
    if constexpr (can_transition(kind))
      judge_transition(now);
    else
      judge_quiet<kind>();
  }
  void perform_any(Instant now);
  Instant next_timer() const { return engine_.next_timer(); }
  void fire_timer();

 private:
  // The oracle's part is compiled apart: once for the operations that may show something, once for each kind of the others, not
  // into each act. So it all nearly stays in the nearest instruction cache, which is worth more than what inlining saves.
  void judge_transition(Instant now);
  template <OperationKind kind>
  [[gnu::noinline]] void judge_quiet() {
    if (observation_.operation.kind != kind) __builtin_unreachable();
    judge_.observe(observation_, &facts_);
  }
  void judge_any_quiet();
  void see(Instant now);

  Market::Impl& market_;
  judging::Judge& judge_;
  Tally& tally_;
  LoneOrder engine_;
  OrderId order_ = OrderId::none;
  judging::Facts facts_;
  Observation observation_;
};

}  // namespace dueprocess
