// What a scenario will do, in words and a small picture, for `dueprocess validate`.
#pragma once

#include "scenarios/language/scenario.hpp"

#include <string>

namespace dueprocess {

/// REQUIRES: the scenario was read without errors. `width` in columns; less than 40 is taken as 40.
std::string describe_scenario(const Scenario&, unsigned width);

}  // namespace dueprocess
