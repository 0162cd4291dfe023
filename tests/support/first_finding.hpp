#pragma once

#include <string>

#include "harness/record/tally.hpp"

namespace dueprocess {

/// The first finding in words, so that a red test says what the oracle thought.
inline std::string first_finding(const Tally& tally) {
  if (tally.violation_samples.empty()) return "none";
  const Violation& violation = tally.violation_samples.front();
  return std::string{name_of(violation.invariant)} + " order " + std::to_string(number(violation.order)) + ": expected " +
         violation.expected + ", seen " + violation.seen;
}

}  // namespace dueprocess
