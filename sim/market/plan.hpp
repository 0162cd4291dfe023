// The plan of a market: which orders there are, who trades with whom, and which of them belong together. Immutable,
// shared by all threads.
//
// Sellers are cut into blocks; a block's orders are placed with its own sellers, so blocks share nothing. Each block's
// number of orders and their ids are known without simulating anything: order ids are dense from 1, block after block, then one
// for each case. Everything else about an order follows from (seed, order id), so any thread may simulate any block.
#pragma once

#include "sim/market/setup.hpp"

#include <cstdint>
#include <memory>

namespace dueprocess {

struct Block {
  std::uint32_t index = 0;
  std::uint32_t first_seller = 0;  // 0-based
  std::uint32_t seller_count = 0;
  OrderRange orders;
};

class MarketPlan {
 public:
  /// The setup outlives the plan.
  MarketPlan(const MarketSetup&, std::uint64_t seed);
  ~MarketPlan();

  const MarketSetup& setup() const;
  std::uint64_t seed() const;
  std::uint32_t block_count() const;  // market blocks, then one block a case
  Block block(std::uint32_t index) const;
  OrderRange orders_of(std::uint32_t first_block, std::uint32_t blocks) const;  // REQUIRES: blocks >= 1
  std::uint32_t block_of(OrderId) const;                                        // REQUIRES: the order exists
  std::uint64_t order_count() const;                                            // cases included
  bool is_case(std::uint32_t block) const;
  std::uint32_t case_of(std::uint32_t block) const;

  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<const Impl> impl_;
};

}  // namespace dueprocess
