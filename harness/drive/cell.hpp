// One cell at a time: the market's actors, the engine they act on and the oracle that judges, on one virtual clock.
//
//     market ──operation──▶ engine ──answer, evidence──▶ oracle ──▶ tally
//        ▲                     │
//        └────── learn ◀───────┘
//
// The clock jumps to the earliest of: the next actor, the next timer, the next restart; at one instant in the order
// restart, timers, actors. Nothing is allocated once the first cells have been played.
#pragma once

#include <functional>
#include <memory>

#include "harness/drive/run.hpp"
#include "harness/oracle/oracle.hpp"
#include "sim/engine/engine.hpp"
#include "sim/market/market.hpp"

namespace dueprocess {

/// Is shown everything that is observed, in order. A run without one pays nothing for it.
struct Recorder {
  std::function<void(const Observation&)> observation;
  std::function<void(const Evidence&, Instant seen)> evidence;
  std::function<void(OrderId, Instant horizon)> finished;  // an order was let go before the cell's end; may be empty
  std::function<void(Instant horizon)> ended;              // the cell, as Oracle::finish_all was told; may be empty
};

/// What the oracle is told of a run beforehand: the declared downtimes.
OracleOptions oracle_options(const Scenario&);
/// The seeded bugs of a run: the scenario's own and those asked for beside it.
BugSet bugs_of(const Scenario&, const BugSet& more);

class Cell {
 public:
  /// Scenario, plan and tally outlive the cell. One thread. With a factory its target is what the market acts on, and there are
  /// no bugs to seed; without one it is the built-in engine. Throws TargetProblem when the target cannot be made.
  Cell(const Scenario&, const MarketPlan&, const BugSet&, Tally&, const TargetFactory& = {});
  ~Cell();
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  /// Plays the blocks [first, first + count) to their end, or until *stop is set (then orders are judged as far as they got).
  /// A cell of very many orders lets go of those that ended long ago. Throws TargetProblem when the target cannot go on.
  void play(std::uint32_t first_block, std::uint32_t block_count, const RunOptions&, const Recorder* = nullptr);

  struct Machine;  // of one kind of engine

 private:
  std::unique_ptr<Machine> machine_;
};

}  // namespace dueprocess
