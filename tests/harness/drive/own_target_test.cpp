// A user's own engine behind the seam, and what becomes of a run when it fails.
#include "catch.hpp"
#include "engine_as_target.hpp"
#include "first_finding.hpp"
#include "harness/drive/run.hpp"
#include "harness/target/faulty_target.hpp"
#include "small_market.hpp"

using namespace dueprocess;

namespace {

std::unique_ptr<Target> honest(const Policy& policy) { return std::make_unique<EngineAsTarget<false>>(policy); }

RunOptions driving(TargetFactory target) {
  RunOptions options;
  options.target = std::move(target);
  return options;
}

/// With every persona that meets an operation, and few enough orders to run it a thousand times.
Scenario few_orders() {
  return scenario_from(R"(
name: few orders
seed: 5
starts: 2026-03-02T00:00:00Z
ends: 7d
orders: {arrive: {rate: 2/day}, due_in: {choice: {1d: 50%, 3d: 50%}}}
sellers: {count: 1, personas: {careless: {share: 50%, like: careless}, drafter: {share: 50%, like: draft_saver}}}
buyers: {count: 8, personas: {picky: {share: 40%, like: picky}, extender: {share: 30%, like: extender}, silent: {share: 30%, like: silent}}}
)");
}

/// Runs with one fault at the n-th operation; says how many operations there were.
std::uint64_t strike(const Scenario& scenario, TargetFault kind, std::uint64_t nth) {
  std::uint64_t operations = 0, struck = 0;
  // Tells its counts when it goes.
  struct Counting final : Target {
    Counting(std::unique_ptr<FaultyTarget> faulty, std::uint64_t& operations_seen, std::uint64_t& struck_seen)
        : inner(std::move(faulty)), operations(operations_seen), struck(struck_seen) {}
    ~Counting() override { operations = inner->operations(), struck = inner->struck(); }
    void perform(const Operation& operation, Instant now, Answer& answer) override { inner->perform(operation, now, answer); }
    Instant next_timer() const override { return inner->next_timer(); }
    void fire_next() override { inner->fire_next(); }
    void restart(Instant down, Instant back) override { inner->restart(down, back); }
    std::vector<Evidence>& evidence() override { return inner->evidence(); }
    void reset(OrderRange orders) override { inner->reset(orders); }
    std::unique_ptr<FaultyTarget> inner;
    std::uint64_t &operations, &struck;
  };
  const Tally tally =
      run(scenario, driving([&](const Policy& policy) {
            TargetFaults faults;
            faults.kind = kind;
            faults.nth = nth;
            faults.delay = std::chrono::hours{7};
            return std::make_unique<Counting>(std::make_unique<FaultyTarget>(honest(policy), faults), operations, struck);
          }))
          .tally;
  INFO(name_of(kind) << " at operation " << nth << ": " << first_finding(tally));
  if (kind == TargetFault::refuse && struck > 0) {
    REQUIRE(tally.violations_total() == 1);
    REQUIRE(name_of(tally.violation_samples.front().invariant)[0] == 'G');  // a guard: what had to be taken was not
  } else {
    REQUIRE(tally.violations_total() == 0);
  }
  if (struck == 0) REQUIRE(tally.orders_unknown == 0);
  return operations;
}

}  // namespace

TEST_CASE("an engine behind the seam gives the tally of the same engine built in") {
  for (const char* more : {"", "restarts: [{down: 5d, back: 5d6h}, {down: 12d, for: 1s}]\n"}) {
    const Scenario scenario = scenario_from(varied_market(more));
    RunOptions options = driving(honest);
    options.threads = 3;
    CHECK(run(scenario, options).tally == run(scenario, {}).tally);
  }
}

TEST_CASE("a bug in an engine behind the seam is found as in the built-in one, and traced") {
  const Scenario scenario = scenario_from(varied_market());
  RunOptions built_in;
  built_in.bugs = only(Bug::b07);
  const RunOptions behind =
      driving([](const Policy& policy) { return std::make_unique<EngineAsTarget<true>>(policy, only(Bug::b07)); });
  const Tally tally = run(scenario, behind).tally;
  CHECK(tally == run(scenario, built_in).tally);
  REQUIRE_FALSE(tally.violation_samples.empty());
  const OrderId order = tally.violation_samples.front().order;
  const auto timeline = trace(scenario, behind, order);
  CHECK(std::any_of(timeline.begin(), timeline.end(),
                    [](const TimelineEntry& entry) { return std::holds_alternative<Violation>(entry.what); }));
}

TEST_CASE("whichever operation is struck, an honest target is blamed for a right it refuses, and for no answer that is lost") {
  const Scenario scenario = few_orders();
  for (const TargetFault kind : {TargetFault::refuse, TargetFault::lose_request, TargetFault::lose_answer, TargetFault::delay}) {
    std::uint64_t nth = 1, operations = 1;
    for (; nth <= operations; ++nth) operations = strike(scenario, kind, nth);
    INFO(name_of(kind));
    CHECK(nth > 80);
  }
}

TEST_CASE("faults by chance strike the same operations again, whatever the number of threads") {
  const Scenario scenario = scenario_from(varied_market());
  for (const TargetFault kind : {TargetFault::refuse, TargetFault::lose_request, TargetFault::lose_answer, TargetFault::delay}) {
    TargetFaults faults;
    faults.kind = kind;
    faults.chance = Chance::ratio(1, 20);
    RunOptions options = driving([&](const Policy& policy) { return std::make_unique<FaultyTarget>(honest(policy), faults); });
    const Tally one = run(scenario, options).tally;
    options.threads = 3;
    INFO(name_of(kind) << ": " << first_finding(one));
    CHECK(run(scenario, options).tally == one);
    CHECK((one.violations_total() > 0) == (kind == TargetFault::refuse));
    CHECK(one.placed > 2000);
  }
}

TEST_CASE("a target that cannot go on ends the run with its own words") {
  const Scenario scenario = few_orders();
  struct Broken final : EngineAsTarget<false> {
    using EngineAsTarget::EngineAsTarget;
    void fire_next() override { throw std::runtime_error{"the disk is full"}; }
  };
  CHECK_THROWS_WITH(run(scenario, driving([](const Policy& policy) { return std::make_unique<Broken>(policy); })),
                    "the target: the disk is full");
  CHECK_THROWS_AS(run(scenario, driving([](const Policy&) -> std::unique_ptr<Target> { return nullptr; })), TargetProblem);
  CHECK_THROWS_WITH(
      run(scenario, driving([](const Policy&) -> std::unique_ptr<Target> { throw std::invalid_argument{"only elapsed days"}; })),
      "the target: only elapsed days");
}

TEST_CASE("a target whose timers lie in the past, or do not go away, ends the run instead of stopping the clock") {
  const Scenario scenario = few_orders();
  struct Past final : EngineAsTarget<false> {
    using EngineAsTarget::EngineAsTarget;
    Instant next_timer() const override {
      const Instant next = EngineAsTarget::next_timer();
      return next == never ? never : next - std::chrono::hours{24 * 30};
    }
  };
  CHECK_THROWS_AS(run(scenario, driving([](const Policy& policy) { return std::make_unique<Past>(policy); })), TargetProblem);
  struct Stuck final : EngineAsTarget<false> {
    using EngineAsTarget::EngineAsTarget;
    void fire_next() override {}
  };
  CHECK_THROWS_AS(run(scenario, driving([](const Policy& policy) { return std::make_unique<Stuck>(policy); })), TargetProblem);
}
