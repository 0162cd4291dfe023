// Is a seeded bug found? The cells of a scenario one after the other on this thread, in the order of their orders' numbers, so
// that "after how many orders" means something.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "harness/record/tally.hpp"
#include "scenarios/language/scenario.hpp"
#include "sim/engine/bugs.hpp"

namespace dueprocess {

/// What a hunt ended with. An order's number is how many had to be judged to come to it.
struct Hunted {
  std::array<std::uint64_t, invariant_count> first_order{};  // by invariant: the first order that breaks it; 0: none does
  std::uint64_t first_case = 0;                              // the first order of a failed case; 0: no case failed
  std::string stalled;                                       // the run could not go on: why
  std::uint64_t stalled_at = 0;                              // the first order of the cell it stood still in
  Tally tally;                                               // of all that was played
  bool interrupted = false;

  bool found() const;
  /// The first order that shows it; 0: none does.
  std::uint64_t orders_until_found() const;
  /// The invariant that this order breaks, "case", or "stall". REQUIRES: found().
  std::string found_by() const;
};

/// `to_the_end` false: no cell is played after the first that shows something. `stop` set: soon no more cells.
Hunted hunt(const Scenario&, const BugSet& more_bugs, bool to_the_end, const std::atomic<bool>* stop = nullptr);

}  // namespace dueprocess
