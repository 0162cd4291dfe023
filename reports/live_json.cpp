#include "reports/live_json.hpp"

#include <string>

namespace dueprocess {
namespace {

void write_times(JsonWriter& json, std::string_view key, const Histogram& times) {
  json.key(key).open_object();
  json.key("count").number(times.count());
  json.key("p50").number(times.quantile(500'000));
  json.key("p90").number(times.quantile(900'000));
  json.key("p99").number(times.quantile(990'000));
  json.key("p999").number(times.quantile(999'000));
  json.key("max").number(times.max());
  json.close();
}

void write_offset(JsonWriter& json, std::string_view key, std::int64_t bound_us) {
  constexpr std::int64_t unbounded_us = INT64_MAX / 4;  // nothing stamped
  json.key(key);
  if (bound_us <= -unbounded_us || bound_us >= unbounded_us)
    json.null();
  else
    json.number(bound_us);
}

void write_fault(JsonWriter& json, const FaultRecord& fault) {
  json.open_object();
  json.key("what").text(fault.what);
  json.key("from_ns").number(fault.from_ns);
  json.key("to_ns");
  if (fault.to_ns == never_ns)
    json.null();
  else
    json.number(fault.to_ns);
  json.key("struck").number(fault.struck);
  json.key("command_failed").flag(fault.command_failed);
  json.key("output").text(fault.output);
  json.close();
}

}  // namespace

void write_live(JsonWriter& json, const LiveRecord& live, const LiveTally& tally) {
  json.key("live").open_object();
  json.key("target").text(live.target);
  json.key("binding").text(live.binding);
  json.key("clock").text(live.clock);
  json.key("speed").number(live.speed);
  json.key("problem").text(live.problem);
  json.key("load_s").decimal(live.load_s, 6);
  json.key("generator").open_object();
  json.key("cpu_share").decimal(live.cpu_ppm / 1e6, 3);
  json.key("saturated").flag(live.saturated);
  json.close();
  write_times(json, "response_ns", tally.response_ns);
  write_times(json, "service_ns", tally.service_ns);
  write_times(json, "send_error_ns", tally.send_error_ns);
  json.key("response_ns_by_kind").open_object();
  for (unsigned i = 0; i < operation_kind_count; ++i)
    if (tally.response_by_kind[i].count() > 0)
      write_times(json, name_of(static_cast<OperationKind>(i)), tally.response_by_kind[i]);
  json.close();
  json.key("failures").open_object();
  for (unsigned i = 1; i < failure_count; ++i) json.key(name_of(static_cast<Failure>(i))).number(tally.failures[i]);
  json.close();
  json.key("statuses").open_object();
  for (unsigned i = 1; i < tally.statuses.size(); ++i) json.key(std::to_string(i) + "xx").number(tally.statuses[i]);
  json.key("other").number(tally.statuses[0]);
  json.close();
  json.key("requests").number(tally.requests);
  json.key("attempts").number(tally.attempts);
  json.key("retries").number(tally.retries);
  json.key("bytes_sent").number(tally.bytes_sent);
  json.key("bytes_received").number(tally.bytes_received);
  json.key("connections").number(tally.connections);
  json.key("reads_at_deadlines").number(tally.reads_at_deadlines);
  json.key("reviews_unread").number(live.reviews_unread);
  json.key("cases_not_played").number(live.cases_not_played);
  json.key("clock_offset").open_object();
  write_offset(json, "low_us", tally.offset_low_us);
  write_offset(json, "high_us", tally.offset_high_us);
  json.key("steps").number(tally.clock_steps);
  json.close();
  write_times(json, "resolution_us", tally.resolution_us);
  write_times(json, "lateness_low_us", tally.lateness_low_us);
  write_times(json, "lateness_high_us", tally.lateness_high_us);
  json.key("unknown_because").open_object();
  for (unsigned i = 0; i < tally.unknown_because.size(); ++i)
    json.key(name_of(static_cast<UnknownReason>(i))).number(tally.unknown_because[i]);
  json.close();
  json.key("faults").open_array();
  for (const FaultRecord& fault : live.faults) write_fault(json, fault);
  json.close().close();
}

}  // namespace dueprocess
