#include "reports/json_writer.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <utility>

#include "reports/format.hpp"

namespace dueprocess {
namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none (overlong forms, surrogates and
/// values past U+10FFFF are not well-formed).
std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) > 0x9F) return 0;
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    const std::string_view unit = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(unit.size());
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (unit == "\"" || unit == "\\") {
      out.append("\\").append(unit);
    } else if (unit == "\n") {
      out += "\\n";
    } else if (unit == "\t") {
      out += "\\t";
    } else if (length == 1 && (static_cast<unsigned char>(unit[0]) < 0x20 || unit[0] == 0x7F)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(unit[0])));
    } else {
      out.append(unit);
    }
  }
  return out += '"';
}

JsonWriter& JsonWriter::open_object() { return open('{', '}'); }
JsonWriter& JsonWriter::open_array() { return open('[', ']'); }

JsonWriter& JsonWriter::open(char opening, char closing) {
  before_value();
  out_ += opening;
  levels_.push_back({closing});
  return *this;
}

JsonWriter& JsonWriter::close() {
  assert(!levels_.empty() && !after_key_);
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty) indent();
  out_ += level.closing;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(!levels_.empty() && levels_.back().closing == '}' && !after_key_);
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  indent();
  out_.append(json_string(name)).append(": ");
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  before_value();
  out_ += json_string(value);
  return *this;
}

JsonWriter& JsonWriter::flag(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::integer(Int128 value) {
  before_value();
  out_ += decimal_digits(value);
  return *this;
}

JsonWriter& JsonWriter::decimal(double value, int decimals) {
  if (!std::isfinite(value)) return null();
  before_value();
  out_ += fmt::format("{:.{}f}", value, decimals);
  return *this;
}

std::string JsonWriter::take() {
  assert(levels_.empty() && !after_key_);
  out_ += '\n';
  return std::exchange(out_, {});
}

void JsonWriter::before_value() {
  if (std::exchange(after_key_, false) || levels_.empty()) return;
  assert(levels_.back().closing == ']');
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  indent();
}

void JsonWriter::indent() {
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

}  // namespace dueprocess
