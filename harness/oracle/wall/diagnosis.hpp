// What is wrong with a history that nothing explains: the smallest set of breaks that, passed over, leaves the rest explained.
#pragma once

#include "harness/oracle/wall/search.hpp"

namespace dueprocess::wall {

enum class Diagnosis : std::uint8_t {
  troubles,       // the search's troubles() say what
  stale,          // all is well if looks may be of any age (R1)
  contradictory,  // nothing helps: the account is at odds with time itself
  unnamed,        // nothing explains it, and what is wrong was not found in time
};

/// REQUIRES: the search explains nothing without a break.
Diagnosis diagnose(Search&, const Account&, const Policy&, judging::ReviewClock&, const WallOptions&);

}  // namespace dueprocess::wall
