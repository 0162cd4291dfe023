// Herds (C1): orders of one cell that the timer completed at one instant. Orders may be judged in any order of time, so it is
// remembered which instants there were until the cell is over, or there are very many of them.
#pragma once

#include "harness/record/coverage.hpp"
#include "sim/kernel/time.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dueprocess::judging {

class Herds {
 public:
  void add(Instant completed_at, Coverage& met) {
    if (2 * used_ > slots_.size()) [[unlikely]]
      grow();
    Slot& slot = slots_[place_of(completed_at)];
    if (slot.cell != cell_) {
      slot = {completed_at, 0, cell_};
      ++used_;
    }
    const std::uint64_t size = ++slot.size;
    if (size > 1) met.herd_completions += size == 2 ? 2 : 1;
    met.herd_largest = std::max(met.herd_largest, size);
  }
  /// The next cell.
  void clear() {
    ++cell_;
    used_ = 0;
  }

 private:
  /// More instants than this are forgotten all at once. A cell so large is played along its clock: only the herd of that very
  /// instant is counted as two.
  static constexpr std::size_t slots_max = std::size_t{1} << 16;

  struct Slot {
    Instant at = never;
    std::uint64_t size = 0;
    std::uint64_t cell = 0;  // whose it is; another's: free
  };

  std::size_t place_of(Instant at) const {
    const auto mixed = static_cast<std::uint64_t>(us_of(at)) * 0x9E37'79B9'7F4A'7C15u;
    std::size_t place = static_cast<std::size_t>(mixed >> 32) & (slots_.size() - 1);
    while (slots_[place].cell == cell_ && slots_[place].at != at) place = (place + 1) & (slots_.size() - 1);
    return place;
  }
  [[gnu::noinline]] void grow() {
    if (slots_.size() == slots_max) return clear();
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.cell == cell_) slots_[place_of(slot.at)] = slot;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(std::size_t{1} << 10);  // open addressing, half of them free
  std::size_t used_ = 0;
  std::uint64_t cell_ = 1;
};

}  // namespace dueprocess::judging
