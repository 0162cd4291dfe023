#include "harness/main/live_stage.hpp"

#include <utility>

#include "reports/progress.hpp"

namespace dueprocess {

LiveStage live_stage(const LivePlan& plan, const Loaded& loaded) {
  return [&plan, &loaded](const Scenario& scenario) {
    Loaded one = loaded;
    one.scenario = scenario;
    Progress progress;
    LiveResult result = run_live(plan, one, 1, progress);
    if (!result.record.problem.empty()) throw TargetProblem{result.record.target + ": " + result.record.problem};
    return LivePlay{std::move(result.outcome.tally), result.clock};
  };
}

}  // namespace dueprocess
