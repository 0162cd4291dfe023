// One draw from a distribution, the random bits at hand; and how long a table takes to make.
#include "sim/kernel/distribution.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

namespace {

using dueprocess::Distribution;

// A cheap generator, so that the draw is what is measured; the empty loop below says what it costs itself.
struct Bits {
  std::uint64_t state = 1;
  std::uint64_t operator()() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return state ^ (state >> 32);
  }
};

void bits_alone(benchmark::State& state) {
  Bits bits;
  std::uint64_t sum = 0;
  for (auto _ : state) sum += bits();
  benchmark::DoNotOptimize(sum);
}

void draw(benchmark::State& state, const Distribution& one) {
  Bits bits;
  std::int64_t sum = 0;
  for (auto _ : state) sum += one(bits());
  benchmark::DoNotOptimize(sum);
}

std::vector<Distribution::Weighted> weighted(std::int64_t count) {
  std::vector<Distribution::Weighted> all;
  for (std::int64_t i = 0; i < count; ++i) all.push_back({i, 1.0 + static_cast<double>(i % 10)});
  return all;
}

void make_gamma(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Distribution::gamma(2.5, 1e9));
}

BENCHMARK(bits_alone);
BENCHMARK_CAPTURE(draw, constant, Distribution::constant(5));
BENCHMARK_CAPTURE(draw, uniform, Distribution::uniform(0, 86'400'000'000));
BENCHMARK_CAPTURE(draw, lognormal, Distribution::lognormal(86'400e6, 1.2));
BENCHMARK_CAPTURE(draw, triangular, Distribution::triangular(0, 1e9, 5e9));
BENCHMARK_CAPTURE(draw, three_values, Distribution::empirical(weighted(3)));
BENCHMARK_CAPTURE(draw, thousand_values, Distribution::empirical(weighted(1000)));
BENCHMARK(make_gamma)->Unit(benchmark::kMicrosecond);

}  // namespace
