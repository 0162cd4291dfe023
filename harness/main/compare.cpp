// dueprocess compare: did it get worse, and is that noise?

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "harness/drive/order_marks.hpp"
#include "harness/history/check.hpp"
#include "harness/history/order_marks.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/load.hpp"
#include "harness/main/output.hpp"
#include "reports/compare/comparison.hpp"
#include "reports/json_names.hpp"
#include "reports/timeline.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {
namespace {

constexpr TextStyle plain_wide{false, 160};

bool read_compare_tolerances(const std::string& file, CompareTolerances& tolerances) {
  if (file.empty()) return true;
  bool good = true;
  for (const Mistake& mistake : read_tolerances_file(file, tolerances)) {
    print_error(to_string(mistake) + "\n");
    good = good && mistake.severity != Severity::error;
  }
  return good;
}

/// Lines that the other text does not have are marked.
std::string beside(const std::string& text, const std::string& other) {
  std::set<std::string> known;
  std::istringstream lines{other};
  for (std::string line; std::getline(lines, line);) known.insert(line);
  std::string out;
  std::istringstream own{text};
  for (std::string line; std::getline(own, line);) out += (known.contains(line) ? "    " : "  ! ") + line + "\n";
  return out;
}

void take_timelines(FirstDifference& difference, std::uint64_t order, const std::string& base, const std::string& now) {
  difference.order = order;
  difference.base_timeline = beside(base, now);
  difference.now_timeline = beside(now, base);
}

/// One side, to be simulated again.
struct Again {
  Loaded loaded;
  RunOptions options;
  OrderMarks marks;
};

/// Plays the cells that hold the orders once more. Empty: it gave what the result says; else why this cannot be done.
std::string play_again(const Measured& measured, const FirstDifference& difference, const Composition& composition,
                       Again& again) {
  if (!measured.clock.empty()) return "it was against a live target";
  if (find_scenario(measured.asked_as, scenario_folders()).path.empty())
    return fmt::format("the scenario {} is not here", measured.asked_as);
  std::optional<Loaded> loaded = load({measured.asked_as, measured.overrides, measured.seed, measured.bugs, false});
  if (!loaded || !compose(composition, *loaded)) return "its scenario cannot be read any more";
  again.loaded = std::move(*loaded);
  again.options.bugs = again.loaded.bugs;
  again.options.target = composition.target;
  again.options.one_cell = measured.cells.size() == 1;
  const std::uint64_t orders = MarketPlan{again.loaded.scenario.market, measured.seed}.order_count();
  const bool located = difference.orders != 0;
  again.marks =
      mark_orders(again.loaded.scenario, again.options,
                  located ? OrderRange{OrderId{difference.first_order}, difference.orders} : OrderRange{OrderId{1}, orders});
  std::string expected = measured.digest;
  for (const OrdersDigest& cell : measured.cells)
    if (located && cell.first == difference.first_order) expected = cell.digest;
  return digest_text(again.marks.digest) == expected
             ? ""
             : "this program does not get its result again (another version or another scenario)";
}

/// Both again in this program, where it gives what both results say.
void find_by_playing(FirstDifference& difference, const Measured& base, const Measured& now, const Composition& composition) {
  Again b, n;
  for (const auto& [measured, again] : {std::pair{&base, &b}, std::pair{&now, &n}})
    if (const std::string why = play_again(*measured, difference, composition, *again); !why.empty()) {
      difference.how = fmt::format(
          "which order it is cannot be found by playing {} again: {}. Record both, each by the program that made it (run "
          "--history), and give --history BASE NEW",
          measured == &base ? "BASE" : "NEW", why);
      return;
    }
  const std::size_t both = std::min(b.marks.marks.size(), n.marks.marks.size());
  std::size_t at = 0;
  while (at < both && b.marks.marks[at] == n.marks.marks[at]) ++at;
  if (at == std::max(b.marks.marks.size(), n.marks.marks.size())) {
    difference.how = "no single order differs: what differs belongs to none";
    return;
  }
  const std::uint64_t order = number(b.marks.orders.first) + at;
  const auto timeline = [&](const Again& side) {
    return timeline_text(trace(side.loaded.scenario, side.options, OrderId{order}), side.loaded.scenario.texts, plain_wide);
  };
  difference.how = "both played again, with the digests of both results";
  take_timelines(difference, order, timeline(b), timeline(n));
}

/// False: it has been told.
bool find_in_histories(ResultComparison& comparison, const std::vector<std::string>& files) {
  std::vector<std::vector<std::uint64_t>> marks;
  for (const std::string& file : files) {
    HistoryReader reader{file};
    std::string problem = reader.problem();
    if (problem.empty() && reader.header().clock != HistoryClock::virtual_time)
      problem = "it is of a run in wall time, in which no two are alike";
    if (!problem.empty()) {
      print_error(fmt::format("dueprocess: {}: {}\n", file, problem));
      return false;
    }
    marks.push_back(history_marks(reader, problem));
    if (!problem.empty()) comparison.notes.push_back(fmt::format("{}: {}; orders behind that may be missing", file, problem));
  }
  const std::uint64_t order = first_difference(marks[0], marks[1]);
  if (order == 0) {
    if (comparison.difference) comparison.difference->how = "no order of the two histories differs";
    return true;
  }
  std::vector<std::string> timelines;
  for (const std::string& file : files) {
    HistoryReader reader{file};
    CheckOptions options;
    options.policy = reader.header().policy;
    options.tolerances = reader.header().tolerances;
    timelines.push_back(timeline_text(trace_history(reader, options, OrderId{order}), reader.header().texts, plain_wide));
  }
  if (!comparison.difference) comparison.difference.emplace();
  comparison.difference->how = "in the histories";
  take_timelines(*comparison.difference, order, timelines[0], timelines[1]);
  return true;
}

ExitCode code_of_change(Change change) {
  return change == Change::worse ? ExitCode::violated : change == Change::cannot_tell ? ExitCode::unknown : ExitCode::ok;
}

}  // namespace

ExitCode compare_command(const CompareRequest& request, const Composition& composition) {
  CompareTolerances tolerances;
  if (!read_compare_tolerances(request.tolerances, tolerances)) return ExitCode::usage;
  std::string problem;
  const std::vector<Measured> base = read_measured_set(request.base, problem);
  const std::vector<Measured> now = problem.empty() ? read_measured_set(request.now, problem) : std::vector<Measured>{};
  if (!problem.empty()) {
    print_error("dueprocess: " + problem + "\n");
    return ExitCode::usage;
  }
  if (const auto reasons = not_comparable(base, now, request.allow_different); !reasons.empty()) {
    for (const std::string& reason : reasons) print_error("dueprocess: " + reason + "\n");
    print_error(
        "dueprocess: the two are not comparable; --allow-different=scenario,policy,seeds compares what differs in these\n");
    return ExitCode::usage;
  }
  ResultComparison comparison = compare(base, now, tolerances);
  comparison.base = request.base;
  comparison.now = request.now;
  if (!request.histories.empty()) {
    if (!find_in_histories(comparison, request.histories)) return ExitCode::usage;
  } else if (comparison.difference) {
    const std::size_t repeat = comparison.difference->repeat;
    find_by_playing(*comparison.difference, base[std::min(repeat, base.size() - 1)], now[std::min(repeat, now.size() - 1)],
                    composition);
  }
  bool written = write_asked(request.markdown, comparison_markdown(comparison));
  written = write_asked(request.junit, comparison_junit(comparison)) && written;
  written = write_asked(request.json, comparison_json(comparison)) && written;
  if (!request.quiet) written = print_out(comparison_text(comparison, style_of(STDOUT_FILENO, request.colour))) && written;
  return written ? code_of_change(comparison.verdict()) : ExitCode::output;
}

}  // namespace dueprocess
