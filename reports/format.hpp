// How numbers, durations and instants read in reports. Pure functions of their arguments: no locale, no clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/kernel/int128.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

std::string thousands(std::uint64_t);                       // "1,234,567"
std::string thousands(std::int64_t);                        // "-1,234"
std::string counted(std::uint64_t, std::string_view what);  // "1 thread", "1,234 threads"
std::string decimal_digits(Int128);                         // "1234567", for files
std::string human_money(Int128 cents);                      // "1,234.50"
std::string human_bytes(std::uint64_t);                     // "20.0 MB", powers of ten as the rules count them
std::string human_rate(double per_second);                  // "1,234/s", "0.42/s"

/// Nothing lost: "0s", "37us", "1.5ms", "3d 4h 1.000001s". What an expectation is compared with.
std::string exact_duration(Duration);
/// The two largest units, the rest dropped: "3d 4h", "2m 3s", "1.5s", "37us".
std::string human_duration(Duration);

/// A part of a whole in percent, at most four decimals, cut off rather than rounded, so that 98.99999% never reads
/// as 99%. "-" when the whole is 0.
std::string percent_text(std::uint64_t part, std::uint64_t whole);

/// RFC 3339 in UTC: "2026-03-02T10:00:00Z", with all six decimals when they are not zero or `micros`. never: "never".
std::string rfc3339(Instant, bool micros = false);

/// How many columns a UTF-8 text takes, one for each code point.
std::size_t columns_of(std::string_view);
std::string padded(std::string_view, std::size_t width);       // on the right
std::string padded_left(std::string_view, std::size_t width);  // on the left
/// Broken at spaces into lines of at most `width` columns; a longer word stands alone.
std::string wrapped(std::string_view, std::size_t width, std::string_view indent);

/// `part` of `whole` as a bar of at most `width` columns, in eighths; the smallest part that is not 0 shows.
std::string bar_of(std::uint64_t part, std::uint64_t whole, std::size_t width);

}  // namespace dueprocess
