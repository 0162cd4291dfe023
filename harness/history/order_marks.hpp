// Two histories order by order: a mark for each order, a hash over everything observed of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/history/reader.hpp"

namespace dueprocess {

inline constexpr std::uint64_t marked_orders_max = 1u << 28;  // 2 GiB of marks

/// marks[n] is that of order n, 0: nothing was observed of it. What real clocks said is left out. Reads to the end; `problem`:
/// why the file ends where it should not, or has lines that cannot be used.
std::vector<std::uint64_t> history_marks(HistoryReader&, std::string& problem);

/// The first order whose marks differ; 0: none.
std::uint64_t first_difference(const std::vector<std::uint64_t>&, const std::vector<std::uint64_t>&);

}  // namespace dueprocess
