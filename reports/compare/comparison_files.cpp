// A comparison as files: Markdown for a pull request, JSON, JUnit.
#include <fmt/format.h>

#include "reports/compare/comparison.hpp"
#include "reports/format.hpp"
#include "reports/json_writer.hpp"
#include "reports/timeline_svg.hpp"

namespace dueprocess {
namespace {

/// Fit for a cell of a Markdown table.
std::string cell_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '<' || c == '*' || c == '_' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string first_words(const FirstDifference& d) {
  if (d.order != 0) return fmt::format("order {} is the first whose history differs", d.order);
  if (d.orders != 0)
    return fmt::format("the first difference is among the orders {} to {}", d.first_order, d.first_order + d.orders - 1);
  return "the histories differ";
}

std::string shift_words(const FigureChange& change) {
  std::string text = figure_text(change.shift, change.figure->unit, true) + " (" + share_text(change.shift, change.base) + ")";
  if (change.interval)
    text += fmt::format(", between {} and {}", figure_text(change.interval->low, change.figure->unit, true),
                        figure_text(change.interval->high, change.figure->unit, true));
  return text;
}

void optional_number(JsonWriter& json, std::string_view key, const std::optional<double>& value) {
  json.key(key);
  value ? json.decimal(*value, 6) : json.null();
}

}  // namespace

std::string comparison_markdown(const ResultComparison& c) {
  std::string text = fmt::format("### dueprocess: {} ({})\n\n", name_of(c.verdict()), cell_text(c.scenario));
  text += fmt::format("{} in BASE, {} in NEW.\n\n", counted(c.base_repeats, "run"), counted(c.now_repeats, "run"));
  text += "| | figure | BASE | NEW | change |\n| --- | --- | ---: | ---: | --- |\n";
  for (const FigureChange& change : c.figures)
    text += fmt::format("| {} | {} | {} | {} | {} |\n", change.change == Change::worse ? "**worse**" : name_of(change.change),
                        cell_text(change.figure->name), figure_text(change.base, change.figure->unit),
                        figure_text(change.now, change.figure->unit),
                        cell_text(shift_words(change) + (change.why.empty() ? "" : "; " + change.why)));
  if (c.members_differ > 0) {
    text += fmt::format("\nIn virtual time {} not repeat:\n\n",
                        c.members_differ == 1 ? "one member does" : fmt::format("{} members do", c.members_differ));
    for (const MemberChange& member : c.members)
      text += fmt::format("- {}: {} → {}\n", cell_text(member.member), cell_text(member.base), cell_text(member.now));
  }
  if (c.difference) {
    text += "\n" + first_words(*c.difference) + ".\n";
    if (c.difference->order != 0)
      text += "\n```\nBASE\n" + c.difference->base_timeline + "\nNEW\n" + c.difference->now_timeline + "```\n";
  }
  for (const std::string& note : c.notes) text += "\n" + cell_text(note) + "\n";
  return text;
}

std::string comparison_json(const ResultComparison& c) {
  static constexpr std::string_view corrections[] = {"holm", "benjamini-hochberg", "none"};
  JsonWriter json;
  json.open_object();
  json.key("schema").text("dueprocess/comparison/1");
  json.key("verdict").text(name_of(c.verdict()));
  json.key("scenario").text(c.scenario);
  json.key("base").text(c.base);
  json.key("new").text(c.now);
  json.key("base_repeats").number(c.base_repeats);
  json.key("new_repeats").number(c.now_repeats);
  json.key("virtual_time").flag(c.exact);
  json.key("alarm").decimal(c.alarm, 6);
  json.key("correction").text(corrections[static_cast<std::size_t>(c.correction)]);
  json.key("figures").open_array();
  for (const FigureChange& change : c.figures) {
    json.open_object();
    json.key("figure").text(change.figure->name);
    json.key("verdict").text(name_of(change.change));
    json.key("base").decimal(change.base, 6);
    json.key("new").decimal(change.now, 6);
    json.key("change").decimal(change.shift, 6);
    optional_number(json, "change_share", change.base == 0 ? std::nullopt : std::optional{change.shift / change.base});
    optional_number(json, "low", change.interval ? std::optional{change.interval->low} : std::nullopt);
    optional_number(json, "high", change.interval ? std::optional{change.interval->high} : std::nullopt);
    optional_number(json, "p", change.p);
    json.key("tolerance").decimal(change.tolerance, 6);
    json.key("why").text(change.why);
    json.close();
  }
  json.close();
  json.key("members_differ").number(c.members_differ);
  json.key("members").open_array();
  for (const MemberChange& member : c.members) {
    json.open_object();
    json.key("member").text(member.member);
    json.key("base").text(member.base);
    json.key("new").text(member.now);
    json.close();
  }
  json.close();
  json.key("first_difference");
  if (!c.difference) {
    json.null();
  } else {
    json.open_object();
    json.key("repeat").number(c.difference->repeat + 1);
    json.key("first_order").number(c.difference->first_order);
    json.key("orders").number(c.difference->orders);
    json.key("order").number(c.difference->order);
    json.key("how").text(c.difference->how);
    json.key("base").text(c.difference->base_timeline);
    json.key("new").text(c.difference->now_timeline);
    json.close();
  }
  json.key("notes").open_array();
  for (const std::string& note : c.notes) json.text(note);
  json.close();
  json.close();
  return json.take();
}

std::string comparison_junit(const ResultComparison& c) {
  std::string tests;
  std::size_t count = 0, failures = 0, skipped = 0;
  const auto test = [&](std::string_view name, Change change, const std::string& detail) {
    ++count;
    const std::string words = xml_escaped(detail);
    tests += fmt::format("  <testcase classname=\"dueprocess.compare\" name=\"{}\">", xml_escaped(name));
    if (change == Change::worse) {
      ++failures;
      tests += fmt::format("<failure message=\"worse\">{}</failure>", words);
    } else if (change == Change::cannot_tell) {
      ++skipped;
      tests += fmt::format("<skipped message=\"cannot tell: {}\"/>", words);
    } else {
      tests += fmt::format("<system-out>{}: {}</system-out>", name_of(change), words);
    }
    tests += "</testcase>\n";
  };
  for (const FigureChange& change : c.figures)
    test(change.figure->name, change.change, shift_words(change) + (change.why.empty() ? "" : "; " + change.why));
  if (c.exact) {
    std::string detail;
    if (c.difference) detail = first_words(*c.difference) + "\n";
    for (const MemberChange& member : c.members) detail += fmt::format("{}: {} -> {}\n", member.member, member.base, member.now);
    test("what must repeat does", c.members_differ > 0 || c.difference ? Change::worse : Change::same, detail);
  }
  return fmt::format(
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"dueprocess compare\" tests=\"{}\" failures=\"{}\" "
             "skipped=\"{}\">\n",
             count, failures, skipped) +
         tests + "</testsuite>\n";
}

}  // namespace dueprocess
