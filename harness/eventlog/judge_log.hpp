// Judging a log: each order's events are told to the oracle as the answers and the evidence of a target, what the log does not
// tell being filled in as the rules have it; findings that rest on what was filled in are dropped (support.hpp).
#pragma once

#include <atomic>
#include <vector>

#include "harness/eventlog/event_log.hpp"
#include "harness/eventlog/support.hpp"
#include "harness/oracle/oracle.hpp"
#include "harness/record/tally.hpp"
#include "harness/record/timeline.hpp"

namespace dueprocess {

struct LogOutcome {
  Tally tally;
  std::uint64_t orders = 0;      // judged
  std::uint64_t broken_off = 0;  // orders that did what their state does not allow: what follows in them was not judged
  Instant until = never;         // obligations that fell due before were judged
  bool stopped = false;
};

/// The log was read by this mapping. `stop`: end soon, keep what is done.
LogOutcome judge_log(const LogMapping&, const EventLog&, const OracleOptions&, const std::atomic<bool>* stop = nullptr);

/// One order's events, with what is found about it.
std::vector<TimelineEntry> trace_log(const LogMapping&, const EventLog&, const OracleOptions&, OrderId);

}  // namespace dueprocess
