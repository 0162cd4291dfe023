// What must be seen of a shrunk plot: where the correct engine answers otherwise, what it answers, written into the plot's acts.
#pragma once

#include "harness/shrink/stage.hpp"

namespace dueprocess {

/// `suspect` nothing: what the target under suspicion answers is not known (it is far away), and everything is expected.
/// May add one look, where the difference shows to nobody who acts.
Plot with_expectations(const Plot&, const Played& correct, const Played* suspect);

}  // namespace dueprocess
