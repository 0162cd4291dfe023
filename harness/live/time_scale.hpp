// Wall time: how the scenario's virtual time, the harness's clock and the service's clock lie to each other.
//
//   virtual    starts ------------------ v          the market lives here
//   harness    zero   ------------------ zero + (v - starts) / speed
//   service    base   ------------------ base + (v - starts) / speed      base: what it shows at `zero`, as far as is known
//
// What goes over the wire is the service's time: due dates are its instants, and an extension asks for its length divided by
// the speed. Divisions round down, to whole microseconds.
#pragma once

#include <algorithm>

#include "harness/record/live.hpp"
#include "harness/record/scaled_policy.hpp"
#include "sim/kernel/int128.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

struct TimeScale {
  Instant starts = never;
  Instant base = never;
  HarnessTime zero_ns = 0;
  std::int64_t speed = 1;  // REQUIRES: >= 1

  HarnessTime harness_at(Instant v) const {
    if (v == never) return never_ns;
    return zero_ns + static_cast<HarnessTime>(static_cast<Int128>(us_of(v - starts)) * 1000 / speed);
  }
  Instant virtual_at(HarnessTime h) const {
    return starts + Duration{static_cast<std::int64_t>(static_cast<Int128>(h - zero_ns) * speed / 1000)};
  }
  Instant service_of(Instant v) const { return v == never ? never : base + Duration{us_of(v - starts) / speed}; }
  Instant virtual_of(Instant service) const {
    if (service == never) return never;
    const Int128 after = static_cast<Int128>(us_of(service - base)) * speed;
    constexpr Int128 furthest = static_cast<Int128>(1) << 61;  // whatever a service tells
    return starts + Duration{static_cast<std::int64_t>(after > furthest ? furthest : after < -furthest ? -furthest : after)};
  }
  Duration scaled(Duration length) const { return Duration{us_of(length) / speed}; }

  Operation to_wire(Operation operation) const {
    if (operation.kind == OperationKind::place_order) operation.due_at = service_of(operation.due_at);
    if (operation.kind == OperationKind::extend_review) operation.extend_by_us /= speed;
    return operation;
  }
  Answer to_market(Answer answer) const {
    answer.stamp = virtual_of(answer.stamp);
    answer.deadline = virtual_of(answer.deadline);
    answer.completed_at = virtual_of(answer.completed_at);
    return answer;
  }
};

}  // namespace dueprocess
