// The command line as plain requests, one for each command. Nothing is done here: not a file is opened, nothing is printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/main/compare_request.hpp"
#include "harness/main/prove_request.hpp"
#include "harness/main/serve_request.hpp"
#include "reports/summary.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

/// Which scenario, with what changed.
struct ScenarioRequest {
  std::string scenario;                                        // a path, or the name of a shipped scenario
  std::vector<std::pair<std::string, std::string>> overrides;  // --set
  std::optional<std::uint64_t> seed;
  std::vector<std::string> bugs;  // as written
  bool strict = false;
};

/// A live target, and how it is driven.
struct LiveRequest {
  std::string target;                  // URL
  std::string binding = "dueprocess";  // a file, or the name of a shipped one
  std::string clock = "barrier";       // barrier, stamped, wall
  std::int64_t speed = 1;
  unsigned connections = 0;     // 0: as many as the clock needs
  unsigned in_flight = 10'000;  // wall: of one thread
  std::string ca_file;
  bool insecure = false;
  Duration timeout = std::chrono::seconds{30};  // of an answer
  /// Wall: how late a timer may fire (L), in real time, unless the binding allows more. No timer of a real machine fires at
  /// its very instant.
  Duration lateness_max = std::chrono::milliseconds{500};
  std::string password_file;  // the observer's password; empty: as the binding says
  bool declared_uploads = false;
  bool allow_commands = false;
};

struct RunRequest {
  ScenarioRequest scenario;
  std::optional<LiveRequest> live;  // nothing: in process
  unsigned threads = 0;             // 0: as many as there are processors
  bool one_cell = false;
  std::string out;                             // empty: nothing is written
  std::string history;                         // the file that everything observed is written to; empty: none
  unsigned repeat = 1;                         // so many runs, one behind the other, into OUT/1, OUT/2, ...
  bool next_seeds = false;                     // repeats: seed, seed + 1, ...; else all with the same
  std::string shrink;                          // the file that a violation is shrunk to, where there is one; empty: none
  std::vector<std::string> required_coverage;  // situations without which an ok verdict is unknown; "all"
  SummaryKind summary = SummaryKind::full;
  bool colour = true;
  bool progress = true;
};

/// The smallest scenario that still breaks what this one breaks.
struct ShrinkRequest {
  ScenarioRequest scenario;
  std::optional<LiveRequest> live;
  std::string invariant;    // by its id; empty: that of the first violation
  std::uint64_t order = 0;  // 0: whichever breaks it
  bool one_cell = false;
  Duration time_max = std::chrono::seconds{30};  // of the machine
  std::string out;                               // the file; empty: standard output
  bool quiet = false;
};

/// Every short history of an order.
struct ConformRequest {
  unsigned depth = 4;
  std::optional<LiveRequest> live;
  std::vector<std::string> bugs;
  std::string policy_file;                                     // empty: the rules' own
  std::vector<std::pair<std::string, std::string>> overrides;  // --set policy.x=y
  std::optional<Duration> time_max;                            // of the machine
  std::string junit, json;                                     // files; empty: none
  bool quiet = false, colour = true;
};

struct ValidateRequest {
  ScenarioRequest scenario;
  std::string binding;  // not empty: this, instead of a scenario
};

/// One order through every operation of a binding.
struct ProbeRequest {
  std::string binding;  // a path, or the name of a shipped one; empty: the reference service's
  std::string target;   // URL
  std::string ca;       // PEM
  bool insecure = false;
  std::uint32_t buyer = 1, seller = 2;
  bool colour = true;
};

struct ReplayRequest {
  ScenarioRequest scenario;
  std::uint64_t order = 0;
  bool colour = true;
  std::string svg;  // the timeline as a picture, into this file too; empty: not
};

/// Judging what was recorded: a history, or with a mapping the event log of another system.
struct CheckRequest {
  std::string file;
  std::string mapping;                                         // empty: a history of dueprocess
  std::string policy_file;                                     // empty: the recorded policy
  std::vector<std::pair<std::string, std::string>> overrides;  // --set policy.x=y
  // instead of the recorded tolerances
  std::optional<Duration> lateness_max, recovery_bound, payment_bound, notice_bound;
  std::uint64_t order = 0;  // its timeline instead of a summary; 0: none
  std::string out;
  SummaryKind summary = SummaryKind::full;
  bool colour = true;
};

struct BugsRequest {};

enum class SchemaOf : std::uint8_t { scenario, result, history, binding };
struct SchemaRequest {
  SchemaOf what = SchemaOf::scenario;
};

/// Help or the version, or what is wrong with the command line.
struct Reply {
  std::string text;
  bool is_error = false;  // for standard error, and exit code 64
};

using Request = std::variant<Reply, RunRequest, ValidateRequest, ReplayRequest, CheckRequest, BugsRequest, SchemaRequest,
                             ServeRequest, ProbeRequest, ShrinkRequest, ConformRequest, ProveRequest, CompareRequest>;

/// `arguments` without the program's name.
Request parse_command_line(const std::vector<std::string>& arguments);

}  // namespace dueprocess
