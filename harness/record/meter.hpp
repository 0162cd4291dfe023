// What the transport of each operation took, into a live tally.
#pragma once

#include "harness/record/live.hpp"

namespace dueprocess {

inline void meter(LiveTally& tally, const LiveObservation& seen) {
  ++tally.failures[static_cast<unsigned>(seen.failure)];
  if (seen.failure == Failure::unsupported) return;  // never sent
  const std::int64_t response = seen.answered_ns - seen.intended_ns;
  tally.response_ns.record(response);
  tally.service_ns.record(seen.answered_ns - seen.sent_ns);
  tally.send_error_ns.record(seen.sent_ns - seen.intended_ns);
  tally.response_by_kind[static_cast<unsigned>(seen.observation.operation.kind)].record(response);
}

}  // namespace dueprocess
