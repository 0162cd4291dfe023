// Whether the expectations of a scenario hold, from the tally alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/tally.hpp"

namespace dueprocess {

struct Metric;
struct Scenario;
struct LiveRecord;

struct JudgedExpectation {
  std::string text;  // as written in the scenario
  std::uint32_t line = 0;
  std::optional<bool> held;  // nothing: this target has no such metric, so it neither holds nor fails
  std::string_view metric;   // its name
  std::string actual;        // in words, with its unit: "0s", "99.2%", "1,234"
};

/// The scenario's expectations, in its order. One about a distribution or a share of which nothing was measured (no order
/// completed by auto at all) is missed: a gate must not stay open because nothing came to it. `live`: null in process.
std::vector<JudgedExpectation> evaluate(const Scenario&, const Tally&, const LiveRecord* live = nullptr);

/// Whether evaluate() knows where the metric's value comes from (or that no in-process target has one).
bool can_evaluate(const Metric&);

}  // namespace dueprocess
