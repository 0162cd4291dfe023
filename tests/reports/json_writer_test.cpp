#include "reports/json_writer.hpp"

#include <limits>

#include "catch.hpp"

using namespace dueprocess;

TEST_CASE("JSON is written member by member, a line each") {
  JsonWriter json;
  json.open_object();
  json.key("seed").number(std::numeric_limits<std::uint64_t>::max());
  json.key("names").open_array();
  json.text("a").text("b").close();
  json.key("empty").open_array().close();
  json.key("nothing").open_object().close();
  json.key("flag").flag(true);
  json.key("none").null();
  json.key("big").integer(static_cast<Int128>(std::numeric_limits<std::int64_t>::min()) * 10);
  json.key("share").decimal(0.5, 3);
  json.close();
  CHECK(json.take() == R"({
  "seed": 18446744073709551615,
  "names": [
    "a",
    "b"
  ],
  "empty": [],
  "nothing": {},
  "flag": true,
  "none": null,
  "big": -92233720368547758080,
  "share": 0.500
}
)");
}

TEST_CASE("JSON strings are escaped") {
  CHECK(json_string("plain → é 🙂") == "\"plain → é 🙂\"");
  CHECK(json_string("a\"b\\c\nd\te") == R"("a\"b\\c\nd\te")");
  CHECK(json_string(std::string_view{"\0\x1f\x7f", 3}) == R"("\u0000\u001f\u007f")");
}

TEST_CASE("bytes that are not UTF-8 become U+FFFD, one each") {
  CHECK(json_string("a\xff"
                    "b") ==
        "\"a\xEF\xBF\xBD"
        "b\"");
  CHECK(json_string("\xC0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
  CHECK(json_string("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
  CHECK(json_string("\xE2\x86") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // cut short
}

TEST_CASE("a number that is not finite is null") {
  JsonWriter json;
  json.open_array().decimal(std::numeric_limits<double>::infinity(), 3).close();
  CHECK(json.take() == "[\n  null\n]\n");
}
