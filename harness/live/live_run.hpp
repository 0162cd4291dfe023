// A run against a live target: the market's orders against a service, judged by the oracle that fits the clock, tallied.
//
//   barrier   one thread, the whole market in one cell: the service's clock goes from instant to instant, one operation at a time
//   stamped   a cell a block, each on its own virtual clock with one operation on its way; blocks are dealt to the threads
//   wall      real time, open loop: arrivals and actors at their instants, scaled; blocks are dealt to the threads
//
// barrier and stamped give the outcome counts of a run in process with the same seed (tests hold them to it).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "harness/drive/run.hpp"
#include "harness/history/file.hpp"
#include "harness/live/loop.hpp"
#include "harness/oracle/oracle.hpp"
#include "harness/oracle/wall/wall_oracle.hpp"
#include "harness/target/live_target.hpp"
#include "scenarios/language/scenario.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {

/// Makes the target of one thread, on its loop. May throw TargetProblem.
using LiveTargetFactory = std::function<std::unique_ptr<LiveTarget>(Loop&, LiveSink&)>;

/// What goes wrong on purpose meanwhile. In barrier and in wall time; heal() comes on some thread of the run, the others on the
/// first.
struct LiveFaultCalls {
  std::function<void(HarnessTime zero_ns)> wall_begins;  // the scenario's start on the harness's clock
  std::function<Instant()> next_change;                  // barrier: the clock stops there
  std::function<void(Instant)> reach;                    // ... and everything due by then is done
  std::function<void()> heal;                            // the actors are done: all faults end. Before the last reading
};

/// Of a run in wall time.
struct WallWishes {
  std::int64_t speed = 1;             // REQUIRES: >= 1; 1 where the policy has calendar days
  WallOptions oracle;                 // tolerances in real time, and what the target tells and shows
  std::size_t in_flight = 10'000;     // operations on their way, of one thread; past it they are sent late, and that is measured
  std::uint32_t reads_per_s = 2'000;  // of the harness's own, of one thread
  Chance never_read = Chance::ratio(1, 16);  // orders of class R3: not read by the harness before the end
  HarnessTime gather_ns = 500'000;           // under load: sends and answers of so long are dealt with at once (loop.hpp)
  HarnessTime lead_ns = 200'000'000;         // from the measuring of the clock to the scenario's start
  Instant calendar_zero = never;             // the machine's calendar at the run's beginning: for targets that stamp nothing
  /// Histories that were violated or unknown, from whichever thread: it locks.
  std::function<void(const OrderHistory&, const OrderVerdict&)> on_trouble;
};

struct LiveOptions {
  LiveClock clock = LiveClock::barrier;
  unsigned threads = 1;      // REQUIRES: >= 1; barrier takes one
  LiveTargetFactory target;  // REQUIRES: set
  OracleOptions oracle;      // barrier, stamped: what the target is declared to do
  WallWishes wall;
  LiveFaultCalls faults;                           // none: not set
  HarnessTime began_ns = 0;                        // the machine's monotonic clock when the run began; 0: now
  HarnessTime stalled_after_ns = 120'000'000'000;  // nothing came back for so long: the run ends
  const std::atomic<bool>* stop = nullptr;         // set: end soon, keep what is done
  Progress* progress = nullptr;
  HistoryFile* history = nullptr;  // everything observed is written there; its last record is the caller's to write
};

/// What a wall-time run says of itself: whether its figures are the service's, or those of a generator at its limit.
struct LiveFacts {
  double load_s = 0;          // from the scenario's start to the actors' last answer
  std::uint32_t cpu_ppm = 0;  // of the threads' time during the load: this process on processors
  std::int64_t send_error_p99_ns = 0;
  bool saturated = false;              // cpu over 80%, or the p99 of the send-time error over 10 ms
  std::uint64_t reviews_unread = 0;    // no dense reads: the budget was spent
  std::uint64_t cases_not_played = 0;  // wall time has no exact instants
  Instant clock = Instant::min();      // barrier, stamped: where the service's clock was at the end
};
inline constexpr std::uint32_t saturated_cpu_ppm = 800'000;
inline constexpr std::int64_t saturated_send_error_ns = 10'000'000;

struct LiveOutcome {
  RunOutcome run;
  LiveFacts facts;
  /// Why the run could not go on to its end; empty: it did, or was stopped. What was done until then is judged and kept.
  std::string problem;
};

/// Throws TargetProblem when the target cannot be used at all. REQUIRES: the scenario has no restarts.
LiveOutcome run_live(const Scenario&, const LiveOptions&);

}  // namespace dueprocess
