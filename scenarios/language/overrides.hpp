// Values set from outside: `--set path=value`, applied to the tree before it is read.
#pragma once

#include "scenarios/language/inlet.hpp"

namespace dueprocess {

/// Each override in order; a mistake is one of that override. What the paths mean is found out when the tree is read.
void apply_overrides(Reading&, Node& root, const std::vector<std::pair<std::string, std::string>>& overrides);

}  // namespace dueprocess
