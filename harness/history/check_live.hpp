// Judging the history of a live run: its cells stand among each other, and in wall time it is the wall oracle that judges. What
// the run's judges were shown is shown again, in the same order, so the verdict is the run's.
//
//   virtual clock   a judge a cell, as the run had
//   wall time       a judge a cell, which there is a thread's share: each learns the service's clock from its own answers
//
// Bounded memory: as the run's own judges. What is not whole: a line that cannot be used may explain any finding, so all of them
// are set apart; where the file is cut off, so are those of orders that were still open, since what was on its way is missing.
#pragma once

#include <vector>

#include "harness/history/check.hpp"

namespace dueprocess {

inline bool is_live(const HistoryHeader& header) { return header.interleaved || header.clock == HistoryClock::wall; }

/// REQUIRES, of both: is_live(the reader's header).
CheckOutcome check_live_history(HistoryReader&, const CheckOptions&);

/// In wall time the instants of operations are the harness's own, moved to the service's clock by the middle of what is known of
/// it at the end; evidence has the service's stamps where it has any.
std::vector<TimelineEntry> trace_live_history(HistoryReader&, const CheckOptions&, OrderId);

}  // namespace dueprocess
