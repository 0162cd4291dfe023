// When may a large cell let an order go? When its actors are done, it was completed, and it has been quiet for so long
// that a timer which should have been cancelled would have fired by now. An order let go too early would hide a second
// completion; one that never completes is kept to the end, and judged there.
#pragma once

#include <deque>
#include <vector>

#include "sim/kernel/time.hpp"
#include "sim/workflow/ids.hpp"

namespace dueprocess {

class Retirement {
 public:
  static constexpr Duration linger = std::chrono::hours{24 * 14};

  void reset(OrderRange orders) {
    orders_ = orders;
    completed_.clear();
    waiting_.clear();
  }
  void completed(OrderId order) {
    if (!orders_.contains(order)) return;
    const std::uint64_t index = orders_.index_of(order);
    if (completed_.size() <= index / 64) completed_.resize(orders_.count / 64 + 1);
    completed_[index / 64] |= std::uint64_t{1} << (index % 64);
  }
  /// Takes the orders whose actors are done.
  void take(std::vector<OrderId>& done, Instant now) {
    for (const OrderId order : done) waiting_.push_back({now + linger, order});
    done.clear();
  }
  /// The next order to let go at `now`, or none.
  OrderId next(Instant now) {
    while (!waiting_.empty() && waiting_.front().at <= now) {
      const OrderId order = waiting_.front().order;
      waiting_.pop_front();
      if (is_completed(order)) return order;
      waiting_.push_back({now + linger, order});  // looked at again later
    }
    return OrderId::none;
  }
  /// Hint: an order that will soon be let go, or none.
  OrderId coming() const { return waiting_.size() > coming_after ? waiting_[coming_after].order : OrderId::none; }

 private:
  static constexpr std::size_t coming_after = 4;

  struct Waiting {
    Instant at;
    OrderId order;
  };
  bool is_completed(OrderId order) const {
    const std::uint64_t index = orders_.index_of(order);
    return index / 64 < completed_.size() && (completed_[index / 64] >> (index % 64) & 1) != 0;
  }

  OrderRange orders_;
  std::vector<std::uint64_t> completed_;  // a bit an order
  std::deque<Waiting> waiting_;           // in order of `at`: every entry waits equally long
};

}  // namespace dueprocess
