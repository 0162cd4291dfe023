// How a command ends that has a result: written where it was asked for, shown, turned into an exit code.
#pragma once

#include <string>

#include "harness/main/exit_code.hpp"
#include "reports/result.hpp"
#include "reports/summary.hpp"

namespace dueprocess {

struct ResultPlace {
  std::string out;  // folder of result.json; empty: it is not written
  SummaryKind summary = SummaryKind::full;
  bool colour = true;
};

/// Makes the folder and tries it, so that a long run does not find out at its end. False: it has been told.
bool prepare(const ResultPlace&);
/// `all_written` false: something else could not be written, which is the exit code then.
ExitCode end_with(const Result&, const ResultPlace&, bool all_written = true);

}  // namespace dueprocess
