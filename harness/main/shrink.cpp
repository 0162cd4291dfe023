// dueprocess shrink: the smallest scenario that still breaks the same invariant.
#include "harness/shrink/shrink.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/live_stage.hpp"
#include "harness/main/load.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "harness/main/run_live.hpp"
#include "reports/format.hpp"

namespace dueprocess {
namespace {

std::optional<Invariant> invariant_named(const std::string& id) {
  for (unsigned i = 0; i < invariant_count; ++i)
    if (name_of(static_cast<Invariant>(i)) == id) return static_cast<Invariant>(i);
  return std::nullopt;
}

/// What has to be said again when the case is run.
std::string options_of(const ShrinkRequest& request, const Scenario& scenario) {
  std::string options;
  const auto add = [&options](const std::string& option) { options += (options.empty() ? "" : " ") + option; };
  for (const std::string& bug : request.scenario.bugs) add("--bug " + bug);
  for (const std::string& bug : scenario.bugs)
    if (std::find(request.scenario.bugs.begin(), request.scenario.bugs.end(), bug) == request.scenario.bugs.end())
      add("--bug " + bug);
  if (!request.live) return options;
  add("--target " + request.live->target);
  if (request.live->binding != LiveRequest{}.binding) add("--binding " + request.live->binding);
  add("--clock " + request.live->clock);
  if (request.live->allow_commands) add("--allow-commands");
  return options;
}

std::string command_of(const ShrinkRequest& request, const Loaded& loaded, const std::string& program) {
  std::string command = fmt::format("{} shrink {} --seed {}", program, request.scenario.scenario, loaded.scenario.seed);
  for (const auto& [path, value] : request.scenario.overrides) command += fmt::format(" --set {}={}", path, value);
  const std::string options = options_of(request, loaded.scenario);
  return command + (options.empty() ? "" : " " + options);
}

void tell(const ShrinkRequest& request, const Shrunk& shrunk, Duration took) {
  if (shrunk.end == ShrinkEnd::shrunk) {
    if (request.quiet) return;
    print_error(
        fmt::format("{} {}: order {}, {} operations, shrunk to {}, {}, {}{} in {}; {} plays, {} steps{}\n",
                    name_of(shrunk.invariant), title_of(shrunk.invariant), number(shrunk.order), shrunk.operations_before,
                    counted(shrunk.orders, "order"), counted(shrunk.operations, "operation"), counted(shrunk.faults, "fault"),
                    shrunk.idle_orders > 0 ? fmt::format(" (and {} idle before it)", counted(shrunk.idle_orders, "order")) : "",
                    human_duration(took), shrunk.plays, shrunk.steps,
                    shrunk.ran_out_of_time ? "; the time ran out, so it may not be the smallest" : ""));
    return;
  }
  print_error(fmt::format("dueprocess: not shrunk: {}\n", shrunk.problem));
}

}  // namespace

ExitCode shrink_command(const ShrinkRequest& request, const Composition& composition) {
  std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded) return ExitCode::usage;
  loaded->settings.program = composition.program;
  ShrinkWishes wishes;
  if (!request.invariant.empty() && !(wishes.invariant = invariant_named(request.invariant))) {
    print_error(fmt::format("dueprocess: there is no invariant \"{}\" (docs/invariants.md lists them: T1, G4, N2, ...)\n",
                            request.invariant));
    return ExitCode::usage;
  }
  LivePlanPtr plan;
  if (request.live) {
    plan = plan_live(*request.live, *loaded);
    if (!plan) return ExitCode::usage;
  } else if (!compose(composition, *loaded)) {
    return ExitCode::usage;
  }
  wishes.order = OrderId{request.order};
  wishes.one_cell = request.one_cell;
  wishes.check = options_of(request, loaded->scenario);
  wishes.heading = "By: " + command_of(request, *loaded, composition.program);
  if (plan) wishes.remark = "A service's test clock goes forward only: one that has gone past these dates is started anew.";
  const InterruptWatch watch;
  const Stopwatch stopwatch;
  wishes.out_of_time = [&] {
    return InterruptWatch::stop().load(std::memory_order_relaxed) || stopwatch.elapsed() > request.time_max;
  };
  LiveStage live;
  if (plan) live = live_stage(*plan, *loaded);
  const Shrunk shrunk = shrink(loaded->scenario, loaded->bugs, composition.target, live, wishes);
  tell(request, shrunk, stopwatch.elapsed());
  if (shrunk.end == ShrinkEnd::no_round_trip && !request.quiet) print_error(shrunk.text);
  if (shrunk.end != ShrinkEnd::shrunk) return ExitCode::unknown;
  if (request.out.empty()) return print_out(shrunk.text) ? ExitCode::ok : ExitCode::output;
  if (!write_asked(request.out, shrunk.text)) return ExitCode::output;
  if (!request.quiet) print_error(fmt::format("written to {}\n", request.out));
  return ExitCode::ok;
}

}  // namespace dueprocess
