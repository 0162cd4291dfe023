// Everything a run's result says, as plain data: what the summary shows and what the result file holds.
//
// `run` holds the facts of the machine and the moment. All the rest follows from scenario, seed and version alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/record/fault_record.hpp"
#include "harness/record/tally.hpp"
#include "reports/evaluate.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

struct Scenario;

enum class RunVerdict : std::uint8_t { ok, violated, unknown };
std::string_view name_of(RunVerdict);

/// What was asked for besides the scenario: enough to ask for it again.
struct RunSettings {
  std::string scenario;                                          // as given: a path, or the name of a shipped scenario
  std::vector<std::pair<std::string, std::string>> overrides;    // --set, in order
  std::vector<std::pair<std::string, std::string>> environment;  // DUEPROCESS_SET_... variables, by name
  std::vector<std::string> bugs;                                 // --bug, by id
  std::string program = "dueprocess";                            // whose command line it was
};

/// A result that was judged from a file: what is known of the file.
struct FromHistory {
  std::string file;
  std::string command;  // that judged it; with --order it shows one order
  std::uint64_t lines = 0, operations = 0, evidence = 0;
  std::uint64_t lines_unread = 0;
  std::vector<std::string> problems;    // of the first of those: "line 17: why"
  std::uint64_t findings_doubtful = 0;  // set apart, not counted: a line that could not be read may explain them
  std::vector<std::string> notes;       // what else is to be known
  std::vector<std::string> holes;       // why the verdict is at best `unknown`
};

/// A run against a live target: which, how, and what it says of itself. The figures themselves are in Tally::live.
struct LiveRecord {
  std::string target;   // its URL, without user and password
  std::string binding;  // name or file
  std::string clock;    // barrier, stamped or wall
  std::int64_t speed = 1;
  double load_s = 0;                   // wall: from the scenario's start to the actors' last answer; else the whole run
  std::uint32_t cpu_ppm = 0;           // wall: of the threads' time during the load
  bool saturated = false;              // wall: the generator was at its limit, so the figures are its own
  std::uint64_t reviews_unread = 0;    // wall: reviews without dense reads, the budget was spent
  std::uint64_t cases_not_played = 0;  // wall: cases need exact instants
  std::vector<FaultRecord> faults;
  std::string problem;  // why it could not go on to its end; empty: it did
};

/// What differs from run to run.
struct RunRecord {
  std::string version;  // of dueprocess
  std::string compiler;
  std::string build_type;
  std::string started_at;  // RFC 3339
  std::string system;      // "Linux 6.1.0 x86_64"
  std::string processor;
  unsigned processors = 0;
  std::uint64_t memory_bytes = 0;
  double wall_s = 0, cpu_user_s = 0, cpu_system_s = 0;
  std::uint64_t memory_peak_bytes = 0;
  unsigned threads = 1;
  std::uint64_t cells = 0;
  bool interrupted = false;
  std::vector<std::string> cell_digests;  // "1+1203 0123456789abcdef": orders 1 to 1203, their part of the digest
  std::optional<LiveRecord> live;         // nothing: in process
};

struct FailedStep {
  std::string name;        // of the case
  std::uint32_t line = 0;  // of the step in the scenario: what was written there as one step may be played as several
  std::uint64_t order = 0;
  std::string expected, seen;
};

struct Result {
  std::string scenario;  // its name
  std::string description;
  std::string file;  // the scenario's, as it is named in messages
  RunSettings settings;
  std::uint64_t seed = 0;
  Instant starts = never, ends = never;
  Policy policy;
  std::vector<std::string> bugs;  // seeded: the scenario's and the settings', without repetition
  std::uint64_t rows_skipped = 0;
  std::vector<std::string> row_problems;

  RunVerdict verdict = RunVerdict::unknown;
  std::vector<std::string> reasons;  // why the verdict is not ok, in words; empty when it is
  Tally tally;
  std::vector<JudgedExpectation> expectations;
  std::uint64_t cases_failed = 0;  // cases with a failed step
  std::vector<FailedStep> failed_steps;
  std::vector<std::string> not_met;  // C1: important situations this run never was in
  RunRecord run;
  std::optional<FromHistory> history;
};

/// violated: a rule, an expectation or a case was; else unknown: an order's history leaves more than one reading, or there
/// was no order to judge, or the run was cut short (its expectations then count neither way); else ok.
Result make_result(const Scenario&, RunSettings, Tally, RunRecord, std::optional<FromHistory> = {});
/// Makes an `ok` verdict `unknown` if one of these situations (gaps.hpp; "all": any) was never met, and says which were not.
void require_coverage(Result&, const std::vector<std::string>& names);
/// The failed steps of the tally's cases, one for each of Tally::case_failures.
std::vector<FailedStep> failed_steps_of(const Scenario&, const Tally&);

/// Events of a run: operations and timers.
std::uint64_t events_of(const Tally&);
/// The command that shows one order's timeline, ready for a shell. `order` 0: left out.
std::string command_to_replay(const Result&, std::uint64_t order);
/// The text as one word of a POSIX shell.
std::string shell_quoted(std::string_view);

/// The result file's text (docs/result.md). Byte for byte the same for the same scenario and seed, up to "run", which is last.
std::string result_json(const Result&);
/// Its JSON Schema (2020-12).
std::string result_schema();

}  // namespace dueprocess
