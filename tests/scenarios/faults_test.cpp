// `faults:` as people write it, rightly and wrongly.
#include "reading.hpp"
#include "scenarios/language/describe.hpp"

using namespace dueprocess;

namespace {

std::string with(const std::string& faults) { return market("{arrive: 1/h}", "faults: " + faults + "\n"); }
std::vector<FaultPlan> plans(const std::string& faults) { return scenario_of(with(faults)).faults; }
bool is_wrong(const std::string& faults, const std::string& told) { return is_told(mistakes_of(with(faults)), told); }

constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

}  // namespace

TEST_CASE("a fault without a window lasts the whole run and strikes everything, both ways") {
  const auto all = plans("{kind: delay, by: 20ms}");
  REQUIRE(all.size() == 1);
  CHECK(all[0].kind == FaultKind::delay);
  CHECK(all[0].of == FaultOf::both);
  CHECK(all[0].from < start);
  CHECK(all[0].to == never);
  CHECK_FALSE(all[0].is_momentary());
  CHECK(all[0].share == Chance::always());
  CHECK(all[0].by.min() == 20'000);
}

TEST_CASE("windows are the scenario's time, from its start or absolute") {
  const auto all = plans("[{kind: black_hole, at: 2d, for: 6h, of: requests}, {kind: reset, at: 2026-03-05T12:00:00Z}]");
  REQUIRE(all.size() == 2);
  CHECK(all[0].from == start + std::chrono::hours{48});
  CHECK(all[0].to == start + std::chrono::hours{54});
  CHECK(all[0].of == FaultOf::requests);
  CHECK(all[1].from == start + std::chrono::hours{84});
  CHECK(all[1].is_momentary());
}

TEST_CASE("each kind takes what it needs") {
  CHECK(plans("{kind: throttle, rate: 64kB/s}")[0].bytes_per_second == 64'000);
  CHECK(plans("{kind: throttle, rate: 1MiB /s}")[0].bytes_per_second == 1 << 20);
  const FaultPlan reset = plans("{kind: reset, share: 2%, after: 10..400}")[0];
  CHECK(reset.share == Chance::ratio(2, 100));
  CHECK(reset.after.min() == 10);
  CHECK(reset.after.max() == 400);
  CHECK(plans("{kind: truncate}")[0].of == FaultOf::answers);
  CHECK(plans("{kind: truncate, of: requests}")[0].of == FaultOf::requests);
  CHECK(plans("{kind: duplicate, share: 0.05}")[0].share == Chance::ratio(5, 100));
}

TEST_CASE("a command stands at an instant and may declare the target down") {
  const FaultPlan plan =
      plans("{command: kill -9 $(cat serve.pid), at: 4d, down_for: 12h, recovers_within: 2s, time_limit: 3s}")[0];
  CHECK(plan.kind == FaultKind::command);
  CHECK(plan.command == "kill -9 $(cat serve.pid)");
  CHECK(plan.from == start + std::chrono::hours{96});
  CHECK(plan.is_momentary());
  CHECK(plan.down_for == std::chrono::hours{12});
  CHECK(plan.recovers_within == std::chrono::seconds{2});
  CHECK(plan.time_limit == std::chrono::seconds{3});
}

TEST_CASE("declared downtimes that overlap or touch are one") {
  const auto all = plans(
      "[{command: b, at: 5d, down_for: 1d, recovers_within: 1s}, {command: a, at: 1d, down_for: 2h},"
      " {command: c, at: 1d2h, down_for: 1h, recovers_within: 3s}, {command: d, at: 5d1h, down_for: 1h}, {kind: cut, at: 6d3h}]");
  const auto down = declared_downtimes(all);
  REQUIRE(down.size() == 2);
  CHECK(down[0].from == start + std::chrono::hours{24});
  CHECK(down[0].to == start + std::chrono::hours{27});
  CHECK(down[1].to == start + std::chrono::hours{144});
  CHECK(recovery_bound(all) == std::chrono::seconds{3});
  CHECK(last_fault_end(all) == start + std::chrono::hours{147});
  CHECK(last_fault_end(plans("{kind: delay, by: 1ms}")) == Instant::min());
  CHECK(has_commands(all));
}

TEST_CASE("faults that cannot be are told where they stand") {
  CHECK(is_wrong("{kind: resett}",
                 "s.yaml:5:16: error: faults.kind: expected one of delay, throttle, cut, reset, truncate, "
                 "black_hole, duplicate, not \"resett\"; did you mean \"reset\"?"));
  CHECK(is_wrong("[{share: 1%}]", "s.yaml:5:10: error: faults.0: \"kind\" is missing: what goes wrong, or a `command`"));
  CHECK(is_wrong("[{kind: cut, command: x, at: 1d}]", "a fault has either `kind` or `command`"));
  CHECK(is_wrong("{kind: delay}", "a delay needs `by`"));
  CHECK(is_wrong("{kind: throttle}", "a throttle needs `rate`"));
  CHECK(is_wrong("{kind: throttle, rate: 64kB}", "\"64kB\" is not a rate of bytes: expected one such as 64kB/s"));
  CHECK(is_wrong("{kind: throttle, rate: 0/s}", "that is a black_hole"));
  CHECK(is_wrong("{kind: throttle, rate: 64kB/s, after: 3}", "faults: a throttle has no `after`; cut, reset and truncate have"));
  CHECK(is_wrong("{kind: duplicate, of: requests}", "a duplicate has no `of`"));
  CHECK(is_wrong("{kind: delay, by: 2h}", "a delay is 0s to 1h, in real time"));
  CHECK(is_wrong("{kind: delay, by: -1s}", "a delay is 0s to 1h, in real time"));
  CHECK(is_wrong("{kind: black_hole, at: 2d}", "how long? A black_hole at an instant needs `for`"));
  CHECK(is_wrong("{kind: reset, for: 2d}", "from when on? Give `at`"));
  CHECK(is_wrong("{kind: reset, at: 1d, share: 5%}", "no share"));
  CHECK(is_wrong("{kind: reset, at: 2020-01-01, for: 1d}", "begins before the scenario starts"));
  CHECK(is_wrong("{kind: reset, at: 1d, down_for: 1h}", "a reset has no `down_for`; command has"));
  CHECK(is_wrong("{command: '', at: 1d}", "an empty command"));
  CHECK(is_wrong("{command: x}", "when? A command needs `at`"));
  CHECK(is_wrong("{command: x, at: 1d, for: 1h}", "a command has no `for`"));
  CHECK(is_wrong("{command: x, at: 1d, time_limit: 1h}", "at most 10m"));
  CHECK(is_wrong("{kind: reset, probability: 5%}", "did you mean \"share\"?"));
  CHECK(is_wrong("3", "expected a mapping (kind, command, at"));
}

TEST_CASE("a scenario's faults are described, and that they need a live target and a permission") {
  const std::string page = describe_scenario(scenario_of(with("[{kind: reset, share: 2%, of: answers}, {kind: black_hole, at: "
                                                              "2d, for: 6h}, {command: stop it, at: 4d, down_for: 1h}]")),
                                             140);
  for (const auto* part :
       {"reset of answers, 2%", "black_hole of requests and answers, 2026-03-04T00:00:00Z to 2026-03-04T06:00:00Z",
        "command \"stop it\", at 2026-03-06T00:00:00Z, declared down for 1h", "--allow-commands", "--target"}) {
    INFO(part << "\n" << page);
    CHECK(page.find(part) != page.npos);
  }
}
