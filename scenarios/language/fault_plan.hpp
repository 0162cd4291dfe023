// What goes wrong on purpose between the harness and a live target, and when: the plan of it (docs/faults.md).
//
// Two times, never mixed. Windows are the scenario's: `from`, `to`, `down_for`. What a fault does to bytes, and how long a
// command may take, is real time whatever the speed: `by`, `time_limit`, `recovers_within`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

enum class FaultKind : std::uint8_t {
  delay,       // bytes come later
  throttle,    // bytes come slowly
  cut,         // both ends see the end of the connection
  reset,       // both ends see it reset
  truncate,    // the receiver sees the end of the stream early; the sender learns nothing
  black_hole,  // bytes vanish, the connection stays
  duplicate,   // a request arrives twice
  command,     // something the scenario's author wants run: the service killed, started
};
inline constexpr unsigned fault_kind_count = 8;
std::string_view name_of(FaultKind);

/// Which way the bytes go that it meets.
enum class FaultOf : std::uint8_t { requests, answers, both };
std::string_view name_of(FaultOf);

struct FaultPlan {
  FaultKind kind = FaultKind::delay;
  FaultOf of = FaultOf::both;
  Instant from = Instant::min(), to = never;       // [from, to); the whole run unless said otherwise
  Chance share = Chance::always();                 // of the requests (answers) that begin in the window
  Distribution by = Distribution::constant(0);     // delay: microseconds
  std::int64_t bytes_per_second = 0;               // throttle: of one connection, one way
  Distribution after = Distribution::constant(0);  // cut, reset, truncate: so many bytes of the message still get through
  std::string command;                             // command: for /bin/sh -c
  Duration time_limit = std::chrono::seconds{10};
  Duration down_for{0};         // command: the target is declared down from `from` on for so long
  Duration recovers_within{0};  // ... and what fell due meanwhile may come so much later after it is back
  std::uint32_t line = 0;       // in the scenario's file

  /// It strikes what there is at one instant: every open connection (cut, reset, truncate), a command.
  bool is_momentary() const { return from == to; }
};

/// "reset of answers, 2%", "command \"systemctl stop shop\"": for reports and messages.
std::string words_of(const FaultPlan&);

/// A time in which the target is declared down.
struct DeclaredDowntime {
  Instant from = never, to = never;
};
/// Sorted, disjoint: those that overlap or touch are one.
std::vector<DeclaredDowntime> declared_downtimes(const std::vector<FaultPlan>&);
/// The longest `recovers_within`.
Duration recovery_bound(const std::vector<FaultPlan>&);
/// When the last fault that has an end is over; nothing planned, or nothing that ends: Instant::min(). A fault of the whole run
/// has no end of its own.
Instant last_fault_end(const std::vector<FaultPlan>&);
bool has_commands(const std::vector<FaultPlan>&);

}  // namespace dueprocess
