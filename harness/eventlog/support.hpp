// Which invariants a log can be held to: what each needs, and whether the mapping finds it in the log.
#pragma once

#include <string>
#include <vector>

#include "harness/eventlog/mapping.hpp"
#include "harness/record/violation.hpp"

namespace dueprocess {

struct Support {
  Invariant invariant = Invariant::T1;
  bool judged = false;
  std::string lacks;  // in words, what would be needed; empty where it is judged
};

/// All invariants that any target can be held to, in their order.
std::vector<Support> support_of(const LogMapping&);

}  // namespace dueprocess
