// The steps of a life: what an answer to an actor's main operation leads to, and the next event. Inline, as are both sides' and
// the habits' headers: an event is small, and calls between its parts would be much of it.
#pragma once

#include "sim/market/buyer_side.hpp"
#include "sim/market/habits.hpp"
#include "sim/market/play.hpp"
#include "sim/market/seller_side.hpp"

namespace dueprocess {

[[gnu::always_inline]] inline void Market::Impl::push(Life& life, OrderId order, std::uint32_t what, Instant at) {
  ++life.pending;
  agenda.push(Event::make(at, what, number(order), ++life.sequence));
}

[[gnu::always_inline]] inline void Market::Impl::schedule(Life& life, OrderId order, Act act, Instant at) {
  life.act = act;
  push(life, order, happening::main, at);
  life.main_sequence = life.sequence;
}

[[gnu::always_inline]] inline void Market::Impl::main_answered(Life& life, OrderId order, const Operation& operation,
                                                               const Answer& answer, Instant now) {
  if (is_unanswered(answer)) [[unlikely]] {
    if (operation.kind == OperationKind::place_order && answer.outcome == Outcome::info)
      return place_again(life, order, operation, now);
    return try_again(life, order, now);
  }
  if (answer.outcome == Outcome::ok) [[likely]]
    life.tries = 0;
  life.clear(flag::unanswered);
  if (operation.kind == OperationKind::place_order)
    placed(life, order, answer, now);
  else if (life.act >= Act::accept)
    decided(life, order, answer, now);
  else
    worked(life, order, answer, now);
}

inline void Market::Impl::try_again(Life& life, OrderId order, Instant now) {
  if (++life.tries >= tries_max) return give_up(life, now);
  life.set(flag::unanswered);
  const std::uint64_t bits = draws(life, purpose::correction, life.sequence).u64(1);
  const bool buyers_turn = life.act == Act::place || life.act >= Act::accept;
  const std::int64_t pause = buyers_turn ? plan.buyers_pause(bits) : seller_of(life).corrects_after(bits);
  schedule(life, order, life.act, now + pause_after(life.tries, pause));
}

inline void Market::Impl::give_up(Life& life, Instant now) {
  ++dropped;
  leave_slot(life, now);
}

}  // namespace dueprocess
