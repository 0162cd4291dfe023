// The records of a history as text: one a line, JSON, written without a detour (docs/history.md has every member).
//
//   header                         once, first (header.hpp)
//   cell  ... cell_end             what was observed of one cell's orders, in the order in which it was observed
//     operation                    asked and answered
//     event, notice, payment       evidence
//     finish                       an order was let go: nothing more is expected of it
//     fault, clock, advance        what the harness did and measured beside it
//     down                         wall time: when the target was declared down
//   case_failure                   a step of a scripted case that did not show what it should
//   end                            once, last: the file is whole
//
// The writers below append to memory that has room for `record_room` bytes and give back where they ended. Members at their
// defaults are left out. Instants are microseconds, `..._ns` nanoseconds of the harness's own clock.
#pragma once

#include <cstdint>
#include <string>

#include "harness/record/live.hpp"
#include "harness/record/observation.hpp"
#include "harness/record/tally.hpp"

namespace dueprocess {

/// No record of the fixed ones is longer, its line end included.
inline constexpr std::size_t record_room = 2048;

/// A look at the service's clock: between the two moments it showed `stamp`.
struct ClockSample {
  Instant stamp = never;
  HarnessTime sent_ns = 0, answered_ns = 0;
  friend bool operator==(const ClockSample&, const ClockSample&) = default;
};

/// The virtual clock of a service was moved on.
struct ClockAdvance {
  Instant to = never;
  HarnessTime sent_ns = 0, answered_ns = 0;
  friend bool operator==(const ClockAdvance&, const ClockAdvance&) = default;
};

/// A fault of the plan while it lasted.
struct FaultSpan {
  std::string what;                  // as in the plan
  Instant from = never, to = never;  // virtual, where there is a virtual clock
  HarnessTime begin_ns = 0, end_ns = 0;
  friend bool operator==(const FaultSpan&, const FaultSpan&) = default;
};

/// A failed step of a case, with what a report says of it.
struct CaseFailureRecord {
  CaseFailure failure;
  std::string name;        // of the case
  std::uint32_t line = 0;  // of the step in the scenario
  std::uint64_t order = 0;
  friend bool operator==(const CaseFailureRecord&, const CaseFailureRecord&) = default;
};

/// The last record. What an observer of answers and evidence cannot count is here: timers, dropped actions, cases.
struct HistoryEnd {
  std::uint64_t operations = 0, evidence = 0;  // records of each in the file
  std::uint64_t digest = 0;                    // of the run: Tally::digest
  std::uint64_t timers_fired = 0, actions_dropped = 0, cases_run = 0;
  bool interrupted = false;  // the run was; the file is whole all the same
  friend bool operator==(const HistoryEnd&, const HistoryEnd&) = default;
};

char* write_record(char* at, const Observation&);
char* write_record(char* at, const LiveObservation&);
char* write_record(char* at, const Evidence&, Instant seen);
char* write_record(char* at, const LiveEvidence&, Instant seen);  // `never`: only the harness's clock says when
char* write_record(char* at, const ClockSample&);
char* write_record(char* at, const ClockAdvance&);
char* write_record(char* at, const HistoryEnd&);
char* write_cell_begin(char* at, OrderRange);
/// `horizon`: up to where the cell was played; `never`: to its end, nothing more would have happened.
char* write_cell_end(char* at, Instant horizon);
char* write_finish(char* at, OrderId, Instant horizon);
// wall time: by what the harness had seen when it looked
char* write_cell_end_at_look(char* at, HarnessTime look_ns);
char* write_finish_at_look(char* at, OrderId, HarnessTime look_ns);
char* write_down(char* at, HarnessTime begin_ns, HarnessTime end_ns);
// of any length
std::string record_text(const FaultSpan&);
std::string record_text(const CaseFailureRecord&);

}  // namespace dueprocess
