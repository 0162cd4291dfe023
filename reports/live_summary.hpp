// The lines of the summary that only runs against a live target have.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/result.hpp"

namespace dueprocess {

/// Name and value, one below the other. REQUIRES: result.run.live.
std::vector<std::pair<std::string, std::string>> live_lines(const Result&);

}  // namespace dueprocess
