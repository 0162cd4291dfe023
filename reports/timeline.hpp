// One order's timeline as text: what was asked, answered and seen, in order, with what was found wrong in its place.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/record/timeline.hpp"
#include "reports/terminal.hpp"

namespace dueprocess {

/// `texts`: the scenario's text table, for descriptions and messages. One line an entry, a violation three; ends with a newline.
std::string timeline_text(std::span<const TimelineEntry>, const std::vector<std::string>& texts, const TextStyle&);

}  // namespace dueprocess
