// dueprocess check: a recorded history, judged again.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "harness/drive/process_facts.hpp"
#include "harness/history/check.hpp"
#include "harness/main/check_command.hpp"
#include "harness/main/check_policy.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "harness/main/result_end.hpp"
#include "reports/format.hpp"
#include "reports/timeline.hpp"
#include "scenarios/language/values.hpp"

namespace dueprocess {
namespace {

void tell(const std::string& what) { print_error("dueprocess: " + what + "\n"); }

/// Nothing: it has been told.
std::optional<CheckOptions> options_of(const CheckRequest& request, const HistoryReader& reader) {
  if (!reader.problem().empty()) {
    tell(reader.problem());
    return std::nullopt;
  }
  CheckOptions options;
  options.policy = reader.header().policy;
  options.tolerances = reader.header().tolerances;
  options.wall = reader.header().wall;
  if (!change_policy(options.policy, request.policy_file, request.overrides)) return std::nullopt;
  if (const std::string problem = policy_problem(options.policy); !problem.empty()) {
    tell("the policy: " + problem);
    return std::nullopt;
  }
  change_tolerances(request, options.tolerances);
  const HistoryHeader& header = reader.header();
  if (header.clock == HistoryClock::wall && options.policy.days == DayRule::calendar && header.speed != 1) {
    tell(fmt::format("the policy: calendar days cannot be scaled, and the run went at speed {}", header.speed));
    return std::nullopt;
  }
  options.wall.lateness_max = request.lateness_max.value_or(options.wall.lateness_max);
  options.wall.recovery_bound = request.recovery_bound.value_or(options.wall.recovery_bound);
  options.wall.payment_bound = request.payment_bound.value_or(options.wall.payment_bound);
  options.wall.notice_bound = request.notice_bound.value_or(options.wall.notice_bound);
  return options;
}

/// The scenario as far as the header tells of it.
Scenario scenario_of(const HistoryHeader& header, const CheckOptions& options, const std::string& file) {
  Scenario scenario;
  scenario.name = header.scenario.empty() ? file : header.scenario;
  scenario.description = header.description;
  scenario.file = header.file;
  scenario.seed = header.seed;
  scenario.starts = header.starts;
  scenario.ends = header.ends;
  scenario.policy = options.policy;
  scenario.bugs = header.bugs;
  for (const HistoryExpectation& told : header.expectations) {
    ParsedExpectation parsed = parse_expectation(told.text);
    if (!parsed.problem.empty()) {
      tell(fmt::format("{}: an expectation that this version does not know: {}: {}", file, told.text, parsed.problem));
      continue;
    }
    parsed.expectation.line = told.line;
    scenario.expectations.push_back(std::move(parsed.expectation));
  }
  return scenario;
}

std::vector<std::string> notes_of(const HistoryReader& reader, const CheckOptions& options, const HistoryFacts& facts) {
  std::vector<std::string> notes;
  const HistoryHeader& header = reader.header();
  if (!reader.has_header())
    notes.emplace_back("it has no header: judged under the policy and the tolerances of the command line, or the usual ones");
  if (reader.has_header() && header.policy != options.policy)
    notes.emplace_back("judged under another policy than the recorded one; cases are told as the run found them");
  if (facts.followed) notes.emplace_back("what stands behind its last record was not looked at");
  if (facts.doubtful > 0) {
    notes.push_back(fmt::format("{} in cells with lines that could not be used: not counted, as what is missing may explain them",
                                counted(facts.doubtful, "finding")));
    for (const Violation& found : facts.doubtful_samples)
      notes.push_back(fmt::format("doubtful: order {} at {}: {}: expected {}, seen {}", number(found.order), rfc3339(found.at),
                                  name_of(found.invariant), found.expected, found.seen));
  }
  return notes;
}

std::vector<std::string> holes_of(const HistoryFacts& facts) {
  std::vector<std::string> holes;
  if (!facts.cut_off.empty() && !facts.stopped) holes.push_back("the history is incomplete: " + facts.cut_off);
  if (facts.broken > 0) holes.push_back(fmt::format("{} of the history could not be used", counted(facts.broken, "line")));
  if (facts.altered) holes.emplace_back("the history is not as it was written: its counts or its digest differ");
  if (facts.end && facts.end->interrupted) holes.emplace_back("the recorded run was interrupted");
  return holes;
}

ExitCode show_order(const CheckRequest& request, HistoryReader& reader, const CheckOptions& options) {
  const std::vector<TimelineEntry> entries = trace_history(reader, options, OrderId{request.order});
  if (entries.empty()) {
    tell(fmt::format("there is nothing about order {} in {}", request.order, request.file));
    return ExitCode::usage;
  }
  return show_timeline(fmt::format("{}, order {}", request.file, request.order), entries, reader.header().texts, request.colour);
}

}  // namespace

std::string command_of(const CheckRequest& request) {
  std::string command = "dueprocess check " + shell_quoted(request.file);
  if (!request.mapping.empty()) command += " --map " + shell_quoted(request.mapping);
  if (!request.policy_file.empty()) command += " --policy " + shell_quoted(request.policy_file);
  for (const auto& [path, value] : request.overrides) command += " --set " + shell_quoted(path + "=" + value);
  const auto add = [&](const char* option, const std::optional<Duration>& value) {
    if (value) command += fmt::format(" {} {}", option, duration_text(*value));
  };
  add("--lateness-max", request.lateness_max);
  add("--recovery-bound", request.recovery_bound);
  add("--payment-bound", request.payment_bound);
  add("--notice-bound", request.notice_bound);
  return command;
}

void change_tolerances(const CheckRequest& request, OracleOptions& tolerances) {
  tolerances.lateness_max = request.lateness_max.value_or(tolerances.lateness_max);
  tolerances.recovery_bound = request.recovery_bound.value_or(tolerances.recovery_bound);
  tolerances.payment_bound = request.payment_bound.value_or(tolerances.payment_bound);
  tolerances.notice_bound = request.notice_bound.value_or(tolerances.notice_bound);
}

ExitCode show_timeline(const std::string& title, const std::vector<TimelineEntry>& entries, const std::vector<std::string>& texts,
                       bool colour) {
  const TextStyle style = style_of(STDOUT_FILENO, colour);
  const auto violations = static_cast<std::uint64_t>(std::count_if(
      entries.begin(), entries.end(), [](const TimelineEntry& entry) { return std::holds_alternative<Violation>(entry.what); }));
  const std::string verdict = violations == 0 ? inked("The order breaks no rule.", Ink::good, style)
                                              : inked(counted(violations, "violation") + ".", Ink::bad, style);
  if (!print_out(title + "\n\n" + timeline_text(entries, texts, style) + "\n" + verdict + "\n")) return ExitCode::output;
  return violations == 0 ? ExitCode::ok : ExitCode::violated;
}

ExitCode check_command(const CheckRequest& request) {
  if (!request.mapping.empty()) return check_log(request);
  RunRecord record = record_of_now();
  HistoryReader reader{request.file};
  std::optional<CheckOptions> options = options_of(request, reader);
  if (!options) return ExitCode::usage;
  if (request.order != 0) return show_order(request, reader, *options);
  const ResultPlace place{request.out, request.summary, request.colour};
  if (!prepare(place)) return ExitCode::output;

  const InterruptWatch watch;
  options->stop = &InterruptWatch::stop();
  const ProcessFacts before = process_facts();
  CheckOutcome outcome = check_history(reader, *options);
  const ProcessFacts after = process_facts();
  const HistoryFacts& facts = outcome.facts;
  for (const std::string& problem : facts.problems) print_error(fmt::format("{}: {}\n", request.file, problem));
  if (facts.operations + facts.evidence == 0 && !reader.has_header() && !facts.stopped) {
    tell(fmt::format("{} is no history: none of its {} can be used", request.file, counted(facts.lines, "line")));
    return ExitCode::usage;
  }

  note_cost(before, after, record);
  record.cells = facts.cells;
  record.interrupted = facts.stopped;

  FromHistory history;
  history.file = request.file;
  history.command = command_of(request);
  history.lines = facts.lines;
  history.operations = facts.operations;
  history.evidence = facts.evidence;
  history.lines_unread = facts.broken;
  history.problems = facts.problems;
  history.findings_doubtful = facts.doubtful;
  history.notes = notes_of(reader, *options, facts);
  history.holes = holes_of(facts);

  const HistoryHeader& header = reader.header();
  RunSettings settings;
  settings.scenario = header.asked_as;
  settings.overrides = header.overrides;
  settings.environment = header.environment;
  Result result = make_result(scenario_of(header, *options, request.file), std::move(settings), std::move(outcome.tally),
                              std::move(record), std::move(history));
  for (std::size_t i = 0; i < std::min(result.failed_steps.size(), facts.case_failures.size()); ++i) {
    FailedStep& step = result.failed_steps[i];
    step.name = facts.case_failures[i].name;
    step.line = facts.case_failures[i].line;
    step.order = facts.case_failures[i].order;
  }
  return end_with(result, place);
}

}  // namespace dueprocess
