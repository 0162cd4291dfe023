// The event queue under the hold model: N events pending, each step pops the next and pushes one an exponential time on
// (mean one virtual day). std::priority_queue runs in the same program: only their ratio outlives a machine.
#include "sim/kernel/event_queue.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace {

using dueprocess::Event;
using dueprocess::EventQueue;

struct PriorityQueue : std::priority_queue<Event, std::vector<Event>, std::greater<>> {
  void pop_push(const Event& event) {
    pop();
    push(event);
  }
};

// The increments are made beforehand: what is measured is the queue. So many that no branch predictor learns them.
const std::vector<std::int64_t>& increments() {
  static const std::vector<std::int64_t> all = [] {
    std::vector<std::int64_t> made(1'048'573);
    std::uint64_t state = 1;
    for (std::int64_t& one : made) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      const double uniform = (static_cast<double>(state >> 11) + 0.5) * 0x1p-53;
      one = static_cast<std::int64_t>(-std::log(uniform) * 86'400e6);
    }
    return made;
  }();
  return all;
}

template <class Queue>
void hold(benchmark::State& state) {
  const auto pending = static_cast<std::size_t>(state.range(0));
  const std::vector<std::int64_t>& ahead = increments();
  Queue queue;
  std::size_t next = 0;
  std::uint64_t tie = 0;
  const auto draw = [&] {
    if (++next == ahead.size()) next = 0;
    return ahead[next];
  };
  // Beyond a million they repeat, so they are shifted a little.
  for (std::size_t i = 0; i < pending; ++i) queue.push({draw() + static_cast<std::int64_t>(i * 7919 % 86'400'000), tie += 7919});
  const auto step = [&] {
    const Event event{queue.top().at_us + draw(), tie += 7919};
    queue.pop();
    queue.push(event);
  };
  for (std::size_t i = 0; i < pending; ++i) step();  // into the steady state
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations());
}

void herd(benchmark::State& state) {
  const auto size = static_cast<std::uint64_t>(state.range(0));
  EventQueue queue;
  for (auto _ : state) {
    queue.clear();
    for (std::uint64_t i = 0; i < size; ++i) queue.push({1'000'000, i * 0x9E37'79B9'7F4A'7C15u});
    for (; !queue.empty(); queue.pop()) benchmark::DoNotOptimize(queue.top());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define PENDING                                                                                                           \
  Arg(1)->Arg(4)->Arg(8)->Arg(16)->Arg(32)->Arg(64)->Arg(128)->Arg(1000)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Arg( \
      10'000'000)
BENCHMARK_TEMPLATE(hold, EventQueue)->PENDING;
BENCHMARK_TEMPLATE(hold, PriorityQueue)->PENDING;
BENCHMARK(herd)->Arg(1000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
