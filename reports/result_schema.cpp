// The JSON Schema (2020-12) of the result file. Every member the writer writes is here and is required; members that this
// version does not know are allowed, so that a newer result still validates.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "reports/json_names.hpp"
#include "reports/json_writer.hpp"
#include "reports/result.hpp"

namespace dueprocess {

std::string digest_text(std::uint64_t digest) { return fmt::format("{:016x}", digest); }

namespace {

/// A value's shape: a type, words, and what the type needs.
struct Shape {
  std::string_view type;
  std::string what;
  std::vector<std::pair<std::string, Shape>> members{};  // object: all required, unless `sparse`
  std::vector<Shape> item{};                             // array: one
  std::vector<std::string> choices{};                    // string
  std::string_view format{}, pattern{}, constant{};      // string
  bool sparse = false, nullable = false, natural = false;
  bool optional = false;  // a member that need not be there
};
using Members = std::vector<std::pair<std::string, Shape>>;

Shape text(std::string what) { return {.type = "string", .what = std::move(what)}; }
Shape instant(std::string what) { return {.type = "string", .what = std::move(what), .format = "date-time"}; }
Shape flag(std::string what) { return {.type = "boolean", .what = std::move(what)}; }
Shape count(std::string what) { return {.type = "integer", .what = std::move(what), .natural = true}; }
Shape integer(std::string what) { return {.type = "integer", .what = std::move(what)}; }
Shape decimal(std::string what) { return {.type = "number", .what = std::move(what)}; }
Shape array(std::string what, Shape item) { return {.type = "array", .what = std::move(what), .item = {std::move(item)}}; }
Shape object(std::string what, Members members) {
  return {.type = "object", .what = std::move(what), .members = std::move(members)};
}
Shape or_null(Shape shape) {
  shape.nullable = true;
  return shape;
}
Shape choice(std::string what, auto names) {
  Shape shape = text(std::move(what));
  for (const auto& name : names) shape.choices.emplace_back(name);
  return shape;
}

Shape outcomes(std::string what) {
  return object(std::move(what), {{"ok", count("carried out")},
                                  {"refused", count("refused: certainly no effect")},
                                  {"info", count("no answer, or one without a verdict: it may have taken effect")}});
}

Members operation_kinds() {
  Members members;
  for (unsigned i = 0; i < operation_kind_count; ++i) {
    const std::string name{name_of(static_cast<OperationKind>(i))};
    members.emplace_back(name, outcomes(name + " by outcome"));
  }
  return members;
}

Shape settings() {
  return object("what was asked for",
                {
                    {"scenario", text("the scenario as given on the command line: a path, or the name of a shipped scenario")},
                    {"file", text("the scenario's file as messages name it")},
                    {"starts", or_null(instant("where virtual time begins"))},
                    {"ends", or_null(instant("no new orders from here on"))},
                    {"overrides", array("what --set changed, in order", text("path=value"))},
                    {"environment", array("what DUEPROCESS_SET_... variables changed, before that", text("name=value"))},
                    {"bugs", array("bugs seeded in the engine, by id", text("id"))},
                    {"rows_skipped", count("broken rows of the replayed file that were left out")},
                    {"row_problems", array("why, for the first of them", text("file:line: why"))},
                });
}

Shape history() {
  return object("of a result that was judged from a file: what is known of the file; null: the result of a run",
                {
                    {"file", text("the file as it was given")},
                    {"lines", count("lines that were looked at")},
                    {"operations", count("records of operations")},
                    {"evidence", count("records of events, notices and payments")},
                    {"lines_unread", count("lines that could not be used")},
                    {"problems", array("why, for the first of them", text("line N: why"))},
                    {"findings_doubtful", count("findings that are not counted: what could not be read may explain them")},
                    {"notes", array("what else is to be known of it", text("in words"))},
                    {"holes", array("why the verdict is at best unknown", text("in words"))},
                });
}

Shape orders() {
  return object("orders by outcome and by verdict",
                {
                    {"placed", count("orders placed")},
                    {"completed_by_buyer", count("accepted by the buyer")},
                    {"completed_by_auto", count("completed by the system at the deadline")},
                    {"open", count("not completed when the run ended")},
                    {"open_in_progress", count("never delivered")},
                    {"open_delivered", count("delivered and not completed")},
                    {"open_in_revision", count("in revision, the modified work never delivered")},
                    {"judged_ok", count("orders whose history breaks no rule")},
                    {"judged_violated", count("orders with at least one violation")},
                    {"judged_unknown", count("orders whose lost answers leave more than one legal history")},
                    {"paid", count("payments processed")},
                    {"paid_cents", integer("their sum")},
                });
}

Shape violations() {
  Shape by_rule = object("how many, by the rule that was broken (docs/invariants.md); rules without any are left out", {});
  for (unsigned i = 0; i < invariant_count; ++i) {
    const auto invariant = static_cast<Invariant>(i);
    by_rule.members.emplace_back(name_of(invariant), count(std::string{title_of(invariant)}));
  }
  by_rule.sparse = true;
  return object(
      "what the oracle found",
      {
          {"total", count("all of them")},
          {"by_rule", std::move(by_rule)},
          {"samples", array(fmt::format("the first {} by order and instant", Tally::samples_max),
                            object("one finding",
                                   {
                                       {"order", or_null(count("the order; null: about the run as a whole"))},
                                       {"rule", text("the id of the rule")},
                                       {"at", or_null(instant("when it was seen, in virtual time"))},
                                       {"expected", text("what the rules demand")},
                                       {"seen", text("what was observed")},
                                       {"replay", text("the command that shows the order's timeline; empty without an order")},
                                   }))},
      });
}

Shape expectations() {
  return array(
      "the scenario's expectations, in its order",
      object("one of them", {
                                {"text", text("as written in the scenario")},
                                {"held", or_null(flag("null: this target has no such metric, so it counts neither way"))},
                                {"actual", text("the value, with its unit")},
                                {"line", count("in the scenario's file; 0: not from a file")},
                            }));
}

Shape cases() {
  return object(
      "the scripted cases",
      {
          {"run", count("cases played")},
          {"failed", count("cases with a step that did not show what it should")},
          {"failures", array("each such step", object("one step",
                                                      {
                                                          {"case", text("the case's name")},
                                                          {"file", text("the scenario's file")},
                                                          {"line", count("of the step in it")},
                                                          {"order", count("the case's order")},
                                                          {"expected", text("what the step expects")},
                                                          {"seen", text("what was observed")},
                                                          {"replay", text("the command that shows the order's timeline")},
                                                      }))},
      });
}

Shape auto_complete() {
  Members buckets;
  for (const std::string_view name : json_lateness_buckets) buckets.emplace_back(name, count("completions this late"));
  return object(
      "timing of completions by the system",
      {
          {"lateness_us", object("completion minus deadline in microseconds, early ones left out",
                                 {
                                     {"count", count("completions that were not early")},
                                     {"p50", count("median")},
                                     {"p99", count("99th percentile")},
                                     {"p999", count("99.9th percentile")},
                                     {"max", count("largest")},
                                     {"buckets", object("0, below 1 s, 10 s, 60 s, up to 10 min, above", std::move(buckets))},
                                 })},
          {"early", count("completed before the deadline: each is a violation")},
          {"earliest_us", count("the worst of them: by how many microseconds")},
      });
}

Shape operations() {
  Members refusals;
  for (unsigned i = 1; i < refusal_count; ++i) refusals.emplace_back(name_of(static_cast<Refusal>(i)), count("refused so"));
  return object("the work done", {
                                     {"total", count("operations asked of the target")},
                                     {"by_kind", object("by kind and outcome", operation_kinds())},
                                     {"refusals", object("refusals by code", std::move(refusals))},
                                     {"timers_fired", count("timers of the target that fired")},
                                     {"evidence_seen", count("history events, notifications and payments seen")},
                                     {"bytes_uploaded", count("declared bytes of the files taken")},
                                     {"actions_dropped", count("actors that gave up on what they wanted")},
                                 });
}

Shape coverage() {
  Members states, boundaries;
  for (unsigned i = 0; i < order_state_count; ++i) {
    Shape kinds = object("operations that met an order in this state; kinds that did not are left out", operation_kinds());
    kinds.sparse = true;
    states.emplace_back(name_of(static_cast<OrderState>(i)), std::move(kinds));
  }
  for (const std::string_view name : json_boundaries) boundaries.emplace_back(name, count("operations this near to a deadline"));
  Members members{{"state_operations", object("state x operation x outcome", std::move(states))},
                  {"boundaries", object("instants around deadlines", std::move(boundaries))}};
  for (const CoverageCount& each : json_coverage_counts) members.emplace_back(each.name, count(std::string{each.words}));
  members.emplace_back("not_met", array("important situations the run never was in", text("in words")));
  return object("which situations the orders were in", std::move(members));
}

Shape policy() {
  return object(
      "the workflow's knobs (docs/workflow.md)",
      {
          {"review_period_us", count("R10")},
          {"review_anchor", choice("R10", json_review_anchors)},
          {"days", choice("R10", json_day_rules)},
          {"zone", text("IANA zone of calendar days; empty with elapsed ones")},
          {"max_file_size", count("R3, bytes, inclusive")},
          {"extensions_carry_over", flag("R12")},
          {"max_modifications", or_null(count("R12; null: no limit"))},
          {"extension_min_us", count("R13")},
          {"extension_max_us", count("R13")},
          {"max_extensions", or_null(count("R13; null: no limit"))},
          {"after_deadline", choice("what the target may do with a buyer's operation after the deadline", json_after_deadlines)},
      });
}

Shape times(std::string what) {
  return object(std::move(what), {{"count", count("measured")},
                                  {"p50", count("median")},
                                  {"p90", count("quantile")},
                                  {"p99", count("quantile")},
                                  {"p999", count("quantile")},
                                  {"max", count("largest")}});
}

Shape live() {
  Members kinds, failures, statuses, reasons;
  for (unsigned i = 0; i < operation_kind_count; ++i)
    kinds.emplace_back(name_of(static_cast<OperationKind>(i)), times("from the intended sending to the answer"));
  for (unsigned i = 1; i < failure_count; ++i) failures.emplace_back(name_of(static_cast<Failure>(i)), count("operations"));
  for (const char* status : {"1xx", "2xx", "3xx", "4xx", "5xx", "other"}) statuses.emplace_back(status, count("answers"));
  for (unsigned i = 0; i < LiveTally{}.unknown_because.size(); ++i)
    reasons.emplace_back(name_of(static_cast<UnknownReason>(i)), count("orders"));
  Shape by_kind = object("the same by operation", std::move(kinds));
  by_kind.sparse = true;
  Shape shape = object(
      "against a live target; not there in process",
      {
          {"target", text("URL")},
          {"binding", text("name or file")},
          {"clock", choice("how virtual time reached it", std::vector{"barrier", "stamped", "wall"})},
          {"speed", integer("wall: virtual seconds a second")},
          {"problem", text("why the run could not go on to its end; empty: it did")},
          {"load_s", decimal("seconds of load")},
          {"generator",
           object("this process",
                  {{"cpu_share", decimal("wall: of its threads' time during the load")},
                   {"saturated", flag("wall: it was at its limit, so the figures are its own, not the service's")}})},
          {"response_ns", times("from the intended sending to the answer")},
          {"service_ns", times("from the sending to the answer")},
          {"send_error_ns", times("from the intended sending to the sending")},
          {"response_ns_by_kind", by_kind},
          {"failures", object("operations without a usable answer, by how their last attempt ended", std::move(failures))},
          {"statuses", object("answers by class of their status", std::move(statuses))},
          {"requests", count("everything sent: reads and calls of the clock too")},
          {"attempts", count("requests begun to be sent, repetitions included")},
          {"retries", count("of those: repetitions")},
          {"bytes_sent", count("of HTTP")},
          {"bytes_received", count("of HTTP")},
          {"connections", count("opened")},
          {"reads_at_deadlines", count("wall: the harness's own reads")},
          {"reviews_unread", count("wall: reviews without such reads, the budget was spent")},
          {"cases_not_played", count("wall: cases need exact instants")},
          {"clock_offset", object("wall: service's clock less this machine's, by the last answers; null: nothing stamped",
                                  {{"low_us", or_null(integer("at least"))},
                                   {"high_us", or_null(integer("at most"))},
                                   {"steps", count("times it was set")}})},
          {"resolution_us",
           times("wall: width of the bracket of each completion by auto: what earliness or lateness could be seen")},
          {"lateness_low_us", times("wall: completions by auto, at least so late")},
          {"lateness_high_us", times("wall: completions by auto, at most so late")},
          {"unknown_because", object("wall: orders that could not be judged, and why", std::move(reasons))},
          {"faults", array("what was made to go wrong",
                           object("one fault", {{"what", text("in words")},
                                                {"from_ns", integer("on the harness's clock, since the run began")},
                                                {"to_ns", or_null(integer("null: not over when the run ended"))},
                                                {"struck", count("messages or connections")},
                                                {"command_failed", flag("a command that could not be run, or ended badly")},
                                                {"output", text("the last a command said")}}))},
      });
  shape.optional = true;
  return shape;
}

Shape run() {
  return object(
      "facts of the machine and the moment: the only part that may differ between two runs",
      {
          {"started_at", instant("wall clock")},
          {"interrupted", flag("cut short by a signal: the rest covers what was done until then")},
          {"threads", count("that simulated")},
          {"cells", count("the market was cut into")},
          {"wall_s", decimal("seconds")},
          {"cpu_user_s", decimal("seconds of the process during the run")},
          {"cpu_system_s", decimal("seconds of the process during the run")},
          {"memory_peak_bytes", count("resident")},
          {"orders_per_s", decimal("orders placed a second of wall clock")},
          {"events_per_s", decimal("operations and timers a second of wall clock")},
          {"virtual_s_per_s", decimal("virtual seconds a second of wall clock")},
          {"cell_digests", array("in process: each cell's part of the digest, as FIRST+ORDERS DIGEST; equal cuts compare",
                                 text("orders FIRST to FIRST + ORDERS - 1"))},
          {"version", text("of dueprocess")},
          {"compiler", text("it was built with")},
          {"build_type", text("it was built as")},
          {"machine", object("where",
                             {
                                 {"system", text("operating system and architecture")},
                                 {"processor", text("model")},
                                 {"processors", count("usable by the process")},
                                 {"memory_bytes", count("of the machine")},
                             })},
          {"live", live()},
      });
}

Shape whole() {
  Shape id = text("what this file is");
  id.constant = result_schema_id;
  Shape digest = text("of everything observed: equal runs, equal digests");
  digest.pattern = "^[0-9a-f]{16}$";
  return object(
      "The result of one run of dueprocess.",
      {
          {"schema", id},
          {"scenario", text("its name")},
          {"description", text("its description")},
          {"seed", count("of every random stream")},
          {"verdict", choice("violated: a rule, an expectation or a case; unknown: it cannot be said; ok: neither",
                             std::vector{name_of(RunVerdict::ok), name_of(RunVerdict::violated), name_of(RunVerdict::unknown)})},
          {"reasons", array("why the verdict is not ok", text("in words"))},
          {"settings", settings()},
          {"orders", orders()},
          {"violations", violations()},
          {"expectations", expectations()},
          {"cases", cases()},
          {"auto_complete", auto_complete()},
          {"operations", operations()},
          {"coverage", coverage()},
          {"virtual_time", object("when anything happened; null: nothing did",
                                  {{"first", or_null(instant("earliest"))}, {"last", or_null(instant("latest"))}})},
          {"digest", digest},
          {"policy", policy()},
          {"history", or_null(history())},
          {"run", run()},
      });
}

void write(JsonWriter& json, const Shape& shape);

void write_type(JsonWriter& json, const Shape& shape) {
  json.key("type");
  if (!shape.nullable) {
    json.text(shape.type);
    return;
  }
  json.open_array().text(shape.type).text("null").close();
}

void write_members(JsonWriter& json, const Shape& shape) {
  json.key("properties").open_object();
  for (const auto& [name, member] : shape.members) {
    json.key(name).open_object();
    write(json, member);
    json.close();
  }
  json.close();
  if (shape.sparse) return;
  json.key("required").open_array();
  for (const auto& [name, member] : shape.members)
    if (!member.optional) json.text(name);
  json.close();
}

void write(JsonWriter& json, const Shape& shape) {
  json.key("description").text(shape.what);
  write_type(json, shape);
  if (shape.natural) json.key("minimum").number(0);
  if (!shape.constant.empty()) json.key("const").text(shape.constant);
  if (!shape.format.empty()) json.key("format").text(shape.format);
  if (!shape.pattern.empty()) json.key("pattern").text(shape.pattern);
  if (!shape.choices.empty()) {
    json.key("enum").open_array();
    for (const std::string& name : shape.choices) json.text(name);
    json.close();
  }
  if (shape.type == "object") write_members(json, shape);
  if (!shape.item.empty()) {
    json.key("items").open_object();
    write(json, shape.item.front());
    json.close();
  }
}

}  // namespace

std::string result_schema() {
  JsonWriter json;
  json.open_object();
  json.key("$schema").text("https://json-schema.org/draft/2020-12/schema");
  json.key("$id").text("urn:dueprocess:result:1");
  json.key("title").text(result_schema_id);
  write(json, whole());
  json.close();
  return json.take();
}

}  // namespace dueprocess
