#include "harness/history/line_scan.hpp"
#include "catch.hpp"

#include <string>

using namespace dueprocess;

namespace {

std::string problem(const std::string& line) {
  LineScan scan;
  const char* wrong = scan.read(line);
  return wrong ? "column " + std::to_string(scan.column()) + ": " + wrong : "";
}

}  // namespace

TEST_CASE("members come in any order, with any spaces between") {
  LineScan scan;
  REQUIRE(scan.read(" {\t\"order\" : 17 ,\"type\":\"event\", \"late\":true,\"deadline\":null } \r") == nullptr);
  CHECK(scan[Member::order].number == 17);
  CHECK(scan[Member::type].text == "event");
  CHECK((scan[Member::late].kind == ValueKind::flag && scan[Member::late].number == 1));
  CHECK(scan[Member::deadline].kind == ValueKind::null);
  CHECK_FALSE(scan.has(Member::at));
  REQUIRE(scan.read("{}") == nullptr);
  CHECK_FALSE(scan.has(Member::order));
}

TEST_CASE("every member is known by its own name, and by no other") {
  LineScan scan;
  for (unsigned i = 0; i < member_count; ++i) {
    const auto member = static_cast<Member>(i);
    const std::string name{name_of(member)};
    REQUIRE(scan.read("{\"" + name + "\":1}") == nullptr);
    for (unsigned j = 0; j < member_count; ++j) CHECK(scan.has(static_cast<Member>(j)) == (i == j));
    REQUIRE(scan.read("{\"" + name + "_\":1,\"" + name.substr(1) + "_\":2}") == nullptr);
    CHECK_FALSE(scan.has(member));
  }
}

TEST_CASE("numbers are whole, or known not to be") {
  LineScan scan;
  const auto value = [&](const std::string& text) {
    INFO(text);
    REQUIRE(scan.read("{\"at\":" + text + "}") == nullptr);
    return scan[Member::at];
  };
  CHECK(value("0").number == 0);
  CHECK(value("-0").number == 0);
  CHECK(value("9223372036854775807").number == INT64_MAX);
  CHECK(value("-9223372036854775807").number == -INT64_MAX);
  CHECK(value("9223372036854775808").kind == ValueKind::fraction);
  CHECK(value("99999999999999999999").kind == ValueKind::fraction);
  CHECK(value("18446744073709551617").kind == ValueKind::fraction);
  CHECK(value("1.5").kind == ValueKind::fraction);
  CHECK(value("1E+3").kind == ValueKind::fraction);
}

TEST_CASE("what is no JSON object is told with its column") {
  CHECK(problem("") == "column 1: not a JSON object");
  CHECK(problem("order,buyer") == "column 1: not a JSON object");
  CHECK(problem("[1]") == "column 1: not a JSON object");
  CHECK(problem(R"({"order":1)") == "column 11: expected a comma, or the end of the object");
  CHECK(problem(R"({"order":})") == "column 10: expected a value");
  CHECK(problem(R"({"order" 1})") == "column 10: a name without its colon");
  CHECK(problem(R"({"order":1,})") == "column 12: expected a text in quotes");
  CHECK(problem(R"({"order":1} x)") == "column 13: something behind the object");
  CHECK(problem(R"({"order":1,"order":2})") == "column 21: a member that stands there twice");
  CHECK(problem(R"({"order":01})") == "column 12: a number with a 0 before it");
  CHECK(problem(R"({"order":1.})") == "column 12: a point without digits behind it");
  CHECK(problem(R"({"order":tru})") == "column 10: expected a value");
  CHECK(problem(R"({"type":"event)") == "column 15: a text without its closing quote");
  CHECK(problem("{\"type\":\"a\tb\"}") == "column 11: a control character in a text");
  CHECK(problem(R"({"x":[1,2})") == "column 11: a bracket without its closing one");
  CHECK(problem("{\"x\":" + std::string(100, '[') + std::string(100, ']') + "}") == "column 70: nested too deeply");
}
