#include "reports/result.hpp"

#include <algorithm>

#include "catch.hpp"
#include "made_up.hpp"

using namespace dueprocess;

TEST_CASE("a run in which all held is ok, and says no reason") {
  const Result result = made_up::result(made_up::good_tally());
  CHECK(result.verdict == RunVerdict::ok);
  CHECK(result.reasons.empty());
}

TEST_CASE("a violation, a failed case or a missed expectation each make the verdict violated") {
  Tally violated = made_up::good_tally();
  violated.add_violation({OrderId{1}, made_up::monday, Invariant::M1, "", ""});
  CHECK(made_up::result(violated).verdict == RunVerdict::violated);

  Tally failed = made_up::good_tally();
  failed.add_case_failure({0, 0, "", ""});
  CHECK(made_up::result(failed).verdict == RunVerdict::violated);
  CHECK(made_up::result(failed).reasons == std::vector<std::string>{"1 case failed"});

  Tally missed = made_up::good_tally();
  missed.completed_by_auto = 10;
  CHECK(made_up::result(missed).verdict == RunVerdict::violated);
  CHECK(made_up::result(missed).reasons == std::vector<std::string>{"1 expectation missed"});
}

TEST_CASE("unknown orders make the verdict unknown, unless the scenario allows so many") {
  Tally tally = made_up::good_tally();
  tally.orders_unknown = 2;
  CHECK(made_up::result(tally).verdict == RunVerdict::unknown);

  Scenario scenario = made_up::scenario();
  scenario.expectations = {made_up::expectation("orders.unknown <= 2", 1)};
  CHECK(make_result(scenario, made_up::settings(), tally, made_up::record()).verdict == RunVerdict::ok);
  tally.orders_unknown = 3;
  CHECK(make_result(scenario, made_up::settings(), tally, made_up::record()).verdict == RunVerdict::violated);
}

TEST_CASE("a violation outweighs what is unknown") {
  CHECK(made_up::result(made_up::bad_tally()).verdict == RunVerdict::violated);
}

TEST_CASE("an interrupted run is unknown: expectations on part of a run count neither way, violations do") {
  RunRecord record = made_up::record();
  record.interrupted = true;
  Tally part = made_up::good_tally();
  part.completed_by_auto = 10;
  const Result result = make_result(made_up::scenario(), made_up::settings(), part, record);
  CHECK(result.verdict == RunVerdict::unknown);
  CHECK(result.reasons == std::vector<std::string>{"1 expectation missed", "the run was interrupted"});
  CHECK(make_result(made_up::scenario(), made_up::settings(), made_up::bad_tally(), record).verdict == RunVerdict::violated);
}

TEST_CASE("a run without orders is unknown: nothing was judged") {
  Scenario scenario = made_up::scenario();
  scenario.expectations.clear();
  const Result result = make_result(scenario, {}, Tally{}, {});
  CHECK(result.verdict == RunVerdict::unknown);
  CHECK(result.not_met == std::vector<std::string>{"no order was placed: nothing was checked"});
}

TEST_CASE("a failed step is told with its case, line, order and the command that shows it") {
  const Result result = made_up::result(made_up::bad_tally());
  REQUIRE(result.failed_steps.size() == 1);
  const FailedStep& step = result.failed_steps[0];
  CHECK(step.name == "late delivery");
  CHECK(step.line == 44);
  CHECK(step.order == 1'002);
  CHECK(result.cases_failed == 1);
}

TEST_CASE("several failed steps of one case are one failed case") {
  Tally tally = made_up::good_tally();
  tally.add_case_failure({1, 2, "a", "b"});
  tally.add_case_failure({1, 0, "a", "b"});
  tally.add_case_failure({0, 0, "a", "b"});
  CHECK(made_up::result(tally).cases_failed == 2);
}

TEST_CASE("the command that replays an order is quoted for the shell and leaves nothing out") {
  Result result = made_up::result(made_up::good_tally());
  CHECK(command_to_replay(result, 42) ==
        "dueprocess replay 'some folder/made-up.yaml' --seed 7 --order 42 --set orders.arrive.rate=50/s "
        "--set 'name=it'\\''s' --bug B01a");
  result.settings = {};
  result.settings.scenario = "smoke";
  result.settings.environment = {{"DUEPROCESS_SET_SEED", "a b"}};
  CHECK(command_to_replay(result, 0) == "DUEPROCESS_SET_SEED='a b' dueprocess replay smoke --seed 7");
}

TEST_CASE("words are quoted for the shell only where they must be") {
  CHECK(shell_quoted("a/b-c.yaml") == "a/b-c.yaml");
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("$HOME") == "'$HOME'");
  CHECK(shell_quoted("~x") == "'~x'");
  CHECK(shell_quoted("a'b") == "'a'\\''b'");
}

TEST_CASE("seeded bugs of the scenario and of the command line are told once each") {
  Scenario scenario = made_up::scenario();
  scenario.bugs = {"B02", "B01a"};
  CHECK(make_result(scenario, made_up::settings(), made_up::good_tally(), {}).bugs == std::vector<std::string>{"B02", "B01a"});
}

TEST_CASE("what was not met is said, what was is not") {
  const Result result = made_up::result(made_up::good_tally());
  const auto says = [&](const char* text) { return std::count(result.not_met.begin(), result.not_met.end(), text) == 1; };
  CHECK(says("no review was extended"));
  CHECK_FALSE(says("no delivery was late"));
  CHECK_FALSE(says("no operation came at the very instant of a deadline"));
  CHECK_FALSE(says("no review crossed a daylight-saving change"));  // the policy's days are 24 hours

  Scenario scenario = made_up::scenario();
  scenario.policy.days = DayRule::calendar;
  const Result calendar = make_result(scenario, {}, made_up::good_tally(), {});
  CHECK(std::count(calendar.not_met.begin(), calendar.not_met.end(), "no review crossed a daylight-saving change") == 1);
}
