// From a violation to the smallest scenario that still breaks the same invariant (docs/shrink.md).
//
//   scenario ─▶ a cell with a violation ─▶ its orders as a plot ─▶ smaller and smaller ─▶ what must be seen ─▶ text ─▶ read and
//                                                                                                      played again: it holds
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/shrink/stage.hpp"

namespace dueprocess {

struct ShrinkWishes {
  std::optional<Invariant> invariant;  // none: that of the first violation
  OrderId order = OrderId::none;       // none: whichever breaks it
  std::string heading;                 // what was shrunk, for the case's first lines: a command
  std::string check;                   // the options under which the case fails: "--bug B05"; one word each, separated by spaces
  std::string remark;                  // one more line of the heading; empty: none
  bool one_cell = false;
  std::function<bool()> out_of_time;  // REQUIRES: set. Asked before every play
};

enum class ShrinkEnd : std::uint8_t {
  shrunk,
  nothing_violated,  // in what was played
  not_alone,         // no order of the scenario breaks it in a plot of its own, nor in that of its cell
  flaky,             // the same plot does not break it each time
  no_round_trip,     // the written case does not fail, or fails on the correct engine
};

struct Shrunk {
  ShrinkEnd end = ShrinkEnd::nothing_violated;
  std::string problem;  // in words, where it is not shrunk
  std::string text;     // the scenario; shrunk only
  Invariant invariant = Invariant::T1;
  OrderId order = OrderId::none;  // that it was shrunk from
  std::size_t orders = 0, operations = 0, faults = 0;
  std::uint64_t idle_orders = 0;
  std::size_t operations_before = 0;
  std::uint64_t plays = 0, steps = 0;
  bool ran_out_of_time = false;  // smaller is possible
  bool one_cell = false;         // it fails with --one-cell only
};

/// Throws TargetProblem where the target cannot be used.
Shrunk shrink(const Scenario&, const BugSet&, const TargetFactory&, const LiveStage&, const ShrinkWishes&);

}  // namespace dueprocess
