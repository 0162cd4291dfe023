// dueprocess check --map: an event log of another system, judged by what it can tell.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>
#include <variant>

#include "harness/drive/process_facts.hpp"
#include "harness/eventlog/judge_log.hpp"
#include "harness/main/check_command.hpp"
#include "harness/main/check_policy.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/load.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "harness/main/result_end.hpp"
#include "reports/format.hpp"
#include "reports/timeline.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/slurp.hpp"

namespace dueprocess {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t log_max = std::size_t{4} << 30;

/// A file of that path, else a shipped mapping of that name. Empty: it has been told.
std::string find_mapping(const std::string& given) {
  std::error_code error;
  if (fs::is_regular_file(given, error)) return given;
  std::vector<std::string> names;
  for (const std::string& folder : scenario_folders()) {
    const fs::path mappings = fs::path{folder} / "mappings";
    for (const fs::path& path : {mappings / given, mappings / (given + ".yaml")})
      if (given.find('/') == std::string::npos && fs::is_regular_file(path, error)) return path.string();
    for (fs::directory_iterator entry{mappings, error}, end; !error && entry != end; entry.increment(error))
      names.push_back(entry->path().stem().string());
  }
  print_error(fmt::format("dueprocess: there is no mapping \"{}\"{}\n", given, suggestion(given, names)));
  return {};
}

/// Nothing: it has been told.
std::optional<LogMapping> mapping_of(const CheckRequest& request) {
  const std::string path = find_mapping(request.mapping);
  if (path.empty()) return std::nullopt;
  std::string text;
  if (const std::string problem = slurp(path, std::size_t{4} << 20, text); !problem.empty()) {
    print_error(fmt::format("dueprocess: {}\n", problem));
    return std::nullopt;
  }
  ReadLogMapping read = read_log_mapping(text, path, request.overrides);
  std::string mistakes;
  for (const Mistake& mistake : read.mistakes) mistakes += to_string(mistake) + "\n";
  print_error(mistakes);
  if (!read.ok() || !change_policy(read.mapping.policy, request.policy_file, {})) return std::nullopt;
  if (read.mapping.policy.review_anchor != ReviewAnchor::delivery && read.mapping.due.empty()) {
    print_error(
        fmt::format("{}: the deadline is counted from the due date (policy.review_anchor), and `due` names no column\n", path));
    return std::nullopt;
  }
  return std::move(read.mapping);
}

LogFormat format_of(const LogMapping& mapping, const std::string& file) {
  if (mapping.format != LogFormat::by_name) return mapping.format;
  return file.ends_with(".ndjson") || file.ends_with(".jsonl") || file.ends_with(".json") ? LogFormat::ndjson : LogFormat::csv;
}

std::vector<std::string> notes_of(const LogMapping& mapping, const EventLog& log, const LogOutcome& outcome) {
  std::vector<std::string> notes;
  std::string told, judged;
  for (unsigned i = 0; i < log_event_count; ++i)
    if (mapping.tells(static_cast<LogEvent>(i)))
      told += fmt::format("{}{} {}", told.empty() ? "" : ", ", thousands(log.events[i]), name_of(static_cast<LogEvent>(i)));
  notes.push_back(fmt::format("told by {} and {}: {}", counted(log.rows, "row"), counted(outcome.orders, "order"), told));
  const std::vector<Support> support = support_of(mapping);
  for (const Support& one : support)
    if (one.judged) judged += fmt::format("{}{}", judged.empty() ? "" : ", ", name_of(one.invariant));
  notes.push_back(judged.empty() ? "judged: nothing, the log tells too little" : "judged: " + judged);
  // Invariants that lack the same are told together.
  std::vector<std::pair<std::string, std::string>> missing;
  for (const Support& one : support) {
    if (one.judged) continue;
    const auto same = std::find_if(missing.begin(), missing.end(), [&](const auto& each) { return each.first == one.lacks; });
    if (same == missing.end())
      missing.emplace_back(one.lacks, name_of(one.invariant));
    else
      same->second += fmt::format(", {}", name_of(one.invariant));
  }
  for (const auto& [lacks, invariants] : missing) notes.push_back(fmt::format("not judged: {}: it lacks {}", invariants, lacks));
  if (outcome.broken_off > 0)
    notes.push_back(fmt::format("{} judged only as far as the first thing that its state does not allow",
                                counted(outcome.broken_off, "order")));
  notes.push_back("due until " + rfc3339(outcome.until) + ": what was still owed then is not a finding");
  return notes;
}

/// What was filled in is no figure of the log.
void forget_what_was_filled_in(const LogMapping& mapping, const EventLog& log, Tally& tally) {
  const auto told = [&](LogEvent event) { return log.events[static_cast<std::size_t>(event)]; };
  tally.evidence_seen = told(LogEvent::auto_completed) + told(LogEvent::paid);
  if (mapping.tells(LogEvent::paid)) return;
  tally.paid = 0;
  tally.paid_cents = 0;
}

ExitCode show_order(const CheckRequest& request, const LogMapping& mapping, const EventLog& log, const OracleOptions& options) {
  const std::vector<TimelineEntry> entries = trace_log(mapping, log, options, OrderId{request.order});
  if (entries.empty()) {
    print_error(fmt::format("dueprocess: {} has the orders 1 to {}, by first appearance; there is nothing about {}\n",
                            request.file, log.orders.size(), request.order));
    return ExitCode::usage;
  }
  const std::string title =
      fmt::format("{}, order {} ({} in the log)", request.file, request.order, log.orders[request.order - 1].name);
  return show_timeline(title, entries, {}, request.colour);
}

}  // namespace

ExitCode check_log(const CheckRequest& request) {
  RunRecord record = record_of_now();
  const std::optional<LogMapping> mapping = mapping_of(request);
  if (!mapping) return ExitCode::usage;
  if (const std::string problem = policy_problem(mapping->policy); !problem.empty()) {
    print_error(fmt::format("dueprocess: the policy: {}\n", problem));
    return ExitCode::usage;
  }
  const ResultPlace place{request.out, request.summary, request.colour};
  if (request.order == 0 && !prepare(place)) return ExitCode::output;

  const InterruptWatch watch;
  const ProcessFacts before = process_facts();
  std::string text, wrong;
  wrong = slurp(request.file, log_max, text);
  EventLog log;
  if (wrong.empty()) {
    log = read_event_log(*mapping, format_of(*mapping, request.file), text, wrong);
    if (!wrong.empty()) wrong = fmt::format("{}: {}", request.file, wrong);
  }
  if (!wrong.empty()) {
    print_error(fmt::format("dueprocess: {}\n", wrong));
    return ExitCode::usage;
  }
  OracleOptions options;
  change_tolerances(request, options);
  if (request.order != 0) return show_order(request, *mapping, log, options);
  for (const std::string& problem : log.problems) print_error(fmt::format("{}: {}\n", request.file, problem));

  LogOutcome outcome = judge_log(*mapping, log, options, &InterruptWatch::stop());
  forget_what_was_filled_in(*mapping, log, outcome.tally);
  const ProcessFacts after = process_facts();
  note_cost(before, after, record);
  record.cells = outcome.orders;
  record.interrupted = outcome.stopped;

  FromHistory history;
  history.file = request.file;
  history.command = command_of(request);
  history.lines = log.rows;
  for (const std::uint64_t events : log.events) history.operations += events;
  history.operations -= outcome.tally.evidence_seen;
  history.evidence = outcome.tally.evidence_seen;
  history.lines_unread = log.rows_broken;
  history.problems = log.problems;
  history.notes = notes_of(*mapping, log, outcome);
  if (log.rows_broken > 0)
    history.holes.push_back(fmt::format("{} of the log could not be used", counted(log.rows_broken, "row")));
  if (log.orders_left_out > 0)
    history.holes.push_back(fmt::format("{} of the log could not be judged", counted(log.orders_left_out, "order")));

  Scenario scenario;
  scenario.name = mapping->name;
  scenario.description = mapping->description;
  scenario.file = request.file;
  scenario.policy = mapping->policy;
  scenario.starts = log.first;
  scenario.ends = outcome.until;
  RunSettings settings;
  settings.scenario = request.mapping;
  settings.overrides = request.overrides;
  return end_with(make_result(scenario, std::move(settings), std::move(outcome.tally), std::move(record), std::move(history)),
                  place);
}

}  // namespace dueprocess
