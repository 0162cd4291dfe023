// Philox blocks (four 32-bit words each): one by one, and four of consecutive indices.
#include "sim/kernel/random.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

namespace {

using dueprocess::Draws;

void one_block(benchmark::State& state) {
  std::uint64_t entity = 0, sum = 0;
  for (auto _ : state) sum += Draws{7, ++entity, 1, 0}.u64(0);
  benchmark::DoNotOptimize(sum);
}

void four_blocks(benchmark::State& state) {
  std::uint64_t entity = 0, sum = 0;
  for (auto _ : state) {
    ++entity;
    for (std::uint32_t i = 0; i < 4; ++i) sum += Draws{7, entity, 1, i}.u64(0);
  }
  benchmark::DoNotOptimize(sum);
}

BENCHMARK(one_block);
BENCHMARK(four_blocks);

}  // namespace
