#include "reports/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

namespace dueprocess {
namespace {

using UInt64 = std::uint64_t;

std::string with_commas(std::string digits) {
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

UInt64 magnitude(std::int64_t value) { return value < 0 ? UInt64{0} - static_cast<UInt64>(value) : static_cast<UInt64>(value); }

/// `value` thousandths (or millionths) of a unit without trailing zeros: (1500, 1000, 3) is "1.5".
std::string fraction_text(UInt64 value, UInt64 scale, int decimals) {
  std::string text = fmt::format("{}", value / scale);
  if (value % scale == 0) return text;
  text += fmt::format(".{:0{}}", value % scale, decimals);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

struct TimeUnit {
  UInt64 us;
  std::string_view name;
};
constexpr UInt64 second_us = 1'000'000;
constexpr std::array<TimeUnit, 3> large_units{{{86'400 * second_us, "d"}, {3'600 * second_us, "h"}, {60 * second_us, "m"}}};

/// Under a minute one unit says it all.
std::string small_duration(UInt64 us) {
  if (us >= second_us) return fraction_text(us, second_us, 6) + "s";
  if (us >= 1'000) return fraction_text(us, 1'000, 3) + "ms";
  return us == 0 ? "0s" : fmt::format("{}us", us);
}

}  // namespace

std::string thousands(std::uint64_t value) { return with_commas(fmt::format("{}", value)); }

std::string thousands(std::int64_t value) { return (value < 0 ? "-" : "") + thousands(magnitude(value)); }

std::string counted(std::uint64_t value, std::string_view what) {
  return fmt::format("{} {}{}", thousands(value), what, value == 1 ? "" : "s");
}

std::string decimal_digits(Int128 value) { return fmt::format("{}", value); }

std::string human_money(Int128 cents) {
  const bool negative = cents < 0;
  if (negative) cents = -cents;
  return fmt::format("{}{}.{:02}", negative ? "-" : "", with_commas(decimal_digits(cents / 100)), static_cast<int>(cents % 100));
}

std::string human_bytes(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 7> units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  UInt64 scale = 1;
  while (unit + 1 < units.size() && bytes / scale >= 1'000) scale *= 1'000, ++unit;
  if (unit == 0) return fmt::format("{} B", bytes);
  return fmt::format("{}.{} {}", bytes / scale, bytes % scale / (scale / 10), units[unit]);
}

std::string human_rate(double per_second) {
  if (!(per_second > 0)) return "0/s";
  if (per_second >= 1e18) return fmt::format("{:.3g}/s", per_second);
  if (per_second >= 100) return thousands(static_cast<UInt64>(per_second + 0.5)) + "/s";
  return fmt::format("{:.2f}/s", per_second);
}

std::string exact_duration(Duration duration) {
  UInt64 left = magnitude(duration.count());
  std::string text = duration.count() < 0 ? "-" : "";
  bool any = false;
  for (const TimeUnit& unit : large_units) {
    if (left < unit.us) continue;
    text += fmt::format("{}{}{}", any ? " " : "", left / unit.us, unit.name);
    left %= unit.us;
    any = true;
  }
  if (any && left == 0) return text;
  return text + (any ? " " : "") + small_duration(left);
}

std::string human_duration(Duration duration) {
  UInt64 left = magnitude(duration.count());
  const std::string sign = duration.count() < 0 ? "-" : "";
  for (std::size_t i = 0; i < large_units.size(); ++i) {
    const TimeUnit& unit = large_units[i];
    if (left < unit.us) continue;
    const UInt64 rest = left % unit.us;
    const TimeUnit next = i + 1 < large_units.size() ? large_units[i + 1] : TimeUnit{second_us, "s"};
    std::string text = fmt::format("{}{}{}", sign, left / unit.us, unit.name);
    if (rest >= next.us) text += fmt::format(" {}{}", rest / next.us, next.name);
    return text;
  }
  if (left >= second_us) left -= left % (second_us / 1'000);  // milliseconds are enough beside seconds
  return sign + small_duration(left);
}

std::string percent_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const Int128 ppm = static_cast<Int128>(part) * 1'000'000 / static_cast<Int128>(whole);
  return fraction_text(static_cast<UInt64>(ppm), 10'000, 4) + "%";
}

std::string rfc3339(Instant instant, bool micros) {
  if (instant == never) return "never";
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<Duration> time{instant - day};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
  if (micros || time.subseconds().count() != 0) text += fmt::format(".{:06}", time.subseconds().count());
  return text + "Z";
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t taken = columns_of(text);
  return std::string{text} + std::string(taken < width ? width - taken : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t width) {
  const std::size_t taken = columns_of(text);
  return std::string(taken < width ? width - taken : 0, ' ') + std::string{text};
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out;
  std::size_t taken = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t needed = columns_of(word);
    if (out.empty()) {
      out.append(indent);
    } else if (taken + 1 + needed > width) {
      out.append("\n").append(indent);
      taken = 0;
    } else {
      out += ' ';
      ++taken;
    }
    out.append(word);
    taken += needed;
  }
  return out;
}

std::string bar_of(std::uint64_t part, std::uint64_t whole, std::size_t width) {
  static constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (part == 0 || whole == 0) return "";
  const Int128 scaled = static_cast<Int128>(std::min(part, whole)) * static_cast<Int128>(width * 8) / static_cast<Int128>(whole);
  const auto length = std::max(static_cast<std::size_t>(scaled), std::size_t{1});
  std::string bar;
  for (std::size_t i = 0; i < length / 8; ++i) bar += "█";
  return bar.append(eighths[length % 8]);
}

}  // namespace dueprocess
