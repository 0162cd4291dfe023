// The machine and the moment, for the part of a result that does not repeat.
#pragma once

#include <chrono>

#include "reports/result.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

/// Version, machine and the present instant; the run's own figures are still 0.
RunRecord record_of_now();

/// The machine's calendar.
Instant calendar_now();

/// Wall clock since it was made.
class Stopwatch {
 public:
  Duration elapsed() const;

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// At least 1.
unsigned processors();

}  // namespace dueprocess
