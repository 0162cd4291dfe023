// C1, not vacuous: which situations the run's orders were really in. Integers only; merges by addition (maxima by max).
#pragma once

#include <array>
#include <cstdint>

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess {

/// How far from the deadline D a buyer's operation (or a look at the order) fell.
enum class Boundary : std::uint8_t {
  at_deadline,
  within_1us_before,
  within_1us_after,
  within_1ms_before,
  within_1ms_after,
  within_1s_before,
  within_1s_after
};
inline constexpr unsigned boundary_count = 7;
std::string_view name_of(Boundary);  // "at D", "D - 1us", ...

struct Coverage {
  // state as the oracle knew it before the operation; second index: the kind; third: 0 taken, 1 refused, 2 info
  std::array<std::array<std::array<std::uint64_t, 3>, operation_kind_count>, order_state_count> operations{};
  std::array<std::uint64_t, boundary_count> boundaries{};
  std::uint64_t late_deliveries = 0;
  std::uint64_t redeliveries = 0;
  std::uint64_t extensions = 0;
  std::uint64_t long_extensions = 0;       // a review pushed more than 2^31 - 1 ms past its start
  std::uint64_t key_replays = 0;           // the same key with the same operation again
  std::uint64_t repeats_without_key = 0;   // the same operation again at once, no key
  std::uint64_t dst_reviews = 0;           // reviews whose window crosses a change of the policy zone's UTC offset
  std::uint64_t leap_day_reviews = 0;      // reviews whose window holds some of a 29 February (UTC)
  std::uint64_t herd_completions = 0;      // auto-completions at an instant that another order of the cell shares
  std::uint64_t herd_largest = 0;          // most orders of one cell auto-completed at one instant (max, not sum)
  std::uint64_t reviews_over_restart = 0;  // reviews that a restart of the target fell into
  std::uint64_t deadlines_in_downtime = 0;

  void merge(const Coverage&);
  friend bool operator==(const Coverage&, const Coverage&) = default;
};

}  // namespace dueprocess
