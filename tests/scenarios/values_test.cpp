#include "scenarios/language/values.hpp"

#include "reading.hpp"
#include "sim/kernel/random.hpp"

using namespace dueprocess;

TEST_CASE("durations are exact") {
  const auto us_in = [](std::string_view text) {
    const auto parsed = parse_duration(text);
    INFO(text << ": " << parsed.problem);
    REQUIRE(parsed.ok());
    return us_of(parsed.value);
  };
  CHECK(us_in("1us") == 1);
  CHECK(us_in("-2ms") == -2'000);
  CHECK(us_in("3d") == us("3d"));
  CHECK(us_in("1h30m") == us("90m"));
  CHECK(us_in("1w") == us("7d"));
  CHECK(us_in("1.5h") == us("90m"));
  CHECK(us_in("0.000001s") == 1);
  CHECK(us_in("0") == 0);
  CHECK(us_in(" 2d ") == us("2d"));
}

TEST_CASE("a wrong duration is told with the right one") {
  const auto problem = [](std::string_view text) { return parse_duration(text).problem; };
  CHECK(problem("3 days") == "\"3 days\" is not how durations are written: write 3d");
  CHECK(problem("90min") == "\"90min\" is not how durations are written: write 90m");
  CHECK(problem("3 d") == "\"3 d\" is not how durations are written: write 3d");
  CHECK(problem("72") == "\"72\" has no unit: write 72s, 72h or 72d");
  CHECK(problem("1y") == "unknown unit \"y\" in \"1y\": the units are us, ms, s, m, h, d, w");
  CHECK(problem("30m1h") == "\"30m1h\": units go from the largest to the smallest, as in 1d12h");
  CHECK(problem("0.5us") == "\"0.5us\" is finer than a microsecond");
  CHECK(problem("36526d") == "\"36526d\" is more than 100 years");
  CHECK(problem("99999999999999999999d") == "expected a duration such as 3d, 90m, 1h30m or 1us, not \"99999999999999999999d\"");
  for (const auto* text : {"", "d", "soon", "--3d", "1d-", "3d4", "1e3s", ".5d", "1d 2h", "\xff"})
    CHECK_FALSE(parse_duration(text).ok());
}

TEST_CASE("a duration's text is read back as the same duration") {
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Draws draws{1, i, 1, 0};
    const Duration value{static_cast<std::int64_t>(draws.u64(0) >> (12 + draws.u32(2) % 50)) * (draws.u32(3) % 2 ? 1 : -1)};
    const auto back = parse_duration(duration_text(value));
    INFO(duration_text(value) << " " << back.problem);
    REQUIRE((value > duration_max || value < -duration_max || (back.ok() && back.value == value)));
  }
}

TEST_CASE("sizes know decimal and binary units") {
  CHECK(parse_size("5GB").value == 5'000'000'000);
  CHECK(parse_size("20MiB").value == 20 * 1024 * 1024);
  CHECK(parse_size("1500").value == 1500);
  CHECK(parse_size("1.5kB").value == 1500);
  CHECK(parse_size("0").ok());
  for (const auto* text : {"5gb", "5 GB", "-1MB", "1.5B", "2000TB", "MB", "", "1e9", "5Gb"}) CHECK_FALSE(parse_size(text).ok());
  for (const std::int64_t bytes : {0LL, 1LL, 20'000'000LL, 5'000'000'001LL, 1LL << 30})
    CHECK(parse_size(size_text(bytes)).value == bytes);
}

TEST_CASE("shares are exact to the billionth") {
  CHECK(parse_share("45%").value == 450'000'000);
  CHECK(parse_share("0.45").value == 450'000'000);
  CHECK(parse_share("33.3333333%").value == 333'333'333);
  CHECK(parse_share("100%").value == 1'000'000'000);
  CHECK(parse_share("1").value == 1'000'000'000);
  CHECK(parse_share("45").problem == "\"45\" is more than 1: do you mean 45%?");
  CHECK(parse_share("101%").problem == "\"101%\" is more than 100%");
  CHECK(parse_share("-5%").problem == "\"-5%\" is a negative share");
  for (const auto* text : {"", "%", "half", "4 5%", "1/2", "33.33333333%"}) CHECK_FALSE(parse_share(text).ok());
}

TEST_CASE("rates, counts, money and flags") {
  CHECK(parse_rate("2000/day").value == Approx(2000 / 86'400e6));
  CHECK(parse_rate("3/s").value == Approx(3e-6));
  CHECK(parse_rate("0.5/h").value == Approx(0.5 / 3600e6));
  for (const auto* text : {"2000", "2000/month", "-1/s", "a/s", "/s", "1/"}) CHECK_FALSE(parse_rate(text).ok());
  CHECK(parse_count("5_000").value == 5000);
  for (const auto* text : {"", "1.5", "-1", "1e3", "_1", "1_", "99999999999999999999"}) CHECK_FALSE(parse_count(text).ok());
  CHECK(parse_money("49.90").value == 4990);
  CHECK(parse_money("50").value == 5000);
  CHECK(parse_money("-0.01").value == -1);
  CHECK_FALSE(parse_money("1.234").ok());
  CHECK(parse_flag("true").value);
  CHECK(parse_flag("no").ok());
  CHECK_FALSE(parse_flag("maybe").ok());
}
