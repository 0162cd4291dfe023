#include "sim/market/market.hpp"

#include <algorithm>

#include "sim/market/check.hpp"
#include "sim/market/steps.hpp"

namespace dueprocess {

void Market::Impl::reset(std::uint32_t first, std::uint32_t count, bool set_lone_apart) {
  check(first + count <= whole_plan.block_count(), "the blocks exist");
  first_block = first;
  block_count = count;
  agenda.clear();
  repeats.clear();
  cases.clear();
  done.clear();
  failures.clear();
  dropped = 0;
  awaited = false;
  range = {};
  if (count > 0) {
    range.first = whole_plan.block(first).orders.first;
    const OrderRange last = whole_plan.block(first + count - 1).orders;
    range.count = number(last.first) + last.count - number(range.first);
  }
  const std::uint32_t market_blocks = std::min(first + count, plan.market_blocks) - std::min(first, plan.market_blocks);
  OrderRange market_range = range;
  market_range.count = 0;
  desks.clear();
  if (streams.size() < market_blocks) streams.resize(market_blocks);
  first_case = plan.market_orders() + 1 + (first > plan.market_blocks ? first - plan.market_blocks : 0);
  for (std::uint32_t i = 0; i < market_blocks; ++i) {
    streams[i].block = whole_plan.block(first + i);
    market_range.count += streams[i].block.orders.count;
  }
  lives.reset(market_range);
  if (market_blocks > 0) {
    first_seller = streams.front().block.first_seller;
    const Block& last = streams[market_blocks - 1].block;
    desks.resize(last.first_seller + last.seller_count - first_seller);
  }
  lone.clear();
  lone_apart = set_lone_apart && count == 1 && market_blocks == 1 && !plan.replays;
  if (lone_apart) look_ahead();
  for (std::uint32_t i = 0; i < market_blocks; ++i) begin_block(i);
  for (std::uint32_t block = std::max(first, plan.market_blocks); block < first + count; ++block) {
    cases.emplace_back(plan, whole_plan.case_of(block));
    case_next(number(cases.back().order()));
  }
}

void Market::Impl::case_next(std::uint64_t order) {
  CasePlay& play = cases[order - first_case];
  if (play.next_at() == never)
    done.push_back(OrderId{order});
  else
    agenda.push(Event::make(play.next_at(), happening::case_step, order, 0));
}

bool Market::Impl::next(Operation& operation) {
  check(!awaited, "every operation is answered before the next is taken");
  const Event event = agenda.take();
  const OrderId order{event.entity()};
  operation = Operation{};
  current = event.klass();
  current_order = order;
  if (current == happening::case_step) {
    awaited = cases[number(order) - first_case].next(operation, failures);
    if (!awaited) case_next(number(order));
    return awaited;
  }
  if (current == happening::arrival) return awaited = arrive(order, event.at(), operation);

  Life& life = lives.at(order);
  --life.pending;
  if (current == happening::main) {
    awaited = event.sequence() == life.main_sequence;
    if (awaited) {
      operation.order = order;
      if (life.act >= Act::accept)
        fill_decision(life, operation);
      else if (life.act == Act::place)
        fill_placing(life, order, event.at(), operation);
      else
        fill_work(life, operation);
      listing = false;
      if (const HabitTraits& habits = habits_of(life); habits.clicks_or_lists) {
        listing = lists_first(life, habits, operation);
        if (!listing) maybe_double_click(life, habits, order, event.at(), operation);
      }
    }
  } else if (current == happening::repeat) {
    operation = repeats.take(life, static_cast<std::uint16_t>(event.sequence()));
    awaited = true;
  } else if (current == happening::scripted_answer) {
    fill_scripted(life, order, operation);
    awaited = true;
  } else {
    operation.order = order;
    awaited = habit(life, order, current, event.at(), operation);
  }
  if (!awaited) settle(life, order);
  return awaited;
}

void Market::Impl::learn(const Operation& operation, const Answer& answer, Instant now) {
  check(awaited, "only what was handed out is answered");
  awaited = false;
  const OrderId order = current_order;
  if (current == happening::case_step) {
    cases[number(order) - first_case].learn(answer, now, failures);
    return case_next(number(order));
  }
  Life& life = lives.at(order);
  if (current == happening::main && listing) {
    schedule(life, order, life.act, now);
  } else if (current == happening::main || current == happening::arrival) {
    main_answered(life, order, operation, answer, now);
  } else if (current == happening::repeat) {
    repeat_answered(life, order, operation, answer, now);
  } else if (current == happening::scripted_answer) {
    scripted_answered(life, order, operation, answer, now);
  }
  settle(life, order);
}

void Market::Impl::settle(Life& life, OrderId order) {
  if (life.pending != 0 || life.has(flag::waiting)) return;
  lives.close(order);
  done.push_back(order);
}

Market::Market(const MarketPlan& plan, std::uint32_t first_block, std::uint32_t block_count)
    : impl_(std::make_unique<Impl>(plan)) {
  impl_->reset(first_block, block_count, false);
}
Market::~Market() = default;

OrderRange Market::orders() const { return impl_->range; }
Instant Market::next_at() const { return impl_->agenda.next_at(); }
bool Market::next(Operation& operation) { return impl_->next(operation); }
void Market::learn(const Operation& operation, const Answer& answer, Instant now) { impl_->learn(operation, answer, now); }

bool Market::next(Operation& operation, Ticket& ticket) {
  if (!impl_->next(operation)) return false;
  impl_->awaited = false;
  ticket.order_ = impl_->current_order;
  ticket.happening_ = impl_->current;
  ticket.listing_ = impl_->listing;
  if (ticket.happening_ == happening::case_step) return true;
  Life& life = impl_->lives.at(ticket.order_);
  ++life.pending;  // what is on its way keeps the life open
  ticket.main_sequence_ = life.main_sequence;
  return true;
}

void Market::learn(const Ticket& ticket, const Operation& operation, const Answer& answer, Instant now) {
  impl_->current = ticket.happening_;
  impl_->current_order = ticket.order_;
  impl_->listing = ticket.listing_;
  if (ticket.happening_ != happening::case_step) {
    Life& life = impl_->lives.at(ticket.order_);
    --life.pending;
    // An answer to its repeat came first and has already been acted on.
    const bool overtaken = ticket.happening_ == happening::main && ticket.main_sequence_ != life.main_sequence;
    if (overtaken) return impl_->settle(life, ticket.order_);
  }
  impl_->awaited = true;
  impl_->learn(operation, answer, now);
}

void Market::learn(const Evidence& evidence, Instant) {
  if (impl_->cases.empty() || number(evidence.order) < impl_->first_case) return;
  const std::uint64_t index = number(evidence.order) - impl_->first_case;
  if (index < impl_->cases.size()) impl_->cases[index].learn(evidence);
}

bool Market::counts_evidence_next() const {
  if (impl_->cases.empty() || impl_->agenda.next_at() == never) return false;
  const Event event = impl_->agenda.next();
  return event.klass() == happening::case_step && impl_->cases[event.entity() - impl_->first_case].counts_next();
}

std::vector<OrderId>& Market::done() { return impl_->done; }
std::vector<StepFailure>& Market::failures() { return impl_->failures; }
std::uint64_t Market::actions_dropped() const { return impl_->dropped; }

std::span<const OrderId> Market::upcoming() {
  impl_->announced.clear();
  impl_->agenda.announce([this](const Event& event) { impl_->announced.push_back(OrderId{event.entity()}); });
  return impl_->announced;
}

void Market::prefetch(OrderId order) const { impl_->lives.prefetch(order); }
void Market::reset(std::uint32_t first_block, std::uint32_t block_count) { impl_->reset(first_block, block_count, false); }

const std::vector<OrderId>& Market::set_lone_orders_apart(std::uint32_t block) {
  impl_->reset(block, 1, true);
  return impl_->lone;
}

}  // namespace dueprocess
