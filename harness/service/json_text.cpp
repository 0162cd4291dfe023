#include "harness/service/json_text.hpp"

#include <algorithm>

namespace dueprocess::service {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr Instant last_shown = Instant{sys_days{year{10000} / 1 / 1}} - Duration{1};
constexpr Instant first_shown{sys_days{year{0} / 1 / 1}};

void put(char*& at, unsigned value, int digits) {
  for (int i = digits; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
  at += digits;
}

/// `digits` decimal digits at `at`; -1: they are not there.
int taken(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

}  // namespace

void append_plain_instant(std::string& to, Instant t) {
  t = std::clamp(t, first_shown, last_shown);
  const sys_days date = std::chrono::floor<days>(t);
  const year_month_day day{date};
  const auto us = static_cast<std::uint64_t>(us_of(t - Instant{date}));
  char text[27];
  char* at = text;
  put(at, static_cast<unsigned>(static_cast<int>(day.year())), 4);
  *at++ = '-';
  put(at, static_cast<unsigned>(day.month()), 2);
  *at++ = '-';
  put(at, static_cast<unsigned>(day.day()), 2);
  *at++ = 'T';
  const auto seconds = static_cast<unsigned>(us / 1'000'000);
  put(at, seconds / 3600, 2);
  *at++ = ':';
  put(at, seconds / 60 % 60, 2);
  *at++ = ':';
  put(at, seconds % 60, 2);
  *at++ = '.';
  put(at, static_cast<unsigned>(us % 1'000'000), 6);
  *at++ = 'Z';
  to.append(text, at);
}

void append_instant(std::string& to, Instant t) {
  if (t == never) {
    to += "null";
    return;
  }
  to += '"';
  append_plain_instant(to, t);
  to += '"';
}

bool read_instant(std::string_view text, Instant& instant) {
  const int y = taken(text, 0, 4), mo = taken(text, 5, 2), d = taken(text, 8, 2);
  const int h = taken(text, 11, 2), mi = taken(text, 14, 2), s = taken(text, 17, 2);
  if (y < 1900 || y > 2200 || mo < 1 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59) return false;
  if (!has(text, 4, '-') || !has(text, 7, '-') || !(has(text, 10, 'T') || has(text, 10, 't')) || !has(text, 13, ':') ||
      !has(text, 16, ':'))
    return false;
  const year_month_day date{year{y}, std::chrono::month{static_cast<unsigned>(mo)}, std::chrono::day{static_cast<unsigned>(d)}};
  if (!date.ok()) return false;
  std::size_t at = 19;
  std::int64_t us = 0;
  if (has(text, at, '.')) {
    std::int64_t unit = 100'000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      if (unit == 0) return false;
      us += (text[at] - '0') * unit;
    }
    if (unit == 100'000) return false;
  }
  int offset_minutes = 0;
  if (has(text, at, 'Z') || has(text, at, 'z')) {
    ++at;
  } else if (has(text, at, '+') || has(text, at, '-')) {
    const int hours = taken(text, at + 1, 2), minutes = taken(text, at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !has(text, at + 3, ':')) return false;
    offset_minutes = (hours * 60 + minutes) * (text[at] == '-' ? -1 : 1);
    at += 6;
  } else {
    return false;
  }
  if (at != text.size()) return false;
  instant = Instant{sys_days{date}} + std::chrono::hours{h} + std::chrono::minutes{mi - offset_minutes} +
            std::chrono::seconds{s} + Duration{us};
  return true;
}

void append_quoted(std::string& to, std::string_view text) {
  to += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    to.append(text, plain, i - plain);
    plain = i + 1;
    if (c == '"' || c == '\\') {
      to += '\\';
      to += static_cast<char>(c);
    } else if (c == '\n') {
      to += "\\n";
    } else {
      constexpr std::string_view digits = "0123456789abcdef";
      to += "\\u00";
      to += digits[c >> 4];
      to += digits[c & 15];
    }
  }
  to.append(text, plain);
  to += '"';
}

bool is_plain_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7F) return false;
    std::size_t more = c < 0x80 ? 0 : c >> 5 == 6 ? 1 : c >> 4 == 14 ? 2 : c >> 3 == 30 ? 3 : 9;
    if (more == 9 || i + more >= text.size() + (more == 0)) return false;
    std::uint32_t point = more == 0 ? c : c & (0x3Fu >> more);
    for (++i; more > 0; --more, ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 0x3F);
    }
    const bool overlong = (point < 0x80 && c >= 0x80) || (point < 0x800 && c >= 0xE0) || (point < 0x10000 && c >= 0xF0);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
  }
  return true;
}

}  // namespace dueprocess::service
