// Points in time as scenarios name them: absolute, after the start, or around an order's life.
#pragma once

#include "scenarios/language/inlet.hpp"
#include "sim/market/setup.hpp"

namespace dueprocess {

/// An instant, or a duration after the scenario's start.
struct TimePoint {
  bool given = false;
  bool absolute = false;
  Instant instant = never;
  Duration after{0};
  const Node* node = nullptr;

  Instant from(Instant start) const { return absolute ? instant : start + after; }
};
Inlet time_point(TimePoint&);

/// A persona's moment: an anchor and a distance that may be a distribution.
Inlet moment(Moment&, std::vector<Anchor> allowed);

/// A scripted moment: `due + 3d - 1us`, a duration after placing, or an instant.
struct ScriptMoment {
  bool given = false;
  std::optional<Instant> instant;
  Anchor anchor = Anchor::placed;
  Duration distance{0};

  Moment compiled(Instant start) const;
};
Inlet script_moment(ScriptMoment&);

/// `delivers_after`, `decides_after`: a distance from the anchor, or a fraction of the time from placing to the due date.
Inlet distance_or_fraction(std::optional<Moment>&, Anchor);

std::string_view name_of(Anchor);

}  // namespace dueprocess
