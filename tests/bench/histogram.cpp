// Recording: one value a completion. Nearly all of them are 0.
#include "harness/record/histogram.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

namespace {

using dueprocess::Histogram;

void record_zero(benchmark::State& state) {
  Histogram histogram;
  for (auto _ : state) {
    std::int64_t value = 0;
    benchmark::DoNotOptimize(value);
    histogram.record(value);
  }
  benchmark::DoNotOptimize(histogram.count());
}

void record_any(benchmark::State& state) {
  Histogram histogram;
  std::uint64_t bits = 1;
  for (auto _ : state) {
    bits = bits * 6364136223846793005u + 1442695040888963407u;
    histogram.record(static_cast<std::int64_t>(bits >> 30));
  }
  benchmark::DoNotOptimize(histogram.count());
}

void merge(benchmark::State& state) {
  Histogram one, other;
  for (std::int64_t i = 0; i < 40; ++i) other.record(std::int64_t{1} << i);
  for (auto _ : state) one.merge(other);
  benchmark::DoNotOptimize(one.count());
}

void quantile(benchmark::State& state) {
  Histogram histogram;
  for (std::int64_t i = 0; i < 1'000'000; ++i) histogram.record(i * 977);
  for (auto _ : state) benchmark::DoNotOptimize(histogram.quantile(999'000));
}

BENCHMARK(record_zero);
BENCHMARK(record_any);
BENCHMARK(merge);
BENCHMARK(quantile);

}  // namespace
