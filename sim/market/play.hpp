// A market being played: the state all actors of a cell share, and what they do by side.
//
//   market.cpp       the loop: takes events, hands operations out, brings answers home
//   lone.hpp         the other loop: one order from its placing to its end
//   steps.hpp        what an answer leads to, and the next event
//   seller_side.hpp  the desk, drafts, uploads, deliveries, corrections
//   buyer_side.hpp   placing, reviewing: accept, modify, extend, or silence
//   habits.hpp       what people do beside it: looks, lists, tickets, double clicks, intrusions
#pragma once

#include <algorithm>
#include <vector>

#include "sim/market/agenda.hpp"
#include "sim/market/arrivals.hpp"
#include "sim/market/case_play.hpp"
#include "sim/market/desk.hpp"
#include "sim/market/life.hpp"
#include "sim/market/market.hpp"
#include "sim/market/plan_impl.hpp"
#include "sim/market/repeats.hpp"

namespace dueprocess {

/// Classes of events: at one instant the smaller first. What belongs to one block comes in the same order whatever else is in the
/// cell.
namespace happening {
enum : std::uint32_t {
  arrival,
  main,
  repeat,
  scripted_answer,
  seller_look,
  buyer_look,
  seller_support,
  buyer_support,
  seller_intrusion,
  buyer_intrusion,
  case_step
};
}  // namespace happening

/// How long to wait for a target that does not answer: twice as long each time at first. With pauses of two minutes the
/// tries together last about six weeks.
inline constexpr unsigned tries_max = 250;
constexpr Duration pause_after(unsigned tries, std::int64_t first_us) {
  return Duration{std::max<std::int64_t>(first_us, 1) << std::min(tries - 1, 7u)};
}

/// Nobody was there, or nobody knows what came of it.
constexpr bool is_unanswered(const Answer& answer) {
  return answer.outcome == Outcome::info || (answer.outcome == Outcome::refused && answer.refusal == Refusal::none);
}

inline constexpr TextId some_words = TextId::first_real;
inline constexpr std::uint8_t count_max = 250;  // of drafts, files, looks, extensions

/// An order before it is placed.
struct Prospect {
  std::int64_t placed_us = 0, due_us = 0;
  std::int64_t price_cents = 0;
  std::uint64_t key = 0;
  std::uint32_t seller = 0, buyer = 0;
  std::uint8_t seller_persona = 0, buyer_persona = 0;
  bool lone = false;  // nothing it does depends on another order, nor another's on it
};

struct Market::Impl {
  explicit Impl(const MarketPlan& market_plan) : whole_plan(market_plan), plan(market_plan.impl()) {}

  // market.cpp
  void reset(std::uint32_t first_block, std::uint32_t block_count, bool set_lone_apart);
  bool next(Operation& operation);
  void learn(const Operation& operation, const Answer& answer, Instant now);

  void push(Life& life, OrderId order, std::uint32_t what, Instant at);
  /// Replaces the main event that is pending, if any.
  void schedule(Life& life, OrderId order, Act act, Instant at);
  void cancel(Life& life) { life.main_sequence = ++life.sequence; }
  void main_answered(Life& life, OrderId order, const Operation& operation, const Answer& answer, Instant now);
  void try_again(Life& life, OrderId order, Instant now);
  void place_again(Life& life, OrderId order, const Operation& operation, Instant now);
  void give_up(Life& life, Instant now);
  void settle(Life& life, OrderId order);
  void case_next(std::uint64_t order);

  // lone.cpp, lone.hpp
  void look_ahead();
  bool is_lone(const Prospect& prospect) const;
  bool meets_neighbours(const Prospect& prospect) const;
  template <class World>
  void play_lone(OrderId order, World& world);
  template <class World>
  void place_again(Life& life, OrderId order, Instant now, World& world);
  template <Act act, class World>
  void act_alone(Life& life, OrderId order, Instant now, World& world);

  // buyer_side.cpp
  void begin_block(std::uint32_t block);
  void push_arrival(std::uint64_t stream);
  bool arrive(OrderId order, Instant now, Operation& operation);
  Prospect prospect_of(OrderId order, Instant placed, const Block& block) const;
  void begin_life(Life& life, const Prospect& prospect) const;
  void fill_first_placing(const Life& life, OrderId order, std::int64_t price_cents, Operation& operation) const;
  void fill_placing(Life& life, OrderId order, Instant now, Operation& operation) const;
  void placed(Life& life, OrderId order, const Answer& answer, Instant now);
  void review(Life& life, OrderId order, Instant deadline, Instant now);
  void decide(Life& life, OrderId order, Instant deadline, Instant now);
  void fill_scripted(const Life& life, OrderId order, Operation& operation) const;
  void fill_decision(const Life& life, Operation& operation) const;
  void decided(Life& life, OrderId order, const Answer& answer, Instant now);
  void scripted_answered(Life& life, OrderId order, const Operation& operation, const Answer& answer, Instant now);

  // seller_side.cpp
  void ask_for_slot(Life& life, OrderId order, Instant now);
  void leave_slot(Life& life, Instant now);
  void begin_work(Life& life, OrderId order, Instant now);
  void prepare_delivery(Life& life);
  void next_step(Life& life, OrderId order, Instant now);
  void fill_work(const Life& life, Operation& operation) const;
  void worked(Life& life, OrderId order, const Answer& answer, Instant now);
  void correct(Life& life, OrderId order, const Answer& answer, Instant now);
  void modification_requested(Life& life, OrderId order, Instant now);

  // habits.cpp
  void begin_habits(Life& life, OrderId order, Instant now);
  void next_look(Life& life, OrderId order, std::uint32_t what, Instant now);
  bool lists_first(Life& life, const HabitTraits& habits, Operation& operation);
  void maybe_double_click(Life& life, const HabitTraits& habits, OrderId order, Instant now, Operation& operation);
  bool habit(Life& life, OrderId order, std::uint32_t what, Instant now, Operation& operation);
  void intrude(const Life& life, OrderId order, bool by_seller, Operation& operation) const;
  void repeat_answered(Life& life, OrderId order, const Operation& operation, const Answer& answer, Instant now);

  template <class Someone>  // a Life, a Prospect
  const SellerTraits& seller_of(const Someone& life) const {
    return plan.sellers[plan.seller_casting.from_brief(life.seller_persona, life.seller)];
  }
  template <class Someone>
  const BuyerTraits& buyer_of(const Someone& life) const {
    return plan.buyers[plan.buyer_casting.from_brief(life.buyer_persona, life.buyer)];
  }
  /// Of whoever's turn it is.
  const HabitTraits& habits_of(const Life& life) const {
    return life.act >= Act::accept || life.act == Act::place ? buyer_of(life).habits : seller_of(life).habits;
  }
  const ReplayOrder& row_of(OrderId order) const { return plan.setup.orders.replay[plan.replay_rows[number(order) - 1]]; }
  Desk& desk_of(const Life& life) { return desks[life.seller - first_seller]; }
  Draws first_draws(OrderId order) const { return Draws(plan.seed, number(order), purpose::placing, 0); }
  template <class Someone>
  static OrderDraws draws(const Someone& life, std::uint32_t what, std::uint32_t index) {
    return {life.key, what, index};
  }

  /// Arrivals of one block: where they are.
  struct Stream {
    Block block;
    std::uint64_t begun = 0;
    Arrivals arrivals;
  };

  std::uint32_t stream_of(OrderId order) const { return block_count == 1 ? 0 : whole_plan.block_of(order) - first_block; }
  const Stream& block_of(OrderId order) const { return streams[stream_of(order)]; }

  const MarketPlan& whole_plan;
  const MarketPlan::Impl& plan;
  std::uint32_t first_block = 0, block_count = 0;
  OrderRange range;
  std::uint32_t first_seller = 0;
  LifeTable lives;
  Agenda agenda;
  std::vector<OrderId> announced;
  Repeats repeats;
  std::vector<Desk> desks;
  bool lone_apart = false;          // the cell is one block, and
  std::vector<Prospect> prospects;  // these are its orders
  std::vector<OrderId> lone;
  std::vector<Instant> instants;  // while looking ahead
  std::vector<Stream> streams;    // kept for their memory; the first `market_blocks` count
  std::vector<CasePlay> cases;
  std::uint64_t first_case = 0;  // order id of cases[0]
  // the operation handed out and not answered yet
  std::uint32_t current = happening::arrival;
  OrderId current_order = OrderId::none;
  bool listing = false;
  bool awaited = false;
  std::vector<OrderId> done;
  std::vector<StepFailure> failures;
  std::uint64_t dropped = 0;
};

}  // namespace dueprocess
