// What docs/history.md says, for machines; a test holds every record of recorded runs to it. Members that this version does not
// know are allowed: a later version may add some.
#include "harness/history/schema.hpp"
#include "harness/history/json_view.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <initializer_list>
#include <utility>
#include <vector>

#include "harness/history/header.hpp"
#include "harness/history/records.hpp"

namespace dueprocess {
namespace {

namespace json = boost::json;

json::object described(json::object shape, std::string_view what) {
  shape["description"] = view(what);
  return shape;
}
json::object text(std::string_view what) { return described({{"type", "string"}}, what); }
json::object flag(std::string_view what) { return described({{"type", "boolean"}}, what); }
json::object natural(std::string_view what, std::uint64_t most) {
  return described({{"type", "integer"}, {"minimum", 0}, {"maximum", most}}, what);
}
json::object count(std::string_view what) { return natural(what, INT64_MAX); }
json::object whole(std::string_view what) { return described({{"type", "integer"}}, what); }
json::object limit(std::string_view what) {
  return described({{"type", json::array{"integer", "null"}}, {"minimum", 0}, {"maximum", UINT32_MAX}}, what);
}
json::object instant(std::string_view what) {
  return described(
      {{"type", json::array{"integer", "null"}}, {"minimum", -(std::int64_t{1} << 62)}, {"maximum", std::int64_t{1} << 62}},
      what);
}
json::object list(json::object item, std::string_view what) {
  return described({{"type", "array"}, {"items", std::move(item)}}, what);
}
template <class Enum>
json::object one_of(unsigned enumerators, std::string_view what) {
  json::array words;
  for (unsigned i = 0; i < enumerators; ++i) words.emplace_back(view(name_of(static_cast<Enum>(i))));
  return described({{"enum", std::move(words)}}, what);
}
json::object words(std::initializer_list<json::string_view> all, std::string_view what) {
  json::array listed;
  for (const json::string_view word : all) listed.emplace_back(word);
  return described({{"enum", std::move(listed)}}, what);
}

using MemberShapes = std::vector<std::pair<const char*, json::object>>;

json::object object_of(const MemberShapes& members, const std::vector<const char*>& required, std::string_view what) {
  json::object properties;
  for (const auto& [name, shape] : members) properties[name] = shape;
  json::array needed;
  for (const char* name : required) needed.emplace_back(name);
  return described({{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(needed)}}, what);
}

json::object record_shape(const char* type, MemberShapes members, std::vector<const char*> required, std::string_view what) {
  members.insert(members.begin(), {"type", json::object{{"const", type}}});
  required.insert(required.begin(), "type");
  return object_of(members, required, what);
}

json::object state(std::string_view what) { return one_of<OrderState>(order_state_count, what); }
json::object completed_by() { return one_of<CompletedBy>(3, "who completed it; absent: nobody"); }

json::object policy() {
  return object_of({{"review_period_us", count("R10")},
                    {"review_anchor", words({"later", "due_date", "delivery"}, "R10")},
                    {"days", words({"elapsed", "calendar"}, "R10")},
                    {"zone", text("IANA name, with days: calendar")},
                    {"max_file_size", count("R3, bytes")},
                    {"extensions_carry_over", flag("R12")},
                    {"max_modifications", limit("R12; null: any number")},
                    {"extension_min_us", count("R13")},
                    {"extension_max_us", count("R13")},
                    {"max_extensions", limit("R13, a review; null: any number")},
                    {"after_deadline", words({"strict", "until_fired"}, "G4")}},
                   {}, "the workflow's knobs as they were in force; absent ones have their defaults");
}

json::object tolerances() {
  const json::object downtime = object_of({{"from", instant("down from here on")}, {"to", instant("restarted")}}, {"from", "to"},
                                          "a time in which the target was declared down");
  return object_of({{"lateness_max_us", count("L: how late an auto-completion may be")},
                    {"recovery_bound_us", count("after the end of a downtime")},
                    {"payment_bound_us", count("M2: payment no later than this after completion")},
                    {"notice_bound_us", count("N1, R4: notices and events no later than this after their cause")},
                    {"downtimes", list(downtime, "sorted, disjoint")},
                    {"events", flag("the target shows events; absent: it does")},
                    {"notices", flag("... notices")},
                    {"payments", flag("... payments")}},
                   {}, "how strictly it is judged; absent: exactly");
}

json::object wall() {
  return object_of({{"lateness_max_us", count("L: how late an auto-completion may be")},
                    {"recovery_bound_us", count("after the end of a downtime")},
                    {"payment_bound_us", count("M2")},
                    {"notice_bound_us", count("N1, R4")},
                    {"read_staleness_us", count("R1")},
                    {"granularity_us", count("of the service's stamps")},
                    {"resolution_max_us", count("how wide the bracket of a completion without a stamp may be")},
                    {"drift_ppm", count("of the service's clock against the harness's, at most")},
                    {"tells_refusals", flag("refusals tell the order too")},
                    {"tells_versions", flag("answers tell the version")},
                    {"tells_deadlines", flag("... the deadline")},
                    {"tells_completed_by", flag("... who completed it")},
                    {"tells_completed_at", flag("... when")},
                    {"tells_lateness", flag("... whether it is late")},
                    {"events", flag("the target shows events")},
                    {"notices", flag("... notices")},
                    {"payments", flag("... payments")},
                    {"nodes_max", count("steps of one search for an explanation")},
                    {"history_max", count("observations and evidence kept of an order")}},
                   {}, "how strictly a run in real time is judged, in real time; absent: the defaults of that version");
}

json::object header() {
  const json::object pairs = list(list(text("name, then value"), "two texts"), "what was changed from outside, in order");
  const json::object expectation = object_of({{"text", text("as written")}, {"line", count("in the scenario")}}, {"text"}, "");
  return record_shape("header",
                      {{"format", json::object{{"const", view(history_format)}}},
                       {"dueprocess", text("the version that wrote it")},
                       {"scenario", text("its name")},
                       {"description", text("what it is for")},
                       {"file", text("its file, as messages name it")},
                       {"asked_as", text("as it was named on the command line")},
                       {"seed", described({{"type", "integer"}, {"minimum", 0}}, "same seed, same run")},
                       {"starts", instant("virtual time begins")},
                       {"ends", instant("no new orders from here on")},
                       {"overrides", pairs},
                       {"environment", pairs},
                       {"bugs", list(text("id"), "seeded in the engine")},
                       {"expectations", list(expectation, "what must hold at the end")},
                       {"texts", list(text("a text"), "the n-th is what `text: n` means; 0 and 1 are none and blank")},
                       {"target", text("engine, or what was driven")},
                       {"binding", text("of a live service")},
                       {"clock", words({"virtual", "wall"}, "whose instants `at`, `sent` and `intended` are")},
                       {"speed", count("wall: virtual seconds a second")},
                       {"sweep_period_us", count("0: timers are exact, or it is not known")},
                       {"client_timeout_ns", count("0: none")},
                       {"faults", list(text("as in the plan"), "the fault plan")},
                       {"orders", count("order numbers are 1 to this; 0: not told")},
                       {"finishes", flag("orders that are let go before their cell ends are told")},
                       {"policy", policy()},
                       {"tolerances", tolerances()},
                       {"interleaved", flag("a live run's: a `cell` line says whose lines follow, as often as need be")},
                       {"wall", wall()}},
                      {"format"}, "the first line");
}

json::object operation() {
  return record_shape("operation",
                      {{"order", count("absent for list_orders")},
                       {"at", instant("answered; in real time null")},
                       {"sent", instant("absent: as `at`")},
                       {"intended", instant("absent: as `sent`")},
                       {"op", one_of<OperationKind>(operation_kind_count, "what was asked")},
                       {"by", natural("who is logged in; 0 or absent: nobody", UINT32_MAX)},
                       {"key", count("idempotency key; absent: none")},
                       {"seller", natural("place_order", UINT32_MAX)},
                       {"due_at", instant("place_order")},
                       {"price_cents", whole("place_order")},
                       {"bytes", whole("upload")},
                       {"extend_by_us", whole("extend_review")},
                       {"text", natural("description, message or file name; absent or 0: none, 1: blank", UINT32_MAX)},
                       {"attachments", natural("save_draft, deliver", UINT16_MAX)},
                       {"links", natural("save_draft, deliver", UINT16_MAX)},
                       {"content", one_of<Content>(4, "deliver; absent: final")},
                       {"confirm_no_file", flag("deliver")},
                       {"use_draft", flag("deliver")},
                       {"outcome", one_of<Outcome>(3, "what came back; info: no answer, or none with a verdict")},
                       {"refusal", one_of<Refusal>(refusal_count, "R17; absent: none")},
                       {"state", state("as the answer showed it; absent: not told")},
                       {"version", natural("as told; absent: not told", UINT32_MAX)},
                       {"deadline", instant("as told; absent: none pending")},
                       {"completed_at", instant("as told; absent: not completed")},
                       {"completed_by", completed_by()},
                       {"late", flag("as told")},
                       {"listed", natural("list_orders: how many", UINT32_MAX)},
                       {"stamp", instant("the service's own clock; absent: as `at`; null: it told none")},
                       {"intended_ns", whole("live: on the harness's own clock since the run began")},
                       {"sent_ns", whole("live: first byte of the first attempt")},
                       {"answered_ns", whole("live: last byte of the last answer; there when the record is of a live target")},
                       {"attempts", natural("live; absent: 1", UINT16_MAX)},
                       {"status", natural("live: HTTP status; absent: none", UINT16_MAX)},
                       {"failure", one_of<Failure>(failure_count, "live: of the last attempt; absent: none")}},
                      {"at", "op", "outcome"}, "something was asked, and answered or not");
}

json::object evidence(const char* type, bool notice, std::string_view what) {
  std::vector<const char*> required{"order", "at"};
  if (notice) required.push_back("notice");
  return record_shape(type,
                      {{"order", count("whose")},
                       {"at", instant("the service's stamp")},
                       {"seen", instant("absent: as `at`; in real time null")},
                       {"notice", one_of<Notice>(notice_count, "notice: of what")},
                       {"from", state("event: before it")},
                       {"state", state("event: after it")},
                       {"to", natural("notice: addressee; payment: payee", UINT32_MAX)},
                       {"amount_cents", whole("payment")},
                       {"version", natural("the order's version after it", UINT32_MAX)},
                       {"deadline", instant("in force after it; absent: none")},
                       {"completed_by", completed_by()},
                       {"seen_ns", whole("live: on the harness's own clock")},
                       {"not_seen_ns", whole("live: the latest look that did not show it yet; absent: none")}},
                      required, what);
}

json::object clock_record(const char* type, const char* member, std::string_view what) {
  return record_shape(type,
                      {{member, instant("of the service")}, {"sent_ns", whole("asked")}, {"answered_ns", whole("answered")}},
                      {member}, what);
}

}  // namespace

std::string history_schema() {
  json::array records{
      header(),
      record_shape("cell", {{"first", count("the first order's number")}, {"orders", count("how many")}}, {"first", "orders"},
                   "a cell begins: orders that share nothing with others; what follows is about them"),
      operation(),
      evidence("event", false, "an entry of the order's history"),
      evidence("notice", true, "a notification"),
      evidence("payment", false, "a payment"),
      record_shape("finish",
                   {{"order", count("which")},
                    {"at", instant("what fell due before it is judged; in real time null")},
                    {"look_ns", whole("in real time: all that there was to see by then was seen")}},
                   {"order", "at"}, "an order was let go: nothing more is expected of it"),
      record_shape("cell_end",
                   {{"at", instant("up to where it was played; null: to its end")},
                    {"look_ns", whole("in real time: all that there was to see by then was seen")}},
                   {"at"}, "the cell is over"),
      record_shape("down", {{"begin_ns", whole("on the harness's own clock")}, {"end_ns", whole("on the harness's own clock")}},
                   {"begin_ns", "end_ns"}, "in real time: the target was declared down"),
      clock_record("clock", "stamp", "a look at the service's clock"),
      clock_record("advance", "at", "the service's virtual clock was moved on"),
      record_shape("fault",
                   {{"what", text("as in the plan")},
                    {"from", instant("virtual")},
                    {"until", instant("virtual")},
                    {"begin_ns", whole("on the harness's own clock")},
                    {"end_ns", whole("on the harness's own clock")}},
                   {"what"}, "a fault while it lasted"),
      record_shape("case_failure",
                   {{"case", natural("which case, from 0", UINT32_MAX)},
                    {"step", natural("which step, from 0", UINT32_MAX)},
                    {"name", text("of the case")},
                    {"line", natural("of the step in the scenario", UINT32_MAX)},
                    {"order", count("the case's order")},
                    {"expected", text("what the step expects")},
                    {"seen", text("what it saw")}},
                   {"case", "step"}, "a step of a scripted case that did not show what it should"),
      record_shape("end",
                   {{"operations", count("records of the file")},
                    {"evidence", count("records of the file: events, notices, payments")},
                    {"digest", json::object{{"type", "string"}, {"pattern", "^[0-9a-f]{16}$"}}},
                    {"timers_fired", count("of the target")},
                    {"actions_dropped", count("of actors that gave up")},
                    {"cases_run", count("scripted cases")},
                    {"interrupted", flag("the run was; the file is whole all the same")}},
                   {"digest"}, "the last line: the file is whole")};
  const json::object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                            {"title", "One line of a dueprocess history"},
                            {"description", "Newline-delimited JSON; docs/history.md says how the lines belong together"},
                            {"oneOf", std::move(records)}};
  return json::serialize(schema) + "\n";
}

}  // namespace dueprocess
