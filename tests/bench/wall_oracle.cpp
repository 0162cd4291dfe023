// The judgement in wall time: lives of a lawful service, seen through a network, kept and judged. What an order costs, all told:
// its observations taken in, its history kept, both frames searched.
#include "../harness/oracle/wall/world.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace dueprocess;
using namespace dueprocess::wall_test;

void wall_oracle_lives(benchmark::State& state) {
  WorldOptions world;
  world.policy = quick_policy();
  world.bug = static_cast<Bug>(state.range(0));
  world.lost_in = static_cast<int>(state.range(1));
  const WallOptions options = wall_options(world);
  constexpr std::uint64_t lives = 200;
  std::vector<Seen> all;
  std::size_t seen = 0;
  for (std::uint64_t i = 1; i <= lives; ++i) {
    all.push_back(World{world, 5, OrderId{i}}.live());
    seen += all.back().operations.size() + all.back().evidence.size();
  }
  Tally tally;
  LiveTally live;
  for (auto _ : state) {
    tally = {};
    live = {};
    WallOracle oracle{world.policy, options, tally, live};
    for (std::uint64_t i = 0; i < lives; ++i) {
      for (const LiveObservation& o : all[i].operations) oracle.observe(o);
      for (const LiveEvidence& e : all[i].evidence) oracle.observe(e);
      oracle.finish(OrderId{i + 1}, all[i].end);
    }
    benchmark::DoNotOptimize(tally.orders_ok);
  }
  if (world.bug == Bug::none && tally.violations_total() != 0) state.SkipWithError("a lawful life was blamed");
  const auto orders = static_cast<double>(state.iterations()) * static_cast<double>(lives);
  state.counters["us/order"] = benchmark::Counter(orders * 1e-6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["seen/order"] = static_cast<double>(seen) / static_cast<double>(lives);
}
// Lawful on a good network; with losses; and with every completion by the timer late, so that each is diagnosed.
BENCHMARK(wall_oracle_lives)->Args({0, 0})->Args({0, 12})->Args({1, 0})->Unit(benchmark::kMillisecond);

}  // namespace
