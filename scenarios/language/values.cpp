#include "scenarios/language/values.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace dueprocess {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::int64_t second_us = 1'000'000, minute_us = 60 * second_us, hour_us = 60 * minute_us, day_us = 24 * hour_us;
constexpr Unit time_units[] = {{"us", 1},      {"ms", 1000},  {"s", second_us}, {"m", minute_us},
                               {"h", hour_us}, {"d", day_us}, {"w", 7 * day_us}};
// What people write instead, and the unit it would be.
constexpr std::pair<std::string_view, std::string_view> time_words[] = {{"microsecond", "us"},
                                                                        {"microseconds", "us"},
                                                                        {"µs", "us"},
                                                                        {"usec", "us"},
                                                                        {"millisecond", "ms"},
                                                                        {"milliseconds", "ms"},
                                                                        {"msec", "ms"},
                                                                        {"second", "s"},
                                                                        {"seconds", "s"},
                                                                        {"sec", "s"},
                                                                        {"secs", "s"},
                                                                        {"S", "s"},
                                                                        {"minute", "m"},
                                                                        {"minutes", "m"},
                                                                        {"min", "m"},
                                                                        {"mins", "m"},
                                                                        {"M", "m"},
                                                                        {"hour", "h"},
                                                                        {"hours", "h"},
                                                                        {"hr", "h"},
                                                                        {"hrs", "h"},
                                                                        {"H", "h"},
                                                                        {"day", "d"},
                                                                        {"days", "d"},
                                                                        {"D", "d"},
                                                                        {"week", "w"},
                                                                        {"weeks", "w"},
                                                                        {"W", "w"}};
constexpr Unit size_units[] = {{"", 1},
                               {"B", 1},
                               {"kB", 1'000},
                               {"MB", 1'000'000},
                               {"GB", 1'000'000'000},
                               {"TB", 1'000'000'000'000},
                               {"KiB", 1LL << 10},
                               {"MiB", 1LL << 20},
                               {"GiB", 1LL << 30},
                               {"TiB", 1LL << 40}};
constexpr std::int64_t size_max = 1'000'000'000'000'000;  // a petabyte
constexpr std::int64_t money_max = 100'000'000'000'000;   // cents

__extension__ typedef __int128 Wide;  // 18 digits times a unit

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A decimal as written: digits / 10^places. At most 18 digits, so that it fits.
struct Decimal {
  std::int64_t digits = 0;
  unsigned places = 0;
};

/// Takes a decimal off the front of `text`. `_` may group digits before the point.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal decimal;
  unsigned count = 0, whole = 0;
  std::size_t at = 0;
  bool point = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_digit(c)) {
      if (++count > 18) return {};
      decimal.digits = decimal.digits * 10 + (c - '0');
      point ? ++decimal.places : ++whole;
    } else if (c == '.' && !point && at + 1 < text.size() && is_digit(text[at + 1])) {
      point = true;
    } else if (!(c == '_' && !point && whole && at + 1 < text.size() && is_digit(text[at + 1]))) {
      break;
    }
  }
  if (!whole) return {};
  text.remove_prefix(at);
  return decimal;
}

/// decimal * factor, when that is a whole number within the limit.
std::optional<std::int64_t> times(const Decimal& decimal, std::int64_t factor, std::int64_t limit, bool& fits) {
  Wide product = static_cast<Wide>(decimal.digits) * factor;
  for (unsigned i = 0; i < decimal.places; ++i) {
    if (product % 10 != 0) return {};
    product /= 10;
  }
  fits = product <= limit;
  return fits ? std::optional{static_cast<std::int64_t>(product)} : std::nullopt;
}

std::optional<std::int64_t> whole_decimal(std::string_view text, std::int64_t factor, std::int64_t limit) {
  bool fits = true;
  const auto decimal = take_decimal(text);
  return decimal && text.empty() ? times(*decimal, factor, limit, fits) : std::nullopt;
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

std::string_view take_word(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length]) && text[length] != ' ' && text[length] != '.' && text[length] != '_')
    ++length;
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

constexpr std::string_view duration_help = "a duration such as 3d, 90m, 1h30m or 1us";

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Parsed<Duration> parse_duration(std::string_view given) {
  std::string_view text = trimmed(given);
  const bool negative = take_sign(text);
  if (text == "0") return {};
  if (text.empty()) return {{}, fmt::format("expected {}", duration_help)};
  std::int64_t total = 0, last_factor = std::numeric_limits<std::int64_t>::max();
  while (!text.empty()) {
    const std::string_view here = text;
    const auto decimal = take_decimal(text);
    if (!decimal) return {{}, fmt::format("expected {}, not \"{}\"", duration_help, given)};
    const std::string_view number = here.substr(0, here.size() - text.size());
    const std::string_view after_number = text;
    const std::string_view spaced = trimmed(text);
    std::string_view rest = spaced;
    const std::string_view word = take_word(rest);
    if (word.empty()) return {{}, fmt::format("\"{}\" has no unit: write {}s, {}h or {}d", given, number, number, number)};
    const Unit* unit = nullptr;
    for (const Unit& candidate : time_units)
      if (candidate.name == word) unit = &candidate;
    if (!unit || spaced.size() != after_number.size()) {
      std::string_view right = unit ? unit->name : std::string_view{};
      for (const auto& [wrong, name] : time_words)
        if (wrong == word) right = name;
      if (right.empty())
        return {{}, fmt::format("unknown unit \"{}\" in \"{}\": the units are us, ms, s, m, h, d, w", word, given)};
      return {{}, fmt::format("\"{}\" is not how durations are written: write {}{}", given, number, right)};
    }
    if (unit->factor >= last_factor)
      return {{}, fmt::format("\"{}\": units go from the largest to the smallest, as in 1d12h", given)};
    last_factor = unit->factor;
    bool fits = true;
    const auto part = times(*decimal, unit->factor, us_of(duration_max), fits);
    if (!part)
      return {
          {},
          fits ? fmt::format("\"{}\" is finer than a microsecond", given) : fmt::format("\"{}\" is more than 100 years", given)};
    total += *part;
    if (total > us_of(duration_max)) return {{}, fmt::format("\"{}\" is more than 100 years", given)};
    text = rest;
  }
  return {Duration{negative ? -total : total}, {}};
}

Parsed<std::int64_t> parse_size(std::string_view given) {
  std::string_view text = trimmed(given);
  const auto wrong = [&](std::string_view why) { return Parsed<std::int64_t>{0, fmt::format("\"{}\" {}", given, why)}; };
  if (take_sign(text)) return wrong("is a negative size");
  const auto decimal = take_decimal(text);
  if (!decimal) return wrong("is not a size: expected one such as 5GB, 20MiB or 1500");
  const std::string_view unit = trimmed(text);
  if (!unit.empty() && unit.size() != text.size()) return wrong("is not how sizes are written: no space before the unit");
  for (const Unit& candidate : size_units) {
    if (candidate.name != unit) continue;
    bool fits = true;
    const auto bytes = times(*decimal, candidate.factor, size_max, fits);
    if (!bytes) return wrong(fits ? "is not a whole number of bytes" : "is more than 1000 TB");
    return {*bytes, {}};
  }
  return wrong("has an unknown unit: the units are B, kB, MB, GB, TB (decimal) and KiB, MiB, GiB, TiB (binary)");
}

Parsed<std::int64_t> parse_share(std::string_view given) {
  std::string_view text = trimmed(given);
  const auto wrong = [&](std::string_view why) { return Parsed<std::int64_t>{0, fmt::format("\"{}\" {}", given, why)}; };
  if (!text.empty() && text[0] == '-') return wrong("is a negative share");
  const bool percent = !text.empty() && text.back() == '%';
  if (percent) text = trimmed(text.substr(0, text.size() - 1));
  std::string_view rest = text;
  const auto decimal = take_decimal(rest);
  if (!decimal || !rest.empty()) return wrong("is not a share: expected one such as 45% or 0.45");
  bool fits = true;
  const auto parts = times(*decimal, percent ? parts_per_billion / 100 : parts_per_billion, parts_per_billion, fits);
  if (parts) return {*parts, {}};
  if (fits) return wrong("has more digits than a share can keep: 7 after the point of a percentage, 9 of a fraction");
  return percent ? wrong("is more than 100%") : wrong(fmt::format("is more than 1: do you mean {}%?", text));
}

Parsed<std::int64_t> parse_number_ppb(std::string_view given) {
  std::string_view text = trimmed(given);
  const bool negative = take_sign(text);
  const bool percent = !text.empty() && text.back() == '%';
  if (percent) text.remove_suffix(1);
  const auto value = whole_decimal(text, percent ? parts_per_billion / 100 : parts_per_billion, 1000 * parts_per_billion);
  if (!value)
    return {0, fmt::format("\"{}\" is not a number such as 0.7 or 1.6 (at most 1000, at most 9 digits after the point)", given)};
  return {negative ? -*value : *value, {}};
}

Parsed<double> parse_number(std::string_view given) {
  const std::string_view text = trimmed(given);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return {0, fmt::format("\"{}\" is not a number", given)};
  return {value, {}};
}

Parsed<double> parse_rate(std::string_view given) {
  const std::string_view text = trimmed(given);
  const auto wrong = [&](std::string_view why) { return Parsed<double>{0, fmt::format("\"{}\" {}", given, why)}; };
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return wrong("is not a rate: expected one such as 2000/day, 100/h or 3/s");
  std::string_view number = trimmed(text.substr(0, slash));
  const std::string_view per = trimmed(text.substr(slash + 1));
  if (!number.empty() && number[0] == '-') return wrong("is a negative rate");
  const auto decimal = take_decimal(number);
  if (!decimal || !number.empty()) return wrong("is not a rate: expected a number before the /");
  static constexpr Unit units[] = {{"s", second_us},   {"sec", second_us},    {"second", second_us}, {"m", minute_us},
                                   {"min", minute_us}, {"minute", minute_us}, {"h", hour_us},        {"hour", hour_us},
                                   {"d", day_us},      {"day", day_us},       {"w", 7 * day_us},     {"week", 7 * day_us}};
  for (const Unit& unit : units) {
    if (unit.name != per) continue;
    double value = static_cast<double>(decimal->digits);
    for (unsigned i = 0; i < decimal->places; ++i) value /= 10;
    return {value / static_cast<double>(unit.factor), {}};
  }
  return wrong("has an unknown unit of time: /s, /min, /h, /day, /week");
}

Parsed<std::uint64_t> parse_count(std::string_view given) {
  std::string_view text = trimmed(given);
  if (!text.empty() && text[0] == '-') return {0, fmt::format("\"{}\" is a negative count", given)};
  const auto decimal = take_decimal(text);
  if (!decimal || !text.empty()) return {0, fmt::format("\"{}\" is not a count: expected a whole number", given)};
  if (decimal->places) return {0, fmt::format("\"{}\" is not a whole number", given)};
  return {static_cast<std::uint64_t>(decimal->digits), {}};
}

Parsed<std::int64_t> parse_money(std::string_view given) {
  std::string_view text = trimmed(given);
  const bool negative = take_sign(text);
  const auto cents = whole_decimal(text, 100, money_max);
  if (!cents) return {0, fmt::format("\"{}\" is not an amount such as 50 or 49.90 (two digits after the point at most)", given)};
  return {negative ? -*cents : *cents, {}};
}

Parsed<bool> parse_flag(std::string_view given) {
  const std::string_view text = trimmed(given);
  if (text == "true" || text == "yes" || text == "True" || text == "TRUE") return {true, {}};
  if (text == "false" || text == "no" || text == "False" || text == "FALSE") return {false, {}};
  return {false, fmt::format("expected true or false, not \"{}\"", given)};
}

std::string duration_text(Duration duration) {
  std::int64_t left = us_of(duration);
  if (left == 0) return "0s";
  std::string text;
  if (left < 0) {
    text = "-";
    left = -left;
  }
  static constexpr Unit units[] = {{"d", day_us}, {"h", hour_us}, {"m", minute_us}, {"s", second_us}, {"ms", 1000}, {"us", 1}};
  for (const Unit& unit : units) {
    if (left >= unit.factor) text += fmt::format("{}{}", left / unit.factor, unit.name);
    left %= unit.factor;
  }
  return text;
}

std::string size_text(std::int64_t bytes) {
  for (const std::size_t i : {5, 4, 3, 2, 9, 8, 7, 6})  // decimal units first
    if (bytes >= size_units[i].factor && bytes % size_units[i].factor == 0)
      return fmt::format("{}{}", bytes / size_units[i].factor, size_units[i].name);
  return fmt::format("{}B", bytes);
}

std::string money_text(std::int64_t cents) {
  const std::int64_t size = cents < 0 ? -cents : cents;
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", size / 100, size % 100);
}

}  // namespace dueprocess
