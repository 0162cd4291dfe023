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
#include "harness/live/loop.hpp"
#include "harness/target/live_target.hpp"
#include "scenarios/language/scenario.hpp"

namespace dueprocess {

/// Makes the target of one thread, on its loop. May throw TargetProblem.
using LiveTargetFactory = std::function<std::unique_ptr<LiveTarget>(Loop&, LiveSink&)>;

struct LiveOptions {
  LiveClock clock = LiveClock::barrier;
  unsigned threads = 1;                            // REQUIRES: >= 1; barrier takes one
  LiveTargetFactory target;                        // REQUIRES: set
  HarnessTime stalled_after_ns = 120'000'000'000;  // nothing came back for so long: the run ends
  const std::atomic<bool>* stop = nullptr;         // set: end soon, keep what is done
  Progress* progress = nullptr;
};

struct LiveOutcome {
  RunOutcome run;
  /// Why the run could not go on to its end; empty: it did, or was stopped. What was done until then is judged and kept.
  std::string problem;
};

/// Throws TargetProblem when the target cannot be used at all. REQUIRES: the scenario has no restarts and no bugs.
LiveOutcome run_live(const Scenario&, const LiveOptions&);

}  // namespace dueprocess
