// Bounded-exhaustive exploration: every sequence of up to `depth` steps of one order over the instants that make a difference,
// each then left alone until nothing happens any more, judged by the oracle.
//
//   a standing ──▶ every deed at every instant from there ──▶ played from the placing on ──▶ judged ──▶ a new standing?
//
// Breadth first, so what is found broken first is the shortest. A sequence is continued only if no other has led to the same
// standing before. What an order stands at is asked of the correct engine, what is judged is the target's.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/conform/deeds.hpp"
#include "harness/conform/rule_table.hpp"
#include "harness/record/coverage.hpp"
#include "harness/shrink/plot.hpp"
#include "harness/shrink/stage.hpp"
#include "harness/target/target.hpp"
#include "sim/engine/bugs.hpp"

namespace dueprocess {

struct ConformWishes {
  unsigned depth = 4;  // REQUIRES: >= 1
  Policy policy;
  BugSet bugs;
  TargetFactory target;                 // instead of the built-in engine
  LiveStage live;                       // instead of both; restarts are not played then
  bool whole_files = true;              // live: files of the greatest size are sent, or told without their bytes
  std::uint32_t orders_a_pass = 2'000;  // live: in one pass of the clock
  std::function<bool()> out_of_time;    // REQUIRES: set. Asked now and then; then the rest is left out, and it is said
};

/// The shortest sequence that breaks an invariant.
struct Broken {
  Invariant invariant = Invariant::T1;
  unsigned rule = 0;
  std::uint64_t times = 0;
  Plot plot;  // to be read as a case
  std::string expected, seen;
};

struct Conformance {
  unsigned depth = 0;  // gone through whole
  bool whole = true;   // false: the time ran out
  std::uint64_t standings = 0, sequences = 0, steps = 0, passes = 0;
  std::vector<std::string_view> deeds;  // names
  /// What was covered: (state before) x (deed), and boundary x (deed).
  std::array<std::vector<std::uint64_t>, order_state_count> by_state;
  std::array<std::vector<std::uint64_t>, std::size(boundary_names)> by_boundary;
  RuleTable rules;
  std::map<Invariant, Broken> broken;
};

/// Throws TargetProblem where the target cannot be used.
Conformance conform(const ConformWishes&);

}  // namespace dueprocess
