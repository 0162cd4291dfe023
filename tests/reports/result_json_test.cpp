// The result file: its text, and that writer and schema say the same.

#include <algorithm>
#include <boost/json.hpp>

#include "catch.hpp"
#include "golden.hpp"
#include "made_up.hpp"
#include "reports/result.hpp"

using namespace dueprocess;
namespace json = boost::json;

namespace {

std::vector<std::string> keys_of(const json::object& object) {
  std::vector<std::string> keys;
  for (const auto& member : object) keys.emplace_back(member.key());
  return keys;
}

/// Every member of the value is described, in the order in which it is written; every required member is there.
void check_described(const json::value& value, const json::value& schema, const std::string& where) {
  INFO(where);
  if (const auto* array = value.if_array()) {
    for (const json::value& item : *array) check_described(item, schema.at("items"), where + "[]");
    return;
  }
  const auto* object = value.if_object();
  if (!object) return;
  const json::object& properties = schema.at("properties").as_object();
  const bool sparse = !schema.as_object().contains("required");
  std::vector<std::string> there;  // what need not be there is left out
  if (!sparse) {
    for (const std::string& key : keys_of(properties)) {
      const json::array& required = schema.at("required").as_array();
      if (object->contains(key) || std::find(required.begin(), required.end(), json::value(key)) != required.end())
        there.push_back(key);
    }
    CHECK(keys_of(*object) == there);
  }
  for (const auto& [key, member] : *object) {
    const json::value* described = properties.if_contains(key);
    INFO(std::string{key});
    REQUIRE(described);
    check_described(member, *described, where + "." + std::string{key});
  }
}

}  // namespace

TEST_CASE("the result file of a run in which much went wrong is as approved") {
  check_golden("bad_result.json", result_json(made_up::result(made_up::bad_tally())));
}

TEST_CASE("the schema of result files is as approved") { check_golden("result.schema.json", result_schema()); }

TEST_CASE("equal runs give equal bytes up to run, which comes last") {
  Result one = made_up::result(made_up::bad_tally());
  Result other = one;
  other.run = {};
  other.run.threads = 7;
  other.run.wall_s = 100;
  const std::string first = result_json(one), second = result_json(other);
  const std::size_t run = first.find("\n  \"run\": {");
  REQUIRE(run != std::string::npos);
  CHECK(first.substr(0, run) == second.substr(0, run));
  CHECK(first.substr(run) != second.substr(run));
  const json::object members = json::parse(first).as_object();
  CHECK(std::prev(members.end())->key() == "run");
}

TEST_CASE("every member the writer writes is in the schema, and every member of the schema is written") {
  const json::value schema = json::parse(result_schema());
  check_described(json::parse(result_json(made_up::result(made_up::bad_tally()))), schema, "$");
  check_described(json::parse(result_json(made_up::result(made_up::good_tally()))), schema, "$");
  check_described(json::parse(result_json(make_result(Scenario{}, {}, Tally{}, {}))), schema, "$");
}

TEST_CASE("a run of nothing has no instants") {
  const json::value empty = json::parse(result_json(make_result(Scenario{}, {}, Tally{}, {})));
  CHECK(empty.at("virtual_time").at("first").is_null());
  CHECK(empty.at("virtual_time").at("last").is_null());
  CHECK(empty.at("settings").at("starts").is_null());
  CHECK(empty.at("verdict").as_string() == "unknown");
}

TEST_CASE("big numbers keep every digit") {
  Tally tally = made_up::good_tally();
  tally.digest = 1;
  tally.paid_cents = static_cast<Int128>(std::numeric_limits<std::int64_t>::max()) * 2;
  Scenario scenario = made_up::scenario();
  scenario.seed = std::numeric_limits<std::uint64_t>::max();
  const std::string text = result_json(make_result(scenario, {}, tally, {}));
  CHECK(text.find("\"seed\": 18446744073709551615,") != std::string::npos);
  CHECK(text.find("\"paid_cents\": 18446744073709551614\n") != std::string::npos);
  CHECK(text.find("\"digest\": \"0000000000000001\"") != std::string::npos);
}

TEST_CASE("a name that is not UTF-8 leaves the file valid JSON") {
  Scenario scenario = made_up::scenario();
  scenario.name = "\xff\"\n";
  CHECK(json::parse(result_json(make_result(scenario, {}, Tally{}, {}))).at("scenario").as_string() == "\xEF\xBF\xBD\"\n");
}

TEST_CASE("a live run's figures stand in run, described, and nowhere else") {
  Result live = made_up::live_result();
  check_described(json::parse(result_json(live)), json::parse(result_schema()), "result");
  const std::string text = result_json(live);
  CHECK(text.find("\"live\": {") > text.find("\n  \"run\": {"));
  check_golden("live_result_run.json", text.substr(text.find("\n  \"run\": {")));
  live.run.live.reset();
  CHECK(result_json(live).find("\"live\": {") == std::string::npos);
}
