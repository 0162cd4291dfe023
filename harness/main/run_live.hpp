// dueprocess run --target: a scenario against a live service.
#pragma once

#include <memory>

#include "harness/drive/run.hpp"
#include "harness/history/file.hpp"
#include "harness/main/command_line.hpp"
#include "harness/main/load.hpp"
#include "reports/result.hpp"

namespace dueprocess {

struct LivePlan;
void forget(LivePlan*);
struct ForgetPlan {
  void operator()(LivePlan* plan) const { forget(plan); }
};
using LivePlanPtr = std::unique_ptr<LivePlan, ForgetPlan>;
/// Everything that can be known to be wrong before the first request: told on standard error, nothing comes back (usage).
LivePlanPtr plan_live(const LiveRequest&, Loaded&);

struct LiveResult {
  RunOutcome outcome;
  LiveRecord record;
  Instant clock = Instant::min();  // virtual clocks: where the service's was at the end
};
/// What a history says of the target, its clock, and how it is judged.
void describe(const LivePlan&, const Loaded&, HistoryHeader&);
/// Throws TargetProblem when the target cannot be used at all. With a history, everything observed is written there.
LiveResult run_live(const LivePlan&, const Loaded&, unsigned threads, Progress&, HistoryFile* history = nullptr);

}  // namespace dueprocess
