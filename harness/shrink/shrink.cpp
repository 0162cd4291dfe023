#include "harness/shrink/shrink.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/drive/cell.hpp"
#include "harness/shrink/expectations.hpp"
#include "harness/shrink/find.hpp"
#include "harness/shrink/plot_text.hpp"
#include "harness/shrink/reduce.hpp"
#include "scenarios/language/read.hpp"

namespace dueprocess {
namespace {

constexpr int plays_for_flakiness = 3;

std::string with_article(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

PlotHeading heading_of(const Shrunk& shrunk, const Plot& plot, const ShrinkWishes& wishes, const std::string& of) {
  PlotHeading heading;
  heading.name = fmt::format("{} {}", name_of(shrunk.invariant), title_of(shrunk.invariant));
  heading.comments.push_back(fmt::format("{} {}, in the smallest scenario found that breaks it: {}, {}, {}.",
                                         name_of(shrunk.invariant), title_of(shrunk.invariant),
                                         with_article(plot.orders.size(), "order"), with_article(plot.operations(), "operation"),
                                         with_article(plot.restarts.size() + plot.faults.size(), "fault")));
  heading.comments.push_back(fmt::format("Shrunk from order {} of {}.", number(shrunk.order), of));
  if (!wishes.heading.empty()) heading.comments.push_back(wishes.heading);
  const std::string options =
      plot.one_cell ? (wishes.check.empty() ? "" : wishes.check + " ") + std::string{"--one-cell"} : wishes.check;
  heading.comments.push_back(fmt::format("It fails with: dueprocess run THIS-FILE{}{}, and passes where the rules are kept.",
                                         options.empty() ? "" : " ", options));
  if (!wishes.remark.empty()) heading.comments.push_back(wishes.remark);
  if (plot.idle_orders > 0)
    heading.comments.push_back("What breaks hangs on the order's number: the others are there to be counted.");
  if (plot.one_cell) heading.comments.push_back("What breaks hangs on several orders in one engine: --one-cell.");
  heading.cases.push_back(fmt::format("{} must hold", name_of(shrunk.invariant)));
  heading.expect.push_back(fmt::format("violations.{} == 0", name_of(shrunk.invariant)));
  return heading;
}

/// Read and played again as the file it will be: it fails where it should, and only there.
bool round_trips(Stage& stage, const std::string& text, Invariant invariant, bool one_cell, std::string& problem) {
  ReadOptions options;
  options.environment = false;
  const ReadResult read = read_scenario(text, "shrunk.yaml", options);
  if (!read.ok()) return problem = "it cannot be read: " + to_string(read.mistakes.front()), false;
  const Tally correct = stage.correct(read.scenario, one_cell);
  if (correct.violations_total() > 0 || !correct.case_failures.empty()) return problem = "it fails on the correct engine", false;
  const Tally suspect = stage.suspect(read.scenario, one_cell);
  if (suspect.violations_by[static_cast<std::size_t>(invariant)] == 0) return problem = "it does not break the invariant", false;
  return true;
}

}  // namespace

Shrunk shrink(const Scenario& scenario, const BugSet& bugs, const TargetFactory& target, const LiveStage& live,
              const ShrinkWishes& wishes) {
  Shrunk shrunk;
  Stage stage{scenario, bugs_of(scenario, bugs), target, live};
  std::optional<Found> found = find_plot(stage, scenario, bugs_of(scenario, bugs), target, wishes, shrunk);
  shrunk.plays = stage.plays();
  if (!found) return shrunk;
  shrunk.invariant = found->invariant;
  shrunk.order = found->order;
  shrunk.operations_before = found->plot.operations();
  for (int play = 0; play < (stage.is_live() ? plays_for_flakiness : 1); ++play)
    if (!stage.suspect(found->plot).breaks(found->invariant)) {
      shrunk.end = ShrinkEnd::flaky;
      shrunk.problem = fmt::format("played {} times, the same operations did not break it each time", play + 2);
      return shrunk;
    }
  Reducer reducer{stage, found->invariant, std::move(found->plot), wishes.out_of_time};
  reducer.reduce();
  const Plot& plot = reducer.plot();
  shrunk.steps = reducer.steps();
  shrunk.ran_out_of_time = reducer.ran_out();

  const Played correct = stage.correct(plot);
  std::optional<Played> suspect;
  if (!stage.is_live()) suspect = stage.suspect(plot);
  // What must be seen, in words; where that gets in the way of what is shown, the rules alone say it.
  const Plot told = with_expectations(plot, correct, suspect ? &*suspect : nullptr);
  for (const Plot* each : {&told, &plot}) {
    shrunk.text = plot_text(*each, stage.base().texts, heading_of(shrunk, *each, wishes, scenario.name));
    shrunk.operations = each->operations();
    if (round_trips(stage, shrunk.text, shrunk.invariant, plot.one_cell, shrunk.problem)) {
      shrunk.end = ShrinkEnd::shrunk;
      shrunk.problem.clear();
      break;
    }
    shrunk.end = ShrinkEnd::no_round_trip;
  }
  shrunk.orders = plot.orders.size();
  shrunk.faults = plot.restarts.size() + plot.faults.size();
  shrunk.idle_orders = plot.idle_orders;
  shrunk.one_cell = plot.one_cell;
  shrunk.plays = stage.plays();
  return shrunk;
}

}  // namespace dueprocess
