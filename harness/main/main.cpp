// Composition root: the command line, the command, its exit code.

#include <fmt/format.h>

#include <exception>
#include <new>

#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/output.hpp"

namespace dueprocess {
namespace {

ExitCode obey(const Reply& reply) {
  if (!reply.is_error) return print_out(reply.text) ? ExitCode::ok : ExitCode::output;
  print_error(reply.text);
  return ExitCode::usage;
}
ExitCode obey(const RunRequest& request) { return run_command(request); }
ExitCode obey(const ValidateRequest& request) { return validate_command(request); }
ExitCode obey(const ReplayRequest& request) { return replay_command(request); }
ExitCode obey(const BugsRequest& request) { return bugs_command(request); }
ExitCode obey(const SchemaRequest& request) { return schema_command(request); }

ExitCode process(const std::vector<std::string>& arguments) {
  try {
    return std::visit([](const auto& request) { return obey(request); }, parse_command_line(arguments));
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
}  // namespace dueprocess

int main(int argc, char** argv) {
  dueprocess::ignore_broken_pipes();
  return static_cast<int>(dueprocess::process({argv + (argc > 0 ? 1 : 0), argv + argc}));
}
