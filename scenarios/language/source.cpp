#include "scenarios/language/source.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dueprocess {
namespace {

constexpr std::string_view anchors[] = {"placed", "due", "delivered", "deadline", "start"};

bool is_blank_or_end(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == ' ' || text[at] == '\n' || text[at] == '\r';
}

/// A quoted scalar begins at `at`: the offset after its end.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  for (; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '\'' && at + 1 < text.size() && text[at + 1] == quote)
        ++at;
      else
        return at + 1;
    }
  }
  return at;
}

/// `at` is at an opening brace: the offset after the one that closes it, or npos.
std::size_t skip_braces(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  const std::size_t end = std::min(text.size(), at + 4096);  // a distribution is short
  while (at < end) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = skip_quoted(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return text.npos;
}

/// `anchor + {` at `at`: the offset of the brace, or npos.
std::size_t moment_brace(std::string_view text, std::size_t at) {
  for (const std::string_view anchor : anchors) {
    if (text.substr(at, anchor.size()) != anchor) continue;
    if (text.substr(at + anchor.size(), 4) == " + {") return at + anchor.size() + 3;
  }
  return text.npos;
}

/// Whether a block scalar (`key: |`) begins on the line that ends at `end`.
bool opens_block(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  while (!line.empty() && (line.back() == '-' || line.back() == '+' || (line.back() >= '1' && line.back() <= '9')))
    line.remove_suffix(1);
  return line.size() >= 2 && (line.back() == '|' || line.back() == '>') && line[line.size() - 2] == ' ';
}

std::size_t indent_of(std::string_view text, std::size_t at) {
  std::size_t indent = 0;
  while (at + indent < text.size() && text[at + indent] == ' ') ++indent;
  return indent;
}

}  // namespace

std::size_t character_size(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0, surrogate = first == 0xED && byte(1) > 0x9F;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90, beyond = first == 0xF4 && byte(1) > 0x8F;
    return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

Source::Source(std::string_view text) : given_(text) {
  if (given_.starts_with("\xEF\xBB\xBF")) given_.remove_prefix(3);
  lines_.push_back(0);
  for (std::size_t i = 0; i < given_.size(); ++i)
    if (given_[i] == '\n') lines_.push_back(i + 1);
  rewrite_moments();
}

void Source::rewrite_moments() {
  rewritten_.reserve(given_.size() + 64);
  std::vector<std::size_t> closing;  // offsets in given_ where a brace is to be added
  bool line_begins = true, value_begins = true;
  std::size_t line = 0, next_closing = 0;
  for (std::size_t at = 0; at < given_.size();) {
    while (next_closing < closing.size() && closing[next_closing] <= at) {
      inserted_.push_back(rewritten_.size());
      rewritten_ += '}';
      ++next_closing;
    }
    const char c = given_[at];
    if (line_begins) line = at;
    line_begins = c == '\n';
    if (c == '\n' && opens_block(given_.substr(line, at - line))) {  // words of a text: left alone
      const std::size_t outer = indent_of(given_, line);
      std::size_t end = at + 1;
      while (end < given_.size()) {
        const std::size_t indent = indent_of(given_, end);
        if (indent <= outer && !is_blank_or_end(given_, end + indent)) break;
        end = std::min(given_.find('\n', end), given_.size() - 1) + 1;
      }
      rewritten_ += given_.substr(at, end - at);
      at = end;
      value_begins = line_begins = true;
      continue;
    }
    if (c == '#' && (at == 0 || given_[at - 1] == ' ' || given_[at - 1] == '\n')) {  // a comment: up to the end of the line
      const std::size_t end = std::min(given_.find('\n', at), given_.size());
      rewritten_ += given_.substr(at, end - at);
      at = end;
      continue;
    }
    if (value_begins && (c == '"' || c == '\'')) {
      const std::size_t end = skip_quoted(given_, at);
      rewritten_ += given_.substr(at, end - at);
      at = end;
      value_begins = false;
      continue;
    }
    if (value_begins) {
      const std::size_t brace = moment_brace(given_, at);
      const std::size_t end = brace == given_.npos ? brace : skip_braces(given_, brace);
      if (end != given_.npos) {  // "deadline + " becomes "{deadline: ", as long as it was
        const std::size_t anchor = brace - at - 3;
        rewritten_ += '{';
        rewritten_ += given_.substr(at, anchor);
        rewritten_ += ": ";
        closing.push_back(end);
        at = brace;
        continue;
      }
    }
    const bool divides = c == ' ' && at > 0 && (given_[at - 1] == ':' || given_[at - 1] == ',' || given_[at - 1] == '-');
    value_begins = divides || c == '\n' || c == '[' || c == '{' || c == ',' || (value_begins && c == ' ');
    rewritten_ += c;
    ++at;
  }
  for (; next_closing < closing.size(); ++next_closing) {
    inserted_.push_back(rewritten_.size());
    rewritten_ += '}';
  }
}

Place Source::place(std::size_t offset) const {
  const auto before = static_cast<std::size_t>(std::ranges::lower_bound(inserted_, offset) - inserted_.begin());
  return original_place(std::min(offset - std::min(before, offset), given_.size()));
}

Place Source::original_place(std::size_t offset) const {
  const auto line = static_cast<std::size_t>(std::ranges::upper_bound(lines_, offset) - lines_.begin());
  std::uint32_t column = 1;
  for (std::size_t i = lines_[line - 1]; i < offset; ++i)
    if ((static_cast<unsigned char>(given_[i]) & 0xC0u) != 0x80u) ++column;
  return {static_cast<std::uint32_t>(line), column, 0};
}

std::vector<TreeProblem> Source::problems(std::size_t at_most) const {
  std::vector<TreeProblem> found;
  bool indentation = true;
  for (std::size_t at = 0; at < given_.size() && found.size() < at_most;) {
    const std::size_t size = character_size(given_, at);
    const auto byte = static_cast<unsigned char>(given_[at]);
    if (size == 0) {
      found.push_back({original_place(at), fmt::format("byte 0x{:02X} is not UTF-8: save the file as UTF-8", byte)});
    } else if (byte == 0) {
      found.push_back({original_place(at), "a NUL byte: this is not a text file"});
    } else if (byte == '\t' && indentation) {
      found.push_back({original_place(at), "a tab as indentation: YAML needs spaces"});
      at = std::min(given_.find_first_not_of("\t ", at), given_.size());
      continue;
    } else if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F) {
      found.push_back({original_place(at), fmt::format("control character 0x{:02X}", byte)});
    }
    indentation = byte == '\n' || (indentation && byte == ' ');
    at += std::max<std::size_t>(size, 1);
  }
  return found;
}

}  // namespace dueprocess
