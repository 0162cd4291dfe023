#include "scenarios/language/fault_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/language/values.hpp"

namespace dueprocess {

std::string_view name_of(FaultKind kind) {
  constexpr std::array<std::string_view, fault_kind_count> names{"delay",    "throttle",   "cut",       "reset",
                                                                 "truncate", "black_hole", "duplicate", "command"};
  return names[static_cast<unsigned>(kind)];
}

std::string_view name_of(FaultOf of) {
  constexpr std::array<std::string_view, 3> names{"requests", "answers", "both"};
  return names[static_cast<unsigned>(of)];
}

std::string words_of(const FaultPlan& plan) {
  if (plan.kind == FaultKind::command) return fmt::format("command \"{}\"", plan.command);
  std::string words{name_of(plan.kind)};
  if (plan.kind != FaultKind::duplicate)
    words += plan.of == FaultOf::both ? " of requests and answers" : fmt::format(" of {}", name_of(plan.of));
  else
    words += " of requests";
  if (plan.kind == FaultKind::throttle) words += fmt::format(", {}/s", size_text(plan.bytes_per_second));
  if (plan.share != Chance::always()) words += fmt::format(", {:.3g}%", plan.share.probability() * 100);
  return words;
}

std::vector<DeclaredDowntime> declared_downtimes(const std::vector<FaultPlan>& plans) {
  std::vector<DeclaredDowntime> all;
  for (const FaultPlan& plan : plans)
    if (plan.down_for > Duration::zero()) all.push_back({plan.from, plan.from + plan.down_for});
  std::ranges::sort(all, {}, &DeclaredDowntime::from);
  std::vector<DeclaredDowntime> apart;
  for (const DeclaredDowntime& one : all) {
    if (!apart.empty() && one.from <= apart.back().to)
      apart.back().to = std::max(apart.back().to, one.to);
    else
      apart.push_back(one);
  }
  return apart;
}

Duration recovery_bound(const std::vector<FaultPlan>& plans) {
  Duration bound{0};
  for (const FaultPlan& plan : plans) bound = std::max(bound, plan.recovers_within);
  return bound;
}

Instant last_fault_end(const std::vector<FaultPlan>& plans) {
  Instant last = Instant::min();
  for (const FaultPlan& plan : plans)
    if (plan.to != never) last = std::max(last, plan.to + plan.down_for);
  return last;
}

bool has_commands(const std::vector<FaultPlan>& plans) {
  return std::ranges::any_of(plans, [](const FaultPlan& plan) { return plan.kind == FaultKind::command; });
}

}  // namespace dueprocess
