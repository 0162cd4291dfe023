// A run that is recorded, and the recording judged: the same tally.
#include "catch.hpp"
#include "harness/drive/cell.hpp"
#include "harness/drive/run.hpp"
#include "harness/history/check.hpp"
#include "scratch.hpp"
#include "tests/harness/drive/small_market.hpp"

using namespace dueprocess;

namespace {

struct Recorded {
  Tally of_run, of_history;
  HistoryFacts facts;
};

RunOutcome record(const Scenario& scenario, RunOptions options, const std::string& path) {
  HistoryHeader header;
  header.finishes = true;
  header.policy = scenario.policy;
  header.tolerances = oracle_options(scenario);
  HistoryFile file{path, header};
  options.history = &file;
  RunOutcome outcome = run(scenario, options);
  HistoryEnd end;
  end.digest = outcome.tally.digest;
  end.timers_fired = outcome.tally.timers_fired;
  end.actions_dropped = outcome.tally.actions_dropped;
  end.cases_run = outcome.tally.cases_run;
  end.interrupted = outcome.facts.interrupted;
  std::vector<CaseFailureRecord> failures;
  for (const CaseFailure& failure : outcome.tally.case_failures) failures.push_back({failure, "", 0, 0});
  file.finish(end, failures);
  REQUIRE(file.problem() == std::nullopt);
  return outcome;
}

Recorded recorded(const Scenario& scenario, const RunOptions& options, const std::string& name = "h.ndjson.zst") {
  const Scratch scratch;
  Recorded both;
  both.of_run = record(scenario, options, scratch.path(name)).tally;
  HistoryReader reader{scratch.path(name)};
  REQUIRE(reader.problem() == "");
  REQUIRE(reader.header().policy == scenario.policy);
  CheckOptions checking;
  checking.policy = reader.header().policy;
  checking.tolerances = reader.header().tolerances;
  CheckOutcome checked = check_history(reader, checking);
  both.of_history = std::move(checked.tally);
  both.facts = std::move(checked.facts);
  CHECK(both.facts.cut_off == "");
  CHECK(both.facts.broken == 0);
  CHECK_FALSE(both.facts.altered);
  return both;
}

RunOptions with_bug(const std::string& id) {
  RunOptions options;
  options.threads = 2;
  const auto bug = bug_named(id);
  REQUIRE(bug.has_value());
  options.bugs.set(static_cast<std::size_t>(*bug));
  return options;
}

}  // namespace

TEST_CASE("the history of a run is judged as the run was") {
  const std::string policies[] = {
      "",
      "policy: {review_anchor: due_date}\n",
      "policy: {review_period: 1h, review_anchor: delivery, max_extensions: 1}\n",
      "policy: {days: calendar(Europe/Berlin), extensions_carry_over: true}\n",
      "restarts: [{down: 5d, for: 20h}, {down: 11d, for: 3d}]\n",
      "cases:\n  - {name: silent, due: 2d, steps: [{at: 1d, seller: deliver, files: [a.zip]}, {at: due, expect: completed}]}\n"};
  for (const std::string& policy : policies) {
    INFO(policy);
    RunOptions options;
    options.threads = 3;
    const Recorded both = recorded(scenario_from(varied_market(policy)), options);
    CHECK(both.of_run.placed >= 2800);
    CHECK(both.of_history == both.of_run);
  }
}

TEST_CASE("every seeded bug is found in the history as it was in the run") {
  // A week of few orders, so that all the bugs take seconds.
  Scenario scenario = scenario_from(varied_market("restarts: [{down: 5d, for: 20h}]\n"));
  scenario.market.orders.count = std::min<std::uint64_t>(scenario.market.orders.count, 150);
  std::size_t found = 0;
  for (const BugInfo& info : all_bugs()) {
    INFO(info.id);
    const Recorded both = recorded(scenario, with_bug(std::string{info.id}));
    CHECK(both.of_history == both.of_run);
    found += both.of_run.violations_total() > 0 ? 1 : 0;
  }
  CHECK(found > all_bugs().size() / 2);
}

TEST_CASE("a history is the same file for any number of threads") {
  const Scenario scenario = scenario_from(varied_market());
  const Scratch scratch;
  for (const char* suffix : {".ndjson", ".ndjson.zst"}) {
    RunOptions options;
    record(scenario, options, scratch.path(std::string{"1"} + suffix));
    const std::string one = bytes_of(scratch.path(std::string{"1"} + suffix));
    for (const unsigned threads : {2u, 7u}) {
      options.threads = threads;
      record(scenario, options, scratch.path(std::string{"n"} + suffix));
      CHECK(bytes_of(scratch.path(std::string{"n"} + suffix)) == one);
    }
  }
}

TEST_CASE("a run that is stopped leaves a whole history of what was played") {
  const Scenario scenario = scenario_from(varied_market());
  const Scratch scratch;
  const std::atomic<bool> stop{true};
  RunOptions options;
  options.threads = 2;
  options.stop = &stop;
  const RunOutcome outcome = record(scenario, options, scratch.path("h.ndjson"));
  CHECK(outcome.facts.interrupted);
  HistoryReader reader{scratch.path("h.ndjson")};
  const CheckOutcome checked = check_history(reader, {});
  CHECK(checked.facts.cut_off == "");
  REQUIRE(checked.facts.end.has_value());
  CHECK(checked.facts.end->interrupted);
}

TEST_CASE("a disk that is full does not end the run") {
  const Scenario scenario = scenario_from(varied_market());
  HistoryFile file{"/dev/full", HistoryHeader{}};
  RunOptions options;
  options.threads = 2;
  options.history = &file;
  CHECK(run(scenario, options).tally.placed == 2800);
  file.finish({}, {});
  CHECK(file.problem() == "cannot write /dev/full: No space left on device");
}

TEST_CASE("another policy finds in a history what the first one allows") {
  const Scenario scenario = scenario_from(varied_market());
  const Scratch scratch;
  const Tally tally = record(scenario, {}, scratch.path("h.ndjson")).tally;
  CHECK(tally.violations_total() == 0);
  HistoryReader reader{scratch.path("h.ndjson")};
  CheckOptions options;
  options.policy.review_period = std::chrono::hours{96};
  const CheckOutcome checked = check_history(reader, options);
  CHECK(checked.tally.violations_by[static_cast<unsigned>(Invariant::T1)] > 0);
  CHECK(checked.tally.digest == tally.digest);
}
