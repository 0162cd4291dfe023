#include "harness/target/binding/spell.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace dueprocess::binding {
namespace {

constexpr std::int64_t second_us = 1'000'000;

void append_padded(std::string& out, std::int64_t value, int width) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  for (auto length = end - digits.data(); length < width; ++length) out += '0';
  out.append(digits.data(), end);
}

/// value / unit with `places` decimals at most, zeros at the end left out. REQUIRES: unit == 10^places.
void append_scaled(std::string& out, std::int64_t value, std::int64_t unit, int places) {
  if (value < 0) out += '-';
  const std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const auto whole = static_cast<std::int64_t>(magnitude / static_cast<std::uint64_t>(unit));
  const auto rest = static_cast<std::int64_t>(magnitude % static_cast<std::uint64_t>(unit));
  append_number(out, whole);
  if (rest == 0) return;
  out += '.';
  append_padded(out, rest, places);
  while (out.back() == '0') out.pop_back();
}

/// value / unit, the fraction rounded to twelve decimals.
void append_divided(std::string& out, std::int64_t value, std::int64_t unit) {
  constexpr std::int64_t million = 1'000'000;
  if (value < 0) out += '-';
  const std::int64_t magnitude = value < 0 ? -value : value;
  std::int64_t whole = magnitude / unit, rest = magnitude % unit;
  // Twelve decimals in two steps of six: rest < unit <= 86.4e9, so that no product overflows.
  const std::int64_t high = rest * million / unit, left = rest * million % unit;
  std::int64_t fraction = high * million + (left * million + unit / 2) / unit;
  if (fraction == million * million) {
    ++whole;
    fraction = 0;
  }
  append_number(out, whole);
  if (fraction == 0) return;
  out += '.';
  append_padded(out, fraction, 12);
  while (out.back() == '0') out.pop_back();
}

void append_rfc3339(std::string& out, Instant at) {
  using namespace std::chrono;
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const std::int64_t us = (at - day).count();
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_padded(out, us / (3600 * second_us), 2);
  out += ':';
  append_padded(out, us / (60 * second_us) % 60, 2);
  out += ':';
  append_padded(out, us / second_us % 60, 2);
  out += '.';
  append_padded(out, us % second_us, 6);
  out += 'Z';
}

void append_iso8601(std::string& out, std::int64_t us) {
  if (us < 0) out += '-';
  us = us < 0 ? -us : us;
  out += "PT";
  const std::int64_t hours = us / (3600 * second_us), minutes = us / (60 * second_us) % 60, rest = us % (60 * second_us);
  if (hours != 0) append_number(out, hours), out += 'H';
  if (minutes != 0) append_number(out, minutes), out += 'M';
  if (rest != 0 || us == 0) append_scaled(out, rest, second_us, 6), out += 'S';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes exactly `width` digits.
bool take_digits(std::string_view& text, std::size_t width, int& out) {
  if (text.size() < width) return false;
  out = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (!is_digit(text[i])) return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_offset(std::string_view& text, std::int64_t& seconds) {
  if (take(text, 'Z') || take(text, 'z')) return true;
  const bool west = !text.empty() && text[0] == '-';
  if (!west && (text.empty() || text[0] != '+')) return false;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_digits(text, 2, hours)) return false;
  take(text, ':');
  if (!take_digits(text, 2, minutes) || hours > 23 || minutes > 59) return false;
  seconds = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

bool read_rfc3339(std::string_view text, Instant& out) {
  using namespace std::chrono;
  int y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0;
  const bool date =
      take_digits(text, 4, y) && take(text, '-') && take_digits(text, 2, m) && take(text, '-') && take_digits(text, 2, d);
  if (!date || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return false;
  const bool time = take_digits(text, 2, hour) && take(text, ':') && take_digits(text, 2, minute) && take(text, ':') &&
                    take_digits(text, 2, second);
  const year_month_day day{year{y}, month{static_cast<unsigned>(m)}, std::chrono::day{static_cast<unsigned>(d)}};
  if (!time || !day.ok() || hour > 23 || minute > 59 || second > 60) return false;
  std::int64_t us = 0;
  if (take(text, '.') || take(text, ',')) {
    std::int64_t unit = second_us / 10;
    if (text.empty() || !is_digit(text[0])) return false;
    for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1), unit /= 10) us += (text[0] - '0') * unit;
  }
  std::int64_t offset = 0;
  if (!take_offset(text, offset) || !text.empty()) return false;
  out = Instant{sys_days{day}} + seconds{hour * 3600 + minute * 60 + second - offset} + Duration{us};
  return true;
}

/// A decimal number times 10^places, cut off after that. False: none, or out of range.
bool read_scaled(std::string_view text, int places, std::int64_t& out) {
  constexpr std::int64_t most = INT64_MAX / 10 - 1;
  const std::string_view whole_text = text;
  const bool minus = take(text, '-');
  std::int64_t value = 0;
  int decimals = -1;  // after the point; -1: before it
  bool any = false;
  for (; !text.empty() && (is_digit(text[0]) || (text[0] == '.' && decimals < 0)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      decimals = 0;
      continue;
    }
    any = true;
    if (decimals >= places) continue;
    if (value > most) return false;
    value = value * 10 + (text[0] - '0');
    if (decimals >= 0) ++decimals;
  }
  if (!any) return false;
  if (!text.empty()) {  // an exponent: rare, and of services that think in floating point
    if (text[0] != 'e' && text[0] != 'E') return false;
    double number = 0;
    const auto [end, error] = std::from_chars(whole_text.data(), whole_text.data() + whole_text.size(), number);
    if (error != std::errc{} || end != whole_text.data() + whole_text.size()) return false;
    number *= std::pow(10.0, places);
    if (!(std::abs(number) < 9e18)) return false;
    out = std::llround(number);
    return true;
  }
  for (int i = std::max(decimals, 0); i < places; ++i) {
    if (value > most) return false;
    value *= 10;
  }
  out = minus ? -value : value;
  return true;
}

}  // namespace

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 20> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_instant(std::string& out, Instant at, Spelling spelling) {
  switch (spelling) {
    case Spelling::epoch_s:
      return append_scaled(out, us_of(at), second_us, 6);
    case Spelling::epoch_ms:
      return append_scaled(out, us_of(at), 1000, 3);
    case Spelling::epoch_us:
      return append_number(out, us_of(at));
    default:
      return append_rfc3339(out, at);
  }
}

void append_duration(std::string& out, Duration length, Spelling spelling) {
  const std::int64_t us = us_of(length);
  switch (spelling) {
    case Spelling::microseconds:
      return append_number(out, us);
    case Spelling::milliseconds:
      return append_scaled(out, us, 1000, 3);
    case Spelling::minutes:
      return append_divided(out, us, 60 * second_us);
    case Spelling::hours:
      return append_divided(out, us, 3600 * second_us);
    case Spelling::days:
      return append_divided(out, us, 86'400 * second_us);
    case Spelling::iso8601:
      return append_iso8601(out, us);
    default:
      return append_scaled(out, us, second_us, 6);
  }
}

void append_money(std::string& out, std::int64_t cents, Spelling spelling) {
  if (spelling != Spelling::decimal) return append_number(out, cents);
  if (cents < 0) out += '-';
  const std::uint64_t magnitude = cents < 0 ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  append_number(out, static_cast<std::int64_t>(magnitude / 100));
  out += '.';
  append_padded(out, static_cast<std::int64_t>(magnitude % 100), 2);
}

void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
}

void append_url_text(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
}

void append_base64(std::string& out, std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t given = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < given ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= given ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
}

bool read_instant(std::string_view text, Spelling spelling, Instant& out) {
  const int places = spelling == Spelling::epoch_s ? 6 : spelling == Spelling::epoch_ms ? 3 : 0;
  if (spelling == Spelling::rfc3339 || spelling == Spelling::plain) return read_rfc3339(text, out);
  std::int64_t us = 0;
  if (!read_scaled(text, places, us)) return false;
  out = instant_at(us);
  return true;
}

bool read_money(std::string_view text, Spelling spelling, std::int64_t& cents) {
  return read_scaled(text, spelling == Spelling::decimal ? 2 : 0, cents);
}

bool read_count(std::string_view text, std::uint32_t& out) {
  std::int64_t value = 0;
  if (!read_scaled(text, 0, value) || value < 0 || value > UINT32_MAX) return false;
  out = static_cast<std::uint32_t>(value);
  return true;
}

}  // namespace dueprocess::binding
