// The buyer: places the order, and once it is delivered decides, or stays silent.
#pragma once

#include <algorithm>

#include "sim/market/play.hpp"

namespace dueprocess {

inline constexpr std::uint8_t rounds_max = 250;
inline constexpr std::int64_t scripted_pause_us = 60'000'000;  // replayed answers, when nobody is there

inline Instant not_before(Instant now, std::int64_t at_us) { return std::max(now, instant_at(at_us)); }

inline std::uint32_t decision_index(const Life& life) { return (std::uint32_t{life.round} << 8) | life.decisions; }

inline void Market::Impl::begin_block(std::uint32_t stream) {
  Stream& of_block = streams[stream];
  of_block.begun = 0;
  if (of_block.block.orders.count == 0) return;
  if (!plan.replays && !lone_apart) of_block.arrivals.begin(*plan.arrivals, of_block.block);
  push_arrival(stream);
}

inline void Market::Impl::push_arrival(std::uint64_t stream) {
  Stream& of_block = streams[stream];
  if (lone_apart) {
    while (of_block.begun < prospects.size() && prospects[of_block.begun].lone) ++of_block.begun;
    if (of_block.begun == prospects.size()) return;
  }
  const std::uint64_t index = of_block.begun++;
  const OrderId order = of_block.block.orders.at(index);
  const Instant at = plan.replays  ? row_of(order).placed
                     : !lone_apart ? of_block.arrivals.next(*plan.arrivals)
                                   : instant_at(prospects[index].placed_us);
  agenda.push(Event::make(at, happening::arrival, number(order), 0));
}

inline Prospect Market::Impl::prospect_of(OrderId order, Instant placed, const Block& block) const {
  Prospect of;
  const Draws bits = first_draws(order);
  of.placed_us = us_of(placed);
  of.key = OrderDraws::key_of(bits);
  if (plan.replays) {
    const ReplayOrder& row = row_of(order);
    of.seller = row.seller;
    of.buyer = row.buyer;
    of.due_us = us_of(row.due);
    of.price_cents = row.price_cents;
  } else {
    of.seller = block.first_seller + static_cast<std::uint32_t>(pick(bits.u32(0), block.seller_count));
    of.buyer = static_cast<std::uint32_t>(pick(bits.u32(1), plan.setup.buyers));
    of.due_us = of.placed_us + plan.due_in(wide(bits, 2));
    of.price_cents = plan.price_cents(wide(bits, 3));
  }
  of.seller_persona = plan.seller_casting.brief(of.seller);
  of.buyer_persona = plan.buyer_casting.brief(of.buyer);
  return of;
}

inline void Market::Impl::begin_life(Life& life, const Prospect& of) const {
  life.act = Act::place;
  life.placed_us = of.placed_us;
  life.due_us = of.due_us;
  life.key = of.key;
  life.seller = of.seller;
  life.buyer = of.buyer;
  life.seller_persona = of.seller_persona;
  life.buyer_persona = of.buyer_persona;
  if (plan.replays && plan.setup.orders.answers_from_file) life.set(flag::scripted_answer);
}

inline void Market::Impl::fill_first_placing(const Life& life, OrderId order, std::int64_t price_cents,
                                             Operation& operation) const {
  operation.kind = OperationKind::place_order;
  operation.order = order;
  operation.by = plan.buyer_user(life.buyer);
  operation.seller = plan.seller_user(life.seller);
  operation.due_at = instant_at(life.due_us);
  operation.price_cents = price_cents;
}

inline bool Market::Impl::arrive(OrderId order, Instant now, Operation& operation) {
  const std::uint32_t stream = stream_of(order);
  const Block& block = streams[stream].block;
  Life& life = lives.open(order);
  const Prospect prospect = prospect_of(order, now, block);
  begin_life(life, prospect);
  fill_first_placing(life, order, prospect.price_cents, operation);
  if (const HabitTraits& habits = buyer_of(life).habits; habits.clicks_or_lists)
    maybe_double_click(life, habits, order, now, operation);
  if (streams[stream].begun < block.orders.count) push_arrival(stream);
  return true;
}

/// Placing once more, after nobody had answered: due as long after placing as before.
inline void Market::Impl::fill_placing(Life& life, OrderId order, Instant now, Operation& operation) const {
  if (!plan.replays) life.due_us += us_of(now) - life.placed_us;
  life.placed_us = us_of(now);
  operation.kind = OperationKind::place_order;
  operation.by = plan.buyer_user(life.buyer);
  operation.seller = plan.seller_user(life.seller);
  operation.due_at = instant_at(life.due_us);
  operation.price_cents = plan.replays ? row_of(order).price_cents : plan.price_cents(wide(first_draws(order), 3));
}

[[gnu::always_inline]] inline void Market::Impl::placed(Life& life, OrderId order, const Answer& answer, Instant now) {
  if (answer.outcome != Outcome::ok) return;  // no order after all
  life.placed_us = us_of(now);
  life.state = OrderState::in_progress;
  life.act = Act::none;
  begin_habits(life, order, now);
  if (life.has(flag::scripted_answer) && row_of(order).answered != never)
    push(life, order, happening::scripted_answer, std::max(now, row_of(order).answered));
  ask_for_slot(life, order, now);
}

inline void Market::Impl::review(Life& life, OrderId order, Instant deadline, Instant now) {
  life.clear(flag::no_extend);
  life.decisions = 0;
  if (life.round >= rounds_max && !life.has(flag::no_modify)) {  // a buyer who is never content would never end
    life.set(flag::no_modify);
    ++dropped;
  }
  const BuyerTraits& buyer = buyer_of(life);
  if (life.has(flag::scripted_answer) || buyer.silent) return;
  if (!buyer.modification_rounds.always_zero() || !buyer.extensions.constant()) {
    const OrderDraws bits = draws(life, purpose::patience, life.round);
    life.extensions_left = buyer.extensions.count(bits.u64(1), count_max);
    if (life.round == 1) life.rounds_left = buyer.modification_rounds.count(bits.u64(0), count_max);
  } else {
    life.extensions_left = buyer.extensions.count(0, count_max);
  }
  decide(life, order, deadline, now);
}

inline void Market::Impl::decide(Life& life, OrderId order, Instant deadline, Instant now) {
  const BuyerTraits& buyer = buyer_of(life);
  const OrderDraws bits = draws(life, purpose::decision, decision_index(life));
  ++life.decisions;
  Choice choice = Choice::modify;
  if (life.rounds_left == 0 || life.has(flag::no_modify))
    choice = buyer.choose(bits.u32(0), !life.has(flag::no_modify), life.extensions_left > 0 && !life.has(flag::no_extend));
  if (choice == Choice::silence) return;
  std::int64_t from = us_of(now);  // the delivery, or the answer after which he decides again
  if (buyer.decides.anchor == Anchor::deadline && deadline != never) from = us_of(deadline);
  if (buyer.decides.anchor == Anchor::due) from = life.due_us;
  if (buyer.decides.anchor == Anchor::placed) from = life.placed_us;
  if (buyer.decides.anchor == Anchor::start) from = us_of(plan.setup.starts);
  const Act act = choice == Choice::accept ? Act::accept : choice == Choice::modify ? Act::modify : Act::extend;
  schedule(life, order, act, not_before(now, from + buyer.decides.distance(bits.u64(1), life.span_us())));
}

[[gnu::always_inline]] inline void Market::Impl::fill_decision(const Life& life, Operation& operation) const {
  operation.by = plan.buyer_user(life.buyer);
  if (life.act == Act::accept) {
    operation.kind = OperationKind::accept;
  } else if (life.act == Act::modify) {
    operation.kind = OperationKind::request_modification;
    operation.text = some_words;
  } else {
    operation.kind = OperationKind::extend_review;
    const Amount& extend_by = buyer_of(life).extend_by;
    operation.extend_by_us =
        extend_by.constant() ? extend_by(0) : extend_by(draws(life, purpose::decision, decision_index(life) - 1).u64(2));
  }
}

inline void Market::Impl::fill_scripted(const Life& life, OrderId order, Operation& operation) const {
  operation.order = order;
  operation.by = plan.buyer_user(life.buyer);
  operation.kind = row_of(order).satisfied ? OperationKind::accept : OperationKind::request_modification;
  if (!row_of(order).satisfied) operation.text = some_words;
}

[[gnu::always_inline]] inline void Market::Impl::decided(Life& life, OrderId order, const Answer& answer, Instant now) {
  const Act act = life.act;
  life.clear(flag::listed);
  if (answer.outcome == Outcome::ok) {
    if (act == Act::accept) {
      life.state = OrderState::completed;
    } else if (act == Act::modify) {
      if (life.rounds_left > 0) --life.rounds_left;
      modification_requested(life, order, now);
    } else {
      if (life.extensions_left > 0) --life.extensions_left;
      decide(life, order, answer.deadline, now);
    }
    return;
  }
  // Too late, or not his to decide: he stays silent. Told that there is no more of it, he decides otherwise.
  if (answer.state != OrderState::none) life.state = answer.state;
  if (answer.state != OrderState::delivered) return;
  if (act == Act::modify && answer.refusal == Refusal::limit_reached && !life.has(flag::no_modify)) {
    life.set(flag::no_modify);
    decide(life, order, answer.deadline, now);
  } else if (act == Act::extend && !life.has(flag::no_extend) &&
             (answer.refusal == Refusal::limit_reached || answer.refusal == Refusal::invalid)) {
    life.set(flag::no_extend);
    decide(life, order, answer.deadline, now);
  }
}

inline void Market::Impl::scripted_answered(Life& life, OrderId order, const Operation& operation, const Answer& answer,
                                            Instant now) {
  if (is_unanswered(answer)) {
    if (++life.tries >= tries_max) {
      ++dropped;
      return;
    }
    push(life, order, happening::scripted_answer, now + pause_after(life.tries, scripted_pause_us));
    return;
  }
  if (answer.outcome != Outcome::ok) return;
  if (operation.kind == OperationKind::accept)
    life.state = OrderState::completed;
  else
    modification_requested(life, order, now);
}

}  // namespace dueprocess
