#include "sim/market/plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "sim/kernel/int128.hpp"
#include "sim/market/check.hpp"
#include "sim/market/plan_impl.hpp"

namespace dueprocess {
namespace {

constexpr std::uint64_t orders_per_block = 1200;  // stays in cache, and is still worth the trouble of beginning a cell

const SellerPersona plain_seller{};
const BuyerPersona silent_buyer{};

template <typename Persona>
std::vector<double> shares_of(const std::vector<Persona>& personas) {
  std::vector<double> shares;
  for (const Persona& persona : personas) shares.push_back(persona.share);
  return shares;
}

template <typename Traits, typename Persona>
std::vector<Traits> traits_of(const std::vector<Persona>& personas, const Persona& otherwise) {
  std::vector<Traits> traits;
  for (const Persona& persona : personas) traits.emplace_back(persona);
  if (traits.empty()) traits.emplace_back(otherwise);
  return traits;
}

std::uint64_t scaled(std::uint64_t value, std::uint64_t numerator, std::uint64_t denominator) {
  return static_cast<std::uint64_t>(static_cast<UInt128>(value) * numerator / denominator);
}

/// Equally many sellers a block, and its share of all orders.
void cut(MarketPlan::Impl& plan) {
  const std::uint64_t orders = plan.setup.orders.count, sellers = plan.setup.sellers;
  check(orders == 0 || (sellers > 0 && plan.setup.buyers > 0), "orders need sellers and buyers");
  const std::uint64_t blocks = orders == 0 ? 0 : std::clamp<std::uint64_t>(orders / orders_per_block, 1, sellers);
  for (std::uint64_t block = 0; block <= blocks; ++block) {
    const std::uint64_t first = blocks == 0 ? 0 : scaled(sellers, block, blocks);
    plan.first_seller.push_back(static_cast<std::uint32_t>(first));
    plan.first_order.push_back(blocks == 0 ? 0 : scaled(orders, first, sellers));
  }
}

/// Neighbouring sellers together until they have enough orders.
void cut_replay(MarketPlan::Impl& plan) {
  const std::vector<ReplayOrder>& rows = plan.setup.orders.replay;
  std::vector<std::uint32_t> of_seller(plan.setup.sellers, 0);
  for (const ReplayOrder& row : rows) {
    check(row.seller < plan.setup.sellers && row.buyer < plan.setup.buyers, "a replayed order's seller and buyer are counted");
    ++of_seller[row.seller];
  }
  std::vector<std::uint32_t> block_of_seller(plan.setup.sellers, 0);
  plan.first_seller.push_back(0);
  plan.first_order.push_back(0);
  std::uint64_t before = 0, in_block = 0;
  for (std::uint32_t seller = 0; seller < plan.setup.sellers; ++seller) {
    if (in_block > 0 && in_block + of_seller[seller] > orders_per_block) {
      plan.first_seller.push_back(seller);
      plan.first_order.push_back(before);
      in_block = 0;
    }
    block_of_seller[seller] = static_cast<std::uint32_t>(plan.first_seller.size() - 1);
    in_block += of_seller[seller];
    before += of_seller[seller];
  }
  plan.first_seller.push_back(plan.setup.sellers);
  plan.first_order.push_back(before);

  plan.replay_rows.resize(rows.size());
  std::iota(plan.replay_rows.begin(), plan.replay_rows.end(), 0u);
  std::sort(plan.replay_rows.begin(), plan.replay_rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t block_a = block_of_seller[rows[a].seller], block_b = block_of_seller[rows[b].seller];
    if (block_a != block_b) return block_a < block_b;
    if (rows[a].placed != rows[b].placed) return rows[a].placed < rows[b].placed;
    return a < b;
  });
}

}  // namespace

MarketPlan::Impl::Impl(const MarketSetup& market_setup, std::uint64_t the_seed)
    : setup(market_setup),
      seed(the_seed),
      replays(!setup.orders.replay.empty()),
      due_in(setup.orders.due_in),
      price_cents(setup.orders.price_cents),
      sellers(traits_of<SellerTraits>(setup.seller_personas, plain_seller)),
      buyers(traits_of<BuyerTraits>(setup.buyer_personas, silent_buyer)),
      seller_casting(seed, purpose::seller_persona, shares_of(setup.seller_personas)),
      buyer_casting(seed, purpose::buyer_persona, shares_of(setup.buyer_personas)) {
  if (replays) {
    cut_replay(*this);
  } else {
    cut(*this);
    if (setup.orders.count > 0) arrivals.emplace(setup, seed);
  }
  market_blocks = static_cast<std::uint32_t>(first_order.size() - 1);
}

MarketPlan::MarketPlan(const MarketSetup& setup, std::uint64_t seed) : impl_(std::make_unique<const Impl>(setup, seed)) {}
MarketPlan::~MarketPlan() = default;

const MarketSetup& MarketPlan::setup() const { return impl_->setup; }
std::uint64_t MarketPlan::seed() const { return impl_->seed; }

std::uint32_t MarketPlan::block_count() const {
  return impl_->market_blocks + static_cast<std::uint32_t>(impl_->setup.cases.size());
}

std::uint64_t MarketPlan::order_count() const { return impl_->market_orders() + impl_->setup.cases.size(); }

Block MarketPlan::block(std::uint32_t index) const {
  check(index < block_count(), "the block exists");
  if (is_case(index)) return {index, 0, 0, {OrderId{impl_->market_orders() + case_of(index) + 1}, 1}};
  const std::uint64_t first = impl_->first_order[index];
  const std::uint32_t seller = impl_->first_seller[index];
  return {index, seller, impl_->first_seller[index + 1] - seller, {OrderId{first + 1}, impl_->first_order[index + 1] - first}};
}

OrderRange MarketPlan::orders_of(std::uint32_t first_block, std::uint32_t blocks) const {
  OrderRange orders = block(first_block).orders;
  for (std::uint32_t i = 1; i < blocks; ++i) orders.count += block(first_block + i).orders.count;
  return orders;
}

std::uint32_t MarketPlan::block_of(OrderId order) const {
  check(order != OrderId::none && number(order) <= order_count(), "the order exists");
  const std::uint64_t index = number(order) - 1;
  if (index >= impl_->market_orders()) return impl_->market_blocks + static_cast<std::uint32_t>(index - impl_->market_orders());
  const auto& first = impl_->first_order;
  return static_cast<std::uint32_t>(std::upper_bound(first.begin(), first.end(), index) - first.begin()) - 1;
}

bool MarketPlan::is_case(std::uint32_t block) const { return block >= impl_->market_blocks; }
std::uint32_t MarketPlan::case_of(std::uint32_t block) const { return block - impl_->market_blocks; }

}  // namespace dueprocess
