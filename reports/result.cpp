#include "reports/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/format.hpp"
#include "reports/gaps.hpp"
#include "scenarios/language/scenario.hpp"

namespace dueprocess {
namespace {

std::string told(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", thousands(count), count == 1 ? one : many);
}

std::uint64_t distinct_cases(const Tally& tally) {
  std::uint64_t cases = 0;
  const CaseFailure* last = nullptr;
  for (const CaseFailure& failure : tally.case_failures) {
    if (!last || last->case_index != failure.case_index) ++cases;
    last = &failure;
  }
  return cases;
}

/// A scenario that says how many orders may stay unknown, and keeps to it, allows them.
bool allows_unknown(const std::vector<JudgedExpectation>& expectations) {
  return std::any_of(expectations.begin(), expectations.end(),
                     [](const JudgedExpectation& e) { return e.metric == "orders.unknown" && e.held == true; });
}

void judge(Result& result) {
  const Tally& tally = result.tally;
  const auto missed = static_cast<std::uint64_t>(std::count_if(result.expectations.begin(), result.expectations.end(),
                                                               [](const JudgedExpectation& e) { return e.held == false; }));
  const std::uint64_t violations = tally.violations_total();
  std::vector<std::string> wrong, open;
  if (violations > 0) wrong.push_back(told(violations, "violation of the rules", "violations of the rules"));
  if (result.cases_failed > 0) wrong.push_back(told(result.cases_failed, "case failed", "cases failed"));
  const bool whole = !result.run.interrupted && (!result.history || result.history->holes.empty());
  if (missed > 0) (whole ? wrong : open).push_back(told(missed, "expectation missed", "expectations missed"));
  if (tally.orders_unknown > 0 && !allows_unknown(result.expectations))
    open.push_back(told(tally.orders_unknown, "order leaves", "orders leave") + " more than one legal history");
  if (tally.placed == 0) open.push_back("no order was placed, so nothing was judged");
  if (result.run.interrupted) open.push_back(result.history ? "the check was interrupted" : "the run was interrupted");
  if (result.history) open.insert(open.end(), result.history->holes.begin(), result.history->holes.end());
  if (result.run.live && !result.run.live->problem.empty()) open.push_back("the target could not be used to the end");

  result.verdict = !wrong.empty() ? RunVerdict::violated : !open.empty() ? RunVerdict::unknown : RunVerdict::ok;
  result.reasons = std::move(wrong);
  result.reasons.insert(result.reasons.end(), open.begin(), open.end());
}

}  // namespace

std::string_view name_of(RunVerdict verdict) {
  switch (verdict) {
    case RunVerdict::ok:
      return "ok";
    case RunVerdict::violated:
      return "violated";
    case RunVerdict::unknown:
      return "unknown";
  }
  return "?";
}

std::vector<FailedStep> failed_steps_of(const Scenario& scenario, const Tally& tally) {
  std::vector<FailedStep> failed;
  const auto& cases = scenario.market.cases;
  for (const CaseFailure& failure : tally.case_failures) {
    FailedStep step;
    step.expected = failure.expected;
    step.seen = failure.seen;
    if (failure.case_index < cases.size()) {
      const Case& scripted = cases[failure.case_index];
      step.name = scripted.name;
      step.line = failure.step_index < scripted.steps.size() ? scripted.steps[failure.step_index].line : scripted.line;
      step.order = scenario.market.orders.count + failure.case_index + 1;  // order ids: the market's, then one a case
    }
    failed.push_back(std::move(step));
  }
  return failed;
}

Result make_result(const Scenario& scenario, RunSettings settings, Tally tally, RunRecord run,
                   std::optional<FromHistory> history) {
  Result result;
  result.scenario = scenario.name;
  result.description = scenario.description;
  result.file = scenario.file;
  result.seed = scenario.seed;
  result.starts = scenario.starts;
  result.ends = scenario.ends;
  result.policy = scenario.policy;
  result.bugs = scenario.bugs;
  for (const std::string& bug : settings.bugs)
    if (std::find(result.bugs.begin(), result.bugs.end(), bug) == result.bugs.end()) result.bugs.push_back(bug);
  result.rows_skipped = scenario.replay_rows_skipped;
  result.row_problems = scenario.replay_problems;
  result.expectations = evaluate(scenario, tally, run.live ? &*run.live : nullptr);
  result.failed_steps = failed_steps_of(scenario, tally);
  result.cases_failed = distinct_cases(tally);
  result.not_met = not_met_in(tally, scenario.policy);
  result.settings = std::move(settings);
  result.tally = std::move(tally);
  result.run = std::move(run);
  result.history = std::move(history);
  judge(result);
  return result;
}

void require_coverage(Result& result, const std::vector<std::string>& names) {
  const auto asked = [&](std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& each) { return each == "all" || each == name; });
  };
  for (const Gap& gap : gaps_in(result.tally, result.policy)) {
    if (!asked(gap.name)) continue;
    if (result.verdict == RunVerdict::ok) result.verdict = RunVerdict::unknown;
    result.reasons.push_back("coverage was required: " + gap.words);
  }
}

std::uint64_t events_of(const Tally& tally) {
  std::uint64_t events = tally.timers_fired;
  for (const auto& outcomes : tally.operations)
    for (const std::uint64_t count : outcomes) events += count;
  return events;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string{word};
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted += '\'';
}

std::string command_to_replay(const Result& result, std::uint64_t order) {
  if (result.history) return order == 0 ? result.history->command : fmt::format("{} --order {}", result.history->command, order);
  std::string command;
  const std::optional<LiveRecord>& live = result.run.live;
  for (const auto& [name, value] : result.settings.environment) command += fmt::format("{}={} ", name, shell_quoted(value));
  // What a live target did is not in the seed: all there is to repeat is the run.
  command += fmt::format("{} {} {} --seed {}", shell_quoted(result.settings.program), live ? "run" : "replay",
                         shell_quoted(result.settings.scenario), result.seed);
  if (live) {
    command += fmt::format(" --target {} --clock {}", shell_quoted(live->target), live->clock);
    if (live->speed != 1) command += fmt::format(" --speed {}", live->speed);
    if (!live->binding.empty()) command += " --binding " + shell_quoted(live->binding);
  } else if (order != 0)
    command += fmt::format(" --order {}", order);
  for (const auto& [path, value] : result.settings.overrides) command += " --set " + shell_quoted(path + "=" + value);
  for (const std::string& bug : result.settings.bugs) command += " --bug " + shell_quoted(bug);
  return command;
}

}  // namespace dueprocess
