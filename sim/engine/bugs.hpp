// The seeded bugs: timer bugs that real systems shipped, each one switch, one place in the engine, never reachable
// without it. They exist so that the oracle can be shown to find them (docs/bugs.md has the catalogue with sources).
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dueprocess {

/// Ids as in the catalogue. Append only.
enum class Bug : std::uint8_t {};

struct BugInfo {
  Bug bug;
  std::string_view id;     // "B05"
  std::string_view what;   // "extension counted from now, not from the deadline"
  std::string_view needs;  // what a scenario must contain to meet it
};

inline constexpr unsigned bug_count_max = 128;
using BugSet = std::bitset<bug_count_max>;

std::span<const BugInfo> all_bugs();
std::optional<Bug> bug_named(std::string_view id);

}  // namespace dueprocess
