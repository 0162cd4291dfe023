// A policy alone, from a file: its knobs at the top level, or, in a scenario file, under `policy:`.
#pragma once

#include <string>
#include <vector>

#include "scenarios/language/read.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

/// Empty: it was read. Otherwise every mistake.
std::vector<Mistake> read_policy(const std::string& text, const std::string& file_name, Policy&);
std::vector<Mistake> read_policy_file(const std::string& path, Policy&);

}  // namespace dueprocess
