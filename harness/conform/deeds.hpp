// What may be done to an order in one step: the operations that differ by the rules, each by whom it concerns, and the instants
// at which it makes a difference.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sim/market/setup.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

enum class DeedKind : std::uint8_t { operation, repeat, restart };  // repeat: the one before, with its idempotency key

struct Deed {
  std::string_view name;
  DeedKind kind = DeedKind::operation;
  Party by = Party::seller;
  Operation operation;
};

/// All of them, under a policy; those of one process (restarts) come last. Without `whole_files` the two uploads around the
/// greatest size are one of a kilobyte: for a live target, to which the bytes would have to be sent.
std::vector<Deed> deeds_under(const Policy&, bool whole_files);

/// One step of a sequence.
struct ConformStep {
  Instant at = never;
  std::uint8_t deed = 0;  // into deeds_under()
};

/// How an order stands, as far as the future hangs on it: two sequences after which it is the same have the same continuations.
struct Standing {
  OrderState state = OrderState::none;
  Instant deadline = never;                                     // in force
  Instant previous = never;                                     // the last that was, and is void
  Instant effect_at = never;                                    // the last operation that changed something
  std::uint8_t uploads = 0, extensions = 0, modifications = 0;  // at most 3 of each
  bool draft = false, restarted = false, late = false;
  std::uint8_t idle = 0;  // the kind, and one, of the last operation since then that changed nothing; looks do not count
  friend auto operator<=>(const Standing&, const Standing&) = default;
};

/// Where an order stands for the purposes of time: not before `now`, each instant once, in order.
///
///   now   due - 1us  due  due + 1us   D - 1us  D  D + 1us   (of the deadline in force, of the one before, of an early order)
std::vector<Instant> instants_from(Instant now, Instant due, const Policy&, const Standing&);
/// The name of the boundary at which `at` lies: "at D", "1us before due", ...
std::string_view boundary_name(Instant at, Instant due, const Standing&);
inline constexpr std::string_view boundary_names[] = {
    "at once",     "1us before due",      "at due",      "1us after due",      "1us before D", "at D",
    "1us after D", "1us before an old D", "at an old D", "1us after an old D", "elsewhere"};

}  // namespace dueprocess
