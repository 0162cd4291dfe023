#include "harness/capacity/steady.hpp"

#include <limits>
#include <numeric>
#include <vector>

namespace dueprocess::capacity {
namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Truncation mser5(std::span<const double> values) {
  const std::size_t n = values.size() / mser_batch;
  if (n < 4) return {0, false};
  std::vector<double> batches(n);
  for (std::size_t i = 0; i < n; ++i) batches[i] = mean_of(values.subspan(i * mser_batch, mser_batch));
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d <= n / 2; ++d) {
    const std::span<const double> left = std::span{batches}.subspan(d);
    const double mean = mean_of(left), count = static_cast<double>(left.size());
    double squares = 0;
    for (const double value : left) squares += (value - mean) * (value - mean);
    if (const double mser = squares / (count * count); mser < least) {
      least = mser;
      best = d;
    }
  }
  return {best * mser_batch, best < n / 2};
}

double drift(std::span<const double> values) {
  const std::size_t quarter = values.size() / 4;
  if (quarter == 0) return 0;
  const double before = mean_of(values.subspan(values.size() - 2 * quarter, quarter));
  const double last = mean_of(values.last(quarter));
  if (before == 0) return last == 0 ? 0 : 1;
  return last / before - 1;
}

}  // namespace dueprocess::capacity
