// The oracle in wall time: keeps what is seen of each open order, learns the service's clock from it, and judges an order once
// its history is over. Three-valued: violated only where nothing explains what was seen, unknown where too little was seen.
//
// REQUIRES: of one order, observations and evidence in the order in which the harness came to know them. One thread. The tallies
// outlive the oracle.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "harness/oracle/wall/judge_order.hpp"
#include "harness/oracle/wall/service_clock.hpp"
#include "harness/oracle/wall/wall_options.hpp"
#include "harness/record/live.hpp"
#include "harness/record/tally.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

class WallOracle {
 public:
  /// The policy is the service's as it runs: periods divided by the speed. Throws std::runtime_error where its zone is not known.
  WallOracle(const Policy&, const WallOptions&, Tally&, LiveTally&);
  ~WallOracle();
  WallOracle(const WallOracle&) = delete;
  WallOracle& operator=(const WallOracle&) = delete;

  /// Operations of the actors and reads of the harness's own alike. Counts it in both tallies (operations, refusals, bytes; not
  /// latencies, which are the drive's, nor timers where their events are seen).
  void observe(const LiveObservation&);
  void observe(const LiveEvidence&);
  /// The target was declared down. May come at any time before the orders it concerns are finished.
  void down(HarnessTime from, HarnessTime to);

  /// The order's history is over: it is judged and counted, and its memory goes. `last_look`: the harness saw everything that the
  /// target had to show by then (feed read to its end after that moment). Evidence seen afterwards is still judged for what
  /// it is worth: a second payment is a second payment.
  void finish(OrderId, HarnessTime last_look);
  /// All orders seen and not yet finished, in the order of their ids. Also brings the clock's figures into the tally.
  void finish_all(HarnessTime last_look);

  /// What is known of the service's clock: to turn the instants it tells into moments of the harness.
  const ServiceClock& service_clock() const;
  std::size_t open_orders() const;

  /// Called with the history of each order that is violated or unknown, before its memory goes: to write it out.
  void on_trouble(std::function<void(const OrderHistory&, const OrderVerdict&)>);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
