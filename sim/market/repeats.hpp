// Operations that will be sent a second time: double clicks and impatient retries. Rare, so they lie beside the lives, each
// order's in a list.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/market/life.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess {

class Repeats {
 public:
  void clear() {
    entries_.assign(1, {});
    free_ = 0;
  }
  void add(Life& life, std::uint16_t sequence, const Operation& operation) {
    std::uint32_t place = free_;
    if (place == 0) {
      place = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    } else {
      free_ = entries_[place].next;
    }
    entries_[place] = {operation, life.repeats, sequence};
    life.repeats = place;
  }
  /// REQUIRES: added with this sequence and not taken since.
  Operation take(Life& life, std::uint16_t sequence) {
    std::uint32_t* link = &life.repeats;
    while (entries_[*link].sequence != sequence) link = &entries_[*link].next;
    const std::uint32_t place = *link;
    *link = entries_[place].next;
    entries_[place].next = free_;
    free_ = place;
    return entries_[place].operation;
  }

 private:
  struct Entry {
    Operation operation;
    std::uint32_t next = 0;
    std::uint16_t sequence = 0;
  };
  std::vector<Entry> entries_{1};  // 0 is nobody's
  std::uint32_t free_ = 0;
};

}  // namespace dueprocess
