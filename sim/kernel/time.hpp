// Time: one instant type and one duration type for the whole project.
//
//   Instant   microseconds since 1970-01-01T00:00:00Z (UTC, leap seconds not counted), 64-bit integer
//   Duration  microseconds, 64-bit integer
//
// No floating point anywhere near either: results must repeat bit for bit on any machine.
// Years -290307 to +294246 fit; the scenario reader admits 1900 to 2200, so sums of a few terms never overflow.
#pragma once

#include <chrono>
#include <cstdint>

namespace dueprocess {

using Duration = std::chrono::duration<std::int64_t, std::micro>;
using Instant = std::chrono::sys_time<Duration>;

/// "No instant": an absent deadline, a timer that is not armed. Later than every real instant.
inline constexpr Instant never = Instant::max();

constexpr Instant instant_at(std::int64_t us) { return Instant{Duration{us}}; }
constexpr std::int64_t us_of(Instant t) { return t.time_since_epoch().count(); }
constexpr std::int64_t us_of(Duration d) { return d.count(); }

}  // namespace dueprocess
