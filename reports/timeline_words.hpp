// How an operation and what was told of an order read in a timeline, as text or as a picture.
#pragma once

#include <string>
#include <vector>

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess {

/// "by 1d", "files=2 links=0 \"final logo\" key=17"; empty: it has none. `texts`: the scenario's text table.
std::string arguments_in_words(const Operation&, const std::vector<std::string>& texts);
/// "completed v4 by auto at 2026-03-08T00:00:00Z". REQUIRES: it tells of the order.
std::string order_in_words(const Answer&);

}  // namespace dueprocess
