// The first line of a history: under which rules, tolerances and circumstances the rest was observed (docs/history.md).
// Plain data. As text it is one line of JSON; what a later version adds is passed over, what is missing has its default here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/oracle/oracle.hpp"
#include "harness/oracle/wall/wall_options.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

inline constexpr std::string_view history_format = "dueprocess/history/1";

enum class HistoryClock : std::uint8_t { virtual_time, wall };

/// What the scenario wants to hold at the end: `check` asks it of its own tally.
struct HistoryExpectation {
  std::string text;
  std::uint32_t line = 0;
  friend bool operator==(const HistoryExpectation&, const HistoryExpectation&) = default;
};

struct HistoryHeader {
  std::string version;  // of the dueprocess that wrote it
  // what was run, enough to ask for it again
  std::string scenario;  // its name
  std::string description;
  std::string file;      // as messages name it
  std::string asked_as;  // as it was named on the command line
  std::uint64_t seed = 0;
  Instant starts = never, ends = never;
  std::vector<std::pair<std::string, std::string>> overrides, environment;
  std::vector<std::string> bugs;  // seeded, the scenario's and those asked for
  std::vector<HistoryExpectation> expectations;
  std::vector<std::string> texts;  // TextId n is texts[n]

  // what was driven, and how
  std::string target = "engine";  // or the address of a service, without its secrets
  std::string binding;
  HistoryClock clock = HistoryClock::virtual_time;
  std::int64_t speed = 1;              // wall: virtual seconds a second
  Duration sweep_period{0};            // 0: timers are exact, or it is not known
  std::int64_t client_timeout_ns = 0;  // 0: none
  std::vector<std::string> faults;     // the fault plan, a line each
  std::uint64_t orders = 0;            // ids are 1 ... orders; 0: not told
  bool finishes = false;               // orders that are let go before their cell ends are told (`finish`)

  bool interleaved = false;  // a live run's: cells stand among each other, a `cell` line says whose lines follow

  // how it is judged
  Policy policy;             // as the scenario has it; of a wall-time run the service's periods are divided by the speed
  OracleOptions tolerances;  // virtual clocks
  WallOptions wall;          // wall time, in real time; downtimes are told as they come (`down`)
};

/// One line, with its line end.
std::string header_line(const HistoryHeader&);

/// The header, or what is wrong with the line. `is_header` false: it is no header at all, perhaps another record, perhaps no
/// history; then the problem says nothing.
struct ReadHeader {
  HistoryHeader header;
  bool is_header = false;
  std::string problem;
};
ReadHeader read_header(std::string_view line);

}  // namespace dueprocess
