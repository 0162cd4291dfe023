#include "reading.hpp"
#include "scenarios/language/values.hpp"

using namespace dueprocess;

TEST_CASE("instants are RFC 3339, to the microsecond") {
  const Instant day{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
  using namespace std::chrono_literals;
  CHECK(parse_instant("2026-03-02").value == day);
  CHECK(parse_instant("2026-03-02T14:30:00Z").value == day + 14h + 30min);
  CHECK(parse_instant("2026-03-02T14:30Z").value == day + 14h + 30min);
  CHECK(parse_instant("2026-03-02T00:00:00.000001Z").value == day + 1us);
  CHECK(parse_instant("2026-03-02T01:00:00+01:00").value == day);
  CHECK(parse_instant("2026-03-01T19:00:00-0500").value == day);
  CHECK(parse_instant("2024-02-29").ok());
}

TEST_CASE("impossible instants are told as such") {
  const auto problem = [](std::string_view text) { return parse_instant(text).problem; };
  CHECK(problem("2026-02-30") == "\"2026-02-30\": February 2026 has 28 days");
  CHECK(problem("2026-13-01") == "\"2026-13-01\": there is no month 13");
  CHECK(problem("2026-03-02T25:00:00Z") == "\"2026-03-02T25:00:00Z\": there is no such time of day");
  CHECK(problem("2026-03-02T14:30:00") ==
        "\"2026-03-02T14:30:00\" does not say its zone: add Z for UTC, or an offset such as +01:00");
  CHECK(problem("2026-03-02 14:30:00Z") == "\"2026-03-02 14:30:00Z\": write a T between date and time");
  CHECK(problem("2026-03-02T14:30:00.0000001Z") == "\"2026-03-02T14:30:00.0000001Z\" is finer than a microsecond");
  CHECK(problem("1899-12-31") == "\"1899-12-31\": years go from 1900 to 2200");
  for (const auto* text : {"", "2026", "2026-3-2", "02.03.2026", "2026-03-02T", "2026-03-02T14", "2026-03-02Z",
                           "2026-03-02T14:30:00Zz", "2026-00-10"})
    CHECK_FALSE(parse_instant(text).ok());
}

TEST_CASE("files may leave the zone away and write a space") {
  CHECK(parse_instant("2017-10-02 10:56:33", false).value == parse_instant("2017-10-02T10:56:33Z").value);
  CHECK(parse_instant("2017-10-02T10:56:33", false).ok());
}

TEST_CASE("an instant's text is read back as the same instant") {
  for (const std::int64_t at : {0LL, 1LL, 999'999LL, 1'772'409'600'000'000LL, -2'208'988'800'000'000LL, 1'772'409'600'120'000LL})
    CHECK(parse_instant(instant_text(instant_at(at))).value == instant_at(at));
}
