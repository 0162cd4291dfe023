// A seller's desk: how many orders he works on, and who waits. Modifications go first, then first come first served. The line is
// linked through the lives themselves.
#pragma once

#include <cstdint>

#include "sim/market/life.hpp"

namespace dueprocess {

class Desk {
 public:
  bool has_room(std::uint32_t parallel) const { return busy_ < parallel; }
  void take_slot() { ++busy_; }
  void free_slot() { --busy_; }

  void wait(LifeTable& lives, OrderId order, bool modification) {
    Line& line = modification ? modifications_ : orders_;
    if (line.last == OrderId::none)
      line.first = order;
    else
      lives.at(line.last).next_in_line = order;
    line.last = order;
    lives.at(order).next_in_line = OrderId::none;
  }
  /// The next to be worked on, taken out of its line; none: nobody waits.
  OrderId next(LifeTable& lives) {
    Line& line = modifications_.first != OrderId::none ? modifications_ : orders_;
    const OrderId order = line.first;
    if (order == OrderId::none) return order;
    line.first = lives.at(order).next_in_line;
    if (line.first == OrderId::none) line.last = OrderId::none;
    return order;
  }

 private:
  struct Line {
    OrderId first = OrderId::none, last = OrderId::none;
  };
  Line modifications_, orders_;
  std::uint32_t busy_ = 0;
};

}  // namespace dueprocess
