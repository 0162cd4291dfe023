#include "scenarios/language/expectation.hpp"

#include "reading.hpp"

#include <set>

using namespace dueprocess;

TEST_CASE("an expectation is a metric, a statistic, a comparison and a value") {
  const auto parse = [](std::string_view text) {
    const auto parsed = parse_expectation(text);
    INFO(text << ": " << parsed.problem);
    REQUIRE(parsed.problem.empty());
    return parsed.expectation;
  };
  CHECK(parse("violations == 0").metric->name == "violations");
  CHECK(parse("orders.placed >= 1_000").value == 1000);
  CHECK(parse("orders.placed>=1000").comparison == Comparison::greater_equal);
  const Expectation late = parse("auto_complete.lateness p99.9 <= 1ms");
  CHECK(late.statistic == Statistic::quantile);
  CHECK(late.quantile_ppm == 999'000);
  CHECK(late.comparison == Comparison::less_equal);
  CHECK(late.value == 1000);
  CHECK(late.text == "auto_complete.lateness p99.9 <= 1ms");
  CHECK(parse("auto_complete.lateness count > 5").value == 5);
  CHECK(parse("auto_complete.lateness max < 1s").statistic == Statistic::max);
  CHECK(parse("auto_complete.lateness p99.999 < 1s").quantile_ppm == 999'990);
  CHECK(parse("auto_complete.share >= 30%").value == 300'000);
  CHECK(parse("payments.amount == 49.90").value == 4990);
  CHECK(parse("http.response_time p99 < 50ms").metric->live);
  CHECK(parse("http.requests_per_second > 100/s").value == 100'000'000);
}

TEST_CASE("a wrong expectation is told at the wrong word") {
  const auto problem = [](std::string_view text) {
    const auto parsed = parse_expectation(text);
    return std::to_string(parsed.at) + " " + parsed.problem;
  };
  CHECK(problem("violaitons == 0") == "0 unknown metric \"violaitons\"; did you mean \"violations\"?");
  CHECK(problem("violations p99 == 0") == "11 violations is one number: it has no p99");
  CHECK(problem("auto_complete.lateness < 1s") ==
        "23 auto_complete.lateness is a distribution: say which statistic, such as auto_complete.lateness p99");
  CHECK(problem("auto_complete.lateness p101 < 1s") == "23 \"p101\" is not a quantile such as p50, p99 or p99.9");
  CHECK(problem("auto_complete.lateness avg < 1s").starts_with("23 unknown statistic \"avg\""));
  CHECK(problem("violations is 0").starts_with("11 "));
  CHECK(problem("violations") == "10 expected a comparison (==, !=, <, <=, >, >=)");
  CHECK(problem("violations ==") == "13 the value is missing");
  CHECK(problem("violations == none") == "14 \"none\" is not a count: expected a whole number");
  CHECK(problem("auto_complete.lateness p99 < 50") == "29 \"50\" has no unit: write 50s, 50h or 50d");
  CHECK_FALSE(parse_expectation("").problem.empty());
  CHECK_FALSE(parse_expectation("== 0").problem.empty());
}

TEST_CASE("in a file the column is the wrong word's") {
  CHECK(is_told(mistakes_of("expect:\n  - violations === 0\n"), "s.yaml:2:16: error: expect.0: expected a comparison"));
}

TEST_CASE("metrics have each one name and say what they are") {
  std::set<std::string_view> names;
  for (const Metric& metric : all_metrics()) {
    CHECK(names.insert(metric.name).second);
    CHECK_FALSE(metric.what.empty());
    CHECK(metric_named(metric.name) == &metric);
  }
  CHECK(metric_named("nothing") == nullptr);
}
