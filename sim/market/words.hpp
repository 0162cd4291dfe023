// Instants and counts in words, for what a case expected and saw.
#pragma once

#include <string>

#include "sim/kernel/time.hpp"

namespace dueprocess {

/// "2026-03-02T14:30:00.000001Z", the fraction only where there is one; "none" for never.
std::string in_words(Instant at);
/// "49.90"
std::string money_in_words(std::int64_t cents);

}  // namespace dueprocess
