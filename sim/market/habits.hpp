// What people do beside their main operations: they look, list, click twice, ask support, and try what they may not.
#pragma once

#include <algorithm>

#include "sim/market/play.hpp"

namespace dueprocess {

inline constexpr std::uint64_t neighbours = 4;
inline constexpr std::uint8_t repeats_max = 100;  // pending at once

inline std::int64_t part_of(std::int64_t length, std::uint32_t bits) {
  return static_cast<std::int64_t>(static_cast<UInt128>(std::max<std::int64_t>(0, length)) * bits >> 32);
}

/// An order's life as its parties see it coming: until half as long again as it is due.
inline std::int64_t horizon_us(const Life& life) { return life.due_us + life.span_us() / 2; }

inline bool is_double_clickable(Act act) { return act >= Act::deliver || act == Act::place; }

inline Act act_of(OperationKind kind) {
  switch (kind) {
    case OperationKind::place_order:
      return Act::place;
    case OperationKind::accept:
      return Act::accept;
    case OperationKind::request_modification:
      return Act::modify;
    case OperationKind::extend_review:
      return Act::extend;
    default:
      return Act::deliver;
  }
}

inline bool will_intrude(const OrderDraws& whether, const HabitTraits& habits) { return habits.intrudes.hit(whether.u32(2)); }

/// The ways to intrude. The bits of an order's intruder say which.
enum class Intrusion : std::uint8_t { not_logged_in, stranger, others_part, others_order };
template <class Someone>
OrderDraws intrusion_draws(const Someone& of, bool by_seller) {
  return {of.key, purpose::intrusion, by_seller ? 0u : 1u};
}
inline Intrusion intrusion_of(const OrderDraws& bits) { return static_cast<Intrusion>(pick(bits.u32(0), 4)); }
inline bool intrudes_on_others_order(const OrderDraws& bits) { return intrusion_of(bits) == Intrusion::others_order; }

inline void Market::Impl::begin_habits(Life& life, OrderId order, Instant now) {
  const auto begin = [&](const HabitTraits& habits, std::uint32_t what, bool seller) {
    if (!habits.extras) return;
    const OrderDraws whether = draws(life, what, 0), when = draws(life, what, 1);
    const std::int64_t length = horizon_us(life) - us_of(now);
    (seller ? life.seller_looks : life.buyer_looks) = habits.looks.count(whether.u64(0), count_max);
    next_look(life, order, seller ? happening::seller_look : happening::buyer_look, now);
    if (habits.seeks_support.hit(whether.u32(1)))
      push(life, order, seller ? happening::seller_support : happening::buyer_support,
           now + Duration{part_of(length, when.u32(0))});
    if (will_intrude(whether, habits))
      push(life, order, seller ? happening::seller_intrusion : happening::buyer_intrusion,
           now + Duration{part_of(length, when.u32(1))});
  };
  begin(seller_of(life).habits, purpose::seller_habits, true);
  begin(buyer_of(life).habits, purpose::buyer_habits, false);
}

inline void Market::Impl::next_look(Life& life, OrderId order, std::uint32_t what, Instant now) {
  const bool seller = what == happening::seller_look;
  std::uint8_t& left = seller ? life.seller_looks : life.buyer_looks;
  if (left == 0) return;
  const OrderDraws bits = draws(life, seller ? purpose::seller_looks : purpose::buyer_looks, left);
  const std::int64_t gap = (horizon_us(life) - us_of(now)) / left;
  --left;
  push(life, order, what, now + Duration{part_of(gap, bits.u32(0))});
}

inline bool Market::Impl::lists_first(Life& life, const HabitTraits& habits, Operation& operation) {
  if (life.act < Act::deliver || life.has(flag::listed)) return false;
  if (!habits.lists.possible()) return false;
  life.set(flag::listed);
  if (!habits.lists.hit(draws(life, purpose::listing, life.sequence).u32(0))) return false;
  const UserId by = operation.by;
  operation = Operation{};
  operation.kind = OperationKind::list_orders;
  operation.by = by;
  return true;
}

inline void Market::Impl::maybe_double_click(Life& life, const HabitTraits& habits, OrderId order, Instant now,
                                             Operation& operation) {
  if (!is_double_clickable(life.act) || life.pending >= repeats_max) return;
  if (!habits.double_clicks.possible()) return;
  const OrderDraws bits = draws(life, purpose::double_click, life.sequence);
  if (!habits.double_clicks.hit(bits.u32(0))) return;
  if (habits.retries_with_key.hit(bits.u32(1)))
    operation.key = KeyId{(number(order) << 16) | life.sequence};
  else if (life.act == Act::place)
    return;  // a second placing without a key would be a second order
  push(life, order, happening::repeat, now + Duration{std::max<std::int64_t>(0, habits.repeats_after(bits.u64(2)))});
  repeats.add(life, life.sequence, operation);
}

inline bool Market::Impl::habit(Life& life, OrderId order, std::uint32_t what, Instant now, Operation& operation) {
  const bool by_seller =
      what == happening::seller_look || what == happening::seller_support || what == happening::seller_intrusion;
  operation.by = by_seller ? plan.seller_user(life.seller) : plan.buyer_user(life.buyer);
  if (what == happening::seller_look || what == happening::buyer_look) {
    operation.kind = OperationKind::view_order;
    next_look(life, order, what, now);
    return true;
  }
  if (what == happening::seller_support || what == happening::buyer_support) {
    operation.kind = OperationKind::contact_support;
    operation.text = some_words;
    return true;
  }
  intrude(life, order, by_seller, operation);
  return true;
}

/// An illegal try that would be in order if only somebody else made it.
inline void Market::Impl::intrude(const Life& life, OrderId order, bool by_seller, Operation& operation) const {
  const OrderDraws bits = intrusion_draws(life, by_seller);
  const Intrusion way = intrusion_of(bits);
  const Life* about = &life;
  // Whose operation it is by right: the other party's, or anybody's.
  bool sellers_operation = way == Intrusion::others_part ? !by_seller : (bits.u32(1) & 1) != 0;
  if (way == Intrusion::not_logged_in) operation.by = UserId::nobody;
  if (way == Intrusion::stranger) operation.by = plan.stranger();
  if (way == Intrusion::others_order) {
    // An order of the same block, so that who else is in the cell makes no difference; alive, and none of his own.
    const Block& block = block_of(order).block;
    operation.by = plan.stranger();
    for (std::uint64_t i = 0; i < 2 * neighbours; ++i) {
      const std::uint64_t distance = 1 + i / 2;
      const bool after = ((bits.u32(2) ^ i) & 1) != 0;
      if (!after && number(order) <= distance) continue;
      const OrderId other{after ? number(order) + distance : number(order) - distance};
      if (!block.orders.contains(other) || !lives.is_open(other)) continue;
      const Life& found = lives.at(other);
      if (found.state == OrderState::none || found.seller == life.seller || found.buyer == life.buyer) continue;
      operation.order = other;
      operation.by = by_seller ? plan.seller_user(life.seller) : plan.buyer_user(life.buyer);
      about = &found;
      break;
    }
  }
  const std::uint64_t which = pick(bits.u32(3), 3);
  if (sellers_operation) {
    operation.text = some_words;
    if (which == 0) {
      operation.kind = OperationKind::save_draft;
    } else if (which == 1) {
      operation.kind = OperationKind::upload;
      operation.bytes = 1'000'000;
    } else {
      operation.kind = about->state == OrderState::in_revision ? OperationKind::deliver_modified : OperationKind::deliver;
      operation.links = 1;
    }
  } else if (which == 0) {
    operation.kind = OperationKind::accept;
  } else if (which == 1) {
    operation.kind = OperationKind::request_modification;
    operation.text = some_words;
  } else if (way == Intrusion::others_part) {
    operation.kind = OperationKind::extend_review;
    operation.extend_by_us = us_of(Duration{std::chrono::hours{24}});
  } else {
    operation.kind = OperationKind::view_order;
  }
}

/// The buyer does not know whether he has placed the order. Only under the key it had can he ask again without placing a second
/// one (R16); without a key he lets it be. A second click that is still to come asks for him.
inline void Market::Impl::place_again(Life& life, OrderId order, const Operation& operation, Instant now) {
  life.set(flag::unanswered);
  if (life.pending != 0) return;
  if (operation.key == KeyId::none || ++life.tries >= tries_max) return give_up(life, now);
  const std::uint64_t bits = draws(life, purpose::correction, life.sequence).u64(1);
  push(life, order, happening::repeat, now + pause_after(life.tries, plan.buyers_pause(bits)));
  repeats.add(life, life.sequence, operation);
}

/// The second of two clicks. It counts only where it had an effect that the first had not.
inline void Market::Impl::repeat_answered(Life& life, OrderId order, const Operation& operation, const Answer& answer,
                                          Instant now) {
  const bool unplaced = life.act == Act::place && life.has(flag::unanswered);
  if (unplaced && operation.kind == OperationKind::place_order && is_unanswered(answer))
    return place_again(life, order, operation, now);
  if (answer.outcome != Outcome::ok || life.has(flag::waiting)) return;
  const bool keyed = operation.key != KeyId::none;
  const Act act = act_of(operation.kind);
  const bool counts = keyed ? life.has(flag::unanswered) && life.act == act : answer.state != life.state;
  if (!counts) return;
  cancel(life);
  life.act = act;
  main_answered(life, order, operation, answer, now);
}

}  // namespace dueprocess
