// C1, not vacuous: the important situations a run never was in. A run that met none of what it was to check says so.
#pragma once

#include <string>
#include <vector>

#include "harness/record/tally.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

/// In words, the gravest first: "no review was extended".
std::vector<std::string> not_met_in(const Tally&, const Policy&);

}  // namespace dueprocess
