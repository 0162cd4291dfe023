#include "catch.hpp"
#include "harness/service/json_text.hpp"
#include "harness/service/real_time.hpp"

using namespace dueprocess;
using namespace dueprocess::service;

namespace {

std::string written(Instant t) {
  std::string text;
  append_instant(text, t);
  return text;
}
std::string again(std::string_view text) {
  Instant t = never;
  return read_instant(text, t) ? written(t) : "no";
}

}  // namespace

TEST_CASE("instants are written with six digits and Z, and read with any offset") {
  CHECK(written(instant_at(0)) == "\"1970-01-01T00:00:00.000000Z\"");
  CHECK(written(instant_at(-1)) == "\"1969-12-31T23:59:59.999999Z\"");
  CHECK(written(never) == "null");
  CHECK(written(never - Duration{1}) == "\"9999-12-31T23:59:59.999999Z\"");
  CHECK(again("2026-03-02T01:02:03.000004Z") == "\"2026-03-02T01:02:03.000004Z\"");
  CHECK(again("2026-03-02t01:02:03.5+02:30") == "\"2026-03-01T22:32:03.500000Z\"");
  CHECK(again("2024-02-29T00:00:00z") == "\"2024-02-29T00:00:00.000000Z\"");
  for (const char* wrong :
       {"", "2026-03-02", "2026-02-29T00:00:00Z", "2026-03-02T24:00:00Z", "2026-03-02T00:00:60Z", "2026-03-02T00:00:00",
        "2026-03-02T00:00:00.Z", "2026-03-02T00:00:00.1234567Z", "2026-03-02T00:00:00Zx", "2026-03-02T00:00:00+2:00",
        "1899-12-31T00:00:00Z", "2026-3-02T00:00:00Z", "-026-03-02T00:00:00Z"})
    CHECK(again(wrong) == "no");
}

TEST_CASE("texts are escaped so that JSON readers get them back, and only UTF-8 is plain") {
  std::string text;
  append_quoted(text, "a\"b\\c\nd\x01\xC3\xA9");
  CHECK(text == "\"a\\\"b\\\\c\\nd\\u0001\xC3\xA9\"");
  CHECK(is_plain_text("caf\xC3\xA9.zip"));
  CHECK(is_plain_text("\xF0\x9F\x8E\x81"));
  for (const char* wrong : {"\xC3", "\xC0\xAF", "\xED\xA0\x80", "a\nb", "\xFF", "\xF4\x90\x80\x80"}) CHECK(!is_plain_text(wrong));
}

TEST_CASE("the Date field") { CHECK(http_date(instant_at(1'772'442'000'000'000)) == "Mon, 02 Mar 2026 09:00:00 GMT"); }
