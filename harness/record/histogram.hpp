// Counts of non-negative integers in log-linear buckets, after HdrHistogram: exact below 256, then 128 buckets an
// octave (relative error below 1/128). Fixed shape, so merging is adding. No floating point.
#pragma once

#include <cstdint>
#include <vector>

namespace dueprocess {

class Histogram {
 public:
  void record(std::int64_t value, std::uint64_t times = 1);  // negative values are counted as 0
  void merge(const Histogram&);

  std::uint64_t count() const { return count_; }
  std::int64_t min() const;  // exact; 0 when empty
  std::int64_t max() const;  // exact; 0 when empty
  /// The highest value equivalent to the q-quantile's bucket, never above max(). q as parts per million
  /// (999'000 is p99.9). Nearest-rank: the smallest value with at least q of the counts at or below it. 0 when empty.
  std::int64_t quantile(std::uint32_t parts_per_million) const;
  double mean() const;       // from the exact 128-bit sum
  /// How many recorded values are < limit (exact where limit falls on a bucket's edge, e.g. powers of two and below 256).
  std::uint64_t below(std::int64_t limit) const;

  friend bool operator==(const Histogram&, const Histogram&) = default;

 private:
  std::vector<std::uint64_t> buckets_;  // grown to the highest bucket used
  std::uint64_t count_ = 0;
  __int128 sum_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace dueprocess
