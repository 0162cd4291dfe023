// A run's history file: what its header and its last record say of the run.
#pragma once

#include "harness/history/file.hpp"
#include "harness/main/load.hpp"
#include "harness/record/fault_record.hpp"
#include "harness/record/tally.hpp"

namespace dueprocess {

/// `one_cell` as of the run: it decides how many orders a cell has.
HistoryHeader history_header(const Loaded&, const std::string& target);
/// The last records of a run that came to its end, or was interrupted; false when the file could not be written, which is told.
bool finish_history(HistoryFile&, const Scenario&, const Tally&, bool interrupted, const std::vector<FaultRecord>& faults);

}  // namespace dueprocess
