// The knobs of the order-delivery workflow: what marketplaces decide differently. The defaults are the rules as
// docs/workflow.md states them; R-numbers are its rules.
#pragma once

#include "sim/kernel/time.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace dueprocess {

enum class ReviewAnchor : std::uint8_t {
  later,     // max(due_at, delivered_at)
  due_date,  // due_at; a delivery at or after due_at + review_period completes at once (R11)
  delivery,  // delivered_at
};

enum class DayRule : std::uint8_t {
  elapsed,   // a day is 24 hours
  calendar,  // the same local wall-clock time so many calendar days on, in Policy::zone
};

/// What a service does with a buyer's operation at t >= deadline whose timer has not run yet (G4).
/// `until_fired` is lenient: allowed for foreign services that sweep; the in-process engine is strict.
enum class AfterDeadline : std::uint8_t { strict, until_fired };

inline constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();

struct Policy {
  Duration review_period = std::chrono::hours{72};   // R10
  ReviewAnchor review_anchor = ReviewAnchor::later;  // R10
  DayRule days = DayRule::elapsed;                   // R10
  std::string zone;                                  // IANA name; only with DayRule::calendar
  std::int64_t max_file_size = 5'000'000'000;        // R3, bytes, inclusive
  bool extensions_carry_over = false;                // R12: granted extensions lengthen the next review too
  std::uint32_t max_modifications = unlimited;       // R12, per order; one more: limit_reached
  Duration extension_min{1};                         // R13, per request, inclusive; outside: invalid
  Duration extension_max = std::chrono::hours{240};  // R13, inclusive
  std::uint32_t max_extensions = unlimited;          // R13, per review; one more: limit_reached
  AfterDeadline after_deadline = AfterDeadline::strict;

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace dueprocess
