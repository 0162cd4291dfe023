// The judgement of one order's history in wall time: a pure function, so that it can be tested, fuzzed and used offline.
//
// The question is whether any placement explains what was seen: an instant for each effect within [sent, answered], an order of
// the overlapping ones, a fate for each operation without an answer, and instants at which the timer fired. Where none does, the
// order is violated; where one does but too little was seen, it is unknown; else ok (docs/oracle.md, "Wall time").
//
// It never throws for what a target tells, however odd: whatever instants and numbers there are, time and memory are bounded.
#pragma once

#include <optional>
#include <vector>

#include "harness/oracle/wall/service_clock.hpp"
#include "harness/oracle/wall/wall_options.hpp"
#include "harness/record/tally.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

namespace judging {
class ReviewClock;
}

/// What was seen of one order, in the order in which the harness came to know it.
struct OrderHistory {
  OrderId order = OrderId::none;
  std::vector<LiveObservation> operations;
  std::vector<LiveEvidence> evidence;
  HarnessTime last_look = 0;  // all that the target had to show of its own accord by then was seen
  bool overflowed = false;    // more was seen than is kept
};

enum class Verdict : std::uint8_t { ok, unknown, violated };  // the worse is the greater

/// A completion by the timer: within which bracket it was seen, and how late that is.
struct TimerSeen {
  Duration lateness_low{0};                 // at least; negative: certainly early
  Duration lateness_high{0};                // at most
  Duration resolution{0};                   // width of the bracket: what earliness or lateness could not have been seen
  Duration lateness_stamped{0};             // by the service's own stamps
  bool bracketed = false, stamped = false;  // which of the above are known
};

struct OrderVerdict {
  Verdict verdict = Verdict::ok;
  UnknownReason reason = UnknownReason::other;  // of unknown
  std::vector<Violation> violations;            // at most one of a kind
  OrderState state = OrderState::none;          // at the end, as far as is known
  CompletedBy completed_by = CompletedBy::nobody;
  bool placed = false;
  std::uint32_t payments = 0;
  std::int64_t paid_cents = 0;
  std::optional<TimerSeen> timer;
  Coverage coverage;           // what this order met (C1)
  std::uint32_t searched = 0;  // steps of all searches
};

/// REQUIRES: operations have sent_ns <= answered_ns. `review` is the policy's (it may grow its tables of the time zone).
OrderVerdict judge(const OrderHistory&, const Policy&, judging::ReviewClock& review, const WallOptions&, const ServiceClock&);

}  // namespace dueprocess
