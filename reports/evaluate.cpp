#include "reports/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>

#include "reports/format.hpp"
#include "reports/result.hpp"
#include "scenarios/language/scenario.hpp"

namespace dueprocess {
namespace {

using UInt64 = std::uint64_t;
using Count = UInt64 (*)(const Tally&);

/// Where a metric's value comes from: a count, a share (a part of a whole), an amount of money, or a distribution.
struct Source {
  std::string_view name;
  Count part = nullptr;
  Count whole = nullptr;
  Int128 (*cents)(const Tally&) = nullptr;
  const Histogram& (*histogram)(const Tally&) = nullptr;
};

UInt64 completed(const Tally& t) { return t.completed_by_buyer + t.completed_by_auto; }
UInt64 sum_of(const auto& counts) { return std::accumulate(counts.begin(), counts.end(), UInt64{0}); }
template <Boundary where>
UInt64 boundary(const Tally& t) {
  return t.coverage.boundaries[static_cast<std::size_t>(where)];
}
template <UInt64 Coverage::*field>
UInt64 covered(const Tally& t) {
  return t.coverage.*field;
}
UInt64 cases_failed(const Tally& t) {
  UInt64 cases = 0;
  for (std::size_t i = 0; i < t.case_failures.size(); ++i)
    if (i == 0 || t.case_failures[i].case_index != t.case_failures[i - 1].case_index) ++cases;
  return cases;
}

const Source sources[] = {
    {"violations", [](const Tally& t) { return t.violations_total(); }},
    {"cases.run", [](const Tally& t) { return t.cases_run; }},
    {"cases.failed", cases_failed},
    {"orders.placed", [](const Tally& t) { return t.placed; }},
    {"orders.completed", completed},
    {"orders.completed_by_buyer", [](const Tally& t) { return t.completed_by_buyer; }},
    {"orders.completed_by_auto", [](const Tally& t) { return t.completed_by_auto; }},
    {"orders.open", [](const Tally& t) { return t.open_in_progress + t.open_delivered + t.open_in_revision; }},
    {"orders.open.in_progress", [](const Tally& t) { return t.open_in_progress; }},
    {"orders.open.delivered", [](const Tally& t) { return t.open_delivered; }},
    {"orders.open.in_revision", [](const Tally& t) { return t.open_in_revision; }},
    {"orders.ok", [](const Tally& t) { return t.orders_ok; }},
    {"orders.violated", [](const Tally& t) { return t.orders_violated; }},
    {"orders.unknown", [](const Tally& t) { return t.orders_unknown; }},
    {.name = "auto_complete.lateness", .histogram = [](const Tally& t) -> const Histogram& { return t.lateness_us; }},
    {"auto_complete.early", [](const Tally& t) { return t.early; }},
    {"auto_complete.share", [](const Tally& t) { return t.completed_by_auto; }, completed},
    {"auto_complete.on_time",
     [](const Tally& t) { return t.lateness_buckets[static_cast<std::size_t>(LatenessBucket::on_time)]; },
     [](const Tally& t) { return t.completed_by_auto; }},
    {"deliveries.late", covered<&Coverage::late_deliveries>},
    {"deliveries.again", covered<&Coverage::redeliveries>},
    {"extensions", covered<&Coverage::extensions>},
    {"extensions.long", covered<&Coverage::long_extensions>},
    {"operations", [](const Tally& t) { return events_of(t) - t.timers_fired; }},
    {"refusals", [](const Tally& t) { return sum_of(t.refusals); }},
    {"timers.fired", [](const Tally& t) { return t.timers_fired; }},
    {"payments", [](const Tally& t) { return t.paid; }},
    {.name = "payments.amount", .cents = [](const Tally& t) { return t.paid_cents; }},
    {"uploads.bytes", [](const Tally& t) { return t.bytes_uploaded; }},
    {"actions.dropped", [](const Tally& t) { return t.actions_dropped; }},
    {"coverage.at_deadline", boundary<Boundary::at_deadline>},
    {"coverage.within_1us_before", boundary<Boundary::within_1us_before>},
    {"coverage.within_1us_after", boundary<Boundary::within_1us_after>},
    {"coverage.within_1ms_before", boundary<Boundary::within_1ms_before>},
    {"coverage.within_1ms_after", boundary<Boundary::within_1ms_after>},
    {"coverage.within_1s_before", boundary<Boundary::within_1s_before>},
    {"coverage.within_1s_after", boundary<Boundary::within_1s_after>},
    {"coverage.key_replays", covered<&Coverage::key_replays>},
    {"coverage.repeats_without_key", covered<&Coverage::repeats_without_key>},
    {"coverage.dst_reviews", covered<&Coverage::dst_reviews>},
    {"coverage.leap_day_reviews", covered<&Coverage::leap_day_reviews>},
    {"coverage.herd_completions", covered<&Coverage::herd_completions>},
    {"coverage.herd_largest", covered<&Coverage::herd_largest>},
    {"coverage.reviews_over_restart", covered<&Coverage::reviews_over_restart>},
    {"coverage.deadlines_in_downtime", covered<&Coverage::deadlines_in_downtime>},
};

const Source* source_of(std::string_view metric) {
  const auto found =
      std::find_if(std::begin(sources), std::end(sources), [&](const Source& source) { return source.name == metric; });
  return found == std::end(sources) ? nullptr : found;
}

/// `metric` without the prefix; nothing: it has another beginning.
std::optional<std::string_view> after(std::string_view prefix, std::string_view metric) {
  if (!metric.starts_with(prefix)) return std::nullopt;
  return metric.substr(prefix.size());
}

/// operations.<kind>, operations.<kind>.<ok, refused or unknown>
std::optional<UInt64> count_of_operations(std::string_view name, const Tally& tally) {
  static constexpr std::array<std::string_view, 3> outcomes{".ok", ".refused", ".unknown"};
  for (unsigned kind = 0; kind < operation_kind_count; ++kind) {
    const auto rest = after(name_of(static_cast<OperationKind>(kind)), name);
    if (!rest) continue;
    if (rest->empty()) return sum_of(tally.operations[kind]);
    for (unsigned outcome = 0; outcome < outcomes.size(); ++outcome)
      if (*rest == outcomes[outcome]) return tally.operations[kind][outcome];
  }
  return std::nullopt;
}

/// The metrics there is one of for each rule, kind of operation or refusal code.
std::optional<UInt64> count_of_family(std::string_view metric, const Tally& tally) {
  if (const auto rule = after("violations.", metric)) {
    for (unsigned i = 0; i < invariant_count; ++i)
      if (name_of(static_cast<Invariant>(i)) == *rule) return tally.violations_by[i];
  }
  if (const auto code = after("refusals.", metric)) {
    for (unsigned i = 1; i < refusal_count; ++i)
      if (name_of(static_cast<Refusal>(i)) == *code) return tally.refusals[i];
  }
  if (const auto kind = after("operations.", metric)) return count_of_operations(*kind, tally);
  return std::nullopt;
}

bool compare(Comparison comparison, Int128 actual, Int128 wanted) {
  switch (comparison) {
    case Comparison::less:
      return actual < wanted;
    case Comparison::less_equal:
      return actual <= wanted;
    case Comparison::equal:
      return actual == wanted;
    case Comparison::not_equal:
      return actual != wanted;
    case Comparison::greater_equal:
      return actual >= wanted;
    case Comparison::greater:
      return actual > wanted;
  }
  return false;
}

std::int64_t statistic_of(const Histogram& histogram, const Expectation& expectation) {
  switch (expectation.statistic) {
    case Statistic::quantile:
      return histogram.quantile(expectation.quantile_ppm);
    case Statistic::min:
      return histogram.min();
    case Statistic::value:
    case Statistic::max:
      return histogram.max();
    case Statistic::mean:
      return std::llround(histogram.mean());
    case Statistic::count:
      return static_cast<std::int64_t>(histogram.count());
  }
  return 0;
}

struct Judgement {
  std::optional<bool> held;
  std::string actual;
};

Judgement judge_count(const Expectation& expectation, UInt64 actual) {
  return {compare(expectation.comparison, static_cast<Int128>(actual), expectation.value), thousands(actual)};
}

Judgement judge_distribution(const Expectation& expectation, const Histogram& histogram) {
  if (expectation.statistic == Statistic::count) return judge_count(expectation, histogram.count());
  if (histogram.count() == 0) return {false, "nothing was measured"};
  const std::int64_t actual = statistic_of(histogram, expectation);
  return {compare(expectation.comparison, actual, expectation.value),
          expectation.metric->unit == MetricUnit::duration ? exact_duration(Duration{actual}) : thousands(actual)};
}

/// Exact: part / whole against value / 10^6 without a division.
Judgement judge_share(const Expectation& expectation, UInt64 part, UInt64 whole) {
  if (whole == 0) return {false, "nothing was measured"};
  const Int128 scaled = static_cast<Int128>(part) * 1'000'000;
  return {compare(expectation.comparison, scaled, static_cast<Int128>(whole) * expectation.value),
          fmt::format("{} ({} of {})", percent_text(part, whole), thousands(part), thousands(whole))};
}

Judgement judge_money(const Expectation& expectation, Int128 cents) {
  return {compare(expectation.comparison, cents, expectation.value), human_money(cents)};
}

const Histogram* live_times(std::string_view metric, const LiveTally& live) {
  if (metric == "http.response_time") return &live.response_ns;
  if (metric == "http.service_time") return &live.service_ns;
  return nullptr;
}

UInt64 live_errors(const LiveTally& live) {
  return sum_of(live.failures) - live.failures[static_cast<unsigned>(Failure::none)] -
         live.failures[static_cast<unsigned>(Failure::unsupported)];
}

/// Nanoseconds against the expectation's microseconds, exactly.
Judgement judge_nanoseconds(const Expectation& expectation, const Histogram& histogram) {
  if (expectation.statistic == Statistic::count) return judge_count(expectation, histogram.count());
  if (histogram.count() == 0) return {false, "nothing was measured"};
  const std::int64_t actual = statistic_of(histogram, expectation);
  return {compare(expectation.comparison, actual, static_cast<Int128>(expectation.value) * 1000),
          human_duration(Duration{actual / 1000})};
}

Judgement judge_live(const Expectation& expectation, const LiveTally& tally, const LiveRecord& live) {
  const std::string_view metric = expectation.metric->name;
  if (const Histogram* times = live_times(metric, tally)) {
    Judgement judgement = judge_nanoseconds(expectation, *times);
    if (live.saturated) judgement.actual += " (of a generator at its limit)";
    return judgement;
  }
  if (metric == "http.errors") return judge_count(expectation, live_errors(tally));
  if (metric == "http.requests") return judge_count(expectation, tally.requests);
  if (live.load_s <= 0) return {false, "nothing was measured"};
  const double rate = static_cast<double>(tally.requests) / live.load_s;
  return {compare(expectation.comparison, static_cast<Int128>(rate * 1e6), expectation.value), human_rate(rate)};
}

constexpr std::string_view rows_skipped = "replay.rows_skipped";  // known to the scenario, not to the tally

Judgement judge(const Expectation& expectation, const Scenario& scenario, const Tally& tally, const LiveRecord* live) {
  const Metric& metric = *expectation.metric;
  if (metric.live && live) return judge_live(expectation, tally.live, *live);
  if (metric.live) return {std::nullopt, "not measured (only live targets have it)"};
  if (metric.name == rows_skipped) return judge_count(expectation, scenario.replay_rows_skipped);
  if (const auto count = count_of_family(metric.name, tally)) return judge_count(expectation, *count);
  const Source* source = source_of(metric.name);
  assert(source && "a metric of the language that reports know nothing of");
  if (source->histogram) return judge_distribution(expectation, source->histogram(tally));
  if (source->cents) return judge_money(expectation, source->cents(tally));
  if (source->whole) return judge_share(expectation, source->part(tally), source->whole(tally));
  return judge_count(expectation, source->part(tally));
}

}  // namespace

bool can_evaluate(const Metric& metric) {
  if (metric.live || metric.name == rows_skipped || count_of_family(metric.name, Tally{})) return true;
  const Source* source = source_of(metric.name);
  return source && (source->histogram != nullptr) == metric.distribution &&
         (source->whole != nullptr) == (metric.unit == MetricUnit::share) &&
         (source->cents != nullptr) == (metric.unit == MetricUnit::money);
}

std::vector<JudgedExpectation> evaluate(const Scenario& scenario, const Tally& tally, const LiveRecord* live) {
  std::vector<JudgedExpectation> judged;
  for (const Expectation& expectation : scenario.expectations) {
    Judgement judgement = judge(expectation, scenario, tally, live);
    judged.push_back({expectation.text, expectation.line, judgement.held, expectation.metric->name, std::move(judgement.actual)});
  }
  return judged;
}

}  // namespace dueprocess
