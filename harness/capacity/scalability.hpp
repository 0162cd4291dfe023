// Gunther's Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", Springer 2007): how the throughput X grows with
// the number N of operations at work at once,
//
//                 gamma N                        gamma  operations a second of one alone
//     X(N) = -----------------------------       sigma  the part that is done one at a time (contention)
//            1 + sigma (N-1) + kappa N (N-1)     kappa  what each has to agree on with each other (coherency)
//
// The load here is open, so N is not set but measured: by Little's law it is X times the mean response time. N / X is a parabola
// of N,
//
//     N / X = a + b N + c N^2        gamma = 1 / (a + b + c),   sigma = 1 - a gamma,   kappa = c gamma
//
// fitted by least squares, each point weighted by its own X / N so that the errors are relative ones. Confidence: the covariance
// of a, b, c by Student's t, carried over to gamma, sigma, kappa by their derivatives (95%).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dueprocess::capacity {

struct LoadPoint {
  double throughput = 0;  // X, a second
  double at_work = 0;     // N
};

struct Estimate {
  double value = 0, low = 0, high = 0;  // 95%
};

struct Scalability {
  Estimate gamma, sigma, kappa;
  double peak_at = 0;          // the N of the greatest throughput; 0: there is none (kappa is not above 0)
  double peak_throughput = 0;  // that throughput; without a peak: what contention alone allows, gamma / sigma; 0: no bound
  double error_percent = 0;    // of the fitted throughput: root of the mean square, of the measured
  double n_min = 0, n_max = 0;
  std::size_t points = 0;
  std::vector<std::string> doubts;  // why a statement beyond what was measured is not honest; empty: it may be
};
/// Nothing: fewer than four points with N and X above 0, or all of them at one N.
std::optional<Scalability> fit_scalability(std::span<const LoadPoint>);

/// X(N).
double throughput_at(const Scalability&, double at_work);

/// The t for which Student's distribution has 95% between -t and t. REQUIRES: freedom >= 1.
double student_95(std::size_t freedom);

}  // namespace dueprocess::capacity
