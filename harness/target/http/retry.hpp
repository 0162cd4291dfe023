// When a request is tried again, and after how long: a pure function of what happened.
//
//     what happened to the attempt                     tried again
//     no_connection: nothing was sent                  always
//     stale: a kept connection turned out closed       if replayable or nothing was sent; at once
//     timed_out, cut                                   if replayable
//     408 425 429 500 502 503 504                      if replayable; not before Retry-After
//     tls, garbage, any other status                   never
//
// Waits double from first_ns to most_ns, each drawn from its upper half so that those who failed together do not come back
// together. A Retry-After longer than retry_after_most_ns is not waited for: the answer is handed over as it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/record/live.hpp"

namespace dueprocess::http {

struct RetryPolicy {
  unsigned attempts = 5;  // in all; 1: never again
  HarnessTime first_ns = 50'000'000;
  HarnessTime most_ns = 2'000'000'000;
  HarnessTime retry_after_most_ns = 30'000'000'000;
};

/// One attempt, over.
struct Attempt {
  unsigned number = 1;  // the first is 1
  Failure failure = Failure::none;
  unsigned status = 0;              // without a failure
  HarnessTime retry_after_ns = -1;  // what the answer asked for; negative: nothing
  bool replayable = false;          // may arrive twice: a read, or under an idempotency key
  bool unsent = false;              // provably no byte of it left
  bool stale = false;               // cut before any answer on a connection that had answered before
};

/// How long to wait before the next attempt; nothing: give up. `chance`: any 32 random bits.
std::optional<HarnessTime> wait_before_retry(const RetryPolicy&, const Attempt&, std::uint32_t chance);

/// A Retry-After in seconds, as nanoseconds; negative when there is none or it is something else (a date is not understood).
HarnessTime read_retry_after(std::string_view field);

}  // namespace dueprocess::http
