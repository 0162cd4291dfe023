#include "harness/capacity/scalability.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

namespace dueprocess::capacity {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

/// By cofactors: three unknowns of known scale. Nothing: they are not independent.
std::optional<Matrix> inverse(const Matrix& m) {
  Matrix cofactors{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t r = (i + 1) % 3, s = (i + 2) % 3, p = (j + 1) % 3, q = (j + 2) % 3;
      cofactors[j][i] = m[r][p] * m[s][q] - m[r][q] * m[s][p];
    }
  const double determinant = m[0][0] * cofactors[0][0] + m[0][1] * cofactors[1][0] + m[0][2] * cofactors[2][0];
  if (!(std::abs(determinant) > 1e-12 * std::abs(m[0][0] * m[1][1] * m[2][2]))) return std::nullopt;
  for (Vector& row : cofactors)
    for (double& value : row) value /= determinant;
  return cofactors;
}

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Estimate around(double value, const Vector& slope, const Matrix& covariance, double t) {
  double variance = 0;
  for (std::size_t i = 0; i < 3; ++i) variance += slope[i] * dot(covariance[i], slope);
  const double half = t * std::sqrt(std::max(variance, 0.0));
  return {value, value - half, value + half};
}

void doubt(Scalability& s, std::size_t freedom) {
  const auto say = [&s](std::string what) { s.doubts.push_back(std::move(what)); };
  if (freedom < 3) say("fewer than six points: the intervals are wide for want of them");
  if (s.n_max < 4 * s.n_min) say("the operations at work at once were measured over less than a factor of four");
  if (s.error_percent > 10) say("the curve fits badly: more than 10% off on average");
  if (s.sigma.value < 0 || s.kappa.value < 0) say("a parameter below 0 has no meaning in the law");
  if (s.sigma.value > 1) say("contention above 1: throughput falls from the second operation on, or does not follow the law");
  if (s.kappa.low <= 0) say("coherency cannot be told from 0: whether and where throughput falls again is not known");
  if (s.peak_at > s.n_max) say("the peak lies beyond what was measured");
}

}  // namespace

double student_95(std::size_t freedom) {
  assert(freedom >= 1);
  static constexpr double exact[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
  if (freedom <= std::size(exact)) return exact[freedom - 1];
  // Cornish and Fisher's expansion about the normal distribution's quantile.
  constexpr double z = 1.959964;
  const double n = static_cast<double>(freedom);
  return z + (z * z * z + z) / (4 * n) + (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * n * n);
}

double throughput_at(const Scalability& s, double n) {
  return s.gamma.value * n / (1 + s.sigma.value * (n - 1) + s.kappa.value * n * (n - 1));
}

std::optional<Scalability> fit_scalability(std::span<const LoadPoint> measured) {
  std::vector<LoadPoint> points;
  for (const LoadPoint& point : measured)
    if (point.throughput > 0 && point.at_work > 0) points.push_back(point);
  if (points.size() < 4) return std::nullopt;
  Scalability s;
  s.points = points.size();
  const auto [least, most] = std::ranges::minmax_element(points, {}, &LoadPoint::at_work);
  s.n_min = least->at_work;
  s.n_max = most->at_work;

  // With N in units of the largest the three columns are of one size.
  const double unit = s.n_max;
  Matrix normal{};
  Vector right{};
  for (const LoadPoint& point : points) {
    const double n = point.at_work / unit, weight = point.throughput / point.at_work;
    const Vector row{weight, weight * n, weight * n * n};
    for (std::size_t i = 0; i < 3; ++i) {
      right[i] += row[i];  // the weighted N / X is 1
      for (std::size_t j = 0; j < 3; ++j) normal[i][j] += row[i] * row[j];
    }
  }
  const std::optional<Matrix> inverted = inverse(normal);
  if (!inverted) return std::nullopt;
  const Vector scaled{dot((*inverted)[0], right), dot((*inverted)[1], right), dot((*inverted)[2], right)};
  double squares = 0, relative = 0;
  for (const LoadPoint& point : points) {
    const double n = point.at_work / unit;
    const double fitted = (scaled[0] + scaled[1] * n + scaled[2] * n * n) * point.throughput / point.at_work;
    squares += (fitted - 1) * (fitted - 1);
    relative += fitted > 0 ? (1 / fitted - 1) * (1 / fitted - 1) : 1;
  }
  const std::size_t freedom = points.size() - 3;
  s.error_percent = 100 * std::sqrt(relative / static_cast<double>(points.size()));
  const Vector units{1, unit, unit * unit};
  Vector fit{};
  Matrix covariance{};
  for (std::size_t i = 0; i < 3; ++i) {
    fit[i] = scaled[i] / units[i];
    for (std::size_t j = 0; j < 3; ++j)
      covariance[i][j] = (*inverted)[i][j] * squares / static_cast<double>(freedom) / (units[i] * units[j]);
  }

  const double sum = fit[0] + fit[1] + fit[2];
  if (!(sum > 0)) return std::nullopt;
  const double gamma = 1 / sum, g2 = gamma * gamma, t = student_95(freedom);
  s.gamma = around(gamma, {-g2, -g2, -g2}, covariance, t);
  s.sigma = around(1 - fit[0] * gamma, {-gamma + fit[0] * g2, fit[0] * g2, fit[0] * g2}, covariance, t);
  s.kappa = around(fit[2] * gamma, {-fit[2] * g2, -fit[2] * g2, gamma - fit[2] * g2}, covariance, t);
  if (s.kappa.value > 0 && s.sigma.value < 1) {
    s.peak_at = std::sqrt((1 - s.sigma.value) / s.kappa.value);
    s.peak_throughput = throughput_at(s, s.peak_at);
  } else if (s.sigma.value > 0) {
    s.peak_throughput = s.gamma.value / s.sigma.value;
  }
  doubt(s, freedom);
  return s;
}

}  // namespace dueprocess::capacity
