// A run: the cells of a scenario's market against in-process engines, each judged by its own oracle, dealt to threads, tallied.
//
// Same scenario and seed: the same Tally, bit for bit, for any number of threads and any cutting into cells.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "harness/history/file.hpp"
#include "harness/record/tally.hpp"
#include "harness/record/timeline.hpp"
#include "harness/target/target.hpp"
#include "scenarios/language/scenario.hpp"
#include "sim/engine/bugs.hpp"

namespace dueprocess {

/// Written by the workers now and then, read by whoever draws a progress line. Relaxed: only for showing.
struct Progress {
  std::atomic<std::uint64_t> cells_total{0}, cells_done{0};
  std::atomic<std::uint64_t> orders_total{0}, orders_done{0};
  std::atomic<std::uint64_t> events{0};  // operations and timers so far
  std::atomic<std::uint64_t> violations{0};
  std::atomic<std::int64_t> virtual_us{0};  // one cell: the clock; many cells: starts + the share done of the scenario's span
};

struct RunOptions {
  unsigned threads = 1;                     // REQUIRES: >= 1
  bool one_cell = false;                    // the whole market in one cell, as for a target that couples everything
  BugSet bugs;                              // seeded bugs (with those of the scenario)
  TargetFactory target;                     // instead of the built-in engine. REQUIRES: no bugs then
  const std::atomic<bool>* stop = nullptr;  // set: end soon, keep what is done
  Progress* progress = nullptr;
  HistoryFile* history = nullptr;  // takes down what is observed; the caller closes it with HistoryFile::finish
};

/// What a cell's orders add to Tally::digest: where two runs cut alike differ, the first cell that does.
struct CellDigest {
  OrderRange orders;
  std::uint64_t digest = 0;
};

/// Facts of the machine and the moment; nothing here repeats, but the digests of cells cut alike.
struct RunFacts {
  double wall_s = 0, cpu_user_s = 0, cpu_system_s = 0;  // of the process, during the run
  std::uint64_t memory_peak_bytes = 0;                  // resident, of the process
  unsigned threads = 1;
  std::uint64_t cells = 0;
  bool interrupted = false;
  std::vector<CellDigest> digests;  // in process: by cell, in order; those that were played
};

struct RunOutcome {
  Tally tally;
  RunFacts facts;
};

/// Throws TargetProblem when a target of the options cannot be made or cannot go on.
RunOutcome run(const Scenario&, const RunOptions&);

/// One order's history: simulates the order's cell again and keeps what concerns the order. Empty: the scenario has no such
/// order.
std::vector<TimelineEntry> trace(const Scenario&, const RunOptions&, OrderId);

}  // namespace dueprocess
