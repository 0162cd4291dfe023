// Carries out a scenario's faults during a live run: the proxy's windows and the commands, each at its instant.
//
//   FaultRunner faults{scenario.faults, scenario.starts, options, clock};
//   if (const std::string problem = faults.start(); !problem.empty()) ...
//   the client connects to 127.0.0.1 : faults.port() where that is not 0, else straight to the service
//   wall:             faults.run_by_wall(base_ns, speed);             from then on it keeps time by itself
//   barrier, stamped: faults.reach(t) before anything of instant t is asked; the clock also stops at faults.next_change()
//   faults.finish(); faults.records()
//
// Threads: the calls above are one thread's. It has threads of its own: the proxy's and, in wall time, one that keeps time.
// Failure: what a command does wrong is in its record, and in `trouble()` as it happens. Commands are killed with all that they
// started, unless it put itself into a session of its own (setsid), at their time limit and when the runner is destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/record/fault_record.hpp"
#include "scenarios/language/fault_plan.hpp"

namespace dueprocess {

struct FaultRunnerOptions {
  std::string host;        // of the service, as name or address
  std::uint16_t port = 0;  // ... and its port
  std::uint64_t seed = 1;
  std::size_t connections_max = 20'000;  // through the proxy at a time; more are turned away, and counted
};

class FaultRunner {
 public:
  /// REQUIRES: commands only where the user allowed them. `began_ns`: the run's beginning, as RunClock has it.
  FaultRunner(std::vector<FaultPlan>, Instant starts, FaultRunnerOptions, HarnessTime began_ns);
  ~FaultRunner();
  FaultRunner(const FaultRunner&) = delete;
  FaultRunner& operator=(const FaultRunner&) = delete;

  /// Starts the proxy, if any fault needs it, with the faults of the whole run on. What is wrong, or empty.
  std::string start();
  /// Where the client is to connect instead, on 127.0.0.1; 0: no fault needs the proxy.
  std::uint16_t port() const;

  /// Wall time: the scenario's start is `base_ns` on the harness's clock, and its time runs `speed` times as fast.
  void run_by_wall(HarnessTime base_ns, double speed);

  /// Virtual time: makes every change due by t, in order, and waits until it is made: for commands, until they have ended.
  void reach(Instant t);
  /// The next instant at which something changes; never: nothing more. For virtual time.
  Instant next_change() const;

  /// Ends every window and every command; the proxy goes on as a plain one. Call it before the last reading of everything.
  void finish();
  /// In the order of the plan. Complete after finish(); before, as far as it came.
  std::vector<FaultRecord> records() const;
  /// What went wrong with commands so far, a line each, and not told before.
  std::vector<std::string> trouble();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
