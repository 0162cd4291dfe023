// dueprocess bugs: what can be seeded in the engine, and what a scenario needs to meet it.

#include <fmt/format.h>
#include <unistd.h>

#include <string>

#include "harness/main/commands.hpp"
#include "harness/main/output.hpp"
#include "reports/format.hpp"
#include "reports/terminal.hpp"
#include "sim/engine/bugs.hpp"

namespace dueprocess {

ExitCode bugs_command(const BugsRequest&) {
  const TextStyle style = style_of(STDOUT_FILENO, true);
  constexpr std::size_t id_width = 6;
  const std::string indent(id_width, ' ');
  std::string text;
  for (const BugInfo& bug : all_bugs()) {
    const std::string what = wrapped(bug.what, style.width - id_width, indent);
    text += inked(padded(bug.id, id_width), Ink::heading, style) + what.substr(id_width) + "\n";
    text += inked(wrapped(fmt::format("needs {}", bug.needs), style.width - id_width, indent), Ink::faint, style) + "\n";
  }
  return print_out(text) ? ExitCode::ok : ExitCode::output;
}

}  // namespace dueprocess
