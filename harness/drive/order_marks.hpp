// What makes two runs' histories of an order comparable without keeping either: a mark an order, a hash over everything observed
// of it. Equal histories have equal marks; the first order whose marks differ is where two runs part.
#pragma once

#include <vector>

#include "harness/drive/run.hpp"

namespace dueprocess {

struct OrderMarks {
  OrderRange orders;                 // whole cells: those that hold what was asked for
  std::uint64_t digest = 0;          // what they add to Tally::digest: proof that the run was played as it was
  std::vector<std::uint64_t> marks;  // one an order, in their order
};

/// Simulates the cells again that hold these orders. Of the options only bugs, target and one_cell count. Orders that the
/// scenario does not have are left out. Throws TargetProblem like run().
OrderMarks mark_orders(const Scenario&, const RunOptions&, OrderRange);

}  // namespace dueprocess
