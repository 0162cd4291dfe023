// Distributions over integers (microseconds, bytes, counts, parts per billion) by inverse CDF from integer tables:
// built once with floating point, sampled with integers only, so a draw costs a table look-up and one multiplication and
// is the same on every machine that built the same table.
//
// A quantile function over 64 random bits: monotone in the bits (common random numbers work). The table is finer towards both
// tails, 32 cells an octave of probability, straight lines between:
//
//   probability   0 .. 2^-31    2^-31 .. 2^-30   ...   1/4 .. 1/2 | 1/2 .. 3/4   ...   1 - 2^-31 .. 1
//   cells           min()            32          ...       32     |     32       ...       max()
//
// A draw further out than 2^-31 is the value there, or the end of the support if that is finite: min() and max() say what.
// Real values are rounded to the nearest integer. 15 KiB a table, of which nine draws in ten touch 2 KiB.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "sim/kernel/int128.hpp"

namespace dueprocess {

class Distribution {
 public:
  Distribution() = default;  // constant 0
  static Distribution constant(std::int64_t value);
  /// Every integer of [low, high], equally likely. REQUIRES: low <= high, high - low < 2^63.
  static Distribution uniform(std::int64_t low, std::int64_t high);
  /// REQUIRES: low <= mode <= high, low < high.
  static Distribution triangular(double low, double mode, double high);
  static Distribution exponential(double mean);                     // REQUIRES: mean > 0
  static Distribution normal(double mean, double sd);               // REQUIRES: sd > 0
  static Distribution lognormal(double median, double sigma);       // sigma of the logarithm. REQUIRES: both > 0
  static Distribution lognormal_by_p95(double median, double p95);  // REQUIRES: 0 < median < p95
  static Distribution gamma(double shape, double scale);            // REQUIRES: both > 0
  static Distribution weibull(double shape, double scale);          // REQUIRES: both > 0
  static Distribution pareto(double scale, double shape);           // x >= scale. REQUIRES: both > 0
  struct Weighted {
    std::int64_t value;
    double weight;
  };
  /// Exactly the values given, in any order, repeated or not. REQUIRES: 1 to 2^30 values, weights >= 0, finite, not all 0.
  static Distribution empirical(std::span<const Weighted>);

  /// Conditioned on [low, high]: rejection-free (the quantile function restricted to [F(low), F(high)]).
  /// REQUIRES: has_mass_in(low, high).
  Distribution truncated(std::int64_t low, std::int64_t high) const;
  bool has_mass_in(std::int64_t low, std::int64_t high) const;

  std::int64_t operator()(std::uint64_t bits) const {
    switch (kind_) {
      case Kind::constant:
        return low_;
      case Kind::uniform:
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(low_) +
                                         static_cast<std::uint64_t>((static_cast<UInt128>(count_) * bits) >> 64));
      case Kind::curve:
        return on_curve(bits);
      case Kind::empirical:
        break;
    }
    return choose(bits);
  }
  std::int64_t min() const { return low_; }   // the smallest that is ever drawn
  std::int64_t max() const { return high_; }  // the largest
  double mean() const { return mean_; }       // of what is really drawn
  bool is_constant() const { return min() == max(); }

 private:
  enum class Kind : std::uint8_t { constant, uniform, curve, empirical };
  struct Table;
  struct Builder;

  static constexpr unsigned octaves = 30;
  static constexpr unsigned octave_bits = 5;
  static constexpr unsigned width_min = 63 - octaves;                             // of the smallest looked up, 2^-31
  static constexpr std::size_t half = (octaves << octave_bits) + std::size_t{1};  // edges of one side

  std::int64_t on_curve(std::uint64_t bits) const {
    // Distance from the nearer end, 0 .. 1/2; the upper half is the mirror image with its own edges.
    const std::uint64_t upper = bits >> 63;
    const std::uint64_t tail = std::max((bits ^ (std::uint64_t{0} - upper)), std::uint64_t{1} << width_min);
    const unsigned width = static_cast<unsigned>(std::bit_width(tail));
    const std::uint64_t scaled = tail << (64 - width);  // 1xxxxxffff...: the octave's leading bit, the cell, the way through it
    const std::size_t cell = ((std::size_t{width} - width_min - 1) << octave_bits) +
                             static_cast<std::size_t>(scaled >> (63 - octave_bits)) - (std::size_t{1} << octave_bits);
    const auto way = static_cast<std::int64_t>((scaled << (octave_bits + 1)) >> 1);
    const std::int64_t* const edge = edges_ + upper * half + cell;
    const auto step = static_cast<std::int64_t>((static_cast<Int128>(edge[1] - edge[0]) * way) >> 63);
    return (edge[0] + step) >> fraction_bits_;  // the edges hold half a unit more: rounds to nearest
  }
  std::int64_t choose(std::uint64_t bits) const;

  Kind kind_ = Kind::constant;
  std::uint8_t fraction_bits_ = 0;       // curve: of the edges, which are fixed point
  const std::int64_t* edges_ = nullptr;  // curve: both sides', owned by table_
  std::int64_t low_ = 0;
  std::uint64_t count_ = 0;  // uniform: of values
  std::int64_t high_ = 0;
  double mean_ = 0;
  std::shared_ptr<const Table> table_;  // shared by copies, never changed
};

}  // namespace dueprocess
