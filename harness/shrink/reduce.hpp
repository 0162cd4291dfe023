// Makes a plot smaller, step by step, and keeps it one that breaks the invariant: delta debugging over what is in it, then each
// instant, duration and argument made simpler.
//
// A step is taken if the plot gets smaller by `Size`, is still legal (on the correct engine nothing is violated, and what was
// taken is taken, what was refused refused), and still breaks the invariant on the target under suspicion. In that order: the
// target is asked last, as it may be far away.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>

#include "harness/shrink/stage.hpp"

namespace dueprocess {

/// Orders, faults, operations, idle orders, who has a part in it, letters of its text: the first that differs decides.
using Size = std::tuple<std::size_t, std::size_t, std::size_t, std::uint64_t, std::size_t, std::size_t>;
Size size_of(const Plot&, const std::vector<std::string>& texts);

class Reducer {
 public:
  /// `out_of_time` is asked before every play. REQUIRES: the plot breaks the invariant on the stage.
  Reducer(Stage&, Invariant, Plot, std::function<bool()> out_of_time);

  /// To a plot that no single step makes smaller, or to the end of the time.
  void reduce();

  const Plot& plot() const { return plot_; }
  bool ran_out() const { return ran_out_; }
  std::uint64_t steps() const { return steps_; }  // taken

 private:
  /// True: it is the plot now.
  bool try_it(Plot candidate);
  bool legal(const Plot&) const;

  void drop_orders();
  void drop_faults();
  void simplify_deliveries();
  void drop_acts();
  void drop_pairs();
  void merge_actors();
  void simplify_policy();
  void simplify_start();
  void simplify_due();
  void simplify_instants();
  void simplify_restarts();
  void simplify_arguments();
  void lower_idle_orders();
  bool try_instant(std::size_t order, std::size_t act, Instant at);

  Stage& stage_;
  Invariant invariant_;
  Plot plot_;
  Size size_;
  std::function<bool()> out_of_time_;
  bool ran_out_ = false;
  std::uint64_t steps_ = 0;
};

}  // namespace dueprocess
