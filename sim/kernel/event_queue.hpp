// The simulation's event queue: a priority queue of (instant, tie) pairs, smallest first.
//
// The order is total and mentions neither insertion, nor thread, nor memory: `tie` packs (class, entity, the entity's
// own sequence), so the same events come out in the same order however the run was cut up.
// Monotone: REQUIRES every pushed instant >= the last popped one. 16 bytes a pending event.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/time.hpp"

namespace dueprocess {

struct Event {
  std::int64_t at_us = 0;
  std::uint64_t tie = 0;  // class : 4 | entity : 44 | sequence : 16

  static constexpr Event make(Instant at, std::uint32_t klass, std::uint64_t entity, std::uint32_t sequence) {
    return {us_of(at), (std::uint64_t{klass} << 60) | ((entity & 0xFFF'FFFF'FFFFull) << 16) | (sequence & 0xFFFF)};
  }
  constexpr Instant at() const { return instant_at(at_us); }
  constexpr std::uint32_t klass() const { return static_cast<std::uint32_t>(tie >> 60); }
  constexpr std::uint64_t entity() const { return (tie >> 16) & 0xFFF'FFFF'FFFFull; }
  constexpr std::uint32_t sequence() const { return static_cast<std::uint32_t>(tie & 0xFFFF); }
  friend constexpr auto operator<=>(const Event&, const Event&) = default;
};

// class EventQueue: push(Event), top(), pop(), empty(), size(), clear(), upcoming(k) -> const Event* (a hint for prefetching).

}  // namespace dueprocess
