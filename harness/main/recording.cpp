#include "harness/main/recording.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/drive/cell.hpp"
#include "harness/main/output.hpp"
#include "harness/main/version.hpp"
#include "reports/result.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {

HistoryHeader history_header(const Loaded& loaded, const std::string& target) {
  const Scenario& scenario = loaded.scenario;
  HistoryHeader header;
  header.version = version_number();
  header.scenario = scenario.name;
  header.description = scenario.description;
  header.file = scenario.file;
  header.asked_as = loaded.settings.scenario;
  header.seed = scenario.seed;
  header.starts = scenario.starts;
  header.ends = scenario.ends;
  header.overrides = loaded.settings.overrides;
  header.environment = loaded.settings.environment;
  header.bugs = scenario.bugs;
  for (const std::string& bug : loaded.settings.bugs)
    if (std::find(header.bugs.begin(), header.bugs.end(), bug) == header.bugs.end()) header.bugs.push_back(bug);
  for (const Expectation& expectation : scenario.expectations)
    header.expectations.push_back({expectation.text, expectation.line});
  header.texts = scenario.texts;
  header.target = target;
  header.orders = MarketPlan{scenario.market, scenario.seed}.order_count();
  header.finishes = true;
  header.policy = scenario.policy;
  header.tolerances = oracle_options(scenario);
  return header;
}

bool finish_history(HistoryFile& file, const Scenario& scenario, const Tally& tally, bool interrupted,
                    const std::vector<FaultRecord>& faults) {
  std::vector<FaultSpan> spans;
  for (const FaultRecord& fault : faults)
    if (fault.from_ns != never_ns) spans.push_back({fault.what, fault.from, fault.to, fault.from_ns, fault.to_ns});
  std::vector<CaseFailureRecord> failures;
  const std::vector<FailedStep> told = failed_steps_of(scenario, tally);
  for (std::size_t i = 0; i < told.size(); ++i)
    failures.push_back({tally.case_failures[i], told[i].name, told[i].line, told[i].order});
  HistoryEnd end;
  end.digest = tally.digest;
  end.timers_fired = tally.timers_fired;
  end.actions_dropped = tally.actions_dropped;
  end.cases_run = tally.cases_run;
  end.interrupted = interrupted;
  file.finish(end, failures, spans);
  const auto problem = file.problem();
  if (problem) print_error(fmt::format("dueprocess: {}: the history is incomplete\n", *problem));
  return !problem;
}

}  // namespace dueprocess
