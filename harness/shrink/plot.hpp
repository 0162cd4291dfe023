// What is shrunk: some orders with what is done to them at which instants, and the faults that fall into it. A plot is played as
// the scenario it stands for (scenario_of), and written as one (plot_text.hpp).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/record/observation.hpp"
#include "scenarios/language/scenario.hpp"

namespace dueprocess {

/// One operation, or a look at the order, by a party rather than by a user.
struct Act {
  Instant at = never;
  Party by = Party::buyer;
  Operation operation;         // kind and arguments; who and which order is filled in when it is played
  bool same_key = false;       // the idempotency key of the act before
  bool looks = false;          // no operation of the plot's own: what must be seen is looked at by the buyer
  bool taken = true;           // on the correct engine; what shrinks a plot keeps it so
  Party with = Party::seller;  // place_order: with whom; anyone: with nobody
  Step seen;                   // what must be seen; plain expectations only
};

struct OrderPlot {
  Instant placed = never;
  Duration due_in{0};
  std::int64_t price_cents = 5'000;
  std::vector<Act> acts;  // in order of time. The placing only where it is more than the buyer's plain one
  bool places_itself() const;
};

struct Plot {
  Instant starts = never;
  Policy policy;
  TimerPlan timers;  // of the in-process engine
  TimerBounds tolerances;
  std::vector<OrderPlot> orders;
  std::vector<RestartPlan> restarts;  // sorted, disjoint; in process
  std::vector<FaultPlan> faults;      // live
  std::uint64_t idle_orders = 0;      // placed before them, and nothing is done to them: for what depends on an order's number
  bool one_cell = false;              // its orders share one engine

  std::size_t operations() const;  // placings and looks included
};

/// What is left of a scenario when its market and its cases are taken away: texts, engine and expectations of none.
Scenario stripped(const Scenario&);
Plot empty_plot(const Scenario&);
/// The plot as a scenario. `base`: stripped().
Scenario scenario_of(const Plot&, const Scenario& base);

/// One order's operations, as they were observed, in order of time. What was not asked of this order (its lists) is left out.
OrderPlot plot_of(std::span<const Observation>);

/// The market of idle orders in the words of the language: placed on the first day, and nothing is done to them.
std::string idle_market_text(std::uint64_t orders);

/// The instant at which the order falls due.
inline Instant due_of(const OrderPlot& order) { return order.placed + order.due_in; }

}  // namespace dueprocess
