// Values set from outside: --set, and the environment.
#include "reading.hpp"

#include <cstdlib>

using namespace dueprocess;

namespace {
ReadOptions set(std::vector<std::pair<std::string, std::string>> overrides) {
  ReadOptions options = sealed();
  options.overrides = std::move(overrides);
  return options;
}
const std::string base = market("{arrive: {rate: 100/day}}", "cases:\n  - {name: a, steps: [{at: 1h, expect: in_progress}]}\n");
}  // namespace

TEST_CASE("an override changes what is there and adds what is not, the last one winning") {
  const Scenario s = scenario_of(base, set({{"seed", "7"},
                                            {"seed", "8"},
                                            {"orders.arrive.rate", "200/day"},
                                            {"policy.review_period", "5d"},
                                            {"cases.0.due", "5d"},
                                            {"orders.due_in", "{uniform: [1d, 2d]}"},
                                            {"sellers.personas", "{x: {like: late}}"}}));
  CHECK(s.seed == 8);
  CHECK(s.market.orders.count == 2800);
  CHECK(s.policy.review_period == std::chrono::hours{120});
  CHECK(s.market.cases[0].due_in == std::chrono::hours{120});
  CHECK(s.market.orders.due_in.max() == us("2d"));
  CHECK(s.market.seller_personas[0].name == "x");
}

TEST_CASE("a wrong override is told as what was written") {
  const auto told = mistakes_of(base, set({{"policy.review_perod", "5d"},
                                           {"seed", "x"},
                                           {"name.x", "1"},
                                           {"cases.3.due", "1d"},
                                           {"", "1"},
                                           {"a..b", "1"},
                                           {"seed", "{"}}));
  CHECK(is_told(
      told,
      "--set policy.review_perod=5d: error: policy.review_perod: unknown key \"review_perod\"; did you mean \"review_period\"?"));
  CHECK(is_told(told, "--set seed=x: error: seed: \"x\" is not a whole number"));
  CHECK(is_told(told, "--set cases.3.due=1d: error: cases is a list of 1: \"3\" is not one of 0 to 0"));
  CHECK(is_told(told, "--set =1: error: the path has an empty part"));
  CHECK(is_told(told, "--set seed={: error: not YAML"));
  CHECK(is_told(mistakes_of("name: x\n", set({{"name.x", "1"}})),
                "--set name.x=1: error: name is \"x\": nothing can be set inside of it"));
}

TEST_CASE("an empty file with overrides is a scenario") {
  CHECK(scenario_of("", set({{"orders.arrive", "1/h"}, {"ends", "1d"}, {"sellers.count", "1"}, {"buyers.count", "1"}}))
            .market.orders.count == 24);
}

TEST_CASE("environment variables stand in values") {
  ReadOptions open;
  setenv("DUEPROCESS_TEST_RATE", "50/day", 1);
  setenv("DUEPROCESS_TEST_EMPTY", "", 1);
  unsetenv("DUEPROCESS_TEST_NONE");
  CHECK(scenario_of(market("{arrive: \"${DUEPROCESS_TEST_RATE}\"}"), open).market.orders.count == 700);
  CHECK(scenario_of(market("{arrive: \"${DUEPROCESS_TEST_NONE:-10/day}\"}"), open).market.orders.count == 140);
  CHECK(scenario_of(market("{arrive: \"${DUEPROCESS_TEST_EMPTY:-10/day}\"}"), open).market.orders.count == 140);
  CHECK(scenario_of("name: a $${b} ${DUEPROCESS_TEST_EMPTY}c\n" + market("{arrive: 1/h}"), open).name == "a ${b} c");
  CHECK(is_told(mistakes_of("name: ${DUEPROCESS_TEST_NONE}\n", open),
                "s.yaml:1:7: error: name: the environment variable DUEPROCESS_TEST_NONE is not set"));
  CHECK(is_told(mistakes_of("name: ${a\n", open), "${ without its }"));
  CHECK(is_told(mistakes_of("name: ${a b}\n", open), "does not name an environment variable"));
  CHECK(is_told(mistakes_of("name: ${DUEPROCESS_TEST_RATE}\n"), "is not set"));  // sealed
}

TEST_CASE("DUEPROCESS_SET_ names a path, in order of the names") {
  setenv("DUEPROCESS_SET_ORDERS__ARRIVE__RATE", "1/h", 1);
  setenv("DUEPROCESS_SET_sellers__personas__Slow__share", "1", 1);
  const auto found = overrides_from_environment();
  CHECK(found ==
        std::vector<std::pair<std::string, std::string>>{{"orders.arrive.rate", "1/h"}, {"sellers.personas.Slow.share", "1"}});
  unsetenv("DUEPROCESS_SET_ORDERS__ARRIVE__RATE");
  unsetenv("DUEPROCESS_SET_sellers__personas__Slow__share");
}
