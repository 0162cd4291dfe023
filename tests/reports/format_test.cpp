#include "reports/format.hpp"

#include <limits>

#include "catch.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

TEST_CASE("numbers have thousands separators") {
  CHECK(thousands(std::uint64_t{0}) == "0");
  CHECK(thousands(std::uint64_t{999}) == "999");
  CHECK(thousands(std::uint64_t{1'000}) == "1,000");
  CHECK(thousands(std::uint64_t{1'234'567}) == "1,234,567");
  CHECK(thousands(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
  CHECK(thousands(std::int64_t{-1'234}) == "-1,234");
  CHECK(thousands(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("one thing is not many") {
  CHECK(counted(1, "cell") == "1 cell");
  CHECK(counted(0, "cell") == "0 cells");
  CHECK(counted(1'200, "cell") == "1,200 cells");
}

TEST_CASE("money is cents with two decimals") {
  CHECK(human_money(0) == "0.00");
  CHECK(human_money(5) == "0.05");
  CHECK(human_money(123'450) == "1,234.50");
  CHECK(human_money(-123'450) == "-1,234.50");
  CHECK(human_money(static_cast<Int128>(std::numeric_limits<std::int64_t>::max()) * 100) == "9,223,372,036,854,775,807.00");
}

TEST_CASE("bytes and rates are short") {
  CHECK(human_bytes(0) == "0 B");
  CHECK(human_bytes(999) == "999 B");
  CHECK(human_bytes(20'000'000) == "20.0 MB");
  CHECK(human_bytes(5'000'000'001) == "5.0 GB");
  CHECK(human_bytes(std::numeric_limits<std::uint64_t>::max()) == "18.4 EB");
  CHECK(human_rate(0) == "0/s");
  CHECK(human_rate(0.424) == "0.42/s");
  CHECK(human_rate(1'234.4) == "1,234/s");
}

TEST_CASE("an exact duration loses nothing") {
  CHECK(exact_duration(0s) == "0s");
  CHECK(exact_duration(37us) == "37us");
  CHECK(exact_duration(1'500us) == "1.5ms");
  CHECK(exact_duration(999'999us) == "999.999ms");
  CHECK(exact_duration(1s) == "1s");
  CHECK(exact_duration(1s + 1us) == "1.000001s");
  CHECK(exact_duration(60s) == "1m");
  CHECK(exact_duration(76h) == "3d 4h");
  CHECK(exact_duration(76h + 1us) == "3d 4h 1us");
  CHECK(exact_duration(24h + 61s) == "1d 1m 1s");
  CHECK(exact_duration(-1us) == "-1us");
  CHECK(exact_duration(-25h) == "-1d 1h");
  CHECK(exact_duration(Duration::min()) == "-106751991d 4h 54.775808s");
}

TEST_CASE("a duration for people has two units") {
  CHECK(human_duration(0s) == "0s");
  CHECK(human_duration(12'345us) == "12.345ms");
  CHECK(human_duration(1'234'567us) == "1.234s");
  CHECK(human_duration(123s) == "2m 3s");
  CHECK(human_duration(120s) == "2m");
  CHECK(human_duration(76h + 5min) == "3d 4h");
  CHECK(human_duration(24h + 5min) == "1d");
}

TEST_CASE("a share is cut off, never rounded up to a threshold") {
  CHECK(percent_text(0, 3) == "0%");
  CHECK(percent_text(1, 3) == "33.3333%");
  CHECK(percent_text(992, 1'000) == "99.2%");
  CHECK(percent_text(98'999'999, 100'000'000) == "98.9999%");
  CHECK(percent_text(7, 7) == "100%");
  CHECK(percent_text(0, 0) == "-");
}

TEST_CASE("instants are RFC 3339") {
  CHECK(rfc3339(instant_at(0)) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339(instant_at(0), true) == "1970-01-01T00:00:00.000000Z");
  CHECK(rfc3339(instant_at(1)) == "1970-01-01T00:00:00.000001Z");
  CHECK(rfc3339(instant_at(-1)) == "1969-12-31T23:59:59.999999Z");
  CHECK(rfc3339(instant_at(1'772'409'600'000'000)) == "2026-03-02T00:00:00Z");
  CHECK(rfc3339(never) == "never");
}

TEST_CASE("columns are code points, and padding goes by them") {
  CHECK(columns_of("a→b") == 3);
  CHECK(padded("a→b", 5) == "a→b  ");
  CHECK(padded_left("a→b", 5) == "  a→b");
  CHECK(padded("abcdef", 3) == "abcdef");
}

TEST_CASE("text is wrapped at spaces") {
  CHECK(wrapped("one two three", 7, "  ") == "  one two\n  three");
  CHECK(wrapped("unbreakable", 4, "") == "unbreakable");
  CHECK(wrapped("", 4, "  ").empty());
}

TEST_CASE("a bar shows the smallest part that is not nothing") {
  CHECK(bar_of(0, 10, 8).empty());
  CHECK(bar_of(10, 10, 3) == "███");
  CHECK(bar_of(1, 2, 1) == "▌");
  CHECK(bar_of(1, 1'000'000'000, 8) == "▏");
  CHECK(bar_of(5, 0, 8).empty());
}
