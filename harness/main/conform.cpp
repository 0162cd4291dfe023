// dueprocess conform: every short history of an order over the instants that matter, against the engine or a live service.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/conform/explore.hpp"
#include "harness/main/check_policy.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/live_stage.hpp"
#include "harness/main/load.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "harness/main/run_live.hpp"
#include "harness/shrink/plot_text.hpp"
#include "reports/format.hpp"
#include "reports/json_writer.hpp"
#include "reports/terminal.hpp"
#include "reports/timeline_svg.hpp"

namespace dueprocess {
namespace {

enum class RuleVerdict : std::uint8_t { held, broken, not_reached };

RuleVerdict verdict_of(const Conformance& found, unsigned rule) {
  if (found.rules.broken[rule] > 0) return RuleVerdict::broken;
  return found.rules.reached[rule] > 0 ? RuleVerdict::held : RuleVerdict::not_reached;
}
std::string_view name_of_verdict(RuleVerdict verdict) {
  return verdict == RuleVerdict::held ? "held" : verdict == RuleVerdict::broken ? "broken" : "not reached";
}

std::string case_of(const Broken& broken, const std::string& options) {
  PlotHeading heading;
  heading.name = fmt::format("{} {}", name_of(broken.invariant), title_of(broken.invariant));
  heading.comments.push_back(fmt::format("Expected: {}", broken.expected));
  heading.comments.push_back(fmt::format("Seen: {}", broken.seen));
  heading.comments.push_back(fmt::format("It fails with: dueprocess run THIS-FILE{}{}", options.empty() ? "" : " ", options));
  heading.cases.push_back(fmt::format("{} must hold", name_of(broken.invariant)));
  heading.expect.push_back(fmt::format("violations.{} == 0", name_of(broken.invariant)));
  return plot_text(broken.plot, {"", " ", "Here is the finished work."}, heading);
}

std::string coverage_text(const Conformance& found, const TextStyle& style) {
  std::string text = inked("Covered: deeds by what the order stood at, and by boundary", Ink::heading, style) + "\n";
  const auto sum = [](const std::vector<std::uint64_t>& counts) {
    std::uint64_t total = 0, kinds = 0;
    for (const std::uint64_t count : counts) {
      total += count;
      kinds += count > 0 ? 1 : 0;
    }
    return std::pair{total, kinds};
  };
  const auto line = [&](std::string_view name, const std::vector<std::uint64_t>& counts) {
    const auto [total, kinds] = sum(counts);
    text += fmt::format("  {} {:>3} of {} deeds {:>14}\n", padded(name, 22), kinds, counts.size(), thousands(total));
  };
  for (unsigned state = 1; state < order_state_count; ++state)
    line(name_of(static_cast<OrderState>(state)), found.by_state[state]);
  for (std::size_t i = 0; i < std::size(boundary_names); ++i)
    if (sum(found.by_boundary[i]).first > 0) line(boundary_names[i], found.by_boundary[i]);
  return text;
}

std::string table_text(const Conformance& found, const TextStyle& style) {
  std::string text = inked("Interoperability by rule", Ink::heading, style) + "\n";
  for (unsigned rule = 1; rule <= rule_count; ++rule) {
    const RuleVerdict verdict = verdict_of(found, rule);
    const Ink ink = verdict == RuleVerdict::held ? Ink::good : verdict == RuleVerdict::broken ? Ink::bad : Ink::faint;
    text += fmt::format("  R{} {} {} reached {:>12}", padded(std::to_string(rule), 3), padded(title_of_rule(rule), 28),
                        inked(padded(name_of_verdict(verdict), 12), ink, style), thousands(found.rules.reached[rule]));
    if (verdict == RuleVerdict::broken) text += fmt::format("  broken {}", thousands(found.rules.broken[rule]));
    text += "\n";
  }
  return text;
}

std::string broken_text(const Conformance& found, const std::string& options, const TextStyle& style) {
  std::string text;
  for (const auto& [invariant, broken] : found.broken)
    text += "\n" +
            inked(fmt::format("{} {} (R{}): {} times; the shortest sequence as a case:", name_of(invariant), title_of(invariant),
                              broken.rule, thousands(broken.times)),
                  Ink::bad, style) +
            "\n\n" + case_of(broken, options);
  return text;
}

std::string json_of(const Conformance& found, const ConformRequest& request, const std::string& options, Duration took) {
  JsonWriter json;
  json.open_object();
  json.key("format").text("dueprocess-conformance-1");
  json.key("depth").number(found.depth);
  json.key("whole").flag(found.whole);
  json.key("target").text(request.live ? request.live->target : "engine");
  json.key("bugs").open_array();
  for (const std::string& bug : request.bugs) json.text(bug);
  json.close();
  json.key("sequences").number(found.sequences);
  json.key("steps").number(found.steps);
  json.key("standings").number(found.standings);
  json.key("seconds").decimal(static_cast<double>(us_of(took)) / 1e6, 3);
  json.key("rules").open_array();
  for (unsigned rule = 1; rule <= rule_count; ++rule) {
    json.open_object();
    json.key("rule").text(fmt::format("R{}", rule));
    json.key("title").text(title_of_rule(rule));
    json.key("verdict").text(name_of_verdict(verdict_of(found, rule)));
    json.key("reached").number(found.rules.reached[rule]);
    json.key("broken").number(found.rules.broken[rule]);
    json.close();
  }
  json.close();
  const auto coverage = [&](std::string_view key, const auto& names, const auto& counts) {
    json.key(key).open_object();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      json.key(names(i)).open_object();
      for (std::size_t deed = 0; deed < found.deeds.size(); ++deed)
        if (counts[i][deed] > 0) json.key(found.deeds[deed]).number(counts[i][deed]);
      json.close();
    }
    json.close();
  };
  coverage(
      "by_state", [](std::size_t i) { return name_of(static_cast<OrderState>(i)); }, found.by_state);
  coverage(
      "by_boundary", [](std::size_t i) { return boundary_names[i]; }, found.by_boundary);
  json.key("broken").open_array();
  for (const auto& [invariant, broken] : found.broken) {
    json.open_object();
    json.key("invariant").text(name_of(invariant));
    json.key("rule").text(fmt::format("R{}", broken.rule));
    json.key("times").number(broken.times);
    json.key("expected").text(broken.expected);
    json.key("seen").text(broken.seen);
    json.key("case").text(case_of(broken, options));
    json.close();
  }
  json.close();
  json.close();
  return json.take();
}

/// A test for each rule; one that was not reached is skipped.
std::string junit_of(const Conformance& found, const std::string& options, Duration took) {
  unsigned failures = 0, skipped = 0;
  std::string cases;
  for (unsigned rule = 1; rule <= rule_count; ++rule) {
    const RuleVerdict verdict = verdict_of(found, rule);
    cases += fmt::format("  <testcase classname=\"conform\" name=\"R{} {}\">", rule, xml_escaped(title_of_rule(rule)));
    if (verdict == RuleVerdict::not_reached) {
      ++skipped;
      cases += "<skipped message=\"not reached\"/>";
    } else if (verdict == RuleVerdict::broken) {
      ++failures;
      std::string words;
      for (const auto& [invariant, broken] : found.broken)
        if (broken.rule == rule) words += case_of(broken, options) + "\n";
      cases += fmt::format("\n    <failure message=\"broken {} times\">{}</failure>\n  ", found.rules.broken[rule],
                           xml_escaped(words));
    }
    cases += "</testcase>\n";
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"dueprocess conform\" tests=\"{}\" failures=\"{}\" "
      "errors=\"0\" "
      "skipped=\"{}\" time=\"{:.3f}\">\n{}</testsuite>\n",
      rule_count, failures, skipped, static_cast<double>(us_of(took)) / 1e6, cases);
}

std::string options_of(const ConformRequest& request) {
  std::string options;
  for (const std::string& bug : request.bugs) options += (options.empty() ? "--bug " : " --bug ") + bug;
  if (request.live) {
    options += (options.empty() ? "--target " : " --target ") + request.live->target;
    if (request.live->binding != LiveRequest{}.binding) options += " --binding " + request.live->binding;
    options += " --clock " + request.live->clock;
  }
  return options;
}

}  // namespace

ExitCode conform_command(const ConformRequest& request, const Composition& composition) {
  Loaded loaded;
  loaded.settings.program = composition.program;
  loaded.scenario.name = "conform";
  loaded.scenario.texts = {"", " ", "Here is the finished work."};
  for (const std::string& id : request.bugs) {
    const std::optional<Bug> bug = bug_named(id);
    if (!bug) {
      print_error(fmt::format("dueprocess: there is no bug \"{}\" (dueprocess bugs lists them)\n", id));
      return ExitCode::usage;
    }
    loaded.bugs.set(static_cast<std::size_t>(*bug));
  }
  ConformWishes wishes;
  if (!change_policy(wishes.policy, request.policy_file, request.overrides)) return ExitCode::usage;
  if (const std::string problem = policy_problem(wishes.policy); !problem.empty()) {
    print_error("dueprocess: " + problem + "\n");
    return ExitCode::usage;
  }
  loaded.scenario.policy = wishes.policy;
  LivePlanPtr plan;
  if (request.live) {
    plan = plan_live(*request.live, loaded);
    if (!plan) return ExitCode::usage;
  } else if (!compose(composition, loaded)) {
    return ExitCode::usage;
  }
  wishes.depth = request.depth;
  wishes.bugs = loaded.bugs;
  wishes.target = composition.target;
  wishes.whole_files = !request.live || request.live->declared_uploads;
  const InterruptWatch watch;
  const Stopwatch stopwatch;
  wishes.out_of_time = [&] {
    return InterruptWatch::stop().load(std::memory_order_relaxed) ||
           (request.time_max && stopwatch.elapsed() > *request.time_max);
  };
  if (plan) wishes.live = live_stage(*plan, loaded);
  const Conformance found = conform(wishes);
  const Duration took = stopwatch.elapsed();
  const TextStyle style = style_of(STDOUT_FILENO, request.colour);
  const std::string options = options_of(request);
  std::string text = fmt::format("{} sequences of up to {} steps, {} steps, {} standings, in {}{}\n\n",
                                 thousands(found.sequences), found.depth, thousands(found.steps), thousands(found.standings),
                                 human_duration(took), found.whole ? "" : "; the time ran out: not all of the next length");
  text += coverage_text(found, style) + "\n" + table_text(found, style) + broken_text(found, options, style);
  const bool written = (request.json.empty() || write_or_print(request.json, json_of(found, request, options, took))) &&
                       (request.junit.empty() || write_or_print(request.junit, junit_of(found, options, took)));
  // What is asked for on standard output stands there alone.
  const bool quiet = request.quiet || request.json == "-" || request.junit == "-";
  if ((!quiet && !print_out(text)) || !written) return ExitCode::output;
  if (!found.broken.empty()) return ExitCode::violated;
  if (InterruptWatch::signal() != 0) return InterruptWatch::signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  return found.depth == 0 ? ExitCode::unknown : ExitCode::ok;
}

}  // namespace dueprocess
