// C1, not vacuous: the important situations a run never was in. A run that met none of what it was to check says so.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/tally.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

struct Gap {
  std::string_view name;  // of the situation: "extensions"
  std::string words;      // "no review was extended"
};

/// The gravest first.
std::vector<Gap> gaps_in(const Tally&, const Policy&);
/// The names that gaps may have; "dst" counts for policies with calendar days only.
std::span<const std::string_view> situations();
/// In words.
std::vector<std::string> not_met_in(const Tally&, const Policy&);

}  // namespace dueprocess
