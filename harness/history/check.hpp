// Judging a history: its records are shown to the oracle, cell by cell, as they were when the run was judged. So the history of a
// run gives the run's own tally; under another policy or tolerance it gives what that one would have said.
//
// One thread, bounded memory: the orders in flight, and a byte for each order of the cell that is read.
//
// A line that cannot be read is a hole, and a hole may explain anything that comes after it in its cell: findings of such a
// cell are set apart, its violated orders count as unknown. A cell that is cut off is judged up to its last instant.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "harness/history/reader.hpp"
#include "harness/oracle/wall/wall_options.hpp"
#include "harness/record/tally.hpp"
#include "harness/record/timeline.hpp"

namespace dueprocess {

struct CheckOptions {
  Policy policy;                            // as the scenario has it
  OracleOptions tolerances;                 // virtual clocks
  WallOptions wall;                         // wall time
  const std::atomic<bool>* stop = nullptr;  // set: end soon, keep what is done
  std::uint64_t orders_max = 1u << 28;      // of one cell; a cell of more cannot be judged
};

/// What is known of the file once it was read.
struct HistoryFacts {
  static constexpr std::size_t problems_max = 20;

  std::uint64_t lines = 0, bytes = 0;  // lines looked at; bytes as they lie on the disk
  std::uint64_t operations = 0, evidence = 0;
  std::uint64_t others = 0;  // records that this judge has no use for: clocks, faults, kinds of a later version
  std::uint64_t cells = 0;
  std::uint64_t broken = 0;                 // lines that could not be used
  std::vector<std::string> problems;        // the first of them, "line 17: ..."
  std::uint64_t doubtful = 0;               // findings that were set apart
  std::vector<Violation> doubtful_samples;  // the first of them
  std::optional<HistoryEnd> end;            // the last record
  std::vector<CaseFailureRecord> case_failures;
  std::string cut_off;    // why the file ends where it should not; empty: it is whole
  bool altered = false;   // whole, but not what was written: counts or digest differ
  bool followed = false;  // something stands behind the last record; it was not looked at
  bool stopped = false;   // by CheckOptions::stop
};

struct CheckOutcome {
  Tally tally;
  HistoryFacts facts;
};

/// REQUIRES: the reader has no problem. Live histories, whose cells stand among each other, go to check_live.hpp's judge.
CheckOutcome check_history(HistoryReader&, const CheckOptions&);

/// One order's records, with what is found about it. Empty: the history does not have it.
std::vector<TimelineEntry> trace_history(HistoryReader&, const CheckOptions&, OrderId);

}  // namespace dueprocess
