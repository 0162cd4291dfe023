// What can be found wrong: the invariants by their ids (docs/invariants.md), and one finding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/kernel/time.hpp"
#include "sim/workflow/ids.hpp"

namespace dueprocess {

// clang-format off
enum class Invariant : std::uint8_t {
  T1, T2, T3, T4, T5, T6, T7,  // timing
  A1, A2, A3, A4,              // atomicity
  G1, G2, G3, G4, G5,          // guards
  M1, M2, M3, M4,              // money
  N1, N2, N3, N4,              // notifications
  R1, R2, R3, R4,              // reads and events
  F1, C1,
};
// clang-format on
inline constexpr unsigned invariant_count = 30;

std::string_view name_of(Invariant);   // "T1"
std::string_view title_of(Invariant);  // "never early"

/// One finding about one order. Ordered by (order, at, invariant, expected, seen): a total order that mentions no
/// thread, so the first K of a run are the same however it was cut up.
struct Violation {
  OrderId order = OrderId::none;  // none: about the run as a whole
  Instant at = never;             // when it was seen (virtual)
  Invariant invariant = Invariant::T1;
  std::string expected;  // in words, with instants in RFC 3339
  std::string seen;
  friend auto operator<=>(const Violation&, const Violation&) = default;
};

}  // namespace dueprocess
