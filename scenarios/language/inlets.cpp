// The simple kinds of values as inlets: the parser of each beside its schema.
#include "scenarios/language/inlet.hpp"
#include "scenarios/language/names.hpp"

#include <fmt/format.h>

namespace dueprocess {
namespace {

/// A scalar read by a function of values.hpp. `check` may refuse what it gave.
template <class T>
Inlet scalar(std::string_view expected, std::string schema, Parsed<T> (*parse)(std::string_view),
             std::function<std::string(const T&)> take) {
  return {[=](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, expected);
            if (!text) return;
            const auto parsed = parse(*text);
            const std::string problem = parsed.ok() ? take(parsed.value) : parsed.problem;
            if (!problem.empty()) reading.error(node, problem);
          },
          [=] { return schema_ref(schema); }};
}

template <class T>
std::string sign_problem(T value, Sign sign) {
  if (sign == Sign::positive && value <= T{}) return "must be more than 0";
  if (sign == Sign::not_negative && value < T{}) return "must not be negative";
  return {};
}

Parsed<Instant> parse_zoned_instant(std::string_view text) { return parse_instant(text); }

template <class Count>
Inlet any_count(Count& out, Count low, Count high) {
  return {[&out, low, high](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "a count");
            if (!text) return;
            const auto parsed = parse_count(*text);
            if (!parsed.ok())
              reading.error(node, parsed.problem);
            else if (parsed.value < low)
              reading.error(node, fmt::format("must be at least {}", low));
            else if (parsed.value > high)
              reading.error(node, fmt::format("{} is too many: at most {}", parsed.value, high));
            else
              out = static_cast<Count>(parsed.value);
          },
          [] { return schema_ref("count"); }};
}

}  // namespace

Inlet text(std::string& out) {
  return {[&out](Reading& reading, const Node& node) {
            if (auto text = reading.scalar(node, "a text")) out = std::move(*text);
          },
          [] { return schema_ref("text"); }};
}

Inlet flag(bool& out) {
  return scalar<bool>("true or false", "flag", parse_flag, [&out](bool value) {
    out = value;
    return std::string{};
  });
}

Inlet count(std::uint64_t& out, std::uint64_t low, std::uint64_t high) { return any_count(out, low, high); }
Inlet count(std::uint32_t& out, std::uint32_t low, std::uint32_t high) { return any_count(out, low, high); }

Inlet count_or_unlimited(std::uint32_t& out, std::uint32_t word_value) {
  const Inlet number = any_count<std::uint32_t>(out, 0, 1'000'000'000);
  return {[&out, number, word_value](Reading& reading, const Node& node) {
            if (node.is_scalar() && node.text == "unlimited") {
              out = word_value;
              return;
            }
            number.read(reading, node);
          },
          [] {
            return schema_any({schema_ref("count"), schema_words({"unlimited"})});
          }};
}

Inlet duration(Duration& out, Sign sign) {
  return scalar<Duration>("a duration", sign == Sign::any ? "signed_duration" : "duration", parse_duration,
                          [&out, sign](Duration value) {
                            out = value;
                            return sign_problem(value, sign);
                          });
}

Inlet size(std::int64_t& out) {
  return scalar<std::int64_t>("a size", "size", parse_size, [&out](std::int64_t value) {
    out = value;
    return std::string{};
  });
}

Inlet share(std::int64_t& out) {
  return scalar<std::int64_t>("a share", "share", parse_share, [&out](std::int64_t value) {
    out = value;
    return std::string{};
  });
}

Inlet chance(Chance& out) {
  return scalar<std::int64_t>("a chance", "share", parse_share, [&out](std::int64_t value) {
    out = Chance::ratio(static_cast<std::uint64_t>(value), parts_per_billion);
    return std::string{};
  });
}

Inlet rate(double& out) {
  return scalar<double>("a rate", "rate", parse_rate, [&out](double value) {
    out = value;
    return std::string{};
  });
}

Inlet money(std::int64_t& out, Sign sign) {
  return scalar<std::int64_t>("an amount of money", "money", parse_money, [&out, sign](std::int64_t value) {
    out = value;
    return sign_problem(value, sign);
  });
}

Inlet instant(Instant& out) {
  return scalar<Instant>("an instant", "instant", parse_zoned_instant, [&out](Instant value) {
    out = value;
    return std::string{};
  });
}

Inlet number(double& out, double low, double high) {
  return scalar<double>("a number", "number", parse_number, [&out, low, high](double value) {
    if (value < low || value > high) return fmt::format("{} is out of range: from {} to {}", value, low, high);
    out = value;
    return std::string{};
  });
}

Inlet one_of(std::vector<std::string> words, std::function<void(std::size_t)> chosen) {
  return {[words, chosen](Reading& reading, const Node& node) {
            std::string expected = "one of";
            for (std::size_t i = 0; i < words.size(); ++i) expected += (i ? ", " : " ") + words[i];
            const auto text = reading.scalar(node, expected);
            if (!text) return;
            for (std::size_t i = 0; i < words.size(); ++i)
              if (words[i] == trimmed(*text)) return chosen(i);
            const std::string near = nearest_name(*text, words);
            reading.error(node, fmt::format("expected {}, not \"{}\"{}", expected, *text,
                                            near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
          },
          [words] { return schema_words(words); }};
}

Inlet mapping(std::function<Mapping()> describe) {
  return {[describe](Reading& reading, const Node& node) { describe().read(reading, node); },
          [describe] { return describe().schema(); }};
}

Inlet named(std::function<Inlet(const std::string&, const Node&)> element, std::string what) {
  return {[element, what](Reading& reading, const Node& node) {
            if (!node.is_map()) return reading.error(node, fmt::format("expected a mapping of {}, not {}", what, what_is(node)));
            for (std::size_t i = 0; i < node.keys.size(); ++i) {
              const Reading::Within within{reading, node.keys[i].text};
              element(node.keys[i].text, node.keys[i]).read(reading, node.items[i]);
            }
          },
          [element, what] {
            return fmt::format(R"({{"type":"object","description":{},"additionalProperties":{}}})", json_quoted(what),
                               element("name", Node{}).schema());
          }};
}

Inlet list(std::function<Inlet(std::size_t)> element, bool alone, std::size_t at_most) {
  return {[element, alone, at_most](Reading& reading, const Node& node) {
            if (!node.is_list()) {
              if (alone && !node.is_empty()) return element(0).read(reading, node);
              return reading.error(node, fmt::format("expected a list, not {}", what_is(node)));
            }
            if (node.items.size() > at_most)
              return reading.error(node, fmt::format("a list of {} is too long: at most {}", node.items.size(), at_most));
            for (std::size_t i = 0; i < node.items.size(); ++i) {
              const Reading::Within within{reading, std::to_string(i)};
              element(i).read(reading, node.items[i]);
            }
          },
          [element, alone] {
            const std::string item = element(0).schema();
            const std::string many = fmt::format(R"({{"type":"array","items":{}}})", item);
            return alone ? schema_any({many, item}) : many;
          }};
}

Inlet scalar_or(Inlet plain, Inlet other) {
  return {[plain, other](Reading& reading, const Node& node) { (node.is_scalar() ? plain : other).read(reading, node); },
          [plain, other] {
            return schema_any({plain.schema(), other.schema()});
          }};
}

Inlet noting(const Node*& where, Inlet inlet) {
  return {[&where, inlet](Reading& reading, const Node& node) {
            where = &node;
            inlet.read(reading, node);
          },
          inlet.schema};
}

}  // namespace dueprocess
