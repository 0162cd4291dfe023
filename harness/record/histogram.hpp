// Counts of non-negative integers in log-linear buckets, after HdrHistogram: exact below 256, then 128 buckets an
// octave (relative error below 1/128). Fixed shape, so merging is adding. No floating point.
//
//   value   0 .. 255    256 257 | 258 259 | ... | 510 511 | 512 .. 515 | ...
//   bucket  0 .. 255      256   |   257   | ... |   383   |    384     | ...    at most 7296 of them, for 2^63 - 1
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/int128.hpp"

namespace dueprocess {

class Histogram {
 public:
  /// O(1), nothing allocated unless the bucket lies above all used so far. Negative values are counted as 0.
  void record(std::int64_t value, std::uint64_t times = 1) {
    if (times == 0) return;
    const std::int64_t counted = value < 0 ? 0 : value;
    const std::size_t bucket = bucket_of(counted);
    if (bucket >= buckets_.size()) [[unlikely]]
      grow_to(bucket);
    buckets_[bucket] += times;
    sum_ += static_cast<Int128>(counted) * static_cast<Int128>(times);
    if (count_ == 0 || counted < min_) min_ = counted;
    if (counted > max_) max_ = counted;
    count_ += times;
  }
  void merge(const Histogram&);

  std::uint64_t count() const { return count_; }
  std::int64_t min() const { return min_; }  // exact; 0 when empty
  std::int64_t max() const { return max_; }  // exact; 0 when empty
  /// The highest value equivalent to the q-quantile's bucket, never above max(). q as parts per million
  /// (999'000 is p99.9). Nearest-rank: the smallest value with at least q of the counts at or below it. 0 when empty.
  /// REQUIRES: parts_per_million <= 1'000'000.
  std::int64_t quantile(std::uint32_t parts_per_million) const;
  double mean() const;  // from the exact 128-bit sum; 0 when empty
  /// How many recorded values are < limit: exact where limit falls on a bucket's edge (powers of two, all below 256) or
  /// outside [min(), max()]; elsewhere the bucket it falls into is left out.
  std::uint64_t below(std::int64_t limit) const;

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  static constexpr unsigned sub_bits = 7;  // 128 buckets an octave

  /// REQUIRES: value >= 0.
  static constexpr std::size_t bucket_of(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    // Below 256 the shift is 0 and the bucket is the value itself.
    const unsigned shift = static_cast<unsigned>(std::bit_width(bits | 0xFF)) - (sub_bits + 1);
    return (std::size_t{shift} << sub_bits) + static_cast<std::size_t>(bits >> shift);
  }
  static constexpr std::int64_t highest_in(std::size_t bucket) {
    if (bucket < 2 * (std::size_t{1} << sub_bits)) return static_cast<std::int64_t>(bucket);
    const std::size_t shift = (bucket >> sub_bits) - 1;
    const std::uint64_t sub = bucket - (shift << sub_bits);
    return static_cast<std::int64_t>(((sub + 1) << shift) - 1);
  }
  void grow_to(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;  // as many as the highest used needs, so equal contents compare equal
  std::uint64_t count_ = 0;
  Int128 sum_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace dueprocess
