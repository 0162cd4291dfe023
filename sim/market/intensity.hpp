// Arrivals' own clock: the cumulative intensity of piecewise constant rates is piecewise linear, and its inverse turns
// shares of all orders into instants.
//
//   share of orders                     1 |        __/
//                                         |    __/          quantile(u): where the curve passes u
//                                         | __/
//                                       0 +------------ time
//
// A segment without length is a mass of `weight` at one instant. Doubles with + - * / only: the same on every IEEE machine.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/market/setup.hpp"

namespace dueprocess {

class Intensity {
 public:
  /// Without any mass everything happens at the first segment's beginning, or at `starts`.
  Intensity(const std::vector<IntensitySegment>& segments, Instant starts);
  /// Monotone. REQUIRES: 0 <= share <= 1.
  Instant quantile(double share) const;

 private:
  struct Piece {
    double mass_before = 0, length_per_mass = 0;
    std::int64_t from = 0, to = 0;
  };
  std::vector<Piece> pieces_;         // those with a mass, in order; never empty
  std::vector<std::uint32_t> guide_;  // where to begin looking, by share
  double total_ = 0;
};

}  // namespace dueprocess
