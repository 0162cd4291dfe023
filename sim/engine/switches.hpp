// Which seeded bugs are on. Without Seeded the answer is a constant, and what hangs on it is not compiled in.
#pragma once

#include "sim/engine/bugs.hpp"

#include <cstddef>

namespace dueprocess {

template <bool Seeded>
struct Switches {
  explicit Switches(const BugSet&) {}
  constexpr bool operator()(Bug) const { return false; }
};

template <>
struct Switches<true> {
  explicit Switches(const BugSet& bugs) : set(bugs) {}
  bool operator()(Bug bug) const { return set[static_cast<std::size_t>(bug)]; }
  BugSet set;
};

}  // namespace dueprocess
