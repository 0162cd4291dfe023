// Live runs on a virtual clock, without a socket: they are to give what the run in process gives.
#include <atomic>

#include "catch.hpp"
#include "first_finding.hpp"
#include "in_memory.hpp"
#include "small_market.hpp"

using namespace dueprocess;

namespace {

std::string scripted_cases() {
  return R"(
cases:
  - name: counts what evidence told
    due: 2d
    steps:
      - {at: 1d,             seller: deliver, files: [logo.zip], says: final logo}
      - {at: 1d,             expect: delivered, notices: {buyer: 1}}
      - {at: due + 3d - 1us, expect: delivered, payments: 0}
      - {at: due + 3d,       expect: completed, by: auto, payments: 1, notices: {buyer: 2}}
  - name: the buyer is quicker
    due: 2d
    steps:
      - {at: 1d, seller: deliver, files: [logo.zip], says: final logo}
      - {at: 2d, buyer: accept}
      - {at: 2d, expect: completed, by: buyer, payments: 1}
)";
}

Scenario few_orders(const std::string& more = "") {
  return scenario_from(R"(
name: few orders
seed: 5
starts: 2026-03-02T00:00:00Z
ends: 7d
orders: {arrive: {rate: 2/day}, due_in: {choice: {1d: 50%, 3d: 50%}}}
sellers: {count: 1, personas: {careless: {share: 50%, like: careless}, drafter: {share: 50%, like: draft_saver}}}
buyers: {count: 8, personas: {picky: {share: 40%, like: picky}, extender: {share: 30%, like: extender}, silent: {share: 30%, like: silent}}}
)" + more);
}

void check_same(const Tally& live, const Tally& in_process) {
  CHECK(live.violations_total() == 0);
  CHECK(live.placed == in_process.placed);
  CHECK(live.digest == in_process.digest);
  CHECK(without_wall(live) == in_process);
  CHECK(live.timers_fired == in_process.timers_fired);
  CHECK(live.timers_fired == in_process.timers_fired);
}

}  // namespace

TEST_CASE("barrier: the tally of the run in process with the market in one cell") {
  const Scenario scenario = scenario_from(varied_market(scripted_cases()));
  RunOptions one_cell;
  one_cell.one_cell = true;
  const LiveOutcome live = play_live(scenario, {});
  CHECK(live.problem.empty());
  INFO(first_finding(live.run.tally));
  check_same(live.run.tally, run(scenario, one_cell).tally);
  CHECK(live.run.tally.live.response_ns.count() > 10'000);
  CHECK(live.run.tally.cases_run == 2);
  CHECK(live.run.tally.case_failures.empty());
}

TEST_CASE("stamped: the tally of the run in process, on any number of threads") {
  const Scenario scenario = scenario_from(varied_market(scripted_cases()));
  const Tally in_process = run(scenario, {}).tally;
  for (const unsigned threads : {1u, 3u}) {
    Setting setting;
    setting.clock = LiveClock::stamped;
    setting.threads = threads;
    const LiveOutcome live = play_live(scenario, setting);
    CHECK(live.problem.empty());
    INFO(threads << " threads: " << first_finding(live.run.tally));
    check_same(live.run.tally, in_process);
    CHECK(live.run.facts.threads == threads);
  }
}

TEST_CASE("a policy whose timers fire at the instant of the delivery gives the same live") {
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
    const Scenario scenario = scenario_from(varied_market("policy: {review_anchor: due_date, review_period: 1h}\n"));
    Setting setting;
    setting.clock = clock;
    RunOptions options;
    options.one_cell = clock == LiveClock::barrier;
    const LiveOutcome live = play_live(scenario, setting);
    INFO(first_finding(live.run.tally));
    check_same(live.run.tally, run(scenario, options).tally);
  }
}

TEST_CASE("a service that does not tell its next deadline is brought to its end all the same") {
  const Scenario scenario = few_orders(scripted_cases());
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
    Setting setting;
    setting.clock = clock;
    setting.tells_next_deadline = false;
    RunOptions options;
    options.one_cell = clock == LiveClock::barrier;
    check_same(play_live(scenario, setting).run.tally, run(scenario, options).tally);
  }
}

TEST_CASE("answers that take their time change nothing") {
  const Scenario scenario = few_orders();
  Setting setting;
  setting.clock = LiveClock::stamped;
  setting.answers_after_ns = 20'000;
  const Tally live = play_live(scenario, setting).run.tally;
  check_same(live, run(scenario, {}).tally);
  CHECK(live.live.service_ns.min() >= 20'000);
}

TEST_CASE("a bug of the service is found live as it is in process") {
  const Scenario scenario = scenario_from(varied_market());
  for (const Bug bug : {Bug::b01b, Bug::b02, Bug::b74}) {
    for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
      Setting setting;
      setting.clock = clock;
      setting.bugs = only(bug);
      RunOptions options;
      options.bugs = setting.bugs;
      options.one_cell = clock == LiveClock::barrier;
      const Tally live = play_live(scenario, setting).run.tally, in_process = run(scenario, options).tally;
      INFO(name_of(clock) << ": " << first_finding(live));
      CHECK(live.violations_total() > 0);
      CHECK(live.violations_by == in_process.violations_by);
    }
  }
}

TEST_CASE("a service that is gone is not blamed for what it could not show any more") {
  const Scenario scenario = few_orders(scripted_cases());
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
    for (std::uint64_t operations = 1; operations < 100; operations += 3) {
      Setting setting;
      setting.clock = clock;
      setting.gone_after = operations;
      const LiveOutcome live = play_live(scenario, setting);
      INFO(name_of(clock) << " after " << operations << ": " << first_finding(live.run.tally));
      CHECK(live.problem == "gone");
      CHECK(live.run.tally.violations_total() == 0);
    }
  }
}

TEST_CASE("a service that is gone is blamed for what it did before") {
  const Scenario scenario = scenario_from(varied_market());
  Setting setting;
  setting.bugs = only(Bug::b02);
  setting.gone_after = 5000;
  const LiveOutcome live = play_live(scenario, setting);
  CHECK(live.problem == "gone");
  CHECK(live.run.tally.violations_total() > 0);
}

TEST_CASE("whichever answer is lost, an honest service is not blamed") {
  const Scenario scenario = few_orders();
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
    for (const LiveFault kind :
         {LiveFault::lose_request, LiveFault::lose_answer, LiveFault::delay, LiveFault::overtake, LiveFault::duplicate}) {
      // Every fifth, each kind beginning with another one: between them they meet every step of a life.
      std::uint64_t operations = 1, nth = 1 + static_cast<std::uint64_t>(kind) % 5;
      for (; nth <= std::max<std::uint64_t>(operations, 5); nth += 5) {
        Setting setting;
        setting.clock = clock;
        setting.faults.kind = kind;
        setting.faults.nth = nth;
        setting.faults.delay_ns = 50'000;
        setting.operations = &operations;
        const LiveOutcome live = play_live(scenario, setting);
        INFO(name_of(clock) << ", " << name_of(kind) << " at operation " << nth << ": " << first_finding(live.run.tally));
        REQUIRE(live.problem.empty());
        REQUIRE(live.run.tally.violations_total() == 0);
        if (kind == LiveFault::delay || kind == LiveFault::duplicate) REQUIRE(live.run.tally.orders_unknown == 0);
      }
      CHECK(nth > 80);
    }
  }
}

TEST_CASE("a service that shows no evidence is judged by its answers, read once more at the end") {
  const Scenario scenario = scenario_from(varied_market());
  const Tally in_process = run(scenario, {}).tally;
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
    Setting setting;
    setting.clock = clock;
    setting.shows_evidence = false;
    const Tally live = play_live(scenario, setting).run.tally;
    INFO(name_of(clock) << ": " << first_finding(live));
    CHECK(live.violations_total() == 0);
    CHECK(live.evidence_seen == 0);
    CHECK(live.placed == in_process.placed);
    CHECK(live.completed_by_buyer == in_process.completed_by_buyer);
    CHECK(live.completed_by_auto == in_process.completed_by_auto);
    CHECK(live.orders_ok == in_process.orders_ok);
    setting.bugs = only(Bug::b01b);
    CHECK(play_live(scenario, setting).run.tally.violations_total() > 0);
  }
}

TEST_CASE("what a service cannot do is done without") {
  const Scenario scenario = scenario_from(varied_market());
  Setting setting;
  setting.clock = LiveClock::stamped;
  for (const OperationKind kind : {OperationKind::list_orders, OperationKind::save_draft, OperationKind::open_draft,
                                   OperationKind::upload, OperationKind::extend_review, OperationKind::contact_support,
                                   OperationKind::request_modification, OperationKind::deliver_modified})
    setting.can &= ~(1u << static_cast<unsigned>(kind));
  const Tally live = play_live(scenario, setting).run.tally;
  INFO(first_finding(live));
  CHECK(live.violations_total() == 0);
  CHECK(live.orders_ok == live.placed);
  CHECK(live.completed_by_buyer > 300);
  CHECK(live.completed_by_auto > 300);
  CHECK(live.live.failures[static_cast<unsigned>(Failure::unsupported)] > 1000);
  const auto asked = [&](OperationKind kind) {
    const auto& outcomes = live.operations[static_cast<unsigned>(kind)];
    return outcomes[0] + outcomes[1] + outcomes[2];
  };
  CHECK(asked(OperationKind::upload) == 0);
  CHECK(asked(OperationKind::extend_review) == 0);
  setting.can = 1;  // no deliveries: nothing to drive
  CHECK_THROWS_AS(play_live(scenario, setting), TargetProblem);
}

TEST_CASE("a right refused without a reason is found live") {
  Setting setting;
  setting.faults.kind = LiveFault::refuse;
  setting.faults.chance = Chance::ratio(1, 20);
  const Tally tally = play_live(few_orders(), setting).run.tally;
  CHECK(tally.live.failures[static_cast<unsigned>(Failure::no_connection)] > 0);
}

TEST_CASE("a run that is told to stop keeps what it has") {
  std::atomic<bool> stop{true};
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped}) {
    Setting setting;
    setting.clock = clock;
    setting.stop = &stop;
    const LiveOutcome live = play_live(scenario_from(varied_market()), setting);
    CHECK(live.run.facts.interrupted);
    CHECK(live.problem.empty());
    CHECK(live.run.tally.violations_total() == 0);
  }
}
