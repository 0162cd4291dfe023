// dueprocess validate: every mistake of a scenario, and what it will do; or of a binding, and what it can do.

#include <fmt/format.h>
#include <unistd.h>

#include "harness/main/commands.hpp"
#include "harness/main/load.hpp"
#include "harness/main/load_binding.hpp"
#include "harness/main/output.hpp"
#include "reports/terminal.hpp"
#include "scenarios/language/describe.hpp"

namespace dueprocess {

namespace {

constexpr std::string_view watching_words[] = {"by polling", "from a feed", "from a stream of events", "from webhooks"};

/// What a run through it can do.
std::string describe_binding(const Binding& binding) {
  std::string text = fmt::format("{}{}{}\n", binding.name, binding.description.empty() ? "" : ": ", binding.description);
  std::string without;
  for (unsigned i = 0; i < operation_kind_count; ++i)
    if (!binding.operations[i].supported)
      without += fmt::format("{}{}", without.empty() ? "" : ", ", name_of(static_cast<OperationKind>(i)));
  text += fmt::format("  operations   {}\n", without.empty() ? "all" : "all but " + without);
  std::string clocks = "wall";
  if (binding.clock.barrier) clocks += ", barrier";
  if (binding.clock.barrier && !binding.clock.stamp.empty()) clocks += ", stamped";
  text += fmt::format("  clocks       {}\n", clocks);
  text += fmt::format("  retries      {}\n",
                      binding.key.empty() ? "of reads only: there are no idempotency keys" : "with idempotency keys");
  std::string shown;
  for (const auto& [is, name] : {std::pair{binding.observe.events, "events"},
                                 {binding.observe.notices, "notices"},
                                 {binding.observe.payments, "payments"}})
    if (is) shown += fmt::format("{}{}", shown.empty() ? "" : ", ", name);
  text += fmt::format("  observed     {}{}{}\n", watching_words[static_cast<std::size_t>(binding.observe.by)],
                      shown.empty() ? "" : ": ", shown);
  return text;
}

}  // namespace

ExitCode validate_command(const ValidateRequest& request) {
  if (!request.binding.empty()) {
    const std::optional<Binding> binding = load_binding(request.binding);
    if (!binding) return ExitCode::usage;
    return print_out(describe_binding(*binding)) ? ExitCode::ok : ExitCode::output;
  }
  const std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded) return ExitCode::usage;
  const auto width = static_cast<unsigned>(style_of(STDOUT_FILENO, false).width);
  return print_out(describe_scenario(loaded->scenario, width)) ? ExitCode::ok : ExitCode::output;
}

}  // namespace dueprocess
