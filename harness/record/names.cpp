#include <cstddef>

#include "harness/record/coverage.hpp"
#include "harness/record/tally.hpp"
#include "harness/record/violation.hpp"

namespace dueprocess {
namespace {

struct InvariantName {
  std::string_view id, title;
};

// In the order of the enumerators.
constexpr InvariantName invariants[] = {
    {"T1", "never early"},
    {"T2", "never late"},
    {"T3", "extension respected"},
    {"T4", "a modification request voids the deadline"},
    {"T5", "the deadline as reported is the rule's"},
    {"T6", "restarts and clock jumps leave the deadline alone"},
    {"T7", "the outcome does not depend on the sweep period or worker count"},
    {"A1", "completed exactly once"},
    {"A2", "one winner"},
    {"A3", "idempotent retries"},
    {"A4", "versions grow with effects, and only with them"},
    {"G1", "legality: accepted if and only if allowed"},
    {"G2", "drafts are inert"},
    {"G3", "a delivery needs a file within the limit, a link, or a confirmation"},
    {"G4", "after the deadline the declared policy holds"},
    {"G5", "only the parties, only their own operations"},
    {"M1", "at most one payment an order"},
    {"M2", "a payment for each completed order"},
    {"M3", "amount and payee exact, totals conserved"},
    {"M4", "no payment before completion"},
    {"N1", "notifications go to the right party in time"},
    {"N2", "notifications are sent exactly once"},
    {"N3", "notifications carry the deadline in force"},
    {"N4", "no notification without cause"},
    {"R1", "reads are not staler than declared"},
    {"R2", "a visible deadline implies an eventual completion"},
    {"R3", "completion does not depend on being looked at"},
    {"R4", "every transition leaves an event"},
    {"F1", "no starvation"},
    {"C1", "not vacuous"},
};
static_assert(std::size(invariants) == invariant_count);
static_assert(static_cast<unsigned>(Invariant::C1) + 1 == invariant_count);

template <std::size_t N, class Enum>
std::string_view look_up(const std::string_view (&names)[N], Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : std::string_view{"?"};
}

}  // namespace

std::string_view name_of(Invariant invariant) {
  const auto index = static_cast<std::size_t>(invariant);
  return index < invariant_count ? invariants[index].id : std::string_view{"?"};
}

std::string_view title_of(Invariant invariant) {
  const auto index = static_cast<std::size_t>(invariant);
  return index < invariant_count ? invariants[index].title : std::string_view{"?"};
}

std::string_view name_of(Boundary boundary) {
  static constexpr std::string_view names[] = {"at D", "D - 1us", "D + 1us", "D - 1ms", "D + 1ms", "D - 1s", "D + 1s"};
  static_assert(std::size(names) == boundary_count);
  return look_up(names, boundary);
}

std::string_view name_of(LatenessBucket bucket) {
  static constexpr std::string_view names[] = {"on time", "< 1 s", "1-10 s", "10-60 s", "1-10 min", "> 10 min"};
  static_assert(std::size(names) == lateness_bucket_count);
  return look_up(names, bucket);
}

}  // namespace dueprocess
