#include "scenarios/language/expectation.hpp"

#include "scenarios/language/names.hpp"
#include "scenarios/language/values.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <vector>

namespace dueprocess {
namespace {

struct Registry {
  std::deque<std::string> words;  // what the views point into
  std::vector<Metric> metrics;
  std::vector<std::string> names;

  void add(std::string name, MetricUnit unit, std::string what, bool distribution = false, bool live = false) {
    names.push_back(name);
    const std::string& kept = words.emplace_back(std::move(name));
    metrics.push_back({kept, unit, distribution, words.emplace_back(std::move(what)), live});
  }
};

// The ids of the invariants are vocabulary of the record, which the language may not see; they never change.
constexpr std::string_view invariants[] = {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "A1", "A2", "A3",
                                           "A4", "G1", "G2", "G3", "G4", "G5", "M1", "M2", "M3", "M4",
                                           "N1", "N2", "N3", "N4", "R1", "R2", "R3", "R4", "F1", "C1"};

Registry make_registry() {
  using enum MetricUnit;
  Registry r;
  r.add("violations", count, "everything the oracle found wrong");
  for (const auto id : invariants) r.add(fmt::format("violations.{}", id), count, fmt::format("violations of {}", id));
  r.add("cases.run", count, "cases played");
  r.add("cases.failed", count, "cases with a step whose expectation did not hold");
  r.add("orders.placed", count, "orders placed");
  r.add("orders.completed", count, "orders completed, by whomever");
  r.add("orders.completed_by_buyer", count, "orders the buyer accepted");
  r.add("orders.completed_by_auto", count, "orders completed by themselves");
  r.add("orders.open", count, "orders not completed when the run ended");
  r.add("orders.open.in_progress", count, "of those: never delivered");
  r.add("orders.open.delivered", count, "of those: under review");
  r.add("orders.open.in_revision", count, "of those: waiting for modified work");
  r.add("orders.ok", count, "orders in which the oracle found nothing wrong");
  r.add("orders.violated", count, "orders with a violation");
  r.add("orders.unknown", count, "orders that could not be judged");
  r.add("auto_complete.lateness", duration,
        "from the deadline to the completion, of orders completed by themselves and not early", true);
  r.add("auto_complete.early", count, "orders completed by themselves before their deadline");
  r.add("auto_complete.share", share, "of the completed orders: completed by themselves");
  r.add("auto_complete.on_time", share, "of the orders completed by themselves: exactly at the deadline");
  r.add("deliveries.late", count, "first deliveries after the due date");
  r.add("deliveries.again", count, "deliveries of modified work");
  r.add("extensions", count, "extensions granted");
  r.add("extensions.long", count, "extensions that push a review more than 2^31 - 1 ms past its start");
  r.add("operations", count, "operations asked for");
  for (unsigned kind = 0; kind < operation_kind_count; ++kind) {
    const auto name = name_of(static_cast<OperationKind>(kind));
    r.add(fmt::format("operations.{}", name), count, fmt::format("{} asked for", name));
    r.add(fmt::format("operations.{}.ok", name), count, fmt::format("{} taken", name));
    r.add(fmt::format("operations.{}.refused", name), count, fmt::format("{} refused", name));
    r.add(fmt::format("operations.{}.unknown", name), count, fmt::format("{} without a definite answer", name));
  }
  r.add("refusals", count, "operations refused, for whatever reason");
  for (unsigned code = 1; code < refusal_count; ++code) {
    const auto name = name_of(static_cast<Refusal>(code));
    r.add(fmt::format("refusals.{}", name), count, fmt::format("refused as {}", name));
  }
  r.add("timers.fired", count, "auto-complete timers that fired");
  r.add("payments", count, "payments processed");
  r.add("payments.amount", money, "their sum");
  r.add("uploads.bytes", count, "bytes uploaded");
  r.add("actions.dropped", count, "actors that gave up");
  r.add("replay.rows_skipped", count, "broken rows of the replayed file that were left out");
  r.add("coverage.at_deadline", count, "a buyer's operations exactly at the deadline");
  for (const auto* side : {"before", "after"})
    for (const auto* distance : {"1us", "1ms", "1s"})
      r.add(fmt::format("coverage.within_{}_{}", distance, side), count,
            fmt::format("a buyer's operations at most {} {} the deadline", distance, side));
  r.add("coverage.key_replays", count, "operations repeated with their idempotency key");
  r.add("coverage.repeats_without_key", count, "operations repeated at once without a key");
  r.add("coverage.dst_reviews", count, "reviews across a daylight-saving change of the policy's zone");
  r.add("coverage.leap_day_reviews", count, "reviews with some of a 29 February in them");
  r.add("coverage.herd_completions", count, "orders completed by themselves at an instant they share with another");
  r.add("coverage.herd_largest", count, "most orders completed by themselves at one instant");
  r.add("coverage.reviews_over_restart", count, "reviews that a restart fell into");
  r.add("coverage.deadlines_in_downtime", count, "deadlines while the target was down");
  r.add("http.response_time", duration, "from the intended sending to the answer", true, true);
  r.add("http.service_time", duration, "from the real sending to the answer", true, true);
  r.add("http.requests", count, "requests sent", false, true);
  r.add("http.errors", count, "requests without a usable answer", false, true);
  r.add("http.requests_per_second", per_second, "requests answered in a second of wall time", false, true);
  return r;
}

const Registry& registry() {
  static const Registry all = make_registry();
  return all;
}

/// Walks over the words of an expectation, which spaces or comparison signs divide.
struct Words {
  std::string_view text;
  std::size_t at = 0;

  void skip() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  }
  static bool is_sign(char c) { return c == '=' || c == '<' || c == '>' || c == '!'; }
  std::string_view next() {
    const std::size_t begin = at;
    if (at < text.size()) {
      const bool sign = is_sign(text[at]);
      while (at < text.size() && text[at] != ' ' && text[at] != '\t' && is_sign(text[at]) == sign) ++at;
    }
    return text.substr(begin, at - begin);
  }
};

constexpr std::pair<std::string_view, Comparison> signs[] = {
    {"==", Comparison::equal},  {"!=", Comparison::not_equal},     {"<", Comparison::less}, {"<=", Comparison::less_equal},
    {">", Comparison::greater}, {">=", Comparison::greater_equal}, {"=", Comparison::equal}};

/// "p99.9" is 999'000.
Parsed<std::uint32_t> parse_quantile(std::string_view word) {
  auto wrong = Parsed<std::uint32_t>{0, fmt::format("\"{}\" is not a quantile such as p50, p99 or p99.9", word)};
  const auto number = parse_number_ppb(word.substr(1));
  if (!number.ok() || word[1] < '0' || word[1] > '9' || number.value <= 0 || number.value > 100 * parts_per_billion) return wrong;
  if (number.value % 100'000 != 0) return {0, fmt::format("\"{}\" has too many digits: four after the point at most", word)};
  return {static_cast<std::uint32_t>(number.value / 100'000), {}};
}

template <class T>
void take_value(const Parsed<T>& parsed, std::int64_t value, ParsedExpectation& result) {
  result.expectation.value = value;
  result.problem = parsed.problem;
}

void read_value(std::string_view text, MetricUnit unit, ParsedExpectation& result) {
  switch (unit) {
    case MetricUnit::count: {
      const auto parsed = parse_count(text);
      return take_value(parsed, static_cast<std::int64_t>(parsed.value), result);
    }
    case MetricUnit::duration: {
      const auto parsed = parse_duration(text);
      return take_value(parsed, us_of(parsed.value), result);
    }
    case MetricUnit::share: {
      const auto parsed = parse_share(text);
      return take_value(parsed, parsed.value / 1000, result);
    }
    case MetricUnit::per_second: {
      const auto parsed = parse_rate(text);
      return take_value(parsed, static_cast<std::int64_t>(parsed.value * 1e12 + 0.5), result);
    }
    case MetricUnit::money: {
      const auto parsed = parse_money(text);
      return take_value(parsed, parsed.value, result);
    }
  }
}

bool read_statistic(std::string_view word, ParsedExpectation& result) {
  static constexpr std::pair<std::string_view, Statistic> names[] = {
      {"min", Statistic::min}, {"max", Statistic::max}, {"mean", Statistic::mean}, {"count", Statistic::count}};
  for (const auto& [name, statistic] : names)
    if (word == name) {
      result.expectation.statistic = statistic;
      return true;
    }
  if (word.size() >= 2 && word[0] == 'p') {
    const auto quantile = parse_quantile(word);
    result.expectation.statistic = Statistic::quantile;
    result.expectation.quantile_ppm = quantile.value;
    result.problem = quantile.problem;
    return quantile.ok();
  }
  static const std::vector<std::string> all = {"p50", "p90", "p99", "p99.9", "min", "max", "mean", "count"};
  result.problem = fmt::format("unknown statistic \"{}\"{}", word, suggestion(word, all));
  return false;
}

}  // namespace

std::span<const Metric> all_metrics() { return registry().metrics; }

const Metric* metric_named(std::string_view name) {
  const auto found = std::ranges::find(registry().metrics, name, &Metric::name);
  return found == registry().metrics.end() ? nullptr : &*found;
}

std::string_view name_of(MetricUnit unit) {
  static constexpr std::string_view names[] = {"count", "duration", "share", "rate", "money"};
  return names[static_cast<std::size_t>(unit)];
}

std::string_view name_of(Comparison comparison) {
  static constexpr std::string_view names[] = {"<", "<=", "==", "!=", ">=", ">"};
  return names[static_cast<std::size_t>(comparison)];
}

ParsedExpectation parse_expectation(std::string_view text) {
  ParsedExpectation result;
  result.expectation.text = std::string{trimmed(text)};
  const auto fail = [&](std::size_t at, std::string problem) {
    result.at = at;
    result.problem = std::move(problem);
    return result;
  };
  Words words{text};
  words.skip();
  std::size_t begin = words.at;
  const std::string_view name = words.next();
  if (name.empty()) return fail(begin, "expected `metric [statistic] comparison value`, such as violations == 0");
  const Metric* metric = metric_named(name);
  if (!metric) return fail(begin, fmt::format("unknown metric \"{}\"{}", name, suggestion(name, registry().names)));
  result.expectation.metric = metric;

  words.skip();
  begin = words.at;
  std::string_view word = words.next();
  if (!word.empty() && !Words::is_sign(word[0])) {
    if (!metric->distribution) return fail(begin, fmt::format("{} is one number: it has no {}", name, word));
    if (!read_statistic(word, result)) {
      result.at = begin;
      return result;
    }
    words.skip();
    begin = words.at;
    word = words.next();
  } else if (metric->distribution) {
    return fail(begin, fmt::format("{} is a distribution: say which statistic, such as {} p99", name, name));
  }
  const auto sign = std::ranges::find(signs, word, &std::pair<std::string_view, Comparison>::first);
  if (sign == std::end(signs))
    return fail(begin, fmt::format("expected a comparison (==, !=, <, <=, >, >=){}",
                                   word.empty() ? "" : fmt::format(", not \"{}\"", word)));
  result.expectation.comparison = sign->second;
  words.skip();
  result.at = words.at;
  const std::string_view value = trimmed(text.substr(words.at));
  if (value.empty()) return fail(words.at, "the value is missing");
  read_value(value, result.expectation.statistic == Statistic::count ? MetricUnit::count : metric->unit, result);
  return result;
}

}  // namespace dueprocess
