#include <map>
#include <numeric>

#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;

namespace {

void blocks_cover_everything(const MarketPlan& plan) {
  std::uint64_t next_order = 1;
  std::uint32_t next_seller = 0;
  for (std::uint32_t i = 0; i < plan.block_count(); ++i) {
    const Block block = plan.block(i);
    CHECK(block.index == i);
    CHECK(number(block.orders.first) == next_order);
    if (!plan.is_case(i)) {
      CHECK(block.first_seller == next_seller);
      CHECK(block.seller_count > 0);
      next_seller += block.seller_count;
    }
    for (const std::uint64_t k : {std::uint64_t{0}, block.orders.count / 2, block.orders.count - 1})
      if (block.orders.count > 0) CHECK(plan.block_of(block.orders.at(k)) == i);
    next_order += block.orders.count;
  }
  CHECK(next_order == plan.order_count() + 1);
}

}  // namespace

TEST_CASE("every order has exactly one block, whatever the numbers") {
  const auto count = GENERATE(as<std::uint64_t>{}, 1, 2, 1999, 2000, 4001, 28'000, 20'000'000);
  const auto sellers = GENERATE(as<std::uint32_t>{}, 1, 7, 5000, 250'000);
  MarketSetup setup = plain(count, 1);
  setup.sellers = sellers;
  setup.cases.resize(3);
  for (Case& scripted : setup.cases) scripted.placed = starts;
  const MarketPlan plan(setup, 7);
  CHECK(plan.order_count() == count + 3);
  blocks_cover_everything(plan);
}

TEST_CASE("a block has between one and four thousand orders where there are sellers enough") {
  MarketSetup setup = plain(1'000'000, 1);
  setup.sellers = 50'000;
  const MarketPlan plan(setup, 1);
  for (std::uint32_t i = 0; i < plan.block_count(); ++i) {
    CHECK(plan.block(i).orders.count >= 1000);
    CHECK(plan.block(i).orders.count <= 4000);
  }
}

TEST_CASE("a market without orders is its cases alone") {
  MarketSetup setup;
  setup.starts = starts;
  setup.cases.resize(2);
  for (Case& scripted : setup.cases) scripted.placed = starts;
  const MarketPlan plan(setup, 1);
  CHECK(plan.block_count() == 2);
  CHECK(plan.is_case(0));
  CHECK(plan.case_of(1) == 1);
  CHECK(plan.order_count() == 2);
  CHECK(plan.block_of(OrderId{2}) == 1);
}

TEST_CASE("replayed orders stay with their sellers, in order of placing, then of the file") {
  MarketSetup setup;
  setup.starts = starts;
  setup.sellers = 40;
  setup.buyers = 3;
  for (std::uint32_t row = 0; row < 10'000; ++row) {
    ReplayOrder order;
    order.seller = (row * 7919) % 40;
    order.buyer = row % 3;
    order.placed = at((row * 131) % 977 * minute);
    order.due = order.placed + Duration{day};
    order.price_cents = row + 1;
    setup.orders.replay.push_back(order);
  }
  setup.orders.count = setup.orders.replay.size();
  const MarketPlan plan(setup, 1);
  CHECK(plan.order_count() == 10'000);
  CHECK(plan.block_count() > 1);
  blocks_cover_everything(plan);

  Service service;
  std::map<std::int64_t, int> seen;
  for (std::uint32_t i = 0; i < plan.block_count(); ++i) {
    Market market(plan, i, 1);
    const Block block = plan.block(i);
    Instant before = Instant::min();
    std::int64_t row_before = 0;
    std::uint64_t next = number(block.orders.first);
    for (const Entry& placed : of_kind(play(market, service), OperationKind::place_order)) {
      ++seen[placed.operation.price_cents];
      CHECK(number(placed.operation.order) == next++);
      const std::uint32_t seller = number(placed.operation.seller) - 1;
      CHECK((seller >= block.first_seller && seller < block.first_seller + block.seller_count));
      CHECK((placed.at > before || (placed.at == before && placed.operation.price_cents > row_before)));
      before = placed.at;
      row_before = placed.operation.price_cents;
    }
  }
  CHECK(seen.size() == 10'000);
}

TEST_CASE("people are numbered as agreed: sellers, buyers, a stranger, each case's two") {
  MarketSetup setup = plain();
  setup.sellers = 3;
  setup.buyers = 5;
  setup.cases.resize(2);
  for (Case& scripted : setup.cases) scripted.placed = starts;
  setup.cases[1].due_in = Duration{day};
  Step step;
  step.by = Party::stranger;
  step.operation = Operation{};
  step.operation->kind = OperationKind::view_order;
  setup.cases[1].steps = {step};
  const MarketPlan plan(setup, 1);
  Service service;
  Market market(plan, plan.block_count() - 1, 1);
  const auto log = play(market, service);
  REQUIRE(log.size() == 2);
  CHECK(number(log[0].operation.by) == 3 + 5 + 3 + 2);
  CHECK(number(log[0].operation.seller) == 3 + 5 + 2 + 2);
  CHECK(number(log[1].operation.by) == 3 + 5 + 1);
}
