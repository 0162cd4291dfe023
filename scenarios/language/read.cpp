// From text to Scenario: read the tree, apply what was set from outside, read it by its description, then put the parts together.
#include "scenarios/language/read.hpp"

#include "scenarios/language/document.hpp"
#include "scenarios/language/overrides.hpp"
#include "scenarios/language/replay.hpp"
#include "scenarios/language/slurp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace dueprocess {
namespace {

constexpr Instant usual_start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
constexpr std::size_t replay_file_max = 1u << 30;

/// Puts a document's parts together.
class Assembly {
 public:
  Assembly(Reading& reading, Document& document, Scenario& scenario) : reading_(reading), d_(document), s_(scenario) {}

  void run(const Node& root) {
    s_.name = d_.name;
    s_.description = d_.description;
    s_.seed = d_.seed;
    s_.policy = d_.policy;
    s_.bugs = d_.bugs;
    s_.tolerances = d_.tolerances;
    s_.expectations = d_.expectations;
    if (!d_.orders.arrive.node && !d_.orders.replay.node && d_.cases.empty() && reading_.errors() == 0)
      reading_.error(root, "nothing happens here: give orders, or cases");
    set_time();
    if (d_.orders.replay.node)
      take_replay();
    else if (d_.orders.arrive.node)
      take_arrivals();
    s_.market.starts = s_.starts;
    take_personas();
    TextTable table{s_.texts};
    compile_cases(reading_, d_.cases, {s_.starts, s_.market.sellers, s_.market.buyers, s_.policy.max_file_size}, table,
                  s_.market.cases);
    if (std::uint64_t{s_.market.sellers} + s_.market.buyers + 2 * d_.cases.size() + 2 > 0xFFFF'FFFFull)
      reading_.error(root, "too many people");
    take_restarts();
    take_timers();
    s_.faults = compile_faults(reading_, d_.faults, s_.starts);
  }

 private:
  void set_time() {
    s_.starts = d_.starts.value_or(usual_start);
    if (d_.ends.given) s_.ends = d_.ends.from(s_.starts);
    const ArriveText& arrive = d_.orders.arrive;
    if (d_.orders.replay.node) return;  // the file says
    const auto own_end = arrive.node ? arrivals_end(arrive, s_.starts) : std::nullopt;
    if (!d_.ends.given && own_end) s_.ends = *own_end;
    if (d_.ends.given) check_end();
    if (!arrive.node) {
      if (!d_.ends.given) s_.ends = s_.starts;
      return;
    }
    if (!d_.ends.node && !own_end)
      reading_.error(*arrive.node, "until when do orders arrive? Give `ends`, or how many with `count`");
  }

  void check_end() {
    if (s_.ends <= s_.starts)
      reading_.error(*d_.ends.node,
                     fmt::format("ends {} is not after starts {}", instant_text(s_.ends), instant_text(s_.starts)));
    if (s_.ends - s_.starts > duration_max) reading_.error(*d_.ends.node, "more than 100 years after starts");
  }

  void take_arrivals() {
    Orders& orders = s_.market.orders;
    orders.due_in = d_.orders.due_in;
    orders.price_cents = d_.orders.price_cents;
    if (reading_.errors() == 0 && s_.ends != never && s_.ends > s_.starts) {
      const Reading::Within within{reading_, "orders.arrive"};
      compile_arrivals(reading_, d_.orders.arrive, s_.starts, s_.ends, orders);
    }
    s_.market.sellers = d_.sellers.count;
    s_.market.buyers = d_.buyers.count;
    const auto need = [&](std::uint32_t count, const Node* node, std::string_view who) {
      if (count || (node && node->is_map() && node->find("count"))) return;
      reading_.error(node ? *node : *d_.orders.arrive.node, fmt::format("how many {}? Give {}.count", who, who));
    };
    need(d_.sellers.count, d_.sellers_node, "sellers");
    need(d_.buyers.count, d_.buyers_node, "buyers");
  }

  void take_replay() {
    for (const Node* side : {d_.sellers_node, d_.buyers_node})
      if (const Node* count = side && side->is_map() ? side->find("count") : nullptr)
        reading_.error(*count, "a replay takes its people from the file: no count beside it");
    const ReplayText& text = d_.orders.replay;
    if (!text.file_node || text.file.empty()) {
      if (text.file_node && text.file_node->is_scalar())
        reading_.error(*text.file_node, "which file? Give its path, as in --set orders.replay.file=PATH");
      return;
    }
    const Reading::Within within{reading_, "orders.replay.file"};
    s_.replay_file = reading_.resolve(text.file);
    std::string csv;
    if (const std::string problem = slurp(s_.replay_file, replay_file_max, csv); !problem.empty())
      return reading_.error(*text.file_node, problem);
    ReplayOrders replay = read_replay(reading_, text, csv, s_.replay_file);
    s_.replay_rows = replay.rows;
    s_.replay_rows_skipped = replay.rows_skipped;
    s_.replay_problems = std::move(replay.problems);
    if (reading_.errors() && replay.orders.empty()) return;
    if (replay.orders.empty())
      return reading_.error(*text.file_node, fmt::format("\"{}\" has no usable row{}", s_.replay_file,
                                                         s_.replay_problems.empty() ? "" : ": " + s_.replay_problems[0]));
    if (!d_.starts) s_.starts = std::chrono::floor<std::chrono::days>(replay.orders.front().placed);
    s_.ends = d_.ends.given ? d_.ends.from(s_.starts) : std::max(replay.orders.back().placed, s_.starts) + Duration{1};
    if (d_.ends.given) check_end();
    s_.replay_rows_outside = keep_between(replay.orders, s_.starts, s_.ends);
    if (replay.orders.empty()) return reading_.error(*text.file_node, "no order of the file is placed between starts and ends");
    number_people(replay);
    Orders& orders = s_.market.orders;
    orders.replay = std::move(replay.orders);
    orders.count = orders.replay.size();
    orders.answers_from_file = text.answers_from_file;
    s_.market.sellers = replay.sellers;
    s_.market.buyers = replay.buyers;
  }

  static std::uint64_t keep_between(std::vector<ReplayOrder>& orders, Instant starts, Instant ends) {
    return std::erase_if(orders, [=](const ReplayOrder& order) { return order.placed < starts || order.placed >= ends; });
  }

  void take_personas() {
    if (!s_.market.sellers) return;
    s_.market.seller_personas = d_.sellers.personas_given ? d_.sellers.personas : default_sellers();
    s_.market.buyer_personas = d_.buyers.personas_given ? d_.buyers.personas : default_buyers();
  }

  void take_restarts() {
    const Reading::Within within{reading_, "restarts"};
    std::vector<std::pair<RestartPlan, const Node*>> plans;
    for (const RestartText& text : d_.restarts) {
      if (!text.down.given || !(text.back.given || text.has_length)) continue;
      RestartPlan plan{text.down.from(s_.starts), never};
      plan.back = text.has_length ? plan.down + text.length : text.back.from(s_.starts);
      if (plan.down < s_.starts) reading_.error(*text.node, "goes down before the scenario starts");
      if (plan.back <= plan.down)
        reading_.error(*text.node, fmt::format("back {} is not after down {}", instant_text(plan.back), instant_text(plan.down)));
      plans.emplace_back(plan, text.node);
    }
    std::ranges::stable_sort(plans, {}, [](const auto& plan) { return plan.first.down; });
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (i && plans[i].first.down <= plans[i - 1].first.back)
        reading_.error(*plans[i].second,
                       fmt::format("overlaps or touches the restart in line {}", plans[i - 1].second->place.line));
      s_.restarts.push_back(plans[i].first);
    }
  }

  void take_timers() {
    const Reading::Within within{reading_, "engine"};
    s_.timers = d_.engine.timers;
    for (const ClockStepText& text : d_.engine.clock_steps)
      if (text.at.given) s_.timers.clock_steps.push_back({text.at.from(s_.starts), text.by});
    std::ranges::stable_sort(s_.timers.clock_steps, {}, &ClockStep::at);
    if (s_.timers.mode == TimerMode::sweep && s_.tolerances.lateness < s_.timers.every)
      reading_.warning(*d_.engine.sweep_node, fmt::format("sweeps every {} fire timers late, and tolerances.lateness allows {}",
                                                          duration_text(s_.timers.every), duration_text(s_.tolerances.lateness)));
  }

  Reading& reading_;
  Document& d_;
  Scenario& s_;
};

}  // namespace

std::string to_string(const Mistake& mistake) {
  std::string where = mistake.file;
  if (mistake.line) where += fmt::format(":{}:{}", mistake.line, mistake.column);
  const std::string_view severity = mistake.severity == Severity::error ? "error" : "warning";
  return fmt::format("{}: {}: {}{}", where, severity, mistake.path.empty() ? "" : mistake.path + ": ", mistake.message);
}

bool ReadResult::ok() const {
  return std::ranges::none_of(mistakes, [](const Mistake& mistake) { return mistake.severity == Severity::error; });
}

ReadResult read_scenario(const std::string& text, const std::string& file_name, const ReadOptions& options) {
  ReadResult result;
  result.scenario.file = file_name;
  Reading reading{file_name, options};
  Tree tree = read_tree(text);
  for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
  const bool torn =
      !tree.problems.empty() && !tree.root.is_map();  // cut off by a syntax error: what follows would be told wrongly
  if (!torn) {
    if (tree.root.is_empty() && options.overrides.empty()) {
      reading.error(Place{}, "the file is empty");
    } else {
      apply_overrides(reading, tree.root, options.overrides);
      Document document;
      document.name = std::filesystem::path{file_name}.stem().string();
      describe(document).read(reading, tree.root);
      if (tree.root.is_map()) Assembly{reading, document, result.scenario}.run(tree.root);
    }
  }
  result.mistakes = reading.take_mistakes();
  return result;
}

ReadResult read_scenario_file(const std::string& path, const ReadOptions& given) {
  ReadOptions options = given;
  if (options.directory.empty()) options.directory = std::filesystem::path{path}.parent_path().string();
  if (options.environment) {
    auto first = overrides_from_environment();
    options.overrides.insert(options.overrides.begin(), first.begin(), first.end());
  }
  std::string text;
  if (const std::string problem = slurp(path, TreeLimits{}.bytes, text); !problem.empty()) {
    ReadResult result;
    result.scenario.file = path;
    result.mistakes.push_back({Severity::error, path, 0, 0, {}, problem});
    return result;
  }
  return read_scenario(text, path, options);
}

}  // namespace dueprocess
