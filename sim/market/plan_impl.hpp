// What the plan holds for those who play it; not for others.
#pragma once

#include <optional>
#include <vector>

#include "sim/market/arrivals.hpp"
#include "sim/market/plan.hpp"
#include "sim/market/traits.hpp"

namespace dueprocess {

struct MarketPlan::Impl {
  Impl(const MarketSetup& market_setup, std::uint64_t the_seed);

  const MarketSetup& setup;
  std::uint64_t seed;
  bool replays;
  std::uint32_t market_blocks = 0;
  // block b: sellers [first_seller[b], first_seller[b + 1]), orders [first_order[b], first_order[b + 1]) (0-based)
  std::vector<std::uint32_t> first_seller;
  std::vector<std::uint64_t> first_order;
  std::vector<std::uint32_t> replay_rows;  // by order, 0-based
  std::optional<ArrivalLaw> arrivals;
  Amount due_in, price_cents;
  std::vector<SellerTraits> sellers;  // by persona; never empty
  std::vector<BuyerTraits> buyers;
  Casting seller_casting, buyer_casting;
  Distribution buyers_pause =
      Distribution::triangular(20e6, 60e6, 300e6);  // us, before a target that did not answer is tried again

  std::uint64_t market_orders() const { return first_order.back(); }
  UserId seller_user(std::uint32_t seller) const { return UserId{seller + 1}; }
  UserId buyer_user(std::uint32_t buyer) const { return UserId{setup.sellers + buyer + 1}; }
  UserId stranger() const { return UserId{setup.sellers + setup.buyers + 1}; }
  UserId case_seller(std::uint32_t i) const { return UserId{setup.sellers + setup.buyers + 2 + 2 * i}; }
  UserId case_buyer(std::uint32_t i) const { return UserId{setup.sellers + setup.buyers + 3 + 2 * i}; }
};

}  // namespace dueprocess
