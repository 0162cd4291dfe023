// One order's history as it was observed, with what was found about it: what `replay` shows.
#pragma once

#include <variant>

#include "harness/record/observation.hpp"
#include "harness/record/violation.hpp"

namespace dueprocess {

struct TimelineEntry {
  Instant at = never;  // virtual; observations: when it was answered
  std::variant<Observation, Evidence, Violation> what;
};

}  // namespace dueprocess
