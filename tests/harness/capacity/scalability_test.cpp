#include "harness/capacity/scalability.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "harness/capacity/knee.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess::capacity {
namespace {

/// Between -1 and 1.
double wobble(std::uint64_t seed, std::uint32_t n) {
  return static_cast<double>(Draws{seed, 11, 3, n}.u32(0)) / 2147483648.0 - 1;
}

std::vector<LoadPoint> law(double gamma, double sigma, double kappa, std::uint64_t seed = 0, double noise = 0) {
  std::vector<LoadPoint> points;
  std::uint32_t i = 0;
  for (const double n : {1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0}) {
    const double x = gamma * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
    points.push_back({x * (1 + noise * wobble(seed, i++)), n});
  }
  return points;
}

bool holds(const Estimate& e, double value) { return e.low <= value && value <= e.high; }

}  // namespace

TEST_CASE("the law's parameters come back exactly where there is no noise") {
  const auto fit = fit_scalability(law(995.6, 0.0267, 0.000769));
  REQUIRE(fit);
  CHECK(fit->gamma.value == Approx(995.6).epsilon(1e-6));
  CHECK(fit->sigma.value == Approx(0.0267).epsilon(1e-6));
  CHECK(fit->kappa.value == Approx(0.000769).epsilon(1e-6));
  CHECK(fit->peak_at == Approx(std::sqrt((1 - 0.0267) / 0.000769)).epsilon(1e-6));
  CHECK(throughput_at(*fit, 64) == Approx(law(995.6, 0.0267, 0.000769).back().throughput).epsilon(1e-6));
  CHECK(fit->doubts.empty());
}

TEST_CASE("with noise the intervals hold the true parameters about as often as they say") {
  unsigned held = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto fit = fit_scalability(law(500, 0.05, 0.001, seed, 0.03));
    REQUIRE(fit);
    held += holds(fit->kappa, 0.001);
  }
  CHECK(held >= 180);  // 190 of 200 are meant; three standard deviations are 9
  CHECK(held <= 200);
}

TEST_CASE("what cannot be said beyond the measured is doubted") {
  const auto words = [](const Scalability& fit) {
    std::string all;
    for (const std::string& doubt : fit.doubts) all += doubt + "\n";
    return all;
  };
  std::vector<LoadPoint> low = law(500, 0.02, 0.0001);
  low.resize(5);  // up to N = 12; the peak is at 99
  const auto fit = fit_scalability(low);
  REQUIRE(fit);
  CHECK(words(*fit).find("the peak lies beyond what was measured") != std::string::npos);
  CHECK(words(*fit).find("fewer than six points") != std::string::npos);
  const auto straight = fit_scalability(law(500, 0.05, 0, 3, 0.02));
  REQUIRE(straight);
  CHECK(words(*straight).find("coherency cannot be told from 0") != std::string::npos);
}

TEST_CASE("no fit is made of too few points, or of one load alone") {
  CHECK_FALSE(fit_scalability(std::vector<LoadPoint>{{1, 1}, {2, 2}, {3, 3}}));
  CHECK_FALSE(fit_scalability(std::vector<LoadPoint>{{10, 4}, {10, 4}, {11, 4}, {9, 4}, {10, 4}}));
  CHECK_FALSE(fit_scalability(std::vector<LoadPoint>{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 2}}));
}

TEST_CASE("Student's t is the one of the tables") {
  CHECK(student_95(1) == Approx(12.706));
  CHECK(student_95(11) == Approx(2.201).epsilon(1e-3));
  CHECK(student_95(30) == Approx(2.042).epsilon(1e-3));
  CHECK(student_95(1000) == Approx(1.962).epsilon(1e-3));
}

TEST_CASE("the knee of M/M/1 is at half of what it can serve") {
  std::vector<CurvePoint> curve;
  for (double rate = 50; rate < 1'000; rate += 50) curve.push_back({rate, 1 / (1'000 - rate)});
  const auto knee = knee_of(curve);
  REQUIRE(knee);
  CHECK(knee->inside);
  CHECK(knee->rate == Approx(500).epsilon(0.02));
  CHECK(knee->response == Approx(0.002).epsilon(0.05));
}

TEST_CASE("a knee that lies beyond what was measured is told as such") {
  const auto knee = knee_of(std::vector<CurvePoint>{{1, 0.01}, {2, 0.01}, {4, 0.01}, {4, 0.012}});
  REQUIRE(knee);
  CHECK_FALSE(knee->inside);
  CHECK(knee->rate == 4);
  CHECK_FALSE(knee_of(std::vector<CurvePoint>{{1, 0.01}, {2, 0.01}}));
  CHECK_FALSE(knee_of(std::vector<CurvePoint>{{1, 0.0}, {2, 0.01}, {3, 0.02}}));
}

}  // namespace dueprocess::capacity
