#include "harness/record/histogram.hpp"

#include <algorithm>
#include <cassert>

namespace dueprocess {

void Histogram::grow_to(std::size_t bucket) { buckets_.resize(bucket + 1); }

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

std::int64_t Histogram::quantile(std::uint32_t parts_per_million) const {
  constexpr std::uint32_t whole = 1'000'000;
  assert(parts_per_million <= whole);
  if (count_ == 0) return 0;
  const auto scaled = static_cast<UInt128>(count_) * parts_per_million;
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>((scaled + whole - 1) / whole));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::min(highest_in(i), max_);
  }
  return max_;
}

double Histogram::mean() const { return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_); }

std::uint64_t Histogram::below(std::int64_t limit) const {
  if (count_ == 0 || limit <= min_) return 0;
  if (limit > max_) return count_;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size() && highest_in(i) < limit; ++i) seen += buckets_[i];
  return seen;
}

}  // namespace dueprocess
