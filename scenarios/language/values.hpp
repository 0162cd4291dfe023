// The small words of the language: durations, sizes, shares, rates, instants, counts, money. Text in, integer out;
// exact, or a problem that says what would be right.
#pragma once

#include "sim/kernel/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dueprocess {

template <class T>
struct Parsed {
  T value{};
  std::string problem;  // empty: none
  bool ok() const { return problem.empty(); }
};

inline constexpr std::int64_t parts_per_billion = 1'000'000'000;
inline constexpr Duration duration_max = std::chrono::hours{24 * 36525};  // 100 years

Parsed<Duration> parse_duration(std::string_view);        // may be negative
Parsed<std::int64_t> parse_size(std::string_view);        // bytes, >= 0
Parsed<std::int64_t> parse_share(std::string_view);       // parts per billion, 0 .. 1
Parsed<std::int64_t> parse_number_ppb(std::string_view);  // any decimal in +-1000, as parts per billion
Parsed<double> parse_number(std::string_view);            // any finite decimal
Parsed<double> parse_rate(std::string_view);              // a microsecond
Parsed<std::uint64_t> parse_count(std::string_view);
Parsed<std::int64_t> parse_money(std::string_view);  // cents, may be negative
Parsed<bool> parse_flag(std::string_view);
/// `zone_needed` false: without a zone it is UTC, and a space may stand for the T.
Parsed<Instant> parse_instant(std::string_view, bool zone_needed = true);

std::string_view trimmed(std::string_view);
/// Looks like the beginning of an instant (2026-...), to tell it from a duration.
bool looks_like_instant(std::string_view);

std::string duration_text(Duration);   // "3d", "1h30m", "-2ms"
std::string size_text(std::int64_t);   // "20MB", exact
std::string instant_text(Instant);     // RFC 3339, shortest exact
std::string money_text(std::int64_t);  // "49.90"

}  // namespace dueprocess
