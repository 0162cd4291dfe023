// Instants as text: RFC 3339, read and written.
#include "scenarios/language/values.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace dueprocess {
namespace {

using namespace std::chrono;

constexpr std::string_view help = "an instant such as 2026-03-02 or 2026-03-02T14:30:00Z";
constexpr std::array<std::string_view, 12> month_names = {"January", "February", "March",     "April",   "May",      "June",
                                                          "July",    "August",   "September", "October", "November", "December"};

/// Takes exactly `width` digits off the front.
std::optional<unsigned> take_digits(std::string_view& text, unsigned width) {
  if (text.size() < width) return {};
  unsigned value = 0;
  for (unsigned i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return {};
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

struct Failure {
  std::string problem;
};

Instant read_date(std::string_view& text, std::string_view given) {
  const auto y = take_digits(text, 4);
  const bool dash1 = y && take(text, '-');
  const auto m = dash1 ? take_digits(text, 2) : std::nullopt;
  const bool dash2 = m && take(text, '-');
  const auto d = dash2 ? take_digits(text, 2) : std::nullopt;
  if (!d) throw Failure{fmt::format("\"{}\" is not {}", given, help)};
  const year_month_day date{year{static_cast<int>(*y)}, month{*m}, day{*d}};
  if (*m < 1 || *m > 12) throw Failure{fmt::format("\"{}\": there is no month {}", given, *m)};
  if (!date.ok()) {
    const auto last = static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
    throw Failure{fmt::format("\"{}\": {} {} has {} days", given, month_names[*m - 1], *y, last)};
  }
  if (*y < 1900 || *y > 2200) throw Failure{fmt::format("\"{}\": years go from 1900 to 2200", given)};
  return Instant{sys_days{date}};
}

Duration read_time(std::string_view& text, std::string_view given) {
  const auto h = take_digits(text, 2);
  const bool colon1 = h && take(text, ':');
  const auto m = colon1 ? take_digits(text, 2) : std::nullopt;
  if (!m) throw Failure{fmt::format("\"{}\" is not {}", given, help)};
  std::optional<unsigned> s = 0;
  if (take(text, ':')) s = take_digits(text, 2);
  if (!s) throw Failure{fmt::format("\"{}\" is not {}", given, help)};
  if (*h > 23 || *m > 59 || *s > 59) throw Failure{fmt::format("\"{}\": there is no such time of day", given)};
  Duration time = hours{*h} + minutes{*m} + seconds{*s};
  if (take(text, '.')) {
    std::int64_t unit = 100'000;
    unsigned places = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), unit /= 10, ++places) {
      if (unit == 0 && text[0] != '0') throw Failure{fmt::format("\"{}\" is finer than a microsecond", given)};
      time += Duration{(text[0] - '0') * unit};
    }
    if (!places) throw Failure{fmt::format("\"{}\": digits are missing after the point", given)};
  }
  return time;
}

/// The zone's offset, or nothing when none is written.
std::optional<Duration> read_zone(std::string_view& text, std::string_view given) {
  if (text.empty()) return {};
  if (take(text, 'Z') || take(text, 'z')) return Duration{0};
  const bool west = text[0] == '-';
  if (!take(text, '+') && !take(text, '-')) throw Failure{fmt::format("\"{}\" is not {}", given, help)};
  const auto h = take_digits(text, 2);
  if (h) take(text, ':');
  const auto m = h ? take_digits(text, 2) : std::nullopt;
  if (!m || *h > 23 || *m > 59) throw Failure{fmt::format("\"{}\": expected Z or an offset such as +01:00", given)};
  const Duration offset = hours{*h} + minutes{*m};
  return west ? -offset : offset;
}

}  // namespace

bool looks_like_instant(std::string_view text) {
  text = trimmed(text);
  return text.size() >= 5 && take_digits(text, 4) && take(text, '-');
}

Parsed<Instant> parse_instant(std::string_view given, bool zone_needed) {
  std::string_view text = trimmed(given);
  try {
    Instant instant = read_date(text, given);
    if (text.empty()) return {instant, {}};
    if (!take(text, 'T') && !take(text, 't') && !(!zone_needed && take(text, ' '))) {
      if (text[0] == ' ') throw Failure{fmt::format("\"{}\": write a T between date and time", given)};
      throw Failure{fmt::format("\"{}\" is not {}", given, help)};
    }
    instant += read_time(text, given);
    const auto offset = read_zone(text, given);
    if (!offset && zone_needed)
      throw Failure{fmt::format("\"{}\" does not say its zone: add Z for UTC, or an offset such as +01:00", given)};
    if (!text.empty()) throw Failure{fmt::format("\"{}\" is not {}", given, help)};
    return {instant - offset.value_or(Duration{0}), {}};
  } catch (const Failure& failure) {
    return {never, failure.problem};
  }
}

std::string instant_text(Instant instant) {
  if (instant == never) return "never";
  const auto days_part = floor<days>(instant);
  const year_month_day date{days_part};
  const hh_mm_ss time{instant - days_part};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto us = time.subseconds().count()) {
    text += fmt::format(".{:06}", us);
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

}  // namespace dueprocess
