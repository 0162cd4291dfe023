// Findings in words. Only used once something is wrong.
#pragma once

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <string>

namespace dueprocess::judging {

std::string in_words(Instant);  // RFC 3339 with as many digits as it needs; "none" for never
std::string in_words(const Operation&);
std::string in_words(Outcome, Refusal);
std::string in_words(const Answer&);
std::string in_words(const Evidence&);

}  // namespace dueprocess::judging
