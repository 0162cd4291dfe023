// When a block's orders are placed: one instant after the other, never all at once in memory (even spacing apart, which sorts).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/market/intensity.hpp"
#include "sim/market/permutation.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {

/// What all blocks' arrivals have in common.
class ArrivalLaw {
 public:
  /// REQUIRES: setup.orders.replay is empty.
  ArrivalLaw(const MarketSetup& setup, std::uint64_t seed);

 private:
  friend class Arrivals;
  Intensity intensity_;
  ArrivalProcess process_;
  std::uint64_t seed_, count_;
  Distribution spacing_;  // of Poisson arrivals in the intensity's own time
  Permutation dealt_;     // even: which of the market's instants an order gets, before sorting
};

/// Poisson: the n instants of a block are the order statistics of n independent ones: E1 + ... + Ek over E1 + ... + E(n+1),
/// E exponential. One pass for the sum, then the walk; both see the same draws.
class Arrivals {
 public:
  void begin(const ArrivalLaw& law, const Block& block);
  /// Next instant, not before the one before. REQUIRES: called at most block.orders.count times.
  Instant next(const ArrivalLaw& law);
  /// All the block's instants at once, in order: each spacing is drawn once.
  void all(const ArrivalLaw& law, const Block& block, std::vector<Instant>& instants);

 private:
  std::uint64_t spacing(const ArrivalLaw& law);
  std::uint64_t block_ = 0, drawn_ = 0, sum_ = 0;
  double share_of_one_ = 0;  // Poisson: 1 over the sum of all spacings
  std::optional<Draws> draws_;
  std::vector<std::uint64_t> spacings_;  // all(): kept for its memory
  std::vector<std::uint64_t> numbers_;   // even: the block's share of 0 ... N - 1, sorted; empty: all of them
};

}  // namespace dueprocess
