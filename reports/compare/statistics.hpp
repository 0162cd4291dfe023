// Two small samples of a noisy figure: by how much do they differ, how surely, and could it be chance? No distribution is
// assumed.
#pragma once

#include <cstdint>
#include <vector>

namespace dueprocess {

inline constexpr std::size_t repeats_max = 200;  // of a side: the exact test's cost grows with their cube

/// The chance, were both samples of one kind, of ranks as far apart as these or further (Wilcoxon's rank sum, two-sided). Exact
/// at any size and with ties: all ways of dealing the ranks are counted. 1 when a sample is empty. REQUIRES: finite values, at
/// most repeats_max of each.
double rank_sum_p(const std::vector<double>& base, const std::vector<double>& now);

/// The smallest p that samples of these sizes can give: 2 / C(n + m, n). What lies above the alarm rate can call nothing.
double rank_sum_p_min(std::size_t base, std::size_t now);

/// By how much `now` lies above `base`: the median of all pairwise differences (Hodges and Lehmann). REQUIRES: neither is empty.
double shift_of(const std::vector<double>& base, const std::vector<double>& now);

struct Interval {
  double low = 0, high = 0;
};
/// An interval that holds the shift with this confidence: bootstrap over the repeats, from a fixed seed. Percentiles of few
/// repeats are too narrow; they are taken further out by sqrt(n / (n - 1)) and Student's t (Hesterberg 2015, "expanded
/// percentiles"). REQUIRES: at least two of each.
Interval shift_interval(const std::vector<double>& base, const std::vector<double>& now, double confidence);

enum class Correction : std::uint8_t { holm, benjamini_hochberg, none };

/// p values of one family, raised so that each may be held against the family's rate of false alarms.
/// holm: the chance of any false alarm at all; benjamini_hochberg: the share of false ones among the alarms.
std::vector<double> corrected(const std::vector<double>& p, Correction);

double median_of(std::vector<double>);  // REQUIRES: not empty

}  // namespace dueprocess
