// A scenario: one plain struct; the YAML file is its text form (docs/scenario-language.md).
#pragma once

#include "scenarios/language/expectation.hpp"
#include "scenarios/language/fault_plan.hpp"
#include "sim/market/setup.hpp"
#include "sim/workflow/policy.hpp"
#include "sim/workflow/timer_plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace dueprocess {

/// A time in which the in-process engine is down; at its end it restarts from what it stored.
struct RestartPlan {
  Instant down = never, back = never;
};

/// What is allowed of a target's timers beside its policy: the judge's word, whatever the target is.
struct TimerBounds {
  Duration lateness{0};  // L: how late a timer may fire
  Duration recovery{0};  // and how much later after the end of a downtime
};

struct Scenario {
  std::string name;
  std::string description;
  std::string file;  // where it was read from, for messages
  std::uint64_t seed = 1;
  Instant starts = never;
  Instant ends = never;  // no new orders from here on
  Policy policy;
  TimerBounds tolerances;
  TimerPlan timers;  // of the in-process engine
  MarketSetup market;
  std::vector<std::string>
      texts;  // text table; TextId n is texts[n]; 0 and 1 are "" and " ", 2 is what actors say who were given no words
  std::vector<RestartPlan> restarts;  // sorted, disjoint
  std::vector<FaultPlan> faults;      // in the order of the text; for live targets only
  std::vector<std::string> bugs;      // seeded bugs switched on in the engine, by id
  std::vector<Expectation> expectations;
  // replay of a file
  std::string replay_file;                   // as resolved; empty: none
  std::uint64_t replay_rows = 0;             // data rows in the file
  std::uint64_t replay_rows_skipped = 0;     // broken rows left out
  std::uint64_t replay_rows_outside = 0;     // rows placed before `starts` or from `ends` on, not played
  std::vector<std::string> replay_problems;  // one line each: file:line: why (bounded to the first 20)
};

}  // namespace dueprocess
