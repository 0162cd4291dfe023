#include "harness/capacity/knee.hpp"

#include <algorithm>
#include <vector>

namespace dueprocess::capacity {
namespace {

struct Power {
  double rate = 0, power = 0;
};

std::vector<CurvePoint> one_a_rate(std::span<const CurvePoint> points) {
  std::vector<CurvePoint> sorted(points.begin(), points.end());
  std::ranges::sort(sorted, {}, &CurvePoint::rate);
  std::vector<CurvePoint> merged;
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    double sum = 0;
    for (; end < sorted.size() && sorted[end].rate == sorted[begin].rate; ++end) sum += sorted[end].response;
    merged.push_back({sorted[begin].rate, sum / static_cast<double>(end - begin)});
    begin = end;
  }
  return merged;
}

/// Where the parabola through three points is highest; the middle one's rate when they are on a line.
double summit(const Power& a, const Power& b, const Power& c) {
  const double left = (b.power - a.power) / (b.rate - a.rate), right = (c.power - b.power) / (c.rate - b.rate);
  if (left <= right) return b.rate;
  const double bend = (left - right) / (c.rate - a.rate);
  return std::clamp((a.rate + b.rate) / 2 + left / (2 * bend), a.rate, c.rate);
}

}  // namespace

std::optional<Knee> knee_of(std::span<const CurvePoint> measured) {
  const std::vector<CurvePoint> points = one_a_rate(measured);
  if (points.size() < 3) return std::nullopt;
  std::vector<Power> powers;
  for (const CurvePoint& point : points) {
    if (point.response <= 0) return std::nullopt;
    powers.push_back({point.rate, point.rate / point.response});
  }
  const auto best = static_cast<std::size_t>(std::ranges::max_element(powers, {}, &Power::power) - powers.begin());
  if (best == 0 || best + 1 == powers.size()) return Knee{points[best].rate, points[best].response, false};
  Knee knee;
  knee.inside = true;
  knee.rate = summit(powers[best - 1], powers[best], powers[best + 1]);
  const CurvePoint& from = knee.rate < points[best].rate ? points[best - 1] : points[best];
  const CurvePoint& to = knee.rate < points[best].rate ? points[best] : points[best + 1];
  const double part = (knee.rate - from.rate) / (to.rate - from.rate);
  knee.response = from.response + part * (to.response - from.response);
  return knee;
}

}  // namespace dueprocess::capacity
