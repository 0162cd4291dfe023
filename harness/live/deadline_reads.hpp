// The harness's own reads: dense around each order's deadline, so that a completion lies in a narrow bracket whatever the
// service's stamps say.
//
//              -64  -16 -4 -1 | +1 +4  +16   +64     +256 ms
//   ------------|----|---||--D--||---|----|--------|------>     until the order is seen completed
//
// Orders of class R3 are never read: a share of them, drawn from (seed, order), so that completion can be seen not to depend on
// being looked at. The others are paid for from a budget, when the first read of a review is due, and what was not needed goes
// back into it; a review that it does not reach goes without, and is counted.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "harness/record/live.hpp"
#include "sim/kernel/random.hpp"
#include "sim/workflow/ids.hpp"

namespace dueprocess {

struct DeadlineReadOptions {
  std::uint64_t seed = 1;
  Chance never_read = Chance::ratio(1, 16);  // R3
  std::uint32_t reads_per_s = 2000;          // of one thread
};

class DeadlineReads {
 public:
  explicit DeadlineReads(const DeadlineReadOptions& options) : options_(options) {}

  bool is_never_read(OrderId) const;
  /// The order's deadline is (from now on) at `deadline`, on the harness's clock; never_ns: none is pending. Told again and
  /// again: only a change does anything.
  void deadline(OrderId, HarnessTime deadline, HarnessTime now);
  /// Seen completed.
  void completed(OrderId);
  HarnessTime next_at();  // never_ns: none
  /// The next read that is due, or none; also none where what was due is not paid for.
  OrderId next(HarnessTime now);
  std::uint64_t left_out() const { return left_out_; }  // reviews without reads: the budget was spent

 private:
  struct Review {
    HarnessTime deadline = never_ns;
    std::uint32_t generation = 0;
    std::uint8_t paid = 0;  // reads paid for and not made
    bool over = false;
  };
  struct Read {
    HarnessTime at;
    OrderId order;
    std::uint32_t generation;
    std::uint32_t step;
    bool operator>(const Read& other) const { return at != other.at ? at > other.at : number(order) > number(other.order); }
  };
  Review& review(OrderId);
  bool pays(Review&, std::size_t reads, HarnessTime now);
  void give_back(Review&);
  void drop_void();

  DeadlineReadOptions options_;
  std::vector<Review> reviews_;  // by order id
  std::priority_queue<Read, std::vector<Read>, std::greater<>> reads_;
  std::int64_t budget_ = 0;  // of reads, in billionths
  HarnessTime paid_until_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace dueprocess
