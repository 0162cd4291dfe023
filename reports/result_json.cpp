// The result file. Its members and their order are a contract: result_schema.cpp describes them, and a test holds the two
// together. A member may be added; one that is renamed or means something else makes the next version of the schema.

#include <cstddef>

#include "reports/format.hpp"
#include "reports/json_names.hpp"
#include "reports/json_writer.hpp"
#include "reports/live_json.hpp"
#include "reports/result.hpp"

namespace dueprocess {
namespace {

std::uint64_t sum(const std::array<std::uint64_t, 3>& outcomes) { return outcomes[0] + outcomes[1] + outcomes[2]; }

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).open_array();
  for (const std::string& text : texts) json.text(text);
  json.close();
}

/// Instants outside of any run (nothing happened) are null.
void write_instant(JsonWriter& json, std::string_view key, Instant instant) {
  json.key(key);
  if (instant == never || instant == Instant::min())
    json.null();
  else
    json.text(rfc3339(instant));
}

void write_settings(JsonWriter& json, const Result& result) {
  json.key("settings").open_object();
  json.key("scenario").text(result.settings.scenario);
  json.key("file").text(result.file);
  write_instant(json, "starts", result.starts);
  write_instant(json, "ends", result.ends);
  json.key("overrides").open_array();
  for (const auto& [path, value] : result.settings.overrides) json.text(path + "=" + value);
  json.close();
  json.key("environment").open_array();
  for (const auto& [name, value] : result.settings.environment) json.text(name + "=" + value);
  json.close();
  write_texts(json, "bugs", result.bugs);
  json.key("rows_skipped").number(result.rows_skipped);
  write_texts(json, "row_problems", result.row_problems);
  json.close();
}

void write_orders(JsonWriter& json, const Tally& tally) {
  json.key("orders").open_object();
  json.key("placed").number(tally.placed);
  json.key("completed_by_buyer").number(tally.completed_by_buyer);
  json.key("completed_by_auto").number(tally.completed_by_auto);
  json.key("open").number(tally.open_in_progress + tally.open_delivered + tally.open_in_revision);
  json.key("open_in_progress").number(tally.open_in_progress);
  json.key("open_delivered").number(tally.open_delivered);
  json.key("open_in_revision").number(tally.open_in_revision);
  json.key("judged_ok").number(tally.orders_ok);
  json.key("judged_violated").number(tally.orders_violated);
  json.key("judged_unknown").number(tally.orders_unknown);
  json.key("paid").number(tally.paid);
  json.key("paid_cents").integer(tally.paid_cents);
  json.close();
}

void write_violations(JsonWriter& json, const Result& result) {
  const Tally& tally = result.tally;
  json.key("violations").open_object();
  json.key("total").number(tally.violations_total());
  json.key("by_rule").open_object();
  for (unsigned i = 0; i < invariant_count; ++i)
    if (tally.violations_by[i] > 0) json.key(name_of(static_cast<Invariant>(i))).number(tally.violations_by[i]);
  json.close();
  json.key("samples").open_array();
  for (const Violation& violation : tally.violation_samples) {
    json.open_object();
    json.key("order");
    if (violation.order == OrderId::none)
      json.null();
    else
      json.number(number(violation.order));
    json.key("rule").text(name_of(violation.invariant));
    write_instant(json, "at", violation.at);
    json.key("expected").text(violation.expected);
    json.key("seen").text(violation.seen);
    json.key("replay").text(violation.order == OrderId::none ? std::string{}
                                                             : command_to_replay(result, number(violation.order)));
    json.close();
  }
  json.close().close();
}

void write_expectations(JsonWriter& json, const Result& result) {
  json.key("expectations").open_array();
  for (const JudgedExpectation& expectation : result.expectations) {
    json.open_object();
    json.key("text").text(expectation.text);
    json.key("held");
    if (expectation.held)
      json.flag(*expectation.held);
    else
      json.null();
    json.key("actual").text(expectation.actual);
    json.key("line").number(expectation.line);
    json.close();
  }
  json.close();
}

void write_cases(JsonWriter& json, const Result& result) {
  json.key("cases").open_object();
  json.key("run").number(result.tally.cases_run);
  json.key("failed").number(result.cases_failed);
  json.key("failures").open_array();
  for (const FailedStep& step : result.failed_steps) {
    json.open_object();
    json.key("case").text(step.name);
    json.key("file").text(result.file);
    json.key("line").number(step.line);
    json.key("order").number(step.order);
    json.key("expected").text(step.expected);
    json.key("seen").text(step.seen);
    json.key("replay").text(command_to_replay(result, step.order));
    json.close();
  }
  json.close().close();
}

void write_auto_complete(JsonWriter& json, const Tally& tally) {
  const Histogram& lateness = tally.lateness_us;
  json.key("auto_complete").open_object();
  json.key("lateness_us").open_object();
  json.key("count").number(lateness.count());
  json.key("p50").number(lateness.quantile(500'000));
  json.key("p99").number(lateness.quantile(990'000));
  json.key("p999").number(lateness.quantile(999'000));
  json.key("max").number(lateness.max());
  json.key("buckets").open_object();
  for (unsigned i = 0; i < lateness_bucket_count; ++i) json.key(json_lateness_buckets[i]).number(tally.lateness_buckets[i]);
  json.close().close();
  json.key("early").number(tally.early);
  json.key("earliest_us").number(tally.earliest_us);
  json.close();
}

void write_outcomes(JsonWriter& json, const std::array<std::uint64_t, 3>& outcomes) {
  json.open_object();
  json.key("ok").number(outcomes[0]);
  json.key("refused").number(outcomes[1]);
  json.key("info").number(outcomes[2]);
  json.close();
}

void write_operations(JsonWriter& json, const Tally& tally) {
  json.key("operations").open_object();
  json.key("total").number(events_of(tally) - tally.timers_fired);
  json.key("by_kind").open_object();
  for (unsigned i = 0; i < operation_kind_count; ++i) {
    json.key(name_of(static_cast<OperationKind>(i)));
    write_outcomes(json, tally.operations[i]);
  }
  json.close();
  json.key("refusals").open_object();
  for (unsigned i = 1; i < refusal_count; ++i) json.key(name_of(static_cast<Refusal>(i))).number(tally.refusals[i]);
  json.close();
  json.key("timers_fired").number(tally.timers_fired);
  json.key("evidence_seen").number(tally.evidence_seen);
  json.key("bytes_uploaded").number(tally.bytes_uploaded);
  json.key("actions_dropped").number(tally.actions_dropped);
  json.close();
}

void write_coverage(JsonWriter& json, const Result& result) {
  const Coverage& coverage = result.tally.coverage;
  json.key("coverage").open_object();
  json.key("state_operations").open_object();
  for (unsigned state = 0; state < order_state_count; ++state) {
    json.key(name_of(static_cast<OrderState>(state))).open_object();
    for (unsigned kind = 0; kind < operation_kind_count; ++kind) {
      if (sum(coverage.operations[state][kind]) == 0) continue;
      json.key(name_of(static_cast<OperationKind>(kind)));
      write_outcomes(json, coverage.operations[state][kind]);
    }
    json.close();
  }
  json.close();
  json.key("boundaries").open_object();
  for (unsigned i = 0; i < boundary_count; ++i) json.key(json_boundaries[i]).number(coverage.boundaries[i]);
  json.close();
  for (const CoverageCount& count : json_coverage_counts) json.key(count.name).number(coverage.*count.field);
  write_texts(json, "not_met", result.not_met);
  json.close();
}

void write_limit(JsonWriter& json, std::string_view key, std::uint32_t limit) {
  json.key(key);
  if (limit == unlimited)
    json.null();
  else
    json.number(limit);
}

void write_policy(JsonWriter& json, const Policy& policy) {
  json.key("policy").open_object();
  json.key("review_period_us").number(us_of(policy.review_period));
  json.key("review_anchor").text(json_review_anchors[static_cast<std::size_t>(policy.review_anchor)]);
  json.key("days").text(json_day_rules[static_cast<std::size_t>(policy.days)]);
  json.key("zone").text(policy.zone);
  json.key("max_file_size").number(policy.max_file_size);
  json.key("extensions_carry_over").flag(policy.extensions_carry_over);
  write_limit(json, "max_modifications", policy.max_modifications);
  json.key("extension_min_us").number(us_of(policy.extension_min));
  json.key("extension_max_us").number(us_of(policy.extension_max));
  write_limit(json, "max_extensions", policy.max_extensions);
  json.key("after_deadline").text(json_after_deadlines[static_cast<std::size_t>(policy.after_deadline)]);
  json.close();
}

void write_history(JsonWriter& json, const Result& result) {
  json.key("history");
  if (!result.history) {
    json.null();
    return;
  }
  const FromHistory& history = *result.history;
  json.open_object();
  json.key("file").text(history.file);
  json.key("lines").number(history.lines);
  json.key("operations").number(history.operations);
  json.key("evidence").number(history.evidence);
  json.key("lines_unread").number(history.lines_unread);
  write_texts(json, "problems", history.problems);
  json.key("findings_doubtful").number(history.findings_doubtful);
  write_texts(json, "notes", history.notes);
  write_texts(json, "holes", history.holes);
  json.close();
}

double per_second(double amount, double seconds) { return seconds > 0 ? amount / seconds : 0; }

void write_run(JsonWriter& json, const Result& result) {
  const RunRecord& run = result.run;
  const Tally& tally = result.tally;
  const double virtual_s = tally.last > tally.first ? static_cast<double>((tally.last - tally.first).count()) / 1e6 : 0;
  json.key("run").open_object();
  json.key("started_at").text(run.started_at);
  json.key("interrupted").flag(run.interrupted);
  json.key("threads").number(run.threads);
  json.key("cells").number(run.cells);
  json.key("wall_s").decimal(run.wall_s, 6);
  json.key("cpu_user_s").decimal(run.cpu_user_s, 6);
  json.key("cpu_system_s").decimal(run.cpu_system_s, 6);
  json.key("memory_peak_bytes").number(run.memory_peak_bytes);
  json.key("orders_per_s").decimal(per_second(static_cast<double>(tally.placed), run.wall_s), 1);
  json.key("events_per_s").decimal(per_second(static_cast<double>(events_of(tally)), run.wall_s), 1);
  json.key("virtual_s_per_s").decimal(per_second(virtual_s, run.wall_s), 1);
  write_texts(json, "cell_digests", run.cell_digests);
  json.key("version").text(run.version);
  json.key("compiler").text(run.compiler);
  json.key("build_type").text(run.build_type);
  json.key("machine").open_object();
  json.key("system").text(run.system);
  json.key("processor").text(run.processor);
  json.key("processors").number(run.processors);
  json.key("memory_bytes").number(run.memory_bytes);
  json.close();
  if (run.live) write_live(json, *run.live, tally.live);
  json.close();
}

}  // namespace

std::string result_json(const Result& result) {
  JsonWriter json;
  json.open_object();
  json.key("schema").text(result_schema_id);
  json.key("scenario").text(result.scenario);
  json.key("description").text(result.description);
  json.key("seed").number(result.seed);
  json.key("verdict").text(name_of(result.verdict));
  write_texts(json, "reasons", result.reasons);
  write_settings(json, result);
  write_orders(json, result.tally);
  write_violations(json, result);
  write_expectations(json, result);
  write_cases(json, result);
  write_auto_complete(json, result.tally);
  write_operations(json, result.tally);
  write_coverage(json, result);
  json.key("virtual_time").open_object();
  write_instant(json, "first", result.tally.first);
  write_instant(json, "last", result.tally.last);
  json.close();
  json.key("digest").text(digest_text(result.tally.digest));
  write_policy(json, result.policy);
  write_history(json, result);
  write_run(json, result);
  json.close();
  return json.take();
}

}  // namespace dueprocess
