// A live service as where plots are played (harness/shrink/stage.hpp).
#pragma once

#include "harness/main/run_live.hpp"
#include "harness/shrink/stage.hpp"

namespace dueprocess {

/// Plays scenarios with the settings of `loaded`. Both must outlive what comes back.
LiveStage live_stage(const LivePlan&, const Loaded&);

}  // namespace dueprocess
