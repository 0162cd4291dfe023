// Answers as they are written: where things are told, and which words and statuses mean what.
#include "scenarios/language/binding_parts.hpp"
#include "scenarios/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dueprocess {
namespace {

/// The words that outcomes have in a binding: ok, info, and R17's.
std::vector<std::pair<std::string, Meaning>> verdict_words() {
  std::vector<std::pair<std::string, Meaning>> words{{"ok", {Outcome::ok, Refusal::none}},
                                                     {"info", {Outcome::info, Refusal::none}}};
  for (unsigned i = 1; i < refusal_count; ++i) {
    const auto refusal = static_cast<Refusal>(i);
    words.emplace_back(name_of(refusal), Meaning{Outcome::refused, refusal});
  }
  return words;
}

Inlet status(std::function<void(std::uint16_t)> take) {
  return {[take](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "an HTTP status such as 409");
            if (!text) return;
            const auto parsed = parse_count(*text);
            if (!parsed.ok() || parsed.value < 200 || parsed.value > 599)
              return reading.error(node, fmt::format("\"{}\" is not an HTTP status from 200 to 599", *text));
            take(static_cast<std::uint16_t>(parsed.value));
          },
          [] { return schema_ref("count"); }};
}

/// One or several.
Inlet several(std::function<Inlet()> one) {
  return list([one](std::size_t) { return one(); }, true, 1000);
}

Inlet field_names(FieldSource& out, const FieldKind& kind) {
  return mapping([&out, kind] {
    Mapping mapping{"our names, and the service's for each"};
    for (std::size_t i = 0; i < kind.ours.size(); ++i)
      mapping.key(kind.ours[i], several([&out, kind, i] {
                    return Inlet{[&out, kind, i](Reading& reading, const Node& node) {
                                   const auto text = reading.scalar(node, "a name of the service's");
                                   if (!text) return;
                                   for (const auto& [theirs, ours] : out.naming.words)
                                     if (theirs == *text)
                                       return reading.error(
                                           node, fmt::format("\"{}\" means {} already", *text, kind.ours[ours - kind.first]));
                                   out.naming.words.emplace_back(*text, static_cast<std::uint8_t>(kind.first + i));
                                 },
                                 [] { return schema_ref("text"); }};
                  }),
                  fmt::format("what the service calls {}", kind.ours[i]));
    return mapping;
  });
}

void take_pointer(Reading& reading, const Node& node, FieldSource& out) {
  const auto text = reading.scalar(node, "a JSON pointer such as /order/id");
  if (!text) return;
  if (const std::string problem = pointer_problem(*text); !problem.empty()) return reading.error(node, problem);
  out.given = true;
  out.pointer = *text;
}

Mapping describe_field(FieldSource& out, const FieldKind& kind) {
  Mapping mapping{"where something is told"};
  mapping.key(
      "at",
      {[&out](Reading& reading, const Node& node) { take_pointer(reading, node, out); }, [] { return schema_ref("pointer"); }},
      "a JSON pointer into the body, such as /order/id");
  if (!kind.in_body_only)
    mapping.key("header",
                {[&out](Reading& reading, const Node& node) {
                   out.given = true;
                   text(out.header).read(reading, node);
                 },
                 [] { return schema_ref("text"); }},
                "or the name of a header");
  mapping.key("after", text(out.after), "only what follows this text counts");
  if (kind.is_instant || kind.is_money) {
    const SlotType type = kind.is_instant ? SlotType::instant : SlotType::money;
    mapping.key("as",
                one_of(spellings_of(type), [&out, type](std::size_t i) { find_spelling(type, spellings_of(type)[i], out.as); }),
                "how it is written", std::string{name_of(default_spelling(type))});
  }
  if (!kind.ours.empty()) mapping.key("names", field_names(out, kind), "the service's words for ours", "our own words");
  if (kind.is_list) mapping.key("count", flag(out.counts), "how many elements the list there has", "false");
  mapping.instead("pointer", "at").instead("format", "as").instead("map", "names");
  mapping.check([&out](Reading& reading, const Node& node) {
    if (!node.find("at") == !node.find("header")) reading.error(node, "give `at`, a JSON pointer, or `header`");
    if (out.counts && !out.header.empty()) reading.error(node, "a header has no elements to count");
  });
  return mapping;
}

}  // namespace

std::string pointer_problem(std::string_view pointer) {
  if (pointer.empty()) return {};
  if (pointer[0] != '/') return fmt::format("\"{}\" is not a JSON pointer: it begins with a slash, as in /order/id", pointer);
  for (std::size_t at = 0; (at = pointer.find('~', at)) != pointer.npos; ++at)
    if (at + 1 == pointer.size() || (pointer[at + 1] != '0' && pointer[at + 1] != '1'))
      return fmt::format("\"{}\": in a JSON pointer ~ is written ~0, and / inside a name ~1", pointer);
  if (std::ranges::count(pointer, '/') > 32) return fmt::format("\"{}\" is deeper than 32 levels", pointer);
  return {};
}

FieldKind text_field() { return {}; }
FieldKind instant_field() {
  FieldKind kind;
  kind.is_instant = true;
  return kind;
}
FieldKind state_field() {
  FieldKind kind;
  kind.first = 1;
  for (unsigned i = 1; i < order_state_count; ++i) kind.ours.emplace_back(name_of(static_cast<OrderState>(i)));
  return kind;
}
FieldKind completed_by_field() {
  FieldKind kind;
  for (const CompletedBy by : {CompletedBy::nobody, CompletedBy::buyer, CompletedBy::automatic})
    kind.ours.emplace_back(name_of(by));
  return kind;
}

Inlet field(FieldSource& out, FieldKind kind) {
  if (kind.is_instant) out.as = Spelling::rfc3339;
  if (kind.is_money) out.as = Spelling::minor;
  const auto own_words = [&out, kind] {
    if (!out.naming.words.empty()) return;
    for (std::size_t i = 0; i < kind.ours.size(); ++i)
      out.naming.words.emplace_back(kind.ours[i], static_cast<std::uint8_t>(kind.first + i));
  };
  return {[&out, kind, own_words](Reading& reading, const Node& node) {
            if (node.is_scalar() || node.is_empty())
              take_pointer(reading, node, out);
            else
              describe_field(out, kind).read(reading, node);
            own_words();
          },
          [kind] {
            FieldSource none;
            return schema_any({schema_ref("pointer"), describe_field(none, kind).schema()});
          }};
}

Inlet statuses(std::vector<std::uint16_t>& out) {
  return several([&out] { return status([&out](std::uint16_t value) { out.push_back(value); }); });
}

Inlet texts(std::vector<std::string>& out) {
  return several([&out] {
    return Inlet{[&out](Reading& reading, const Node& node) {
                   if (auto text = reading.scalar(node, "a text")) out.push_back(std::move(*text));
                 },
                 [] { return schema_ref("text"); }};
  });
}

Mapping describe(AnswersText& answers) {
  AnswerRules& rules = answers.rules;
  FieldKind listed;
  listed.is_list = true;
  const auto codes = [&rules] {
    Mapping mapping{"what means ok, a refusal of R17, or nothing certain (info): the service's codes for each"};
    for (const auto& [word, verdict] : verdict_words())
      mapping.key(word, several([&rules, verdict = verdict] {
                    return Inlet{[&rules, verdict](Reading& reading, const Node& node) {
                                   const auto text = reading.scalar(node, "an error code of the service's");
                                   if (!text) return;
                                   for (const auto& [code, other] : rules.codes)
                                     if (code == *text)
                                       return reading.error(node, fmt::format("the code \"{}\" has a meaning already", *text));
                                   rules.codes.emplace_back(*text, verdict);
                                 },
                                 [] { return schema_ref("text"); }};
                  }),
                  "the codes that mean it");
    return mapping;
  };
  const auto by_status = [&rules] {
    Mapping mapping{"what means ok, a refusal of R17, or nothing certain (info): the statuses of each"};
    for (const auto& [word, verdict] : verdict_words())
      mapping.key(
          word,
          {[&rules, verdict = verdict](Reading& reading, const Node& node) {
             several([&] {
               return Inlet{[&](Reading& r, const Node& n) {
                              status([&](std::uint16_t value) {
                                for (const auto& [known, other] : rules.statuses)
                                  if (known == value)
                                    return r.error(n, fmt::format("the status {} has a meaning already", value));
                                rules.statuses.emplace_back(value, verdict);
                              }).read(r, n);
                            },
                            {}};
             }).read(reading, node);
           },
           [] {
             return schema_any({fmt::format(R"({{"type":"array","items":{}}})", schema_ref("count")), schema_ref("count")});
           }},
          "the statuses that mean it");
    return mapping;
  };
  Mapping mapping{"what answers mean, and where they tell what"};
  mapping.key("code", field(rules.code, text_field()), "the error code")
      .key("codes", dueprocess::mapping(codes), "what error codes mean")
      .key("statuses", dueprocess::mapping(by_status), "what statuses mean, where the code says nothing",
           "2xx: ok, all else: info")
      .key("id", field(rules.id, text_field()), "place_order: the service's id of the order")
      .key("state", field(rules.state, state_field()), "the order's state")
      .key("version", field(rules.version, text_field()), "a number that grows by one with each effect on the order")
      .key("deadline", field(rules.deadline, instant_field()), "when it completes by itself")
      .key("completed_at", field(rules.completed_at, instant_field()), "when it was completed")
      .key("completed_by", field(rules.completed_by, completed_by_field()), "by whom")
      .key("late", field(rules.late, text_field()), "whether the due date passed without a delivery: true or false")
      .key("stamp", field(rules.stamp, instant_field()), "the service's time when it answered")
      .key("listed", field(rules.listed, listed), "list_orders: how many there are")
      .key("attachment", field(rules.attachment, text_field()), "upload: the service's id of the file")
      .key("refusals_tell",
           {[&answers](Reading& reading, const Node& node) {
              answers.refusals_tell_given = true;
              flag(answers.rules.refusals_tell).read(reading, node);
            },
            [] { return schema_ref("flag"); }},
           "whether a refusal shows a party the order as it is", "true");
  return mapping;
}

}  // namespace dueprocess
