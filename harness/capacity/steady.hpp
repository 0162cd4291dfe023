// How much of a hold is its beginning, and whether what is left has come to rest.
//
// MSER-5 (White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69, 1997; White, Cobb
// and Spratt, WSC 2000): the values are averaged by fives; of the averages Y(d+1) ... Y(n) that are left when d are cut, the d is
// taken that makes the standard error of their mean least:
//
//     mser(d) = sum over i > d of (Y(i) - mean)^2 / (n - d)^2          0 <= d <= n / 2
//
// The least at d = n / 2 says that the hold was too short for its beginning to have passed.
#pragma once

#include <cstddef>
#include <span>

namespace dueprocess::capacity {

inline constexpr std::size_t mser_batch = 5;

struct Truncation {
  std::size_t cut = 0;  // so many of the values, a multiple of mser_batch
  bool passed = true;   // the beginning has: the cut is not the longest allowed
};
/// Values beyond the last whole batch are not looked at. Fewer than four batches: nothing is cut, and nothing has passed.
Truncation mser5(std::span<const double> values);

/// The mean of the last quarter against that of the quarter before: 0.1 is ten percent more. 0: fewer than four values, or
/// nothing but zeros. Beside a cut at the longest it tells a value that still climbs from one that is only noisy.
double drift(std::span<const double> values);

}  // namespace dueprocess::capacity
