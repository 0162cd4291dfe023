// What the two ways of checking share: a history of dueprocess (check.cpp) and the log of another system (check_log.cpp).
#pragma once

#include <string>
#include <vector>

#include "harness/main/command_line.hpp"
#include "harness/main/exit_code.hpp"
#include "harness/oracle/oracle.hpp"
#include "harness/record/timeline.hpp"

namespace dueprocess {

/// What the checking itself is called, to be called again for one order.
std::string command_of(const CheckRequest&);
/// Tolerances that the command line names take the place of the others.
void change_tolerances(const CheckRequest&, OracleOptions&);
/// An order's timeline instead of a summary.
ExitCode show_timeline(const std::string& title, const std::vector<TimelineEntry>&, const std::vector<std::string>& texts,
                       bool colour);

ExitCode check_log(const CheckRequest&);

}  // namespace dueprocess
