// What a wall-time run declares of its target: how exact its stamps are, how late it may be, what it tells and shows. What a
// target neither tells nor shows is not judged, and is no reason for a finding.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/record/live.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

/// A time on the harness's clock in which the target was down: killed, stopped or cut off, from `from` until it answered again.
struct HarnessSpan {
  HarnessTime from = 0, to = 0;
};

/// What answers tell of an order beside its state.
struct Tells {
  bool refusals = true;   // refusals tell the order too, as docs/decisions/0001 item 12 has it
  bool versions = true;   // an answer without a version (0) never counts as telling one
  bool deadlines = true;  // the pending deadline
  bool completed_by = true, completed_at = true;
  bool lateness = true;  // the `late` flag
};

/// All durations are real time: already divided by the speed, like the policy's periods.
struct WallOptions {
  Duration lateness_max{0};       // L: how late a timer may fire, 0 for an event-driven service (and see resolution_max)
  Duration recovery_bound{0};     // how late after a downtime that its deadline, or the time it may be late, fell into
  Duration payment_bound{0};      // M2: a payment no later than this after its completion
  Duration notice_bound{0};       // N1, R4: notices and events visible no later than this after their cause
  Duration read_staleness{0};     // R1: a read may show the order as it was this long ago
  Duration granularity{1};        // of the service's stamps: those nearer than this are equal
  Duration resolution_max{0};     // a completion without a stamp is `ok` if its bracket is no wider than this, else `unknown`
  std::uint32_t drift_ppm = 200;  // of the service's clock against the harness's
  Tells tells;
  bool events = true, notices = true, payments = true;  // what evidence the target gives; what it does not give is not missed
  std::vector<HarnessSpan> downtimes;                   // sorted, disjoint; more by WallOracle::down
  std::uint32_t nodes_max = 20'000;                     // steps of one search for an explanation; past it: unknown, over_budget
  std::uint32_t history_max = 512;                      // observations and evidence kept of an order; past it: over_budget
};

}  // namespace dueprocess
