// Composition root: the command line, the command, its exit code.
#include "harness/main/entry.hpp"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <utility>

#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/output.hpp"

namespace dueprocess {

bool compose(const Composition& composition, Loaded& loaded) {
  loaded.settings.program = composition.program;
  if (!loaded.scenario.faults.empty()) {
    const FaultPlan& first = loaded.scenario.faults.front();
    print_error(fmt::format(
        "{}:{}: error: faults: they lie between the harness and a live target, and here everything is in one process: run "
        "it with --target\n",
        loaded.scenario.file, first.line));
    return false;
  }
  if (!composition.target || (loaded.bugs.none() && loaded.scenario.bugs.empty())) return true;
  print_error(fmt::format("{}: bugs are seeded in the built-in engine of dueprocess, and this program drives its own\n",
                          composition.program));
  return false;
}

namespace {

/// What every command's request has to do with.
class Obedience {
 public:
  explicit Obedience(Composition composition) : composition_(std::move(composition)) {}

  ExitCode operator()(const Reply& reply) const {
    if (!reply.is_error) return print_out(reply.text) ? ExitCode::ok : ExitCode::output;
    print_error(reply.text);
    return ExitCode::usage;
  }
  ExitCode operator()(const RunRequest& request) const {
    return request.repeat > 1 ? repeat_command(request, composition_) : run_command(request, composition_);
  }
  ExitCode operator()(const CompareRequest& request) const { return compare_command(request, composition_); }
  ExitCode operator()(const ValidateRequest& request) const { return validate_command(request); }
  ExitCode operator()(const ReplayRequest& request) const { return replay_command(request, composition_); }
  ExitCode operator()(const CheckRequest& request) const { return check_command(request); }
  ExitCode operator()(const ProbeRequest& request) const { return probe_command(request); }
  ExitCode operator()(const ProveRequest& request) const { return prove_command(request, composition_); }
  ExitCode operator()(const BugsRequest& request) const { return bugs_command(request); }
  ExitCode operator()(const SchemaRequest& request) const { return schema_command(request); }
  ExitCode operator()(const ServeRequest& request) const { return serve_command(request); }
  ExitCode operator()(const ShrinkRequest& request) const { return shrink_command(request, composition_); }
  ExitCode operator()(const ConformRequest& request) const { return conform_command(request, composition_); }

 private:
  Composition composition_;
};

ExitCode process(const std::vector<std::string>& arguments, Composition composition) {
  const std::string program = composition.program;
  try {
    return std::visit(Obedience{std::move(composition)}, parse_command_line(arguments));
  } catch (const TargetProblem& problem) {
    print_error(fmt::format("{}: {}\n", program, problem.what()));
    return ExitCode::target_unusable;
  } catch (const std::bad_alloc&) {
    print_error("dueprocess: out of memory\n");
  } catch (const std::exception& problem) {
    print_error(fmt::format("dueprocess: internal error: {}\n", problem.what()));
  } catch (...) {
    print_error("dueprocess: internal error\n");
  }
  return ExitCode::internal;
}

}  // namespace

int main_with_target(int argc, char** argv, TargetFactory target, const char* scenarios) {
  ignore_broken_pipes();
  add_scenario_folder(scenarios);
  Composition composition;
  if (target && argc > 0) composition.program = argv[0];
  composition.target = std::move(target);
  return static_cast<int>(process({argv + (argc > 0 ? 1 : 0), argv + argc}, std::move(composition)));
}

}  // namespace dueprocess
