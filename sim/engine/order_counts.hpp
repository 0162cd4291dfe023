// How many orders a user is a party to (list_orders), for next to nothing at place_order: placing appends to a log,
// asking counts what was logged since. The log is bounded: a full one is counted whether anybody asks or not.
#pragma once

#include "sim/workflow/ids.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace dueprocess {

class OrderCounts {
 public:
  OrderCounts();
  ~OrderCounts();

  void placed(UserId seller, UserId buyer) {
    if (log_.size() == log_max) [[unlikely]]
      count();
    log_.push_back({seller, buyer});
  }
  std::uint32_t of(UserId);
  void clear();

 private:
  static constexpr std::size_t log_max = std::size_t{1} << 15;
  struct Parties {
    UserId seller, buyer;
  };
  struct Counted;

  void count();

  std::vector<Parties> log_;
  std::unique_ptr<Counted> counted_;
};

}  // namespace dueprocess
