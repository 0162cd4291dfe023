// The part of a result file that only runs against a live target have: `run.live`.
#pragma once

#include "reports/json_writer.hpp"
#include "reports/result.hpp"

namespace dueprocess {

/// As a member "live" of the object that is open.
void write_live(JsonWriter&, const LiveRecord&, const LiveTally&);

}  // namespace dueprocess
