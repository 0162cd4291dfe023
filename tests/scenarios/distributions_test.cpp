#include "reading.hpp"

using namespace dueprocess;

namespace {
Distribution due_in(const std::string& text) {
  return scenario_of(market("{arrive: 100/day, due_in: " + text + "}")).market.orders.due_in;
}
std::vector<std::string> distribution_problems(const std::string& text) {
  return mistakes_of(market("{arrive: 100/day, due_in: " + text + "}"));
}
}  // namespace

TEST_CASE("every distribution is read") {
  CHECK(due_in("3d").is_constant());
  CHECK(due_in("3d").min() == us("3d"));
  CHECK(due_in("{constant: 3d}").min() == us("3d"));
  CHECK(due_in("1d..3d").min() == us("1d"));
  CHECK(due_in("1d..3d").max() == us("3d"));
  CHECK(due_in("{uniform: [1d, 3d]}").max() == us("3d"));
  CHECK(due_in("{triangular: [1d, 2d, 3d]}").mean() == Approx(static_cast<double>(us("2d"))).epsilon(0.01));
  CHECK(due_in("{exponential: {mean: 3d}}").mean() == Approx(static_cast<double>(us("3d"))).epsilon(0.02));
  CHECK(due_in("{normal: {mean: 10d, sd: 1d}, min: 1d}").mean() == Approx(static_cast<double>(us("10d"))).epsilon(0.02));
  CHECK(due_in("{lognormal: {median: 3d, p95: 9d}}").mean() > static_cast<double>(us("3d")));
  CHECK(due_in("{lognormal: {median: 3d, sigma: 0.5}}").mean() > static_cast<double>(us("3d")));
  CHECK(due_in("{gamma: {shape: 2, scale: 3d}}").mean() == Approx(static_cast<double>(us("6d"))).epsilon(0.02));
  CHECK(due_in("{weibull: {shape: 1, scale: 3d}}").mean() == Approx(static_cast<double>(us("3d"))).epsilon(0.02));
  CHECK(due_in("{pareto: {shape: 3, scale: 2d}}").min() >= us("2d") - 1);
  const Distribution choice = due_in("{choice: {1d: 50%, 3d: 30%, 7d: 20%}}");
  CHECK(choice.min() == us("1d"));
  CHECK(choice.max() == us("7d"));
  CHECK(choice.mean() == Approx(static_cast<double>(us("1d")) * 2.8));
  CHECK(due_in("{choice: {1d: 5, 3d: 15}}").mean() == Approx(static_cast<double>(us("1d")) * 2.5));
  CHECK(due_in("{exponential: {mean: 3d}, min: 1d, max: 2d}").max() <= us("2d"));
  CHECK(due_in("{exponential: {mean: 3d}, min: 1d, max: 2d}").min() >= us("1d"));
}

TEST_CASE("wrong distributions are told") {
  CHECK(is_told(distribution_problems("3d..1d"), "the range is reversed: 3d is more than 1d"));
  CHECK(is_told(distribution_problems("{uniform: [3d, 1d]}"), "the range is reversed"));
  CHECK(is_told(distribution_problems("{uniform: [1d]}"), "expected a list of 2: [lowest, highest]"));
  CHECK(is_told(distribution_problems("{triangular: [1d, 5d, 3d]}"), "out of order: lowest, most likely, highest"));
  CHECK(is_told(distribution_problems("{unifrom: [1d, 2d]}"), "unknown distribution \"unifrom\"; did you mean \"uniform\"?"));
  CHECK(is_told(distribution_problems("{uniform: [1d, 2d], normal: {mean: 1d, sd: 1d}}"), "two distributions at once"));
  CHECK(is_told(distribution_problems("{min: 1d}"), "which distribution?"));
  CHECK(is_told(distribution_problems("{normal: {mean: 3d}}"), "\"sd\" is missing"));
  CHECK(is_told(distribution_problems("{normal: {mean: 3d, sd: 0s}, min: 1d}"), "sd must be more than 0"));
  CHECK(is_told(distribution_problems("{normal: {mean: 3d, sd: 1d}}"), "cut it off with min: 1us"));
  CHECK(is_told(distribution_problems("{lognormal: {median: 3d, p95: 1d}}"), "p95 must be more than the median"));
  CHECK(is_told(distribution_problems("{lognormal: {median: 3d}}"), "either p95 or sigma"));
  CHECK(is_told(distribution_problems("{lognormal: {median: 3d, p95: 9d, sigma: 1}}"), "either p95 or sigma"));
  CHECK(is_told(distribution_problems("{gamma: {shape: 0, scale: 3d}}"), "out of range"));
  CHECK(is_told(distribution_problems("{pareto: {shape: 1, scale: 0s}}"), "scale must be more than 0"));
  CHECK(is_told(distribution_problems("{choice: {1d: 50%, 3d: 30%}}"), "the weights add up to 80%, not 100%"));
  CHECK(is_told(distribution_problems("{choice: {1d: 50%, 3d: 2}}"), "some weights are percentages and some are not"));
  CHECK(is_told(distribution_problems("{choice: {1d: 0}}"), "all weights are 0"));
  CHECK(is_told(distribution_problems("{choice: {}}"), "expected values with weights"));
  CHECK(is_told(distribution_problems("{uniform: [1d, 2d], min: 3d}"), "leave nothing of the distribution"));
  CHECK(is_told(distribution_problems("{uniform: [1d, 9d], min: 3d, max: 2d}"), "min 3d is more than max 2d"));
  CHECK(is_told(distribution_problems("0s"), "is 0s: the due date lies after the order is placed"));
  CHECK(is_told(distribution_problems("{choice: {0s: 50%, 1d: 50%}}"), "can be 0s: the due date lies after the order is placed"));
  CHECK(is_told(distribution_problems("{uniform: [1, 2]}"), "\"1\" has no unit: write 1s, 1h or 1d"));
  CHECK(is_told(distribution_problems("{file: none.csv}"), "cannot read \"none.csv\""));
  CHECK(is_told(distribution_problems("[1d, 2d]"), "not a list"));
}

TEST_CASE("a tail beyond all bounds is cut off by itself") {
  CHECK(due_in("{lognormal: {median: 300d, p95: 9000d}}").max() <= 36'525 * us("1d"));
  CHECK(due_in("{exponential: {mean: 10us}}").min() >= 1);
}
