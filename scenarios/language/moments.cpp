#include "scenarios/language/moments.hpp"

#include "scenarios/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dueprocess {
namespace {

constexpr std::array anchors = {Anchor::placed, Anchor::due, Anchor::delivered, Anchor::deadline, Anchor::start};

const std::vector<std::string>& anchor_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    for (const Anchor anchor : anchors) result.emplace_back(name_of(anchor));
    return result;
  }();
  return names;
}

const Bounds any_distance{-us_of(duration_max), us_of(duration_max), "the distance is at most 100 years"};

struct MomentText {
  std::optional<Anchor> anchor;
  Duration distance{0};
};

/// `anchor`, `anchor + 3d - 1us`, `3d - 1us`.
Parsed<MomentText> parse_moment(std::string_view given) {
  MomentText result;
  std::string_view text = trimmed(given);
  const std::size_t end = std::min(text.find_first_of(" +-"), text.size());
  const std::string_view word = text.substr(0, end);
  bool first = true;
  if (!word.empty() && (word[0] < '0' || word[0] > '9')) {
    const auto found = std::ranges::find(anchors, word, [](Anchor anchor) { return name_of(anchor); });
    if (found == anchors.end()) return {{}, fmt::format("unknown anchor \"{}\"{}", word, suggestion(word, anchor_names()))};
    result.anchor = *found;
    text = trimmed(text.substr(end));
    first = false;
  }
  while (!text.empty()) {
    bool minus = false;
    if (text[0] == '+' || text[0] == '-') {
      minus = text[0] == '-';
      text = trimmed(text.substr(1));
    } else if (!first) {
      return {{}, fmt::format("expected + or - before \"{}\"", text)};
    }
    first = false;
    const std::size_t length = std::min(text.find_first_of("+-"), text.size());
    const auto part = parse_duration(trimmed(text.substr(0, length)));
    if (!part.ok()) return {{}, part.problem};
    result.distance += minus ? -part.value : part.value;
    if (result.distance > duration_max || result.distance < -duration_max)
      return {{}, fmt::format("\"{}\" is more than 100 years away", given)};
    text = text.substr(length);
  }
  return {result, {}};
}

std::string allowed_text(const std::vector<Anchor>& allowed) {
  std::string text;
  for (const Anchor anchor : allowed) text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(anchor));
  return text;
}

}  // namespace

std::string_view name_of(Anchor anchor) {
  static constexpr std::string_view names[] = {"placed", "due", "delivered", "deadline", "start"};
  return names[static_cast<std::size_t>(anchor)];
}

Inlet time_point(TimePoint& out) {
  return {[&out](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "an instant, or a duration after `starts`");
            if (!text) return;
            out.node = &node;
            if (looks_like_instant(*text)) {
              const auto parsed = parse_instant(*text);
              if (!parsed.ok()) return reading.error(node, parsed.problem);
              out.absolute = true;
              out.instant = parsed.value;
            } else {
              const auto parsed = parse_duration(*text);
              if (!parsed.ok()) return reading.error(node, parsed.problem + ", or an instant such as 2026-03-02T14:30:00Z");
              if (parsed.value < Duration{0}) return reading.error(node, "is before the scenario starts");
              out.after = parsed.value;
            }
            out.given = true;
          },
          [] {
            return schema_any({schema_ref("instant"), schema_ref("duration")});
          }};
}

Inlet moment(Moment& out, std::vector<Anchor> allowed) {
  const auto permit = [allowed](Reading& reading, const Node& node, Anchor anchor) {
    if (std::ranges::find(allowed, anchor) != allowed.end()) return true;
    reading.error(node, fmt::format("\"{}\" is not known to this actor; there are {}", name_of(anchor), allowed_text(allowed)));
    return false;
  };
  return {
      [&out, allowed, permit](Reading& reading, const Node& node) {
        if (node.is_map()) {  // {deadline: DISTANCE}
          const auto found = node.keys.size() == 1
                                 ? std::ranges::find(anchors, node.keys[0].text, [](Anchor anchor) { return name_of(anchor); })
                                 : anchors.end();
          if (found == anchors.end()) {
            const std::string_view word = node.keys.empty() ? "" : std::string_view{node.keys[0].text};
            return reading.error(
                node.keys.empty() ? node : node.keys[0],
                fmt::format("expected one anchor and its distance, such as {{due: -1us}}{}", suggestion(word, anchor_names())));
          }
          if (!permit(reading, node.keys[0], *found)) return;
          const Reading::Within within{reading, node.keys[0].text};
          out.anchor = *found;
          out.fraction_of_due = false;
          return read_distribution(reading, node.items[0], out.amount, Quantity::duration, any_distance);
        }
        const auto text = reading.scalar(node, "a moment such as due - 1us");
        if (!text) return;
        if (text->find('{') != text->npos)
          return reading.error(
              node, "only `anchor + {distribution}` is understood; a distance before the anchor is a negative value of it");
        const auto parsed = parse_moment(*text);
        if (!parsed.ok()) return reading.error(node, parsed.problem);
        if (!parsed.value.anchor)
          return reading.error(node, fmt::format("before or after what? Begin with {}", allowed_text(allowed)));
        if (!permit(reading, node, *parsed.value.anchor)) return;
        out.anchor = *parsed.value.anchor;
        out.fraction_of_due = false;
        out.amount = Distribution::constant(us_of(parsed.value.distance));
      },
      [allowed] {
        std::string properties;
        for (const Anchor anchor : allowed)
          properties += fmt::format("{}{}:{}", properties.empty() ? "" : ",", json_quoted(name_of(anchor)),
                                    schema_ref("distribution_of_durations"));
        return schema_any(
            {schema_ref("moment"),
             fmt::format(
                 R"({{"type":"object","properties":{{{}}},"minProperties":1,"maxProperties":1,"additionalProperties":false}})",
                 properties)});
      }};
}

Moment ScriptMoment::compiled(Instant start) const {
  Moment moment;
  moment.anchor = instant ? Anchor::start : anchor;
  moment.amount = Distribution::constant(us_of(instant ? *instant - start : distance));
  return moment;
}

Inlet script_moment(ScriptMoment& out) {
  return {[&out](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "a moment such as due + 3d - 1us");
            if (!text) return;
            if (text->find('{') != text->npos)
              return reading.error(node, "a scripted step happens at one certain time: no distribution here");
            if (looks_like_instant(*text)) {
              const auto parsed = parse_instant(*text);
              if (!parsed.ok()) return reading.error(node, parsed.problem);
              out.instant = parsed.value;
            } else {
              const auto parsed = parse_moment(*text);
              if (!parsed.ok()) return reading.error(node, parsed.problem);
              out.anchor = parsed.value.anchor.value_or(Anchor::placed);
              out.distance = parsed.value.distance;
            }
            out.given = true;
          },
          [] {
            return schema_any({schema_ref("moment"), schema_ref("signed_duration"), schema_ref("instant")});
          }};
}

Inlet distance_or_fraction(std::optional<Moment>& out, Anchor anchor) {
  static const Bounds distance{0, us_of(duration_max), "it comes after, not before"};
  static const Bounds fraction{0, 1000 * parts_per_billion, "it comes after, not before"};
  return {
      [&out, anchor](Reading& reading, const Node& node) {
        Moment read;
        read.anchor = anchor;
        const Node* part = node.is_map() ? node.find("fraction_of_due") : nullptr;
        if (part && node.keys.size() > 1)
          return reading.error(node, "fraction_of_due stands alone; `min` and `max` go inside it");
        if (part) {
          const Reading::Within within{reading, "fraction_of_due"};
          read.fraction_of_due = true;
          read_distribution(reading, *part, read.amount, Quantity::fraction, fraction);
        } else {
          read_distribution(reading, node, read.amount, Quantity::duration, distance);
        }
        out = read;
      },
      [] {
        return schema_any(
            {schema_ref("distribution_of_durations"),
             fmt::format(
                 R"({{"type":"object","properties":{{"fraction_of_due":{}}},"required":["fraction_of_due"],"additionalProperties":false}})",
                 schema_ref("distribution_of_numbers"))});
      }};
}

}  // namespace dueprocess
