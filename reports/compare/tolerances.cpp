#include "reports/compare/tolerances.hpp"

#include <fmt/format.h>

#include "scenarios/language/inlet.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/slurp.hpp"

namespace dueprocess {
namespace {

/// An amount in the figure's own unit, or why the text is none.
Parsed<double> parse_amount(std::string_view text, FigureUnit unit) {
  switch (unit) {
    case FigureUnit::microseconds:
    case FigureUnit::nanoseconds:
    case FigureUnit::seconds: {
      const Parsed<Duration> parsed = parse_duration(text);
      const auto us = static_cast<double>(us_of(parsed.value));
      return {unit == FigureUnit::nanoseconds ? us * 1000 : unit == FigureUnit::seconds ? us / 1e6 : us, parsed.problem};
    }
    case FigureUnit::bytes: {
      const auto parsed = parse_size(text);
      return {static_cast<double>(parsed.value), parsed.problem};
    }
    case FigureUnit::count: {
      const auto parsed = parse_count(text);
      return {static_cast<double>(parsed.value), parsed.problem};
    }
    case FigureUnit::per_second: {
      const auto parsed = parse_rate(text);
      return {parsed.value * 1e6, parsed.problem};
    }
  }
  return {};
}

Inlet tolerance_inlet(const std::string& name, Tolerance& out) {
  return {[name, &out](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "a share such as 5%, or an amount");
            if (!text) return;
            if (text->ends_with('%')) {
              const auto share_read = parse_share(*text);
              if (!share_read.ok()) return reading.error(node, share_read.problem);
              out.share = static_cast<double>(share_read.value) / static_cast<double>(parts_per_billion);
              out.amount.reset();
              return;
            }
            const Figure* figure = figure_named(name);
            if (!figure) return reading.error(node, fmt::format("expected a share such as 5%, not \"{}\"", *text));
            const auto amount = parse_amount(*text, figure->unit);
            if (!amount.ok()) return reading.error(node, amount.problem);
            if (amount.value < 0) return reading.error(node, "must not be negative");
            out.amount = amount.value;
          },
          [] { return schema_ref("text"); }};
}

Mapping describe_tolerances(CompareTolerances& t, std::int64_t& alarm) {
  const auto figure = [&t](const std::string& name, const Node& key) {
    if (figure_named(name)) return tolerance_inlet(name, t.figures[name] = t.usual);
    return Inlet{[name, &key](Reading& reading, const Node&) {
                   std::vector<std::string> known;
                   for (const Figure& each : all_figures()) known.emplace_back(each.name);
                   reading.error(key, fmt::format("unknown figure \"{}\"{}", name, suggestion(name, known)));
                 },
                 [] { return schema_ref("text"); }};
  };
  return Mapping{"how much of a difference between two results matters"}
      .key("alarm", share(alarm), "the rate of false alarms of the whole comparison", "5%")
      .key("correction",
           one_of({"holm", "benjamini-hochberg", "none"}, [&t](std::size_t i) { t.correction = static_cast<Correction>(i); }),
           "for many figures", "holm")
      .key("default", tolerance_inlet({}, t.usual), "of figures that are not listed", "2%")
      .key("figures", named(figure, "figures, and how far each may move"), "only these are compared", "the usual ones")
      .instead("metrics", "figures")
      .check([&t](Reading&, const Node& node) { t.only_these = node.is_map() && node.find("figures") != nullptr; });
}

}  // namespace

bool CompareTolerances::compares(const Figure& figure, bool live) const {
  if (only_these) return figures.contains(figure.name);
  return figure.usual && (live || !figure.of_live);
}

Tolerance CompareTolerances::of(std::string_view figure) const {
  const auto found = figures.find(figure);
  return found == figures.end() ? usual : found->second;
}

std::vector<Mistake> read_tolerances(const std::string& text, const std::string& file_name, CompareTolerances& tolerances) {
  const ReadOptions options;
  Reading reading{file_name, options};
  const Tree tree = read_tree(text);
  for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
  if (tree.problems.empty()) {
    std::int64_t alarm = parts_per_billion / 20;
    if (tree.root.is_empty())
      reading.error(Place{}, "the file is empty");
    else
      describe_tolerances(tolerances, alarm).read(reading, tree.root);
    tolerances.alarm = static_cast<double>(alarm) / static_cast<double>(parts_per_billion);
    if (alarm <= 0 || alarm > parts_per_billion / 2) reading.error(tree.root, "alarm: between 0% and 50%");
  }
  return reading.take_mistakes();
}

std::vector<Mistake> read_tolerances_file(const std::string& path, CompareTolerances& tolerances) {
  std::string text;
  if (const std::string problem = slurp(path, TreeLimits{}.bytes, text); !problem.empty())
    return {{Severity::error, path, 0, 0, {}, problem}};
  return read_tolerances(text, path, tolerances);
}

}  // namespace dueprocess
