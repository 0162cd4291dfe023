// Looks for a violation, and for a plot of the scenario that shows it.
#pragma once

#include <optional>
#include <string>

#include "harness/shrink/shrink.hpp"

namespace dueprocess {

struct Found {
  Plot plot;
  Invariant invariant = Invariant::T1;
  OrderId order = OrderId::none;
};

/// Nothing: `ended` says why.
std::optional<Found> find_plot(Stage&, const Scenario&, const BugSet&, const TargetFactory&, const ShrinkWishes&, Shrunk& ended);

}  // namespace dueprocess
