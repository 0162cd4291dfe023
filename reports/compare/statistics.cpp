#include "reports/compare/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <numeric>

#include "sim/kernel/random.hpp"

namespace dueprocess {
namespace {

constexpr unsigned resamples = 1'000;
constexpr std::uint64_t bootstrap_seed = 0x9e3779b97f4a7c15;

/// Twice the midranks of both samples together, base first: whole numbers, ties or not.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& base, const std::vector<double>& now) {
  std::vector<double> all = base;
  all.insert(all.end(), now.begin(), now.end());
  std::vector<double> sorted = all;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> ranks;
  for (const double value : all) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    ranks.push_back(static_cast<std::size_t>(first - sorted.begin()) + static_cast<std::size_t>(last - sorted.begin()) + 1);
  }
  return ranks;
}

/// How often each of `size` repeats is in a sample of as many, drawn with replacement.
void draw_again(std::size_t size, std::uint32_t side, std::uint32_t round, std::vector<std::size_t>& times) {
  times.assign(size, 0);
  for (std::size_t i = 0; i < size;) {
    const Draws draws{bootstrap_seed, i, side, round};
    for (unsigned lane = 0; lane < 4 && i < size; ++lane, ++i)
      ++times[static_cast<std::size_t>((std::uint64_t{draws.u32(lane)} * size) >> 32)];
  }
}

/// A pair's difference, and which pair.
struct PairDifference {
  double value;
  std::size_t base, now;
};

/// The median of all pairs' differences, each pair as often as both of it are drawn. REQUIRES: sorted.
double drawn_shift(const std::vector<PairDifference>& pairs, const std::vector<std::size_t>& base_times,
                   const std::vector<std::size_t>& now_times) {
  const std::size_t all = pairs.size(), low = (all - 1) / 2, high = all / 2;
  double lower = 0;
  bool have_lower = false;
  std::size_t seen = 0;
  for (const PairDifference& pair : pairs) {
    seen += base_times[pair.base] * now_times[pair.now];
    if (!have_lower && seen > low) {
      lower = pair.value;
      have_lower = true;
    }
    if (seen > high) return (lower + pair.value) / 2;
  }
  return lower;
}

double at_share(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double median_of(std::vector<double> values) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double rank_sum_p(const std::vector<double>& base, const std::vector<double>& now) {
  assert(base.size() <= repeats_max && now.size() <= repeats_max);
  if (base.empty() || now.empty()) return 1;
  const std::vector<std::size_t> ranks = doubled_ranks(base, now);
  const std::size_t total = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  // ways[k][s]: in how many ways k of the ranks add up to s (Streitberg and Roehmel's shift algorithm).
  std::vector<std::vector<double>> ways(base.size() + 1, std::vector<double>(total + 1, 0));
  ways[0][0] = 1;
  std::size_t reached = 0;
  for (std::size_t seen = 0; seen < ranks.size(); ++seen) {
    reached += ranks[seen];
    for (std::size_t k = std::min(seen + 1, base.size()); k >= 1; --k)
      for (std::size_t s = reached; s >= ranks[seen]; --s) ways[k][s] += ways[k - 1][s - ranks[seen]];
  }
  const std::size_t sum =
      std::accumulate(ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(base.size()), std::size_t{0});
  // The middle of a sum of n of the ranks is total * n / (n + m): compared times (n + m), without a division.
  const auto distance = [&](std::size_t s) {
    const auto n = static_cast<double>(base.size()), all = static_cast<double>(ranks.size());
    return std::abs(static_cast<double>(s) * all - static_cast<double>(total) * n);
  };
  double as_far = 0, every = 0;
  for (std::size_t s = 0; s <= total; ++s) {
    every += ways[base.size()][s];
    if (distance(s) >= distance(sum)) as_far += ways[base.size()][s];
  }
  return as_far / every;
}

double rank_sum_p_min(std::size_t base, std::size_t now) {
  double ways = 1;
  for (std::size_t i = 1; i <= base; ++i) ways = ways * static_cast<double>(now + i) / static_cast<double>(i);
  return std::min(1.0, 2 / ways);
}

double shift_of(const std::vector<double>& base, const std::vector<double>& now) {
  std::vector<double> differences;
  differences.reserve(base.size() * now.size());
  for (const double b : base)
    for (const double n : now) differences.push_back(n - b);
  return median_of(std::move(differences));
}

Interval shift_interval(const std::vector<double>& base, const std::vector<double>& now, double confidence) {
  assert(base.size() >= 2 && now.size() >= 2);
  std::vector<PairDifference> pairs;
  for (std::size_t b = 0; b < base.size(); ++b)
    for (std::size_t n = 0; n < now.size(); ++n) pairs.push_back({now[n] - base[b], b, n});
  std::sort(pairs.begin(), pairs.end(), [](const PairDifference& x, const PairDifference& y) { return x.value < y.value; });
  std::vector<double> shifts;
  std::vector<std::size_t> base_times, now_times;
  for (std::uint32_t round = 0; round < resamples; ++round) {
    draw_again(base.size(), 0, round, base_times);
    draw_again(now.size(), 1, round, now_times);
    shifts.push_back(drawn_shift(pairs, base_times, now_times));
  }
  std::sort(shifts.begin(), shifts.end());
  const auto n = static_cast<double>(std::min(base.size(), now.size()));
  const double t = boost::math::quantile(boost::math::students_t{n - 1}, (1 - confidence) / 2);
  const double tail = boost::math::cdf(boost::math::normal{}, t * std::sqrt(n / (n - 1)));
  return {at_share(shifts, tail), at_share(shifts, 1 - tail)};
}

std::vector<double> corrected(const std::vector<double>& p, Correction correction) {
  if (correction == Correction::none) return p;
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> raised(p.size());
  const auto count = static_cast<double>(p.size());
  double bound = correction == Correction::holm ? 0 : 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (correction == Correction::holm) {
      bound = std::max(bound, std::min(1.0, p[order[i]] * (count - static_cast<double>(i))));
      raised[order[i]] = bound;
    } else {
      const std::size_t from_the_top = order.size() - 1 - i;
      bound = std::min(bound, p[order[from_the_top]] * count / static_cast<double>(from_the_top + 1));
      raised[order[from_the_top]] = bound;
    }
  }
  return raised;
}

}  // namespace dueprocess
