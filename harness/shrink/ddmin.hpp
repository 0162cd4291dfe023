// Delta debugging: leaves out ever smaller pieces of a list for as long as what is left passes the test.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace dueprocess {

/// `keeps(list)`: whether the list without what was left out is still as it should be; it is the caller's then, and the next
/// piece is tried. `list` is the one to begin with, and the smallest at the end: no single item of it can be left out.
template <class Item, class Keeps>
void ddmin(std::vector<Item>& list, const Keeps& keeps) {
  std::size_t piece = (list.size() + 1) / 2;
  while (piece > 0 && !list.empty()) {
    bool smaller = false;
    for (std::size_t from = 0; from < list.size();) {
      const std::size_t count = std::min(piece, list.size() - from);
      std::vector<Item> without;
      without.reserve(list.size() - count);
      without.insert(without.end(), list.begin(), list.begin() + static_cast<std::ptrdiff_t>(from));
      without.insert(without.end(), list.begin() + static_cast<std::ptrdiff_t>(from + count), list.end());
      if (keeps(without)) {
        list = std::move(without);
        smaller = true;
      } else {
        from += count;
      }
    }
    // Single items are gone through again until none of them goes.
    if (piece > 1)
      piece = piece / 2;
    else if (!smaller)
      break;
  }
}

}  // namespace dueprocess
