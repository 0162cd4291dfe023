// The rules R1 to R18 (docs/workflow.md) as a table: which were reached, which were broken.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/record/observation.hpp"
#include "harness/record/violation.hpp"
#include "sim/market/setup.hpp"

namespace dueprocess {

inline constexpr unsigned rule_count = 18;
std::string_view title_of_rule(unsigned rule);  // REQUIRES: 1 .. rule_count

/// Which rules a step puts to the test, as bits 1 .. 18: what was asked, and what the order stood at before.
std::uint32_t rules_reached(const Operation&, Party by, const Answer&, Instant at, Instant deadline_before, OrderState before,
                            bool repeat);
/// ... and what the timer, a payment or a notice shows.
std::uint32_t rules_reached(const Evidence&);
/// The rule that a finding breaks. `operation`: the last one before it; nothing: none.
unsigned rule_of(Invariant, const Operation*);

struct RuleTable {
  std::array<std::uint64_t, rule_count + 1> reached{}, broken{};  // by rule; 0 is not used
};

}  // namespace dueprocess
