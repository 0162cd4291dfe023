// `faults:` as it is written, and what becomes of it.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/language/fault_plan.hpp"
#include "scenarios/language/moments.hpp"

namespace dueprocess {

/// One of the list. `plan` is filled as far as the text itself says; the window waits for the scenario's start.
struct FaultText {
  const Node* node = nullptr;
  FaultPlan plan;
  std::optional<FaultKind> kind;
  TimePoint at;
  Duration length{0};
};

Inlet faults(std::vector<FaultText>&);
/// Sets the windows, in the order of the text.
std::vector<FaultPlan> compile_faults(Reading&, const std::vector<FaultText>&, Instant starts);

}  // namespace dueprocess
