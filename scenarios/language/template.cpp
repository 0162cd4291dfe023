#include "scenarios/language/template.hpp"

#include "scenarios/language/names.hpp"
#include "scenarios/language/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace dueprocess {
namespace {

struct SlotInfo {
  std::string_view name;
  SlotType type;
};
constexpr SlotInfo slot_infos[] = {
    {"", SlotType::text},
    {"order", SlotType::text},
    {"user", SlotType::text},
    {"user_id", SlotType::text},
    {"seller", SlotType::text},
    {"seller_id", SlotType::text},
    {"due_at", SlotType::instant},
    {"price", SlotType::money},
    {"description", SlotType::text},
    {"message", SlotType::text},
    {"file_name", SlotType::text},
    {"bytes", SlotType::count},
    {"content", SlotType::text},
    {"confirm_no_file", SlotType::flag},
    {"use_draft", SlotType::flag},
    {"modified", SlotType::flag},
    {"attachments", SlotType::list},
    {"attachment", SlotType::text},
    {"links", SlotType::list},
    {"link", SlotType::text},
    {"extend_by", SlotType::duration},
    {"number", SlotType::count},
    {"run", SlotType::text},
    {"key", SlotType::text},
    {"password", SlotType::text},
    {"token", SlotType::text},
    {"basic", SlotType::text},
    {"at", SlotType::instant},
    {"to", SlotType::instant},
    {"cursor", SlotType::text},
    {"wait", SlotType::duration},
    {"limit", SlotType::count},
    {"url", SlotType::text},
};
static_assert(std::size(slot_infos) == slot_count);

struct SpellingInfo {
  std::string_view name;
  Spelling spelling;
  SlotType type;
};
constexpr SpellingInfo spelling_infos[] = {
    {"rfc3339", Spelling::rfc3339, SlotType::instant},
    {"epoch_s", Spelling::epoch_s, SlotType::instant},
    {"epoch_ms", Spelling::epoch_ms, SlotType::instant},
    {"epoch_us", Spelling::epoch_us, SlotType::instant},
    {"seconds", Spelling::seconds, SlotType::duration},
    {"milliseconds", Spelling::milliseconds, SlotType::duration},
    {"microseconds", Spelling::microseconds, SlotType::duration},
    {"minutes", Spelling::minutes, SlotType::duration},
    {"hours", Spelling::hours, SlotType::duration},
    {"days", Spelling::days, SlotType::duration},
    {"iso8601", Spelling::iso8601, SlotType::duration},
    {"minor", Spelling::minor, SlotType::money},
    {"decimal", Spelling::decimal, SlotType::money},
};

/// What stands behind a bar: one format, and json, url, text, optional.
std::string take_format(std::string_view word, Piece& piece) {
  const SlotType type = type_of(piece.slot);
  if (word == "json" || word == "url") {
    piece.escape = word == "json" ? Escape::json : Escape::url;
    return {};
  }
  if (word == "text") {
    piece.as_text = true;
    return {};
  }
  if (word == "optional") {
    piece.optional = true;
    return {};
  }
  if (find_spelling(type, word, piece.spelling)) return {};
  std::vector<std::string> fitting = spellings_of(type);
  fitting.insert(fitting.end(), {"json", "url", "text", "optional"});
  const std::string near = nearest_name(word, fitting);
  if (!near.empty()) return fmt::format("there is no format \"{}\"; did you mean \"{}\"?", word, near);
  return fmt::format("\"{}\" is not a format of {{{}}}; there are {}", word, name_of(piece.slot), fmt::join(fitting, ", "));
}

std::string take_placeholder(std::string_view inside, Slots known, Piece& piece) {
  const std::string_view name = trimmed(inside.substr(0, inside.find('|')));
  const auto found = std::ranges::find(slot_infos, name, &SlotInfo::name);
  piece.slot = found == std::end(slot_infos) || name.empty() ? Slot::literal : static_cast<Slot>(found - slot_infos);
  if (piece.slot == Slot::literal || !has(known, piece.slot)) {
    const auto names = names_of(known);
    if (names.empty()) return fmt::format("{{{}}}: nothing is filled in here; a plain {{ is written {{{{", name);
    const std::string near = nearest_name(name, names);
    if (!near.empty()) return fmt::format("{{{}}} is not known here; did you mean {{{}}}?", name, near);
    return fmt::format("{{{}}} is not known here; there are {}", name, fmt::join(names, ", "));
  }
  piece.spelling = default_spelling(type_of(piece.slot));
  for (std::size_t bar = inside.find('|'); bar != inside.npos;) {
    const std::size_t next = inside.find('|', bar + 1);
    const std::string_view word = trimmed(inside.substr(bar + 1, next == inside.npos ? next : next - bar - 1));
    if (std::string problem = take_format(word, piece); !problem.empty()) return problem;
    bar = next;
  }
  return {};
}

}  // namespace

std::string_view name_of(Spelling spelling) {
  for (const SpellingInfo& info : spelling_infos)
    if (info.spelling == spelling) return info.name;
  return "plain";
}

SlotType type_of(Slot slot) { return slot_infos[static_cast<std::size_t>(slot)].type; }
std::string_view name_of(Slot slot) { return slot_infos[static_cast<std::size_t>(slot)].name; }

std::vector<std::string> names_of(Slots set) {
  std::vector<std::string> names;
  for (unsigned i = 1; i < slot_count; ++i)
    if (has(set, static_cast<Slot>(i))) names.emplace_back(slot_infos[i].name);
  return names;
}

std::vector<std::string> spellings_of(SlotType type) {
  std::vector<std::string> names;
  for (const SpellingInfo& info : spelling_infos)
    if (info.type == type) names.emplace_back(info.name);
  return names;
}

bool find_spelling(SlotType type, std::string_view name, Spelling& out) {
  const auto found =
      std::ranges::find_if(spelling_infos, [&](const SpellingInfo& info) { return info.type == type && info.name == name; });
  if (found == std::end(spelling_infos)) return false;
  out = found->spelling;
  return true;
}

Spelling default_spelling(SlotType type) {
  switch (type) {
    case SlotType::instant:
      return Spelling::rfc3339;
    case SlotType::duration:
      return Spelling::seconds;
    case SlotType::money:
      return Spelling::minor;
    default:
      return Spelling::plain;
  }
}

ParsedTemplate parse_template(std::string_view text, Slots known) {
  ParsedTemplate result;
  std::string literal;
  const auto end_literal = [&] {
    if (literal.empty()) return;
    Piece piece;
    piece.literal = std::move(literal);
    literal.clear();
    result.pieces.push_back(std::move(piece));
  };
  const auto stop = [&](std::size_t at, std::string problem) {
    result.at = at;
    result.problem = std::move(problem);
    return result;
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {
      literal += c;
      at += 2;
    } else if (c == '}') {
      return stop(at, "} without its {; a plain } is written }}");
    } else if (c == '{') {
      const std::size_t end = text.find('}', at);
      if (end == text.npos) return stop(at, "{ without its }; a plain { is written {{");
      end_literal();
      Piece piece;
      if (std::string problem = take_placeholder(text.substr(at + 1, end - at - 1), known, piece); !problem.empty())
        return stop(at, std::move(problem));
      result.pieces.push_back(std::move(piece));
      at = end + 1;
    } else {
      literal += c;
      ++at;
    }
  }
  end_literal();
  return result;
}

}  // namespace dueprocess
