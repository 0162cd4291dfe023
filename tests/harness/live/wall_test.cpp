// Wall time without a socket: an engine in this process on a real clock, its periods divided by the speed. Bounds are generous:
// what is asserted is never how fast the machine is.
#include <map>

#include "../history/scratch.hpp"
#include "catch.hpp"
#include "first_finding.hpp"
#include "harness/history/check.hpp"
#include "harness/live/deadline_reads.hpp"
#include "in_memory.hpp"
#include "small_market.hpp"

using namespace dueprocess;

namespace {

constexpr std::int64_t speed = 3'000'000;  // a day is 29 ms
const Instant service_zero = instant_at(1'800'000'000'000'000);

std::string market(const std::string& more = "") {
  return R"(
name: fast market
seed: 3
starts: 2026-03-02T00:00:00Z
ends: 6d
orders: {arrive: {rate: 40/day}, due_in: {choice: {3d: 50%, 5d: 50%}}}
sellers:
  count: 40
  personas:
    punctual: {share: 70%, like: punctual}
    careless: {share: 15%, like: careless}
    drafter:  {share: 15%, like: draft_saver}
buyers:
  count: 400
  personas:
    prompt:   {share: 25%, like: prompt}
    silent:   {share: 45%, like: silent}
    picky:    {share: 10%, like: picky}
    extender: {share: 10%, like: extender}
    clicker:  {share: 10%, like: double_clicker}
)" + more;
}

struct WallSetting {
  unsigned threads = 1;
  std::int64_t skew_us = 0;
  Duration late_by{0};  // each timer: a late sweep
  LiveFaults faults;
  HarnessTime pushes_every_ns = 5'000'000;
  HarnessTime answers_after_ns = 0;
  HistoryFile* history = nullptr;
};

WallOptions wall_tolerances(const WallSetting& setting) {
  WallOptions wall;
  wall.notice_bound = wall.payment_bound = std::chrono::seconds{5};
  if (setting.late_by > Duration{0}) wall.nodes_max = 500;  // nearly every order is wrong: no need to search each long
  return wall;
}

/// Fires each timer a while after it was due.
class Sluggish final : public EngineAsTarget<false> {
 public:
  Sluggish(const Policy& policy, Duration by) : EngineAsTarget(policy), by_(by) {}
  Instant next_timer() const override {
    const Instant next = EngineAsTarget::next_timer();
    return next == never ? never : next + by_;
  }
  void perform(const Operation& operation, Instant now, Answer& answer) override {
    EngineAsTarget::perform(operation, now - by_, answer);  // its clock lags behind
    if (answer.stamp != never) answer.stamp += by_;
  }

 private:
  Duration by_;
};

LiveOutcome play_wall(const Scenario& scenario, const WallSetting& setting) {
  InMemoryOptions options;
  options.clock = LiveClock::wall;
  options.policy = scaled_policy(scenario.policy, speed);
  options.engine = [&](const Policy& policy) -> std::unique_ptr<Target> {
    if (setting.late_by > Duration{0}) return std::make_unique<Sluggish>(policy, setting.late_by);
    return std::make_unique<EngineAsTarget<false>>(policy);
  };
  options.ranges = ranges_of(scenario, LiveClock::wall);
  options.wall_zero = service_zero + Duration{setting.skew_us};
  options.pushes_every_ns = setting.pushes_every_ns;
  options.answers_after_ns = setting.answers_after_ns;
  InMemoryService service{options};
  LiveOptions live;
  live.clock = LiveClock::wall;
  live.threads = setting.threads;
  live.wall.speed = speed;
  live.wall.oracle = wall_tolerances(setting);
  live.history = setting.history;
  live.wall.lead_ns = 20'000'000;
  live.target = [&](Loop& loop, LiveSink& sink) -> std::unique_ptr<LiveTarget> {
    const auto honest = [&](LiveSink& to) { return std::make_unique<InMemoryTarget>(service, loop.calls(), to); };
    if (!setting.faults.chance.possible()) return honest(sink);
    return std::make_unique<FaultyLiveTarget>(honest, setting.faults, loop.calls(), sink);
  };
  return run_live(scenario, live);
}

}  // namespace

TEST_CASE("wall: an honest service is not blamed, and each order is judged") {
  for (const unsigned threads : {1u, 2u}) {
    WallSetting setting;
    setting.threads = threads;
    const LiveOutcome live = play_wall(scenario_from(market()), setting);
    const Tally& tally = live.run.tally;
    INFO(threads << " threads: " << first_finding(tally));
    CHECK(live.problem.empty());
    CHECK(tally.violations_total() == 0);
    // An order that a busy machine places three days (87 ms) late is refused: due before now.
    CHECK(tally.placed > 100);
    CHECK(tally.placed <= 240);
    CHECK(tally.orders_ok + tally.orders_unknown == tally.placed);
    CHECK(tally.orders_ok > 60);
    CHECK(tally.completed_by_auto > 40);
    CHECK(tally.live.offset_low_us <= us_of(service_zero));
    CHECK(tally.live.offset_high_us >= us_of(service_zero));
    CHECK(tally.live.response_ns.count() > 1000);
    CHECK(tally.live.reads_at_deadlines > 200);
    CHECK(tally.live.resolution_us.count() > 40);
    CHECK(live.facts.load_s > 0.1);
  }
}

TEST_CASE("wall: a history is judged as the run was, whatever it saw") {
  const Scratch scratch;
  WallSetting honest, late, lossy;
  honest.threads = 2;
  late.late_by = std::chrono::milliseconds{20};
  lossy.faults.chance = Chance::ratio(1, 20);
  for (WallSetting* setting : {&honest, &late, &lossy}) {
    const Scenario scenario = scenario_from(market());
    HistoryHeader header;
    header.clock = HistoryClock::wall;
    header.speed = speed;
    header.interleaved = header.finishes = true;
    header.policy = scenario.policy;
    header.wall = wall_tolerances(*setting);
    HistoryFile file{scratch.path("wall.ndjson.zst"), header};
    setting->history = &file;
    const LiveOutcome live = play_wall(scenario, *setting);
    file.finish({}, {});
    REQUIRE_FALSE(file.problem());

    HistoryReader reader{file.path()};
    CheckOptions options;
    options.policy = reader.header().policy;
    options.wall = reader.header().wall;
    const CheckOutcome again = check_history(reader, options);
    const Tally &run = live.run.tally, &check = again.tally;
    INFO(first_finding(check) << (again.facts.problems.empty() ? "" : again.facts.problems.front()) << again.facts.cut_off);
    CHECK(again.facts.broken == 0);
    CHECK(again.facts.cut_off.empty());
    CHECK_FALSE(again.facts.altered);
    CHECK(check.violations_by == run.violations_by);
    CHECK(check.violation_samples == run.violation_samples);
    CHECK(check.orders_ok == run.orders_ok);
    CHECK(check.orders_unknown == run.orders_unknown);
    CHECK(check.orders_violated == run.orders_violated);
    CHECK(check.operations == run.operations);
    CHECK(check.paid_cents == run.paid_cents);
    CHECK(check.coverage == run.coverage);
    CHECK(check.lateness_us == run.lateness_us);
    CHECK(check.live.unknown_because == run.live.unknown_because);
    CHECK(check.live.resolution_us == run.live.resolution_us);
    CHECK(check.live.offset_low_us == run.live.offset_low_us);
    CHECK(check.live.response_ns == run.live.response_ns);
    CHECK((setting != &late || check.violations_total() > 0));
  }
}

TEST_CASE("wall: a skewed clock is measured, not blamed") {
  WallSetting setting;
  setting.skew_us = 5'000'000;
  const LiveOutcome live = play_wall(scenario_from(market()), setting);
  INFO(first_finding(live.run.tally));
  CHECK(live.run.tally.violations_total() == 0);
  const std::int64_t offset = us_of(service_zero) + setting.skew_us;
  CHECK(live.run.tally.live.offset_low_us <= offset);
  CHECK(live.run.tally.live.offset_high_us >= offset);
  CHECK(live.run.tally.live.clock_steps == 0);
}

TEST_CASE("wall: timers that fire late are found") {
  WallSetting setting;
  setting.late_by = std::chrono::milliseconds{300};
  const LiveOutcome live = play_wall(scenario_from(market()), setting);
  CHECK(live.problem.empty());
  CHECK(live.run.tally.violations_total() > 0);
}

TEST_CASE("wall: whatever the network loses, an honest service is not blamed") {
  for (const LiveFault kind :
       {LiveFault::lose_request, LiveFault::lose_answer, LiveFault::delay, LiveFault::overtake, LiveFault::duplicate}) {
    WallSetting setting;
    setting.faults.kind = kind;
    setting.faults.chance = Chance::ratio(1, 20);
    setting.faults.delay_ns = 20'000'000;
    const LiveOutcome live = play_wall(scenario_from(market()), setting);
    INFO(name_of(kind) << ": " << first_finding(live.run.tally));
    CHECK(live.problem.empty());
    CHECK(live.run.tally.violations_total() == 0);
    CHECK(live.run.tally.placed > 100);
  }
}

TEST_CASE("wall: evidence that has to be looked for is looked for, cases are not played") {
  WallSetting setting;
  setting.pushes_every_ns = 0;
  const LiveOutcome live = play_wall(scenario_from(market(R"(
cases:
  - {name: exact, due: 2d, steps: [{at: 1d, seller: deliver, files: [a.zip]}]}
)")),
                                     setting);
  INFO(first_finding(live.run.tally));
  CHECK(live.run.tally.violations_total() == 0);
  CHECK(live.run.tally.evidence_seen > 400);
  CHECK(live.run.tally.cases_run == 0);
  CHECK(live.facts.cases_not_played == 1);
}

TEST_CASE("dense reads are paid for, stop when the order is over, and leave class R3 alone") {
  constexpr HarnessTime ms = 1'000'000;
  DeadlineReads reads{{.seed = 1, .never_read = Chance{}, .reads_per_s = 20}};
  reads.deadline(OrderId{1}, 1000 * ms, 900 * ms);
  CHECK(reads.next_at() == 936 * ms);
  CHECK(reads.next(935 * ms) == OrderId::none);
  CHECK(reads.next(936 * ms) == OrderId{1});
  CHECK(reads.next_at() == 984 * ms);
  reads.deadline(OrderId{1}, 1000 * ms + ms / 10, 985 * ms);  // the same, measured anew
  CHECK(reads.next_at() == 984 * ms);
  reads.deadline(OrderId{1}, 3000 * ms, 986 * ms);  // extended
  CHECK(reads.next_at() == 2936 * ms);
  reads.completed(OrderId{1});
  CHECK(reads.next_at() == never_ns);
  CHECK(reads.left_out() == 0);
  for (std::uint64_t i = 2; i < 10; ++i) reads.deadline(OrderId{i}, 5000 * ms, 990 * ms);
  std::vector<OrderId> read;
  while (reads.next_at() <= 4936 * ms)
    if (const OrderId one = reads.next(4936 * ms); one != OrderId::none) read.push_back(one);
  CHECK(read == std::vector<OrderId>{OrderId{2}, OrderId{3}});  // nine each, of the second's twenty
  CHECK(reads.left_out() == 6);
  reads.completed(OrderId{2});  // its other eight are there for somebody else
  reads.deadline(OrderId{10}, 5001 * ms, 4937 * ms);
  CHECK(reads.next(4937 * ms) == OrderId{10});
  DeadlineReads unread{{.seed = 1, .never_read = Chance::always(), .reads_per_s = 2000}};
  unread.deadline(OrderId{1}, 1000 * ms, 0);
  CHECK(unread.next_at() == never_ns);
}

TEST_CASE("virtual, harness's and service's time lie to each other as the speed says") {
  TimeScale scale;
  scale.starts = instant_at(1'000'000'000'000);
  scale.base = instant_at(2'000'000'000'000);
  scale.zero_ns = 500'000'000;
  scale.speed = 86'400;
  const Instant day_after = scale.starts + std::chrono::hours{24};
  CHECK(scale.harness_at(day_after) == 1'500'000'000);
  CHECK(scale.virtual_at(1'500'000'000) == day_after);
  CHECK(scale.service_of(day_after) == scale.base + std::chrono::seconds{1});
  CHECK(scale.virtual_of(scale.base + std::chrono::seconds{1}) == day_after);
  CHECK(scale.harness_at(never) == never_ns);
  CHECK(scale.virtual_of(instant_at(INT64_MAX - 1)) > day_after);
  Policy policy = scaled_policy(Policy{}, 86'400);
  CHECK(policy.review_period == std::chrono::seconds{3});
  CHECK(policy.extension_min == Duration{1});
}
