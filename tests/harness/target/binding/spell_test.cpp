// Instants, lengths of time and money: exact, both ways.
#include "harness/target/binding/spell.hpp"
#include "catch.hpp"

using namespace dueprocess;
using namespace dueprocess::binding;

namespace {

std::string instant(std::int64_t us, Spelling spelling) {
  std::string out;
  append_instant(out, instant_at(us), spelling);
  return out;
}
std::string length(std::int64_t us, Spelling spelling) {
  std::string out;
  append_duration(out, Duration{us}, spelling);
  return out;
}
std::int64_t read(std::string_view text, Spelling spelling) {
  Instant at = never;
  return read_instant(text, spelling, at) ? us_of(at) : -1;
}

constexpr std::int64_t march = 1'772'409'600'000'000;  // 2026-03-02T00:00:00Z

}  // namespace

TEST_CASE("instants are written exactly in each spelling") {
  CHECK(instant(march, Spelling::rfc3339) == "2026-03-02T00:00:00.000000Z");
  CHECK(instant(march + 1, Spelling::rfc3339) == "2026-03-02T00:00:00.000001Z");
  CHECK(instant(march, Spelling::epoch_ms) == "1772409600000");
  CHECK(instant(march + 1, Spelling::epoch_ms) == "1772409600000.001");
  CHECK(instant(march + 500, Spelling::epoch_ms) == "1772409600000.5");
  CHECK(instant(march + 1, Spelling::epoch_s) == "1772409600.000001");
  CHECK(instant(march - 1, Spelling::epoch_us) == "1772409599999999");
  CHECK(instant(-1, Spelling::rfc3339) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("what was written is read as the same instant") {
  for (const Spelling spelling : {Spelling::rfc3339, Spelling::epoch_s, Spelling::epoch_ms, Spelling::epoch_us})
    for (const std::int64_t us : {march, march + 1, march - 1, march + 999'999, std::int64_t{0}, march + 1000})
      CHECK(read(instant(us, spelling), spelling) == us);
}

TEST_CASE("foreign spellings of instants are understood, what is none is not") {
  CHECK(read("2026-03-02T01:00:00+01:00", Spelling::rfc3339) == march);
  CHECK(read("2026-03-02t00:00:00.1234569z", Spelling::rfc3339) == march + 123'456);
  CHECK(read("2026-03-01 19:00:00-0500", Spelling::rfc3339) == march);
  CHECK(read("1.7724096e12", Spelling::epoch_ms) == march);
  CHECK(read("1772409600", Spelling::epoch_s) == march);
  for (const char* text : {"", "2026", "2026-02-30T00:00:00Z", "2026-03-02T00:00:00", "2026-03-02T24:00:00Z",
                           "2026-03-02T00:00:00.Z", "2026-03-02T00:00:00Zx"})
    CHECK(read(text, Spelling::rfc3339) == -1);
  for (const char* text : {"", "-", ".", "12x", "1e400", "99999999999999999999"}) CHECK(read(text, Spelling::epoch_ms) == -1);
}

TEST_CASE("lengths of time in each spelling") {
  constexpr std::int64_t hour = 3'600'000'000;
  CHECK(length(24 * hour, Spelling::seconds) == "86400");
  CHECK(length(1, Spelling::seconds) == "0.000001");
  CHECK(length(-1'500'000, Spelling::seconds) == "-1.5");
  CHECK(length(90 * 60'000'000LL, Spelling::hours) == "1.5");
  CHECK(length(1, Spelling::hours) == "0.000000000278");
  CHECK(length(hour / 3, Spelling::hours) == "0.333333333333");
  CHECK(length(24 * hour, Spelling::days) == "1");
  CHECK(length(90'000'000, Spelling::minutes) == "1.5");
  CHECK(length(1, Spelling::milliseconds) == "0.001");
  CHECK(length(7, Spelling::microseconds) == "7");
  CHECK(length(25 * hour + 60'000'000 + 1, Spelling::iso8601) == "PT25H1M0.000001S");
  CHECK(length(0, Spelling::iso8601) == "PT0S");
  CHECK(length(-hour, Spelling::iso8601) == "-PT1H");
}

TEST_CASE("money in minor units and as a decimal") {
  std::string out;
  append_money(out, 4990, Spelling::minor);
  append_money(out += ' ', 4990, Spelling::decimal);
  append_money(out += ' ', -5, Spelling::decimal);
  CHECK(out == "4990 49.90 -0.05");
  std::int64_t cents = 0;
  CHECK((read_money("49.9", Spelling::decimal, cents) && cents == 4990));
  CHECK((read_money("4990", Spelling::minor, cents) && cents == 4990));
  CHECK((read_money("49", Spelling::decimal, cents) && cents == 4900));
  CHECK_FALSE(read_money("free", Spelling::decimal, cents));
}

TEST_CASE("escapes of JSON, URLs and base64") {
  std::string out;
  append_json_text(out, "a\"b\\c\n\x01ü");
  CHECK(out == "a\\\"b\\\\c\\n\\u0001ü");
  out.clear();
  append_url_text(out, "a b/c?d=ü&{}");
  CHECK(out == "a%20b%2Fc%3Fd%3D%C3%BC%26%7B%7D");
  out.clear();
  append_base64(out, "u7:geheim");
  CHECK(out == "dTc6Z2VoZWlt");
  out.clear();
  append_base64(out, "ab");
  append_base64(out, "a");
  CHECK(out == "YWI=YQ==");
}
