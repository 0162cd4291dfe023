// What the engine keeps of one order: 64 bytes, one cache line, everything an operation on it needs.
#pragma once

#include "sim/kernel/time.hpp"
#include "sim/workflow/ids.hpp"
#include "sim/workflow/order.hpp"

#include <cstdint>

namespace dueprocess {

/// One byte. Change a copy and store that: bits set one by one are read back in wider pieces than they were written, and
/// the processor waits for it.
struct OrderFlags {
  CompletedBy completed_by : 2 = CompletedBy::nobody;
  bool delivered_late : 1 = false;  // the first delivery came after the due date
  bool has_draft : 1 = false;
  bool draft_described : 1 = false;
  bool draft_has_file : 1 = false;  // an attachment or a link
  bool keyed : 1 = false;           // some operation on it carried an idempotency key
  bool forgotten : 1 = false;
};

struct alignas(64) OrderRecord {
  Instant due_at = never;
  Instant moment = never;  // delivered: the deadline in force; completed: when; else never
  Instant armed = never;   // the instant of the one queued timer event that counts; never: none
  std::int64_t price_cents = 0;
  Duration extended{0};  // every extension ever granted (for extensions_carry_over)
  UserId seller = UserId::nobody;
  UserId buyer = UserId::nobody;
  std::uint32_t version = 0;
  std::uint32_t modifications = 0;  // asked for, of the order
  std::uint32_t extensions = 0;     // granted, of this review
  std::uint16_t uploads = 0;        // since the last delivery; stays at 65535, the most an operation can name
  OrderState state = OrderState::none;
  OrderFlags flags;

  bool placed() const { return state != OrderState::none; }
  Instant deadline() const { return state == OrderState::delivered ? moment : never; }
};
static_assert(sizeof(OrderRecord) == 64);

/// With seeded bugs the timer may fire at another instant than the deadline says, and a bug may need to remember more.
struct SeededRecord : OrderRecord {
  Instant fires_at = never;  // never: the timer was lost
  Instant first_delivered_at = never;
  bool restarted = false;  // since anything happened to it
};

}  // namespace dueprocess
