// The station against what queueing theory says of it. Each figure is a mean over replications with fixed seeds; it must lie
// within 4.4 standard errors of the theory's, which with 30 replications a right station misses about once in 8,000 sets of
// seeds, a figure.
#include "sim/kernel/station.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "sim/kernel/distribution.hpp"
#include "sim/kernel/random.hpp"

using namespace dueprocess;

namespace {

constexpr double second_us = 1e6;
constexpr unsigned replications = 30;
constexpr std::uint64_t warm_up = 2'000, counted_jobs = 10'000;
constexpr double errors_allowed = 4.4;
constexpr std::uint64_t no_bound = UINT64_MAX;

struct Measured {
  double mean = 0, error = 0;
};
struct Seen {
  Measured wait_s, waited_share, refused_share;
};

Measured over(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  for (const double value : values) squares += (value - sum / n) * (value - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

/// Poisson arrivals; `mean_gap_s` between them.
Seen serve(std::uint32_t workers, std::uint64_t line_max, double mean_gap_s, const Distribution& time) {
  const Distribution gap = Distribution::exponential(mean_gap_s * second_us);
  std::vector<double> wait, waited, refused;
  for (unsigned replication = 0; replication < replications; ++replication) {
    Station station{workers, line_max};
    Instant now{};
    double waits = 0, served = 0, held_up = 0, turned_away = 0;
    for (std::uint64_t i = 0; i < warm_up + counted_jobs; ++i) {
      const Draws draws{2026 + replication, i, 1, 0};
      now += Duration{gap(draws.u64(0))};
      while (station.next_end() <= now) {
        const Station::Job job = station.end_next();
        if (job.id < warm_up) continue;
        ++served;
        waits += static_cast<double>(us_of(job.waited())) / second_us;
        held_up += job.waited() > Duration::zero() ? 1 : 0;
      }
      const bool taken = station.arrive(now, i, Duration{time(draws.u64(1))});
      if (i >= warm_up && !taken) ++turned_away;
    }
    wait.push_back(waits / served);
    waited.push_back(held_up / served);
    refused.push_back(turned_away / static_cast<double>(counted_jobs));
  }
  return {over(wait), over(waited), over(refused)};
}

void check_against(const Measured& seen, double theory) {
  INFO("seen " << seen.mean << " +- " << seen.error << ", theory " << theory);
  CHECK(seen.error > 0);
  CHECK(std::abs(seen.mean - theory) <= errors_allowed * seen.error);
}

/// Erlang C: the probability that an arrival waits, with c workers and a load of a.
double erlang_c(unsigned c, double a) {
  double term = 1, sum = 1;
  for (unsigned k = 1; k < c; ++k) sum += term *= a / k;
  const double last = term * a / c / (1 - a / c);
  return last / (sum + last);
}

/// Pollaczek-Khinchine: the mean wait with one worker, of a load rho, mean time s and squared coefficient of variation.
double pollaczek_khinchine(double rho, double mean_s, double variation) {
  return rho * mean_s * (1 + variation) / (2 * (1 - rho));
}

}  // namespace

TEST_CASE("M/M/1: the mean wait and the share of those who wait are the theory's") {
  for (const double rho : {0.5, 0.8}) {
    const Seen seen = serve(1, no_bound, 1 / rho, Distribution::exponential(second_us));
    check_against(seen.wait_s, rho / (1 - rho));
    check_against(seen.waited_share, rho);
  }
}

TEST_CASE("M/M/c: the wait follows Erlang C") {
  for (const unsigned workers : {2u, 5u}) {
    const double load = 0.75 * workers;
    const Seen seen = serve(workers, no_bound, 1 / load, Distribution::exponential(second_us));
    check_against(seen.waited_share, erlang_c(workers, load));
    check_against(seen.wait_s, erlang_c(workers, load) / (workers - load));
  }
}

TEST_CASE("M/G/1: the mean wait is Pollaczek and Khinchine's") {
  const double rho = 0.6;
  const double sigma = 0.8, median_s = std::exp(-sigma * sigma / 2);  // mean 1 s
  const Seen lognormal = serve(1, no_bound, 1 / rho, Distribution::lognormal(median_s * second_us, sigma));
  check_against(lognormal.wait_s, pollaczek_khinchine(rho, 1, std::exp(sigma * sigma) - 1));
  const Seen uniform = serve(1, no_bound, 1 / rho, Distribution::uniform(0, 2'000'000));
  check_against(uniform.wait_s, pollaczek_khinchine(rho, 1, 1.0 / 3));
}

TEST_CASE("M/D/1: half the wait of M/M/1") {
  const double rho = 0.8;
  check_against(serve(1, no_bound, 1 / rho, Distribution::constant(1'000'000)).wait_s, rho / (1 - rho) / 2);
}

TEST_CASE("M/M/1/K: so many are turned away as the theory says") {
  const double rho = 0.9;
  constexpr unsigned system = 5;  // one served, four in line
  const double theory = (1 - rho) * std::pow(rho, system) / (1 - std::pow(rho, system + 1));
  check_against(serve(1, system - 1, 1 / rho, Distribution::exponential(second_us)).refused_share, theory);
}

TEST_CASE("a worker who is free at the instant of an arrival takes it, and nobody overtakes") {
  Station station{1, 1};
  const Instant start{};
  CHECK(station.arrive(start, 1, Duration{10}));
  CHECK(station.arrive(start, 2, Duration{10}));
  CHECK(station.in_line(start) == 1);
  CHECK_FALSE(station.arrive(start + Duration{9}, 3, Duration{0}));  // one is being served, one waits
  CHECK(station.end_next().id == 1);
  CHECK(station.arrive(start + Duration{10}, 4, Duration{0}));  // 2 began this very instant: the line is empty
  const Station::Job second = station.end_next(), fourth = station.end_next();
  CHECK(second.id == 2);
  CHECK(second.waited() == Duration{10});
  CHECK(fourth.ends == start + Duration{20});
  CHECK(station.next_end() == never);
}

TEST_CASE("whoever is sent away comes out in order of arrival, and all workers are free again") {
  Station station{2, no_bound};
  const Instant start{};
  for (std::uint64_t id = 1; id <= 4; ++id) CHECK(station.arrive(start, id, Duration{100 - static_cast<std::int64_t>(id)}));
  const auto gone = station.clear(start + Duration{5});
  REQUIRE(gone.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(gone[i].id == i + 1);
  CHECK(station.present() == 0);
  CHECK(station.arrive(start + Duration{5}, 9, Duration{1}));
  CHECK(station.end_next().waited() == Duration{0});
}
