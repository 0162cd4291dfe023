// One order's life on the market's side alone: against a target that takes everything and costs nothing, so what is measured is
// drawing, scheduling and remembering.
#include <benchmark/benchmark.h>

#include "sim/market/market.hpp"

namespace {

using namespace dueprocess;

constexpr std::int64_t hour = 3'600'000'000, day = 24 * hour;
const Instant starts = instant_at(1'772'409'600'000'000);

/// About eight operations an order: the week as the shipped scenarios have it.
MarketSetup week(std::uint64_t orders) {
  MarketSetup setup;
  setup.starts = starts;
  setup.sellers = static_cast<std::uint32_t>(orders / 20 + 1);
  setup.buyers = 20'000;
  setup.orders.count = orders;
  setup.orders.intensity = {{starts, starts + Duration{365 * day}, 1.0}};
  setup.orders.due_in = Distribution::uniform(day, 7 * day);
  SellerPersona seller;
  seller.share = 1;
  seller.delivers = {Anchor::placed, true, Distribution::uniform(200'000'000, 1'000'000'000)};
  seller.drafts = Distribution::uniform(0, 3);
  seller.files = Distribution::uniform(1, 4);
  seller.file_size = Distribution::uniform(1'000'000, 2'000'000'000);
  setup.seller_personas = {seller};
  BuyerPersona buyer;
  buyer.share = 1;
  buyer.decides = Moment{Anchor::delivered, false, Distribution::uniform(0, 2 * day)};
  buyer.accepts = Chance::ratio(60, 100);
  buyer.modifies = Chance::ratio(15, 100);
  buyer.extends = Chance::ratio(10, 100);
  setup.buyer_personas = {buyer};
  return setup;
}

Answer taken(const Operation& operation, Instant now) {
  Answer answer;
  answer.stamp = now;
  if (is_delivery(operation.kind)) answer.state = OrderState::delivered;
  if (operation.kind == OperationKind::request_modification) answer.state = OrderState::in_revision;
  if (is_delivery(operation.kind) || operation.kind == OperationKind::extend_review)
    answer.deadline = now + std::chrono::hours{72};
  return answer;
}

std::uint64_t play(Market& market) {
  std::uint64_t operations = 0;
  Operation operation;
  for (Instant now = market.next_at(); now != never; now = market.next_at()) {
    if (!market.next(operation)) continue;
    ++operations;
    market.learn(operation, taken(operation, now), now);
    market.done().clear();
  }
  return operations;
}

void report(benchmark::State& state, std::uint64_t operations, std::uint64_t orders) {
  const auto time_of_one = [&](std::uint64_t count) {
    return benchmark::Counter(static_cast<double>(count), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  };
  state.counters["operation"] = time_of_one(operations);
  state.counters["order"] = time_of_one(orders);
  state.counters["operations/order"] = static_cast<double>(operations) / static_cast<double>(orders);
}

void order_life_block_by_block(benchmark::State& state) {
  const MarketSetup setup = week(static_cast<std::uint64_t>(state.range(0)));
  const MarketPlan plan(setup, 1);
  Market market(plan, 0, 0);
  std::uint64_t operations = 0, orders = 0;
  for (auto _ : state) {
    for (std::uint32_t block = 0; block < plan.block_count(); ++block) {
      market.reset(block, 1);
      operations += play(market);
    }
    orders += plan.order_count();
  }
  report(state, operations, orders);
}
BENCHMARK(order_life_block_by_block)->Arg(20'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void order_life_in_one_cell(benchmark::State& state) {
  const MarketSetup setup = week(static_cast<std::uint64_t>(state.range(0)));
  const MarketPlan plan(setup, 1);
  Market market(plan, 0, 0);
  std::uint64_t operations = 0, orders = 0;
  for (auto _ : state) {
    market.reset(0, plan.block_count());
    operations += play(market);
    orders += plan.order_count();
  }
  report(state, operations, orders);
}
BENCHMARK(order_life_in_one_cell)->Arg(20'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
