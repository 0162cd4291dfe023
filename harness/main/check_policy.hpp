// The policy a history is judged under, when it is not the recorded one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/workflow/policy.hpp"

namespace dueprocess {

/// Puts the policy of a file in the place of `policy` (empty: none is named), then changes single knobs: policy.x=y. False: every
/// mistake has been told on standard error.
bool change_policy(Policy& policy, const std::string& file, const std::vector<std::pair<std::string, std::string>>& overrides);

/// A policy that was read from a history may name a zone that this machine does not know. Empty: it can be judged under.
std::string policy_problem(const Policy&);

}  // namespace dueprocess
