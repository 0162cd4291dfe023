// An expectation: `metric [statistic] comparison value`, e.g. `auto_complete.lateness p99.9 <= 0s`.
// The metrics that exist are listed here, with their units; a name that is not among them is an error of the scenario.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dueprocess {

enum class MetricUnit : std::uint8_t { count, duration, share, per_second, money };
enum class Comparison : std::uint8_t { less, less_equal, equal, not_equal, greater_equal, greater };
enum class Statistic : std::uint8_t { value, quantile, min, max, mean, count };

struct Metric {
  std::string_view name;  // "violations", "auto_complete.lateness", "orders.completed_by_auto" ...
  MetricUnit unit = MetricUnit::count;
  bool distribution = false;  // has quantiles, min, max, mean, count
  std::string_view what;
  bool live = false;  // known only where the target is a live service; elsewhere: not measured
};

std::span<const Metric> all_metrics();  // in the order of the documentation
const Metric* metric_named(std::string_view);

struct Expectation {
  std::string text;  // as written
  std::uint32_t line = 0;
  const Metric* metric = nullptr;
  Statistic statistic = Statistic::value;
  std::uint32_t quantile_ppm = 0;  // Statistic::quantile
  Comparison comparison = Comparison::equal;
  std::int64_t value = 0;  // count; microseconds; cents; share and per_second: parts per million
};

/// What was wrong with an expectation's text and at which character of it (0-based), or the expectation (without a line).
struct ParsedExpectation {
  Expectation expectation;
  std::string problem;  // empty: none
  std::size_t at = 0;
};
ParsedExpectation parse_expectation(std::string_view text);

std::string_view name_of(MetricUnit);
std::string_view name_of(Comparison);  // "<="

}  // namespace dueprocess
