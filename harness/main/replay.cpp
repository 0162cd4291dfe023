// dueprocess replay: one order's timeline, from the seed.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <variant>

#include "harness/drive/run.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/load.hpp"
#include "harness/main/output.hpp"
#include "reports/format.hpp"
#include "reports/timeline.hpp"
#include "reports/timeline_svg.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {
namespace {

ExitCode tell_no_such_order(const Scenario& scenario, std::uint64_t order) {
  const std::uint64_t orders = MarketPlan{scenario.market, scenario.seed}.order_count();
  print_error(fmt::format("dueprocess: there is no order {}: this scenario with seed {} has {}\n", order, scenario.seed,
                          orders == 0 ? "none" : fmt::format("the orders 1 to {}", orders)));
  return ExitCode::usage;
}

/// Cases have the last numbers, one each, in their order.
std::string title(const Scenario& scenario, std::uint64_t order) {
  std::string text = fmt::format("{}, order {}, seed {}", scenario.name, order, scenario.seed);
  const std::uint64_t orders = MarketPlan{scenario.market, scenario.seed}.order_count();
  const std::uint64_t cases = scenario.market.cases.size();
  if (order > orders - cases) text += fmt::format(": case \"{}\"", scenario.market.cases[order - (orders - cases) - 1].name);
  return text;
}

/// False: it has been told.
bool write_picture(const std::string& path, const Scenario& scenario, const std::string& title,
                   const std::vector<TimelineEntry>& entries) {
  TimelinePicture picture;
  picture.title = title;
  for (const RestartPlan& restart : scenario.restarts) picture.downtimes.emplace_back(restart.down, restart.back);
  return write_asked(path, timeline_svg(entries, scenario.texts, picture));
}

}  // namespace

ExitCode replay_command(const ReplayRequest& request, const Composition& composition) {
  std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded || !compose(composition, *loaded)) return ExitCode::usage;
  RunOptions options;
  options.bugs = loaded->bugs;
  options.target = composition.target;
  const std::vector<TimelineEntry> entries = trace(loaded->scenario, options, OrderId{request.order});
  if (entries.empty()) return tell_no_such_order(loaded->scenario, request.order);

  const TextStyle style = style_of(STDOUT_FILENO, request.colour);
  const auto violations = static_cast<std::uint64_t>(std::count_if(
      entries.begin(), entries.end(), [](const TimelineEntry& entry) { return std::holds_alternative<Violation>(entry.what); }));
  const std::string heading = title(loaded->scenario, request.order);
  std::string text = heading + "\n\n" + timeline_text(entries, loaded->scenario.texts, style) + "\n";
  if (violations == 0)
    text += inked("The order breaks no rule.", Ink::good, style) + "\n";
  else
    text += inked(counted(violations, "violation") + ".", Ink::bad, style) + "\n";
  if (!request.svg.empty() && !write_picture(request.svg, loaded->scenario, heading, entries)) return ExitCode::output;
  if (!print_out(text)) return ExitCode::output;
  return violations == 0 ? ExitCode::ok : ExitCode::violated;
}

}  // namespace dueprocess
