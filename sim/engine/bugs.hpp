// The seeded bugs: timer bugs that real systems shipped, each one switch, one place in the engine, never reachable
// without it. They exist so that the oracle can be shown to find them (docs/bugs.md has the catalogue with sources).
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dueprocess {

/// Ids as in the catalogue (B: seen in the wild; S: our own, one for each promise no bug of the catalogue breaks). Append only.
enum class Bug : std::uint8_t {
  // The deadline is computed wrongly.
  b01a,
  b01b,
  b02,
  b03,
  b04,
  b05,
  b06a,
  b06b,
  b07,
  b08,
  b09a,
  b09b,
  b10,
  b11a,
  b11b,
  b12,
  b16a,
  b16b,
  b17,
  b18,
  // The timer's life.
  b22,
  b23,
  b24,
  b25,
  b26,
  b29,
  b30,
  b32,
  b33,
  b36,
  // Exactly once, and money.
  b57,
  b59,
  b60,
  b62,
  b65,
  b68,
  b69,
  b70a,
  b70b,
  b70c,
  b73,
  b74,
  b75,
  // Who may see and do what.
  s01,
  s02,
  s03,
  s04,
  // Retries.
  s05,
  s06,
  // Versions, notices, events, payments.
  s07,
  s08,
  s09,
  s10,
  s11,
  s12,
  s13,
  s14,
  s15,
  s16,
  s17,
  // Refusals and rights.
  s18,
  s19,
  s20,
  s21,
  s22,
  s23,
  s24,
  s25,
  // State and deadline.
  s26,
  s27,
  s28,
  s29,
  s30,
  // Clocks.
  b19,
  b37,
  b38,
  b39,
  b40,
  b42,
  // Sweeps, queues, load.
  b43,
  b44,
  b47,
  b49,
  b50,
  b51,
  b53a,
  b53b,
  b54,
  // More than once.
  b55,
  b56,
  b61,
  b64,
  b66,
  // Such as only one invariant finds.
  s31,
  s32,
  s33,
  s34,
  s35,
  s36,
  s37,
  s38,
};

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
inline BugSet only(Bug bug) { return BugSet{}.set(static_cast<std::size_t>(bug)); }

}  // namespace dueprocess
