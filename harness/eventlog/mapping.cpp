#include "harness/eventlog/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/language/inlet.hpp"
#include "scenarios/language/overrides.hpp"
#include "scenarios/language/parts.hpp"

namespace dueprocess {
namespace {

std::vector<std::string> event_words() {
  std::vector<std::string> words;
  for (unsigned i = 0; i < log_event_count; ++i) words.emplace_back(name_of(static_cast<LogEvent>(i)));
  return words;
}

/// One word, or a list of them.
Inlet words(std::vector<std::string>& out) {
  return list(
      [&out](std::size_t) {
        return Inlet{[&out](Reading& reading, const Node& node) {
                       if (auto text = reading.scalar(node, "a word that may stand in the column"))
                         out.push_back(std::move(*text));
                     },
                     [] { return schema_ref("text"); }};
      },
      true, 1000);
}

Mapping describe(LogRule& rule) {
  return Mapping{"an event that a row tells, where `at` is not empty and every column of `when` says one of its words"}
      .required("event", one_of(event_words(), [&rule](std::size_t i) { rule.event = static_cast<LogEvent>(i); }),
                "what happened")
      .required("at", text(rule.at), "column of the instant")
      .key("when",
           named(
               [&rule](const std::string& column, const Node&) {
                 auto& [name, allowed] = rule.when.emplace_back();
                 name = column;
                 return words(allowed);
               },
               "columns, and what must stand there"),
           "only rows in which these columns say this")
      .key("length", text(rule.length), "extended: column of how long, a duration such as 2d, or a number of length_unit")
      .key("deadline", text(rule.deadline), "column of the deadline that is in force after it")
      .key("amount", text(rule.amount), "paid: column of the amount")
      .key("by", text(rule.by), "column of who did it; of paid: of who was paid")
      .check([&rule](Reading& reading, const Node& node) {
        rule.line = node.place.line;
        if (rule.event == LogEvent::extended && rule.length.empty())
          reading.error(node, "an extension needs its `length`: by how much the deadline moves");
        if (rule.event != LogEvent::extended && !rule.length.empty()) reading.error(node, "only an extension has a `length`");
        if (rule.event != LogEvent::paid && !rule.amount.empty()) reading.error(node, "only a payment has an `amount`");
      });
}

/// The rules live in a vector that grows: each is read on its own and then put there.
Inlet rules(std::vector<LogRule>& out) {
  return list([&out](std::size_t) {
    return Inlet{[&out](Reading& reading, const Node& node) {
                   LogRule rule;
                   describe(rule).read(reading, node);
                   out.push_back(std::move(rule));
                 },
                 [] {
                   LogRule rule;
                   return describe(rule).schema();
                 }};
  });
}

Mapping describe(LogMapping& m) {
  const Inlet until{[&m](Reading& reading, const Node& node) { instant(m.until.emplace()).read(reading, node); },
                    [] { return schema_ref("instant"); }};
  return Mapping{"where the events of a log stand in its rows"}
      .key("name", text(m.name), "what the log is called", "the file's name")
      .key("description", text(m.description), "where it comes from")
      .key("format", one_of({"csv", "ndjson"}, [&m](std::size_t i) { m.format = static_cast<LogFormat>(i + 1); }),
           "rows as CSV with a header, or as one JSON object a line", "by the file's name")
      .key("instants",
           one_of({"rfc3339", "unix_s", "unix_ms", "unix_us"}, [&m](std::size_t i) { m.instants = static_cast<LogInstants>(i); }),
           "how instants are written; without a zone they are UTC", "rfc3339")
      .key("length_unit", duration(m.length_unit, Sign::positive), "of `length` columns that are plain numbers", "1s")
      .required("order", text(m.order), "column that says which order a row is about")
      .key("buyer", text(m.buyer), "column of the order's buyer")
      .key("seller", text(m.seller), "column of its seller")
      .key("due", text(m.due), "column of its due date")
      .key("price", text(m.price), "column of its price, such as 49.90")
      .key("until", until, "the log is whole up to here", "its last instant")
      .required("events", rules(m.rules), "what rows tell")
      .key("policy", mapping([&m] { return dueprocess::describe(m.policy); }), "the rules that were in force")
      .instead("columns", "events")
      .instead("order_id", "order")
      .instead("due_at", "due")
      .check([&m](Reading& reading, const Node& node) {
        if (node.find("events") && m.rules.empty()) reading.error(node, "not one event: nothing can be judged");
      });
}

}  // namespace

std::string_view name_of(LogEvent event) {
  static constexpr std::array<std::string_view, log_event_count> names{
      "placed", "delivered", "modification_requested", "extended", "accepted", "auto_completed", "completed", "paid"};
  return names[static_cast<std::size_t>(event)];
}

bool LogMapping::tells(LogEvent event) const {
  return std::any_of(rules.begin(), rules.end(), [&](const LogRule& rule) { return rule.event == event; });
}

bool LogMapping::tells(LogEvent event, std::string LogRule::*column) const {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const LogRule& rule) { return rule.event == event && !(rule.*column).empty(); });
}

bool ReadLogMapping::ok() const {
  return std::none_of(mistakes.begin(), mistakes.end(), [](const Mistake& m) { return m.severity == Severity::error; });
}

ReadLogMapping read_log_mapping(const std::string& text, const std::string& file_name,
                                const std::vector<std::pair<std::string, std::string>>& overrides) {
  ReadLogMapping result;
  ReadOptions options;
  options.overrides = overrides;
  Reading reading{file_name, options};
  Tree tree = read_tree(text);
  for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
  if (tree.problems.empty()) {
    apply_overrides(reading, tree.root, overrides);
    result.mapping.name = std::filesystem::path{file_name}.stem().string();
    describe(result.mapping).read(reading, tree.root);
  }
  result.mistakes = reading.take_mistakes();
  return result;
}

}  // namespace dueprocess
