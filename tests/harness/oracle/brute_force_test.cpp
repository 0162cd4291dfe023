// The oracle against a brute-force judge on tiny random histories. The brute-force judge knows no invariant: it asks the naive
// target what the whole history should have looked like, and compares everything with everything.
#include "catch.hpp"
#include "random_life.hpp"

#include <optional>

using namespace dueprocess;

namespace {

struct Told {
  Policy policy;
  std::vector<Downtime> down;
  std::vector<Asked> asked;
  std::vector<Step> steps;
};

Told random_history(std::uint64_t seed, std::uint64_t n) {
  Dice dice{seed, n};
  Told h;
  h.policy = random_policy(dice);
  const Instant start = random_start(dice);
  if (dice(4) == 0) {
    const Instant from = start + hours(dice(150));
    h.down.push_back({from, from + dice.of({Duration{0}, us, hours(1), days(2)})});
  }
  h.asked = random_life(dice, h.policy, h.down, OrderId{1}, start);
  if (dice(2) == 0) {
    const auto second = random_life(dice, h.policy, h.down, OrderId{2}, start);
    h.asked.insert(h.asked.end(), second.begin(), second.end());
    std::stable_sort(h.asked.begin(), h.asked.end(), [](const Asked& a, const Asked& b) { return a.at < b.at; });
  }
  h.steps = lawful_steps(h.policy, h.down, h.asked);
  return h;
}

bool same(const Evidence& a, const Evidence& b) {
  const bool event = a.kind == EvidenceKind::event, notice = a.kind == EvidenceKind::notification;
  return a.kind == b.kind && a.order == b.order && a.at == b.at && (!event || (a.from == b.from && a.state == b.state)) &&
         (!notice || a.notice == b.notice) && (event || a.to == b.to) &&
         (a.kind == EvidenceKind::payment
              ? a.amount_cents == b.amount_cents
              : a.version == b.version && a.deadline == b.deadline && a.completed_by == b.completed_by);
}
bool same(const Answer& a, const Answer& b) {
  return a.outcome == b.outcome && a.refusal == b.refusal && a.state == b.state && a.version == b.version &&
         a.deadline == b.deadline && a.completed_at == b.completed_at && a.completed_by == b.completed_by && a.late == b.late;
}

bool brute_force_lawful(const Told& h) {
  const std::vector<Step> due = lawful_steps(h.policy, h.down, h.asked);
  if (due.size() != h.steps.size()) return false;
  for (std::size_t i = 0; i < due.size(); ++i) {
    const Step &a = due[i], &b = h.steps[i];
    if (a.asked != b.asked || a.at != b.at || a.evidence.size() != b.evidence.size()) return false;
    if (a.asked && !same(a.observation.answer, b.observation.answer)) return false;
    for (std::size_t k = 0; k < a.evidence.size(); ++k)
      if (!same(a.evidence[k], b.evidence[k])) return false;
  }
  return true;
}

Tally oracle_says(const Told& h) {
  Tally tally;
  OracleOptions options;
  options.downtimes = h.down;
  Oracle oracle{h.policy, options, OrderRange{OrderId{1}, 2}, tally};
  show(oracle, h.steps);
  oracle.finish_all(never);
  return tally;
}

std::string findings(const Tally& tally) {
  std::string all;
  for (const Violation& v : tally.violation_samples)
    all += std::string{name_of(v.invariant)} + ": expected " + v.expected + "; seen " + v.seen + "\n";
  return all;
}

Duration nudge(Dice& dice) { return dice.of({us, -us, days(1), -days(1)}); }

/// Changes one thing of the history; what was changed in words, or nothing where the draw did not apply.
std::optional<std::string> bend(Dice& dice, std::vector<Step>& steps) {
  if (steps.empty()) return std::nullopt;
  Step& step = steps[dice(static_cast<std::uint32_t>(steps.size()))];
  if (step.asked && dice(2) == 0) {
    Answer& a = step.observation.answer;
    const bool told = a.state != OrderState::none;
    switch (dice(8)) {
      case 0:
        a.deadline = a.deadline == never ? step.at + days(1) : a.deadline + nudge(dice);
        return told ? std::optional{"deadline told"} : std::nullopt;
      case 1:
        a.version += dice(2) == 0 ? 1u : ~0u;
        return told ? std::optional{"version told"} : std::nullopt;
      case 2:
        a.state = static_cast<OrderState>(1 + (static_cast<unsigned>(a.state) + dice(3)) % 4);
        return told ? std::optional{"state told"} : std::nullopt;
      case 3:
        a.completed_at = a.completed_at == never ? step.at : a.completed_at + nudge(dice);
        return told ? std::optional{"completed_at told"} : std::nullopt;
      case 4:
        a.late = !a.late;
        return told ? std::optional{"late told"} : std::nullopt;
      case 5:
        a.completed_by = static_cast<CompletedBy>((static_cast<unsigned>(a.completed_by) + 1 + dice(2)) % 3);
        return told ? std::optional{"completed_by told"} : std::nullopt;
      case 6: {
        const bool was_ok = a.outcome == Outcome::ok;
        a.outcome = was_ok ? Outcome::refused : Outcome::ok;
        a.refusal = was_ok ? static_cast<Refusal>(1 + dice(refusal_count - 1)) : Refusal::none;
        if (step.observation.operation.kind == OperationKind::open_draft) return std::nullopt;
        return "outcome";
      }
      default: {
        if (a.outcome != Outcome::refused || a.refusal == Refusal::none) return std::nullopt;
        a.refusal = static_cast<Refusal>(1 + (static_cast<unsigned>(a.refusal) + dice(refusal_count - 2)) % (refusal_count - 1));
        return "refusal";
      }
    }
  }
  if (step.evidence.empty()) return std::nullopt;
  const std::size_t which = dice(static_cast<std::uint32_t>(step.evidence.size()));
  Evidence& e = step.evidence[which];
  const bool payment = e.kind == EvidenceKind::payment, event = e.kind == EvidenceKind::event;
  switch (dice(9)) {
    case 0:
      step.evidence.erase(step.evidence.begin() + static_cast<std::ptrdiff_t>(which));
      return "evidence left out";
    case 1: {
      const Evidence again = e;
      step.evidence.insert(step.evidence.begin() + static_cast<std::ptrdiff_t>(which), again);
      return "evidence twice";
    }
    case 2:
      if (payment) return std::nullopt;
      e.version += dice(2) == 0 ? 1u : ~0u;
      return "version shown";
    case 3:
      if (payment) return std::nullopt;
      e.deadline = e.deadline == never ? step.at + days(1) : e.deadline + nudge(dice);
      return "deadline shown";
    case 4:
      if (event) return std::nullopt;
      e.to = dice.of({nobody, UserId{9}, UserId{102}, UserId{103}, UserId{104}});
      return "addressee";
    case 5:
      if (!payment) return std::nullopt;
      e.amount_cents += dice(2) == 0 ? 1 : -1;
      return "amount";
    case 6:
      if (!event) return std::nullopt;
      e.state = static_cast<OrderState>(1 + (static_cast<unsigned>(e.state) + dice(3)) % 4);
      return "state shown";
    case 7: {
      // The whole step of a timer at another instant.
      if (step.asked) return std::nullopt;
      const Duration by = nudge(dice);
      step.at += by;
      for (Evidence& x : step.evidence) x.at += by;
      std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
      return "timer's instant";
    }
    default: {
      if (step.evidence.size() < 3 || dice(2) == 0) return std::nullopt;
      const bool first_two = which + 1 < step.evidence.size();
      std::swap(step.evidence[first_two ? which : which - 1], step.evidence[first_two ? which + 1 : which]);
      // The two notices of a completion are one instant's; which comes first is not judged.
      const Evidence &a = step.evidence[first_two ? which : which - 1], &b = step.evidence[first_two ? which + 1 : which];
      if (a.kind == b.kind && a.notice == b.notice) return std::nullopt;
      if (a.kind == EvidenceKind::payment && b.kind == EvidenceKind::notification && b.notice == Notice::completed)
        return std::nullopt;
      return "evidence swapped";
    }
  }
}

}  // namespace

TEST_CASE("nothing is found in random lawful histories, and the brute-force judge agrees") {
  std::uint64_t completed = 0, extended = 0, replays = 0;
  for (std::uint64_t n = 0; n < 3000; ++n) {
    const Told h = random_history(1, n);
    REQUIRE(brute_force_lawful(h));
    const Tally tally = oracle_says(h);
    INFO("history " << n << "\n" << findings(tally));
    REQUIRE(tally.violations_total() == 0);
    REQUIRE(tally.orders_ok == tally.placed);
    completed += tally.completed_by_auto;
    extended += tally.coverage.extensions;
    replays += tally.coverage.key_replays;
  }
  CHECK(completed > 500);
  CHECK(extended > 150);
  CHECK(replays > 300);
}

TEST_CASE("one thing bent in a random history is found, exactly where the brute-force judge sees a difference") {
  std::uint64_t bent = 0;
  std::uint64_t found_by[invariant_count] = {};
  for (std::uint64_t n = 0; n < 12000; ++n) {
    Told h = random_history(2, n);
    Dice dice{3, n};
    const auto what = bend(dice, h.steps);
    if (!what) continue;
    ++bent;
    const Tally tally = oracle_says(h);
    const bool lawful = brute_force_lawful(h);
    INFO("history " << n << ": " << *what << "\n" << findings(tally));
    REQUIRE((tally.violations_total() == 0) == lawful);
    for (unsigned i = 0; i < invariant_count; ++i) found_by[i] += tally.violations_by[i];
  }
  CHECK(bent > 5000);
  // Few findings a bug: on average less than three.
  std::uint64_t all = 0;
  for (const std::uint64_t count : found_by) all += count;
  CHECK(all < 3 * bent);
}
