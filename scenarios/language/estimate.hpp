// What a scenario will come to, estimated from the means of its personas: good for planning, not for checking.
#pragma once

#include "scenarios/language/scenario.hpp"

#include <vector>

namespace dueprocess {

struct Estimate {
  double orders = 0;        // cases included; exact
  double operations = 0;    // asked of the target
  double timers = 0;        // auto-complete timers armed
  double life_us = 0;       // mean, from placing to completion
  double alive_max = 0;     // orders alive at once at the busiest
  double memory_bytes = 0;  // for those, if they were all simulated in one cell
};
Estimate estimate(const Scenario&);

/// Orders expected in each of `buckets` equal parts of [starts, ends).
std::vector<double> arrivals_by_bucket(const Scenario&, Duration bucket);
/// The same, by hour of the day (UTC): 24 sums.
std::vector<double> arrivals_by_hour(const Scenario&);

}  // namespace dueprocess
