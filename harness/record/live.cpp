#include "harness/record/live.hpp"

#include <algorithm>

namespace dueprocess {

std::string_view name_of(Failure failure) {
  constexpr std::string_view names[] = {"none", "no_connection", "tls",        "timed_out",
                                        "cut",  "garbage",       "unreadable", "unsupported"};
  return names[static_cast<unsigned>(failure)];
}

std::string_view name_of(UnknownReason reason) {
  constexpr std::string_view names[] = {"lost_answers", "clock_step", "overlap",        "over_budget",
                                        "unread",       "unstamped",  "checker_failed", "other"};
  return names[static_cast<unsigned>(reason)];
}

namespace {

template <class Counts>
void add(Counts& to, const Counts& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace

void LiveTally::merge(const LiveTally& other) {
  response_ns.merge(other.response_ns);
  service_ns.merge(other.service_ns);
  send_error_ns.merge(other.send_error_ns);
  for (std::size_t i = 0; i < response_by_kind.size(); ++i) response_by_kind[i].merge(other.response_by_kind[i]);
  add(failures, other.failures);
  add(statuses, other.statuses);
  attempts += other.attempts;
  retries += other.retries;
  requests += other.requests;
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  connections += other.connections;
  reads_at_deadlines += other.reads_at_deadlines;
  resolution_us.merge(other.resolution_us);
  lateness_low_us.merge(other.lateness_low_us);
  lateness_high_us.merge(other.lateness_high_us);
  add(unknown_because, other.unknown_because);
  offset_low_us = std::max(offset_low_us, other.offset_low_us);  // both hold: the intersection
  offset_high_us = std::min(offset_high_us, other.offset_high_us);
  clock_steps += other.clock_steps;
}

}  // namespace dueprocess
