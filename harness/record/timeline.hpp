// One order's history as it was observed, with what was found about it: what `replay` shows.
#pragma once

#include <algorithm>
#include <span>
#include <variant>
#include <vector>

#include "harness/record/observation.hpp"
#include "harness/record/violation.hpp"

namespace dueprocess {

struct TimelineEntry {
  Instant at = never;  // virtual; observations: when it was answered
  std::variant<Observation, Evidence, Violation> what;
};

/// Each finding behind what was seen at its instant. Both are in order of time.
inline void insert_findings(std::vector<TimelineEntry>& timeline, std::span<const Violation> findings) {
  for (const Violation& violation : findings) {
    const auto later = [&](const TimelineEntry& entry) { return entry.at > violation.at; };
    timeline.insert(std::find_if(timeline.begin(), timeline.end(), later), {violation.at, violation});
  }
}

}  // namespace dueprocess
