#include "scenarios/language/document.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dueprocess {
namespace {

Inlet seed(std::uint64_t& out) {
  return {[&out](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "a whole number");
            if (!text) return;
            std::uint64_t value = 0;
            const std::string_view digits = trimmed(*text);
            for (const char c : digits) {
              const auto digit = static_cast<std::uint64_t>(c - '0');
              if (c < '0' || c > '9' || value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10)
                return reading.error(node, fmt::format("\"{}\" is not a whole number from 0 to {}", *text,
                                                       std::numeric_limits<std::uint64_t>::max()));
              value = value * 10 + digit;
            }
            if (digits.empty()) return reading.error(node, "expected a whole number");
            out = value;
          },
          [] { return schema_ref("count"); }};
}

Inlet expectations(std::vector<Expectation>& out) {
  return list([&out](std::size_t) {
    return Inlet{[&out](Reading& reading, const Node& node) {
                   const auto text = reading.scalar(node, "an expectation such as violations == 0");
                   if (!text) return;
                   ParsedExpectation parsed = parse_expectation(*text);
                   if (!parsed.problem.empty()) {
                     Place place = node.place;
                     // The place within the text holds where the text stands as it was written.
                     if (!node.quoted && place.line && *text == node.text && text->find('\n') == text->npos)
                       place.column += static_cast<std::uint32_t>(parsed.at);
                     return reading.error(place, parsed.problem);
                   }
                   parsed.expectation.line = node.place.line;
                   out.push_back(std::move(parsed.expectation));
                 },
                 [] { return schema_ref("expectation"); }};
  });
}

Inlet bugs(std::vector<std::string>& out) {
  return list([&out](std::size_t) {
    return Inlet{[&out](Reading& reading, const Node& node) {
                   const auto id = reading.scalar(node, "the id of a seeded bug such as B05");
                   if (!id) return;
                   const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
                   const std::size_t letter = id->size() == 4 && !is_digit(id->back()) ? 1 : 0;  // B01a
                   const bool right = id->size() - letter == 3 && ((*id)[0] == 'B' || (*id)[0] == 'S') && is_digit((*id)[1]) &&
                                      is_digit((*id)[2]) && (letter == 0 || (id->back() >= 'a' && id->back() <= 'z'));
                   if (!right) return reading.error(node, fmt::format("\"{}\" is not the id of a seeded bug such as B05", *id));
                   if (std::ranges::find(out, *id) != out.end())
                     return reading.error(node, fmt::format("{} is listed twice", *id));
                   out.push_back(*id);
                 },
                 [] { return schema_ref("bug"); }};
  });
}

Mapping describe_restart(RestartText& restart) {
  const Inlet length = duration(restart.length, Sign::positive);
  return Mapping{"a time in which the in-process engine is down"}
      .required("down", time_point(restart.down), "when it goes down")
      .key("back", time_point(restart.back), "when it is back")
      .key("for",
           {[&restart, length](Reading& reading, const Node& node) {
              restart.has_length = true;
              length.read(reading, node);
            },
            length.schema},
           "or how long it is down")
      .check([&restart](Reading& reading, const Node& node) {
        if (restart.back.given == restart.has_length && !(node.find("back") && node.find("for") == nullptr))
          reading.error(node, "a restart has either `back` or `for`");
      });
}

Inlet restarts(std::vector<RestartText>& out) {
  return list(
      [&out](std::size_t) {
        return Inlet{[&out](Reading& reading, const Node& node) {
                       RestartText one;
                       one.node = &node;
                       describe_restart(one).read(reading, node);
                       out.push_back(one);
                     },
                     [] {
                       RestartText one;
                       return describe_restart(one).schema();
                     }};
      },
      true, 10'000);
}

}  // namespace

Mapping describe(Document& d) {
  const Inlet starts = {[&d](Reading& reading, const Node& node) { instant(d.starts.emplace()).read(reading, node); },
                        [] { return schema_ref("instant"); }};
  return Mapping{"a scenario: the rules in force, who trades with whom and how, scripted cases, and what must hold at the end"}
      .key("name", text(d.name), "what it is called", "the file's name")
      .key("description", text(d.description), "what it is for")
      .key("seed", seed(d.seed), "same seed, same run", "1")
      .key("starts", noting(d.starts_node, starts), "virtual time begins", "2026-03-02")
      .key("ends", time_point(d.ends), "no new orders from here on; the run goes on until every order is completed")
      .key("policy", mapping([&d] { return describe(d.policy); }), "the rules in force")
      .key("tolerances", mapping([&d] { return describe(d.tolerances); }), "how late timers may be")
      .key("engine", mapping([&d] { return describe(d.engine); }), "the in-process engine's timers, and its workers' clocks")
      .key("orders", mapping([&d] { return describe(d.orders); }), "what is ordered, and when")
      .key("sellers", noting(d.sellers_node, mapping([&d] { return describe(d.sellers); })), "who works")
      .key("buyers", noting(d.buyers_node, mapping([&d] { return describe(d.buyers); })), "who buys")
      .key("cases", cases_inlet(d.cases), "scripted orders")
      .key("restarts", restarts(d.restarts), "times in which the in-process engine is down")
      .key("faults", faults(d.faults), "what goes wrong on the way to a live target and back, and commands run meanwhile")
      .key("bugs", bugs(d.bugs), "seeded bugs switched on in the in-process engine")
      .key("expect", expectations(d.expectations), "what must hold at the end: metric [statistic] comparison value")
      .instead("expectations", "expect")
      .instead("start", "starts")
      .instead("end", "ends")
      .instead("duration", "ends")
      .instead("personas", "sellers.personas");
}

}  // namespace dueprocess
