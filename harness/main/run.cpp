// dueprocess run: drive, judge, report.

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "harness/drive/run.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/load.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "reports/atomic_file.hpp"
#include "reports/progress.hpp"
#include "reports/summary.hpp"

namespace dueprocess {
namespace {

RunRecord record_of(RunRecord record, const RunFacts& facts) {
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

RunOutcome run_and_show(const RunRequest& request, const Loaded& loaded, const TargetFactory& target) {
  Progress progress;
  RunOptions options;
  options.threads = request.threads != 0 ? request.threads : processors();
  options.one_cell = request.one_cell;
  options.bugs = loaded.bugs;
  options.target = target;
  options.stop = &InterruptWatch::stop();
  options.progress = &progress;
  const Stopwatch watch;
  ProgressLine line{request.progress ? STDERR_FILENO : -1, style_of(STDERR_FILENO, request.colour),
                    [&] { return sample_of(progress, watch); }};
  return run(loaded.scenario, options);
}

ExitCode code_of(const Result& result) {
  if (result.run.interrupted) return InterruptWatch::signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  switch (result.verdict) {
    case RunVerdict::ok:
      return ExitCode::ok;
    case RunVerdict::violated:
      return ExitCode::violated;
    case RunVerdict::unknown:
      return ExitCode::unknown;
  }
  return ExitCode::internal;
}

}  // namespace

ExitCode run_command(const RunRequest& request, const Composition& composition) {
  RunRecord record = record_of_now();
  std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded || !compose(composition, *loaded)) return ExitCode::usage;
  if (!request.out.empty()) {
    if (const auto problem = prepare_folder(request.out)) {
      print_error("dueprocess: " + *problem + "\n");
      return ExitCode::output;
    }
  }

  const InterruptWatch watch;
  RunOutcome outcome = run_and_show(request, *loaded, composition.target);
  const Result result = make_result(loaded->scenario, std::move(loaded->settings), std::move(outcome.tally),
                                    record_of(std::move(record), outcome.facts));

  bool all_written = true;
  std::string written;
  if (!request.out.empty()) {
    written = (std::filesystem::path{request.out} / "result.json").string();
    if (const auto problem = write_whole_file(written, result_json(result))) {
      print_error("dueprocess: " + *problem + "\n");
      all_written = false;
      written.clear();
    }
  }
  // Shown even when the file could not be written: the run may have taken long.
  all_written = print_out(summary_text(result, request.summary, written, style_of(STDOUT_FILENO, request.colour))) && all_written;
  return all_written ? code_of(result) : ExitCode::output;
}

}  // namespace dueprocess
