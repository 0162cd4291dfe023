// dueprocess run: drive, judge, report.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "harness/drive/run.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/load.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "harness/main/recording.hpp"
#include "harness/main/result_end.hpp"
#include "harness/main/run_live.hpp"
#include "reports/json_names.hpp"
#include "reports/progress.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t cell_digests_max = 256;  // in a result file: of more cells, neighbours are told as one

std::vector<std::string> told_digests(const std::vector<CellDigest>& cells) {
  std::vector<std::string> told;
  const std::size_t together = (cells.size() + cell_digests_max - 1) / cell_digests_max;
  for (std::size_t i = 0; i < cells.size(); i += together) {
    CellDigest sum = cells[i];
    for (std::size_t j = i + 1; j < std::min(i + together, cells.size()); ++j) {
      sum.orders.count += cells[j].orders.count;
      sum.digest += cells[j].digest;
    }
    told.push_back(fmt::format("{}+{} {}", number(sum.orders.first), sum.orders.count, digest_text(sum.digest)));
  }
  return told;
}

RunRecord record_of(RunRecord record, const RunFacts& facts) {
  record.cell_digests = told_digests(facts.digests);
  record.wall_s = facts.wall_s;
  record.cpu_user_s = facts.cpu_user_s;
  record.cpu_system_s = facts.cpu_system_s;
  record.memory_peak_bytes = facts.memory_peak_bytes;
  record.threads = facts.threads;
  record.cells = facts.cells;
  record.interrupted = facts.interrupted;
  return record;
}

ProgressSample sample_of(const Progress& progress, const Stopwatch& watch) {
  ProgressSample sample;
  sample.virtual_now = instant_at(progress.virtual_us.load(std::memory_order_relaxed));
  sample.orders_done = progress.orders_done.load(std::memory_order_relaxed);
  sample.orders_total = progress.orders_total.load(std::memory_order_relaxed);
  sample.events = progress.events.load(std::memory_order_relaxed);
  sample.violations = progress.violations.load(std::memory_order_relaxed);
  sample.elapsed = watch.elapsed();
  sample.stopping = InterruptWatch::stop().load(std::memory_order_relaxed);
  return sample;
}

RunOutcome run_and_show(const RunRequest& request, const Loaded& loaded, const TargetFactory& target, HistoryFile* history) {
  Progress progress;
  RunOptions options;
  options.threads = request.threads != 0 ? request.threads : processors();
  options.one_cell = request.one_cell;
  options.bugs = loaded.bugs;
  options.target = target;
  options.stop = &InterruptWatch::stop();
  options.progress = &progress;
  options.history = history;
  const Stopwatch watch;
  ProgressLine line{request.progress ? STDERR_FILENO : -1, style_of(STDERR_FILENO, request.colour),
                    [&] { return sample_of(progress, watch); }};
  return run(loaded.scenario, options);
}

RunOutcome run_live_and_show(const RunRequest& request, const LivePlan& plan, const Loaded& loaded, RunRecord& record,
                             HistoryFile* history) {
  Progress progress;
  const Stopwatch watch;
  ProgressLine line{request.progress ? STDERR_FILENO : -1, style_of(STDERR_FILENO, request.colour),
                    [&] { return sample_of(progress, watch); }};
  LiveResult result = run_live(plan, loaded, request.threads != 0 ? request.threads : 1, progress, history);
  record.live = std::move(result.record);
  return std::move(result.outcome);
}

}  // namespace

ExitCode run_command(const RunRequest& request, const Composition& composition) {
  RunRecord record = record_of_now();
  std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded) return ExitCode::usage;
  LivePlanPtr live;
  if (request.live) {
    loaded->settings.program = composition.program;
    live = plan_live(*request.live, *loaded);
    if (!live) return ExitCode::usage;
  } else if (!compose(composition, *loaded)) {
    return ExitCode::usage;
  }
  const ResultPlace place{request.out, request.summary, request.colour};
  if (!prepare(place)) return ExitCode::output;
  std::optional<HistoryFile> history;
  if (!request.history.empty()) {
    std::error_code untold;  // opening the file says what is wrong with its folder
    std::filesystem::create_directories(std::filesystem::path{request.history}.parent_path(), untold);
    HistoryHeader header = history_header(*loaded, composition.target ? composition.program : "engine");
    if (live) describe(*live, *loaded, header);
    history.emplace(request.history, header);
    if (const auto problem = history->problem()) {
      print_error("dueprocess: " + *problem + "\n");
      return ExitCode::output;
    }
  }

  const InterruptWatch watch;
  RunOutcome outcome = live ? run_live_and_show(request, *live, *loaded, record, history ? &*history : nullptr)
                            : run_and_show(request, *loaded, composition.target, history ? &*history : nullptr);
  const std::vector<FaultRecord> faults = record.live ? record.live->faults : std::vector<FaultRecord>{};
  const bool recorded = !history || finish_history(*history, loaded->scenario, outcome.tally, outcome.facts.interrupted, faults);
  Result result = make_result(loaded->scenario, std::move(loaded->settings), std::move(outcome.tally),
                              record_of(std::move(record), outcome.facts));
  require_coverage(result, request.required_coverage);
  if (result.run.live && !result.run.live->problem.empty())
    print_error(fmt::format("dueprocess: {}: {}\n", result.run.live->target, result.run.live->problem));
  const ExitCode code = end_with(result, place, recorded);
  if (request.shrink.empty() || code != ExitCode::violated || result.tally.violations_total() == 0) return code;
  ShrinkRequest smaller;
  smaller.scenario = request.scenario;
  smaller.live = request.live;
  smaller.one_cell = request.one_cell;
  smaller.out = request.shrink;
  smaller.quiet = request.summary == SummaryKind::none;
  // The run's own verdict stands, unless the file cannot be written.
  return shrink_command(smaller, composition) == ExitCode::output ? ExitCode::output : code;
}

}  // namespace dueprocess
