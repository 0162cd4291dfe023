// dueprocess validate: every mistake of a scenario, and what it will do.

#include <unistd.h>

#include "harness/main/commands.hpp"
#include "harness/main/load.hpp"
#include "harness/main/output.hpp"
#include "reports/terminal.hpp"
#include "scenarios/language/describe.hpp"

namespace dueprocess {

ExitCode validate_command(const ValidateRequest& request) {
  const std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded) return ExitCode::usage;
  const auto width = static_cast<unsigned>(style_of(STDOUT_FILENO, false).width);
  return print_out(describe_scenario(loaded->scenario, width)) ? ExitCode::ok : ExitCode::output;
}

}  // namespace dueprocess
