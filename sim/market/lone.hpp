// One order from its placing to its end, for orders that have nothing to do with any other (Market::set_lone_orders_apart): the
// same steps as in the loop of market.cpp, without looking anything up. Whoever includes this compiles the whole way of an
// operation, through target and judge and back, into one function for each kind of act.
//
// World is what the order is played against. It holds the operation to be filled and the answer to it:
//
//   Operation& operation();
//   const Answer& answer();
//   template <OperationKind kind> void perform(Instant now);     // operation().kind is `kind`
//   void perform_any(Instant now);
//   Instant next_timer();                                        // of this order; never: none
//   void fire_timer();                                           // REQUIRES: next_timer() != never
#pragma once

#include "sim/market/steps.hpp"

namespace dueprocess {

constexpr OperationKind kind_of(Act act) {
  switch (act) {
    case Act::save_draft:
    case Act::save_last_draft:
      return OperationKind::save_draft;
    case Act::open_draft:
      return OperationKind::open_draft;
    case Act::upload:
      return OperationKind::upload;
    case Act::accept:
      return OperationKind::accept;
    case Act::modify:
      return OperationKind::request_modification;
    case Act::extend:
      return OperationKind::extend_review;
    case Act::deliver:
      return OperationKind::deliver;
    default:
      return OperationKind::place_order;
  }
}

template <Act act, class World>
[[gnu::always_inline]] inline void Market::Impl::act_alone(Life& life, OrderId order, Instant now, World& world) {
  const auto is_still = [&] {
    // The compiler cannot know, and would ask again at every turn.
    if (life.act != act && !(act == Act::save_draft && life.act == Act::save_last_draft)) __builtin_unreachable();
  };
  Operation& operation = world.operation();
  operation = Operation{};
  operation.order = order;
  is_still();
  if constexpr (act >= Act::accept)
    fill_decision(life, operation);
  else
    fill_work(life, operation);
  if constexpr (act >= Act::deliver)
    if (const HabitTraits& habits = habits_of(life); habits.clicks_or_lists)
      maybe_double_click(life, habits, order, now, operation);
  if (act == Act::deliver && operation.kind == OperationKind::deliver_modified)
    world.template perform<OperationKind::deliver_modified>(now);
  else
    world.template perform<kind_of(act)>(now);
  is_still();
  main_answered(life, order, operation, world.answer(), now);
}

/// After a target that did not answer.
template <class World>
[[gnu::cold, gnu::noinline]] void Market::Impl::place_again(Life& life, OrderId order, Instant now, World& world) {
  Operation& operation = world.operation();
  operation = Operation{};
  operation.order = order;
  fill_placing(life, order, now, operation);
  if (const HabitTraits& habits = habits_of(life); habits.clicks_or_lists)
    maybe_double_click(life, habits, order, now, operation);
  world.perform_any(now);
  main_answered(life, order, operation, world.answer(), now);
}

template <class World>
void Market::Impl::play_lone(OrderId order, World& world) {
  const Prospect& prospect = prospects[range.index_of(order)];
  Life life;
  agenda.rewind();
  begin_life(life, prospect);
  {
    const Instant now = instant_at(life.placed_us);
    Operation& operation = world.operation();
    operation = Operation{};
    fill_first_placing(life, order, prospect.price_cents, operation);
    if (const HabitTraits& habits = buyer_of(life).habits; habits.clicks_or_lists)
      maybe_double_click(life, habits, order, now, operation);
    world.template perform<OperationKind::place_order>(now);
    main_answered(life, order, operation, world.answer(), now);
  }
  for (;;) {
    const Instant now = agenda.next_at();
    if (const Instant timer = world.next_timer(); timer <= now) {
      if (timer == never) return;
      world.fire_timer();
      continue;
    }
    const Event event = agenda.take();
    --life.pending;
    if (event.klass() == happening::main) [[likely]] {
      if (event.sequence() != life.main_sequence) continue;
      switch (life.act) {
        case Act::save_draft:
        case Act::save_last_draft:
          act_alone<Act::save_draft>(life, order, now, world);
          break;
        case Act::open_draft:
          act_alone<Act::open_draft>(life, order, now, world);
          break;
        case Act::upload:
          act_alone<Act::upload>(life, order, now, world);
          break;
        case Act::deliver:
          act_alone<Act::deliver>(life, order, now, world);
          break;
        case Act::accept:
          act_alone<Act::accept>(life, order, now, world);
          break;
        case Act::modify:
          act_alone<Act::modify>(life, order, now, world);
          break;
        case Act::extend:
          act_alone<Act::extend>(life, order, now, world);
          break;
        case Act::place:
        case Act::none:
          place_again(life, order, now, world);
          break;
      }
      continue;
    }
    Operation& operation = world.operation();
    operation = Operation{};
    if (event.klass() == happening::repeat) {
      operation = repeats.take(life, static_cast<std::uint16_t>(event.sequence()));
      world.perform_any(now);
      repeat_answered(life, order, operation, world.answer(), now);
    } else {
      operation.order = order;
      habit(life, order, event.klass(), now, operation);
      if (operation.kind == OperationKind::view_order)
        world.template perform<OperationKind::view_order>(now);
      else
        world.perform_any(now);
    }
  }
}

}  // namespace dueprocess
