#include "sim/market/arrivals.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

constexpr double spacing_mean = 268'435'456;  // 2^28: fine enough for one order, and 10^10 of them still add up in 64 bits

}  // namespace

ArrivalLaw::ArrivalLaw(const MarketSetup& setup, std::uint64_t seed)
    : intensity_(setup.orders.intensity, setup.starts),
      process_(setup.orders.process),
      seed_(seed),
      count_(setup.orders.count),
      spacing_(process_ == ArrivalProcess::poisson ? Distribution::exponential(spacing_mean) : Distribution::constant(1)),
      dealt_(seed, setup.orders.count) {}

void Arrivals::begin(const ArrivalLaw& law, const Block& block) {
  block_ = block.index;
  drawn_ = sum_ = 0;
  numbers_.clear();
  if (law.process_ == ArrivalProcess::even) {
    if (block.orders.count == law.count_) return;
    numbers_.reserve(block.orders.count);
    for (std::uint64_t i = 0; i < block.orders.count; ++i) numbers_.push_back(law.dealt_(number(block.orders.at(i)) - 1));
    std::sort(numbers_.begin(), numbers_.end());
    return;
  }
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i <= block.orders.count; ++i) total += spacing(law);
  share_of_one_ = total == 0 ? 0 : 1 / static_cast<double>(total);
  drawn_ = 0;
}

std::uint64_t Arrivals::spacing(const ArrivalLaw& law) {
  const unsigned lane = drawn_ & 3;
  if (lane == 0) draws_.emplace(law.seed_, block_, purpose::spacing, static_cast<std::uint32_t>(drawn_ >> 2));
  ++drawn_;
  return static_cast<std::uint64_t>(law.spacing_(wide(*draws_, lane)));
}

void Arrivals::all(const ArrivalLaw& law, const Block& block, std::vector<Instant>& instants) {
  instants.clear();
  if (law.process_ == ArrivalProcess::even) {
    begin(law, block);
    for (std::uint64_t i = 0; i < block.orders.count; ++i) instants.push_back(next(law));
    return;
  }
  spacings_.clear();
  std::uint64_t total = 0;
  for (std::uint64_t first = 0; first <= block.orders.count; first += 4) {
    const Draws draws{law.seed_, block.index, purpose::spacing, static_cast<std::uint32_t>(first >> 2)};
    for (unsigned lane = 0; lane < 4 && first + lane <= block.orders.count; ++lane) {
      spacings_.push_back(static_cast<std::uint64_t>(law.spacing_(wide(draws, lane))));
      total += spacings_.back();
    }
  }
  const double share_of_one = total == 0 ? 0 : 1 / static_cast<double>(total);
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < block.orders.count; ++i) {
    sum += spacings_[i];
    instants.push_back(law.intensity_.quantile(std::min(static_cast<double>(sum) * share_of_one, 1.0)));
  }
}

Instant Arrivals::next(const ArrivalLaw& law) {
  if (law.process_ == ArrivalProcess::even) {
    const std::uint64_t i = numbers_.empty() ? drawn_ : numbers_[drawn_];
    ++drawn_;
    return law.intensity_.quantile((static_cast<double>(i) + 0.5) / static_cast<double>(law.count_));
  }
  sum_ += spacing(law);
  return law.intensity_.quantile(std::min(static_cast<double>(sum_) * share_of_one_, 1.0));
}

}  // namespace dueprocess
