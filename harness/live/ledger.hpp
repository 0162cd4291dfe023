// What was observed of a cell on a virtual clock and cannot be judged yet: answers come at once, evidence when the target is
// looked at. Once everything up to an instant is known, it goes to the oracle in the order in which it happened.
//
//   by instant; at one instant, of one order:
//     what the timer did            before the operations (R11), once what it rests on is known: a delivery whose deadline is
//     that
//                                   very instant comes before it (docs/decisions/0001, 11)
//     an operation's own evidence   right after it
//   evidence of one order stays in the feed's own order, whatever its stamps say
//
// A stamp that lies before what was already said to be known is late: it is handed on as seen now.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/history/share.hpp"
#include "harness/oracle/oracle.hpp"
#include "harness/record/observation.hpp"

namespace dueprocess {

class Ledger {
 public:
  /// `history`: what goes to the oracle is written there too; none: nowhere.
  explicit Ledger(Oracle& oracle, HistoryShare* history = nullptr) : oracle_(oracle), history_(history) {}

  void reset(OrderRange);
  /// REQUIRES: not before the one before.
  void observe(const Observation&);
  /// REQUIRES: of an order of the range.
  void witness(const Evidence&);
  /// Everything up to and including `through` is known. REQUIRES: not before an earlier `through`.
  void settle(Instant through);
  std::size_t size() const { return observations_.size() - observed_ + evidence_.size(); }
  /// The instant halfway through what was observed and not judged; never: nothing.
  Instant middle() const;

 private:
  struct Seen {
    Instant at, seen;  // where it belongs; when it came to be seen
    Evidence evidence;
    bool timer = false;
    std::uint32_t version = 0;
  };
  /// What is known of an order: its latest evidence, for the next piece; the latest version that was handed on.
  struct Latest {
    Instant at = Instant::min();
    std::uint32_t version = 0, handed_on = 0;
    bool timer = false;
  };
  Latest& latest(OrderId);
  /// Of two at one instant.
  bool comes_before(const Seen&, const Observation&);

  Oracle& oracle_;
  HistoryShare* history_;
  OrderRange orders_;
  std::vector<Observation> observations_;
  std::size_t observed_ = 0;  // the first not handed on
  std::vector<Seen> evidence_;
  std::vector<Latest> latest_;  // by order
  Instant settled_ = Instant::min();
};

}  // namespace dueprocess
