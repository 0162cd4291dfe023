#include "harness/eventlog/support.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace dueprocess {
namespace {

struct Finder {
  const LogMapping& mapping;
  std::vector<Support> all{};

  bool has(LogEvent event) const { return mapping.tells(event); }
  bool any(std::initializer_list<LogEvent> events) const {
    for (const LogEvent event : events)
      if (has(event)) return true;
    return false;
  }
  bool deadline_told() const {
    for (const LogRule& rule : mapping.rules)
      if (!rule.deadline.empty()) return true;
    return false;
  }
  bool actor_told() const {
    for (const LogRule& rule : mapping.rules)
      if (!rule.by.empty() && rule.event != LogEvent::paid) return true;
    return false;
  }

  struct Need {
    bool met;
    const char* what;
  };
  void judge(Invariant invariant, std::initializer_list<Need> needs) {
    std::string lacks;
    for (const Need& need : needs)
      if (!need.met) lacks += fmt::format("{}{}", lacks.empty() ? "" : ", ", need.what);
    all.push_back({invariant, lacks.empty(), std::move(lacks)});
  }
  void never(Invariant invariant, const char* why) { all.push_back({invariant, false, why}); }
};

}  // namespace

std::vector<Support> support_of(const LogMapping& mapping) {
  using enum LogEvent;
  Finder f{mapping};
  const Finder::Need delivery{f.has(delivered), "deliveries (delivered)"};
  const Finder::Need timer{f.has(auto_completed), "completions by the timer (auto_completed)"};
  const Finder::Need any_completion{f.any({auto_completed, completed}), "completions (auto_completed, or completed)"};
  const Finder::Need end{f.any({auto_completed, completed, accepted}), "completions (accepted, auto_completed or completed)"};
  const Finder::Need decision{f.any({accepted, modification_requested, extended}),
                              "what buyers did (accepted, modification_requested or extended)"};
  const Finder::Need payment{f.has(paid), "payments (paid)"};

  f.judge(Invariant::T1, {delivery, timer});
  f.judge(Invariant::T2, {delivery, any_completion});
  f.judge(Invariant::T3, {delivery, {f.has(extended), "extensions (extended)"}, timer});
  f.judge(Invariant::T4, {delivery, {f.has(modification_requested), "modification requests (modification_requested)"}, timer});
  f.judge(Invariant::T5, {delivery, {f.deadline_told(), "deadlines as they were told (a deadline column)"}});
  f.never(Invariant::T6, "restarts of the service");
  f.judge(Invariant::A1, {end});
  f.judge(Invariant::A2, {{f.has(accepted), "acceptances (accepted)"}, timer});
  f.never(Invariant::A3, "idempotency keys");
  f.never(Invariant::A4, "versions of the order");
  f.judge(Invariant::G1, {delivery, decision});
  f.never(Invariant::G2, "drafts");
  f.never(Invariant::G3, "what was delivered: files, links, confirmations");
  f.judge(Invariant::G4, {delivery, decision});
  f.judge(Invariant::G5, {{f.actor_told(), "who did it (a by column)"},
                          {!mapping.buyer.empty() && !mapping.seller.empty(), "buyer and seller columns"}});
  f.judge(Invariant::M1, {payment});
  f.judge(Invariant::M2, {payment, end});
  f.judge(Invariant::M3, {payment,
                          {f.mapping.tells(paid, &LogRule::amount), "paid amounts (an amount column)"},
                          {!mapping.price.empty(), "a price column"}});
  f.judge(Invariant::M4, {payment, end});
  f.never(Invariant::N1, "notifications");
  f.never(Invariant::N2, "notifications");
  f.never(Invariant::N3, "notifications");
  f.never(Invariant::N4, "notifications");
  f.never(Invariant::R4, "the service's own events beside its answers");
  f.judge(Invariant::F1, {delivery, timer});
  return std::move(f.all);
}

}  // namespace dueprocess
