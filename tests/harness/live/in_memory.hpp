// Live runs against engines in this process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine_as_target.hpp"
#include "harness/live/live_run.hpp"
#include "harness/live/time_scale.hpp"
#include "harness/target/faulty_live_target.hpp"
#include "harness/target/in_memory_target.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {

inline std::vector<OrderRange> ranges_of(const Scenario& scenario, LiveClock clock) {
  const MarketPlan plan{scenario.market, scenario.seed};
  if (clock != LiveClock::stamped) return {{OrderId{1}, plan.order_count()}};
  std::vector<OrderRange> ranges;
  for (std::uint32_t block = 0; block < plan.block_count(); ++block) ranges.push_back(plan.block(block).orders);
  return ranges;
}

struct Setting {
  LiveClock clock = LiveClock::barrier;
  unsigned threads = 1;
  BugSet bugs;
  LiveFaults faults;  // none unless they have a chance or an nth
  HarnessTime answers_after_ns = 0;
  bool tells_next_deadline = true;
  bool shows_evidence = true;
  std::uint32_t can = (1u << operation_kind_count) - 1;  // a bit a kind
  std::uint64_t* operations = nullptr;                   // how many a faulty target saw
  const std::atomic<bool>* stop = nullptr;
  std::uint64_t gone_after = never_gone;  // operations: then its clock and its evidence cannot be reached any more
  static constexpr std::uint64_t never_gone = UINT64_MAX;
};

struct Vanishing final : LiveTarget {
  Vanishing(std::unique_ptr<LiveTarget> target, std::uint64_t operations) : inner(std::move(target)), left(operations) {}
  Abilities abilities() const override { return inner->abilities(); }
  void open(Done done) override { inner->open(std::move(done)); }
  void perform(const Asked& asked) override {
    left -= left > 0 ? 1 : 0;
    inner->perform(asked);
  }
  void advance(Instant to, Advanced done) override {
    if (left == 0) return done("gone", never);
    inner->advance(to, std::move(done));
  }
  void drain(Done done) override {
    if (left == 0) return done("gone");
    inner->drain(std::move(done));
  }
  void forget(OrderId order) override { inner->forget(order); }
  std::size_t in_flight() const override { return inner->in_flight(); }
  void close(Done done) override { inner->close(std::move(done)); }
  LiveTally take_transport_counts() override { return inner->take_transport_counts(); }
  std::unique_ptr<LiveTarget> inner;
  std::uint64_t left;
};

/// Tells its counts when it goes.
struct CountingFaulty final : LiveTarget {
  CountingFaulty(std::unique_ptr<FaultyLiveTarget> faulty, std::uint64_t* count) : inner(std::move(faulty)), operations(count) {}
  ~CountingFaulty() override {
    if (operations) *operations = inner->operations();
  }
  Abilities abilities() const override { return inner->abilities(); }
  void open(Done done) override { inner->open(std::move(done)); }
  void perform(const Asked& asked) override { inner->perform(asked); }
  void advance(Instant to, Advanced done) override { inner->advance(to, std::move(done)); }
  void drain(Done done) override { inner->drain(std::move(done)); }
  void forget(OrderId order) override { inner->forget(order); }
  std::size_t in_flight() const override { return inner->in_flight(); }
  void close(Done done) override { inner->close(std::move(done)); }
  LiveTally take_transport_counts() override { return inner->take_transport_counts(); }
  std::unique_ptr<FaultyLiveTarget> inner;
  std::uint64_t* operations;
};

inline LiveOutcome play_live(const Scenario& scenario, const Setting& setting) {
  InMemoryOptions options;
  options.clock = setting.clock;
  options.policy = scenario.policy;
  options.engine = [&](const Policy& policy) -> std::unique_ptr<Target> {
    if (setting.bugs.any()) return std::make_unique<EngineAsTarget<true>>(policy, setting.bugs);
    return std::make_unique<EngineAsTarget<false>>(policy);
  };
  options.ranges = ranges_of(scenario, setting.clock);
  options.answers_after_ns = setting.answers_after_ns;
  options.tells_next_deadline = setting.tells_next_deadline;
  options.shows_evidence = setting.shows_evidence;
  options.operations = setting.can;
  InMemoryService service{options};
  LiveOptions live;
  live.clock = setting.clock;
  live.threads = setting.threads;
  live.stop = setting.stop;
  live.oracle.events = live.oracle.notices = live.oracle.payments = setting.shows_evidence;
  live.target = [&](Loop& loop, LiveSink& sink) -> std::unique_ptr<LiveTarget> {
    const auto honest = [&](LiveSink& to) { return std::make_unique<InMemoryTarget>(service, loop.calls(), to); };
    if (setting.gone_after != Setting::never_gone) return std::make_unique<Vanishing>(honest(sink), setting.gone_after);
    if (setting.faults.nth == 0 && !setting.faults.chance.possible()) return honest(sink);
    return std::make_unique<CountingFaulty>(std::make_unique<FaultyLiveTarget>(honest, setting.faults, loop.calls(), sink),
                                            setting.operations);
  };
  return run_live(scenario, live);
}

/// What has to be the same as in process: everything but the wall clock's figures.
inline Tally without_wall(Tally tally) {
  tally.live = LiveTally{};
  return tally;
}

}  // namespace dueprocess
