// One order's life: the bare loop below as the floor, and the product doing the same in full (personas, seller
// capacity, all rules, the whole oracle). Both in one run, so their ratio holds on a noisy machine.
//
// The floor: each order's own tiny schedule (an array of the next instants of its few timers, the earliest is next),
// Philox keyed by order and draw, a switch over handlers, one histogram update an event, the completion checked
// against a deadline computed apart. Nothing is shared between orders, nothing can be refused, nobody is notified.

#include <benchmark/benchmark.h>

#include <cstdlib>

#include "harness/drive/run.hpp"
#include "harness/record/histogram.hpp"
#include "scenarios/language/read.hpp"
#include "sim/kernel/distribution.hpp"
#include "sim/kernel/random.hpp"

using namespace dueprocess;

namespace {

constexpr std::int64_t hour_us = 3'600'000'000;
constexpr std::int64_t day_us = 24 * hour_us;

class BareLives {
 public:
  /// Lives one order; returns its events.
  unsigned live(std::uint64_t order) {
    std::int64_t now = static_cast<std::int64_t>(order) * 1'000'000;
    const Draws first{1, order, 1, 0};
    const Draws second{1, order, 2, 0};
    const std::int64_t due = now + (1 + first.u32(0) % 7) * day_us;
    unsigned drafts = first.u32(1) % 4, uploads = 1 + first.u32(2) % 4, rounds = first.u32(3) < (1u << 29) ? 1 : 0, events = 0;
    const std::int64_t step = work_(second.u64(0)) / (drafts + uploads + 1);
    const bool silent = second.u32(2) < 0x7333'3333u;
    std::int64_t next[3] = {now, INT64_MAX, INT64_MAX};  // seller, buyer, timer
    std::int64_t delivered = 0, deadline = 0;
    enum { placing, drafting, uploading, delivering } doing = placing;
    for (;;) {
      unsigned who = next[1] < next[0] ? 1 : 0;
      if (next[2] <= next[who]) who = 2;
      gaps_.record(next[who] - now);
      now = next[who];
      ++events;
      if (who == 2) {
        next[2] = INT64_MAX;
        if (now != std::max(due, delivered) + 3 * day_us) std::abort();
        return events + 1;  // and the payment
      }
      if (who == 1) {
        if (rounds == 0) return events + 1;
        --rounds;
        next[1] = next[2] = INT64_MAX;
        doing = delivering;
        next[0] = now + 8 * hour_us;
        continue;
      }
      switch (doing) {
        case placing:
          doing = drafts ? drafting : uploading;
          break;
        case drafting:
          doing = --drafts ? drafting : uploading;
          break;
        case uploading:
          doing = --uploads ? uploading : delivering;
          break;
        case delivering:
          delivered = now;
          deadline = std::max(due, delivered) + 3 * day_us;
          next[2] = deadline;
          next[0] = INT64_MAX;
          if (!silent) next[1] = std::min(now + decide_(Draws{1, order, 3, rounds}.u64(0)), deadline - 1);
          continue;
      }
      next[0] = now + step;
    }
  }
  const Histogram& gaps() const { return gaps_; }

 private:
  Distribution work_ = Distribution::triangular(0.2 * day_us, 0.7 * day_us, day_us);
  Distribution decide_ = Distribution::lognormal_by_p95(6.0 * hour_us, 40.0 * hour_us);
  Histogram gaps_;
};

void bare_life_of_an_order(benchmark::State& state) {
  BareLives lives;
  std::uint64_t order = 0, events = 0;
  for (auto _ : state) events += lives.live(++order);
  benchmark::DoNotOptimize(lives.gaps().count());
  state.counters["events/order"] = static_cast<double>(events) / static_cast<double>(order);
  state.counters["ns/event"] =
      benchmark::Counter(static_cast<double>(events) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(bare_life_of_an_order);

constexpr const char* whole_market = R"(
name: life of an order
seed: 1
starts: 2026-01-01T00:00:00Z
ends: 365d
orders: {arrive: {count: 40000}, due_in: {choice: {1d: 50%, 3d: 30%, 7d: 20%}}}
sellers:
  count: 200
  personas:
    punctual: {share: 80%, delivers_after: {fraction_of_due: {triangular: [0.2, 0.7, 1.0]}}, drafts: 0..3, files: {count: 1..4, size: {lognormal: {median: 20MB, p95: 2GB}}}}
    late:     {share: 15%, delivers_after: {fraction_of_due: {uniform: [1.0, 1.6]}}, drafts: 0..3, files: {count: 1..4, size: 20MB}}
    careless: {share: 5%, like: careless}
buyers:
  count: 20000
  personas:
    prompt:   {share: 55%, decides_after: {lognormal: {median: 6h, p95: 40h}}, decides: {accept: 80%, modify: 13%, extend: 7%}}
    silent:   {share: 45%}
)";

/// An iteration is a run of 40,000 orders; the times are divided by it.
void whole_life_of_an_order(benchmark::State& state) {
  const ReadResult read = read_scenario(whole_market, "life.yaml", {});
  if (!read.ok()) return state.SkipWithError(to_string(read.mistakes.front()).c_str());
  std::uint64_t orders = 0, events = 0;
  for (auto _ : state) {
    const Tally tally = run(read.scenario, {}).tally;
    if (tally.violations_total() != 0) return state.SkipWithError("the oracle found something on the correct engine");
    orders += tally.placed;
    events += tally.timers_fired;
    for (const auto& outcomes : tally.operations)
      for (const std::uint64_t count : outcomes) events += count;
  }
  state.counters["events/order"] = static_cast<double>(events) / static_cast<double>(orders);
  state.counters["ns/event"] =
      benchmark::Counter(static_cast<double>(events) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["ns/order"] =
      benchmark::Counter(static_cast<double>(orders) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(whole_life_of_an_order)->Unit(benchmark::kMillisecond);

}  // namespace
