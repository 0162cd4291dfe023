// The judgement against a brute-force judge on tiny histories, lawful ones and ones with something bent: never violated where an
// explanation exists, never ok where none does.
#include "brute_force.hpp"
#include "catch.hpp"
#include "harness/oracle/review_clock.hpp"
#include "harness/oracle/wall/account.hpp"
#include "world.hpp"

#include <cstdlib>
#include <iostream>

using namespace dueprocess;
using namespace dueprocess::wall_test;
using dueprocess::wall::Span;

namespace {

constexpr std::int64_t horizon = 44;  // us

struct Tiny {
  Policy policy;
  WallOptions options;
  bool stamped = false;
  OrderHistory history;
};

/// Played by the rules, with everything drawn: when each took effect within its bracket, whose answer was lost.
class TinyLife {
 public:
  explicit TinyLife(Dice& dice) : dice_{dice} {}

  Tiny draw() {
    Policy& p = tiny_.policy;
    p.review_anchor = dice_.one_in(2) ? ReviewAnchor::later : dice_.one_in(2) ? ReviewAnchor::due_date : ReviewAnchor::delivery;
    p.review_period = Duration{5 + dice_(6)};
    if (dice_.one_in(4)) p.max_extensions = 1;
    if (dice_.one_in(4)) p.max_modifications = 1;
    if (dice_.one_in(5)) p.after_deadline = AfterDeadline::until_fired;
    lateness_ = dice_.one_in(2) ? 0 : dice_(4);
    WallOptions& o = tiny_.options;
    o.lateness_max = Duration{lateness_};
    o.drift_ppm = 0;
    o.tells.lateness = dice_.one_in(2);
    o.notices = o.payments = false;
    o.events = dice_.one_in(3);
    tiny_.stamped = dice_.one_in(2);
    tiny_.history.order = OrderId{1};
    live();
    return tiny_;
  }

 private:
  Operation make(OperationKind kind, UserId by) {
    Operation op;
    op.order = OrderId{1};
    op.kind = kind;
    op.by = by;
    op.text = TextId{7};
    if (is_delivery(kind)) op.links = dice_.one_in(7) ? 0 : 1;
    if (kind == OperationKind::extend_review) op.extend_by_us = 1 + dice_(6);
    return op;
  }

  void live() {
    Service service;
    service.policy = tiny_.policy;
    // Moments of effect, in order; each gets a bracket round it.
    std::vector<std::int64_t> moments{dice_(3)};
    const int count = 3 + static_cast<int>(dice_(5));
    while (static_cast<int>(moments.size()) < count) moments.push_back(moments.back() + (dice_.one_in(4) ? 0 : dice_(9)));
    fires_after_ = dice_(lateness_ + 1);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      const std::int64_t now = std::min(moments[i], horizon - 2);
      Operation op;
      if (i == 0) {
        op = make(OperationKind::place_order, buyer);
        op.seller = seller;
        op.due_at = instant_at(now + 1 + dice_(10));
        op.price_cents = 5;
      } else {
        op = make(kind_in(state_.state), dice_.one_in(12) ? stranger : buyer);
        if (is_delivery(op.kind) && op.by == buyer && !dice_.one_in(10)) op.by = seller;
      }
      const Answer answer = perform(op, now);
      LiveObservation o;
      o.observation.operation = op;
      o.observation.answer = answer;
      if (!tiny_.stamped) o.observation.answer.stamp = never;
      o.sent_ns = std::max<std::int64_t>(0, now - dice_(4)) * 1000;
      o.answered_ns = (now + dice_(4)) * 1000;
      if (i > 0 && dice_.one_in(8) && answer.outcome != Outcome::refused) {
        o.observation.answer = Answer{};
        o.observation.answer.outcome = Outcome::info;
      }
      tiny_.history.operations.push_back(o);
    }
    fire_by(horizon);
    tiny_.history.last_look = 10'000'000;
    std::stable_sort(tiny_.history.operations.begin(), tiny_.history.operations.end(),
                     [](const LiveObservation& a, const LiveObservation& b) { return a.answered_ns < b.answered_ns; });
  }

  OperationKind kind_in(OrderState state) {
    using K = OperationKind;
    if (dice_.one_in(8)) return static_cast<K>(6 + dice_(5));
    if (dice_.one_in(4)) return K::view_order;
    switch (state) {
      case OrderState::in_progress:
        return K::deliver;
      case OrderState::in_revision:
        return K::deliver_modified;
      case OrderState::delivered:
        return dice_.one_in(3) ? K::accept : dice_.one_in(2) ? K::extend_review : K::request_modification;
      default:
        return K::view_order;
    }
  }

  // A machine of its own, played forward.
  struct State {
    OrderState state = OrderState::none;
    CompletedBy by = CompletedBy::nobody;
    std::uint32_t version = 0, extensions = 0, modifications = 0;
    std::int64_t deadline = 0, completed_at = 0, due = 0;
    bool delivered_late = false;
    UserId buyer{}, seller{};
  };
  void event(OrderState from, std::int64_t at, std::int64_t visible) {
    LiveEvidence e;
    e.evidence.order = OrderId{1};
    e.evidence.at = instant_at(at);
    e.evidence.version = state_.version;
    e.evidence.from = from;
    e.evidence.state = state_.state;
    e.evidence.completed_by = state_.by;
    if (state_.state == OrderState::delivered) e.evidence.deadline = instant_at(state_.deadline);
    if (!tiny_.stamped) e.evidence.at = never;
    e.seen_ns = (visible + 1 + dice_(4)) * 1000;
    e.not_seen_ns = std::max<std::int64_t>(0, visible - 1 - dice_(4)) * 1000;
    if (tiny_.options.events) tiny_.history.evidence.push_back(e);
  }
  void become(OrderState to, std::int64_t now) {
    const OrderState from = state_.state;
    state_.state = to;
    ++state_.version;
    event(from, now, now);
  }
  void fire_by(std::int64_t now) {
    if (state_.state != OrderState::delivered || state_.deadline + fires_after_ > now) return;
    state_.by = CompletedBy::automatic;
    state_.state = OrderState::completed;
    ++state_.version;
    state_.completed_at = state_.deadline;
    event(OrderState::delivered, state_.deadline, state_.deadline + fires_after_);
  }
  Answer perform(const Operation& op, std::int64_t now) {
    using K = OperationKind;
    fire_by(now);
    State& s = state_;
    Answer a;
    a.stamp = instant_at(now);
    const auto refuse = [&](Refusal why) { a.outcome = Outcome::refused, a.refusal = why; };
    const bool of_buyer = op.kind == K::accept || op.kind == K::request_modification || op.kind == K::extend_review;
    const bool over =
        s.state == OrderState::delivered && now >= s.deadline && tiny_.policy.after_deadline == AfterDeadline::strict;
    const OrderState seen = over ? OrderState::completed : s.state;
    if (op.kind == K::place_order) {
      s.buyer = op.by;
      s.seller = op.seller;
      s.due = us_of(op.due_at);
      become(OrderState::in_progress, now);
    } else if (op.by != s.buyer && op.by != s.seller) {
      refuse(Refusal::not_found);
      return a;
    } else if ((is_delivery(op.kind) && op.by != s.seller) || (of_buyer && op.by != s.buyer)) {
      refuse(Refusal::forbidden);
    } else if ((op.kind == K::deliver && seen != OrderState::in_progress) ||
               (op.kind == K::deliver_modified && seen != OrderState::in_revision) ||
               (of_buyer && seen != OrderState::delivered)) {
      refuse(Refusal::wrong_state);
    } else if (is_delivery(op.kind) && op.links == 0) {
      refuse(Refusal::confirmation_required);
    } else if (is_delivery(op.kind)) {
      const std::int64_t period = us_of(tiny_.policy.review_period);
      const ReviewAnchor anchor = tiny_.policy.review_anchor;
      s.deadline = anchor == ReviewAnchor::delivery   ? now + period
                   : anchor == ReviewAnchor::due_date ? std::max(now, s.due + period)
                                                      : std::max(now, s.due) + period;
      s.extensions = 0;
      if (s.state == OrderState::in_progress) s.delivered_late = now > s.due;
      become(OrderState::delivered, now);
    } else if (op.kind == K::accept) {
      s.by = CompletedBy::buyer;
      s.completed_at = now;
      become(OrderState::completed, now);
    } else if (op.kind == K::request_modification) {
      if (s.modifications >= tiny_.policy.max_modifications) {
        refuse(Refusal::limit_reached);
      } else {
        ++s.modifications;
        become(OrderState::in_revision, now);
      }
    } else if (op.kind == K::extend_review) {
      if (s.extensions >= tiny_.policy.max_extensions) {
        refuse(Refusal::limit_reached);
      } else {
        ++s.extensions;
        s.deadline += op.extend_by_us;
        become(OrderState::delivered, now);
      }
    }
    a.state = s.state;
    a.version = s.version;
    a.completed_by = s.by;
    a.late = s.state == OrderState::in_progress ? now > s.due : s.delivered_late;
    if (s.state == OrderState::delivered) a.deadline = instant_at(s.deadline);
    if (s.state == OrderState::completed) a.completed_at = instant_at(s.completed_at);
    return a;
  }

  Dice& dice_;
  Tiny tiny_;
  State state_;
  std::int64_t lateness_ = 0, fires_after_ = 0;
};

void bend(Dice& dice, OrderHistory& h) {
  if (!h.evidence.empty() && dice.one_in(3)) {
    const auto which = static_cast<std::size_t>(dice(static_cast<std::int64_t>(h.evidence.size())));
    LiveEvidence& e = h.evidence[which];
    switch (dice(5)) {
      case 0:
        h.evidence.erase(h.evidence.begin() + static_cast<std::ptrdiff_t>(which));
        return;
      case 1:
        h.evidence.push_back(e);
        return;
      case 2:
        e.seen_ns = std::max<HarnessTime>(0, e.seen_ns - 1000 * dice(8));
        e.not_seen_ns = std::min(e.not_seen_ns, e.seen_ns);
        return;
      case 3:
        e.evidence.version += 1;
        return;
      default:
        if (e.evidence.at != never) e.evidence.at += Duration{dice(7) - 3};
        return;
    }
  }
  LiveObservation& o = h.operations[static_cast<std::size_t>(dice(static_cast<std::int64_t>(h.operations.size())))];
  Answer& a = o.observation.answer;
  switch (dice(10)) {
    case 0:
      a.version = static_cast<std::uint32_t>(std::max<std::int64_t>(1, a.version + dice(3) - 1));
      break;
    case 1:
      if (a.deadline != never) a.deadline += Duration{dice(7) - 3};
      break;
    case 2:
      if (a.completed_at != never) a.completed_at += Duration{dice(9) - 4};
      break;
    case 3:
      if (a.state == OrderState::completed)
        a.completed_by = a.completed_by == CompletedBy::buyer ? CompletedBy::automatic : CompletedBy::buyer;
      break;
    case 4:
      if (a.outcome == Outcome::ok && o.observation.operation.kind != OperationKind::place_order &&
          o.observation.operation.kind != OperationKind::view_order)
        a.outcome = Outcome::refused, a.refusal = Refusal::wrong_state;
      else if (a.refusal == Refusal::wrong_state)
        a.outcome = Outcome::ok, a.refusal = Refusal::none;
      break;
    case 5: {
      const HarnessTime by = 1000 * (dice(11) - 5);
      if (o.sent_ns + by >= 0) o.sent_ns += by, o.answered_ns += by;
      if (a.stamp != never && dice.one_in(2)) a.stamp += Duration{by / 1000};
      break;
    }
    case 6:
      o.answered_ns = std::max(o.sent_ns, o.answered_ns - 1000 * dice(4));
      break;
    case 7:
      if (a.stamp != never) a.stamp += Duration{dice(5) - 2};
      break;
    case 8:
      if (a.state != OrderState::none) a.late = !a.late;
      break;
    default:
      if (o.observation.operation.kind == OperationKind::extend_review) o.observation.operation.extend_by_us += dice(5) - 2;
      if (a.state == OrderState::delivered)
        a.state = OrderState::completed, a.completed_by = CompletedBy::automatic, a.completed_at = a.deadline, a.deadline = never,
        a.version += 1;
      break;
  }
}

ServiceClock exact_clock() {
  ServiceClock clock{0};
  for (std::int64_t t = 0; t <= horizon; ++t) clock.observe(instant_at(t), t * 1000, t * 1000);
  return clock;
}

bool is_legal(const Tiny& tiny, bool by_stamps, const ServiceClock& clock) {
  BruteForce brute;
  brute.policy = tiny.policy;
  brute.lateness = us_of(tiny.options.lateness_max);
  brute.tells_lateness = tiny.options.tells.lateness;
  brute.believes_stamps = by_stamps;
  brute.with_events = tiny.options.events;
  brute.until = horizon + 40;
  for (const LiveObservation& o : tiny.history.operations) {
    const Span bracket = wall::bracket_of(o.sent_ns, o.answered_ns, clock);
    Tried it{o.observation.operation, o.observation.answer, bracket.low, bracket.high, o.sent_ns, o.answered_ns};
    if (by_stamps && it.answer.stamp != never) it.low = it.high = us_of(it.answer.stamp);
    it.low = std::max<std::int64_t>(it.low, -8);
    if (it.answer.outcome == Outcome::info) {
      if (it.op.kind == OperationKind::view_order) continue;
      it.low = wall::bracket_of(o.sent_ns, o.sent_ns, clock).low;
    }
    brute.operations.push_back(it);
  }
  for (const LiveEvidence& e : tiny.history.evidence) {
    TriedEvent it{e.evidence, -100, wall::bracket_of(e.seen_ns, e.seen_ns, clock).high};
    if (e.not_seen_ns != 0) it.low = wall::bracket_of(e.not_seen_ns, e.not_seen_ns, clock).low;
    brute.events.push_back(it);
  }
  return brute.is_legal();
}

std::string in_full(const Tiny& tiny) {
  const auto at = [](Instant t) { return t == never ? std::string{"-"} : std::to_string(us_of(t)); };
  std::string all = "anchor " + std::to_string(static_cast<int>(tiny.policy.review_anchor)) + " period " +
                    std::to_string(us_of(tiny.policy.review_period)) + " L " + std::to_string(us_of(tiny.options.lateness_max)) +
                    (tiny.policy.after_deadline == AfterDeadline::strict ? "" : " until fired") + "\n";
  for (const LiveObservation& o : tiny.history.operations) {
    const Operation& op = o.observation.operation;
    const Answer& a = o.observation.answer;
    all += "[" + std::to_string(o.sent_ns / 1000) + "," + std::to_string(o.answered_ns / 1000) + "] " +
           std::string{name_of(op.kind)} + " by " + std::to_string(number(op.by)) +
           (op.kind == OperationKind::place_order ? " due " + at(op.due_at) : "") +
           (op.kind == OperationKind::extend_review ? " by " + std::to_string(op.extend_by_us) : "") + ": " +
           std::string{name_of(a.outcome)} + " " + std::string{name_of(a.refusal)} + " stamp " + at(a.stamp) + " " +
           std::string{name_of(a.state)} + " v" + std::to_string(a.version) + " D " + at(a.deadline) + " by " +
           std::string{name_of(a.completed_by)} + " at " + at(a.completed_at) + "\n";
  }
  for (const LiveEvidence& e : tiny.history.evidence)
    all += "event " + std::string{name_of(e.evidence.from)} + " -> " + std::string{name_of(e.evidence.state)} + " v" +
           std::to_string(e.evidence.version) + " at " + at(e.evidence.at) + " D " + at(e.evidence.deadline) + " seen " +
           std::to_string(e.seen_ns / 1000) + " hidden " + std::to_string(e.not_seen_ns / 1000) + "\n";
  return all;
}

struct Agreement {
  std::uint64_t legal = 0, illegal = 0, ok = 0, violated = 0, unknown_legal = 0, unknown_illegal = 0;
  std::array<std::uint64_t, 8> why{};
};

void compare(std::uint64_t seed, std::uint64_t first, std::uint64_t count, Agreement& sum) {
  const ServiceClock clock = exact_clock();
  for (std::uint64_t n = first; n < first + count; ++n) {
    Dice dice{seed, n};
    Tiny tiny = TinyLife{dice}.draw();
    for (std::int64_t bends = dice(4); bends > 0; --bends) bend(dice, tiny.history);
    std::stable_sort(tiny.history.operations.begin(), tiny.history.operations.end(),
                     [](const LiveObservation& a, const LiveObservation& b) { return a.answered_ns < b.answered_ns; });
    const bool legal_by_brackets = is_legal(tiny, false, clock);
    const bool legal = legal_by_brackets && (!tiny.stamped || is_legal(tiny, true, clock));
    judging::ReviewClock review{tiny.policy};
    const OrderVerdict verdict = judge(tiny.history, tiny.policy, review, tiny.options, clock);
    ++(legal ? sum.legal : sum.illegal);
    if (verdict.verdict == Verdict::ok) ++sum.ok;
    if (verdict.verdict == Verdict::violated) ++sum.violated;
    if (verdict.verdict == Verdict::unknown) {
      ++(legal ? sum.unknown_legal : sum.unknown_illegal);
      ++sum.why[static_cast<unsigned>(verdict.reason)];
    }
    std::string words;
    for (const Violation& v : verdict.violations)
      words += std::string{name_of(v.invariant)} + " expected " + v.expected + "; seen " + v.seen + "\n";
    INFO("seed " << seed << " history " << n << (tiny.stamped ? " stamped" : "") << (tiny.options.events ? " with events" : "")
                 << ": brute force says " << (legal ? "legal" : "illegal") << ", the judge " << static_cast<int>(verdict.verdict)
                 << " (" << name_of(verdict.reason) << ")\n"
                 << words << in_full(tiny));
    if (legal) {
      REQUIRE(verdict.verdict != Verdict::violated);
    } else {
      REQUIRE(verdict.verdict != Verdict::ok);
      // Left open is only what stamps say that contradict the order of time itself.
      if (verdict.verdict == Verdict::unknown) REQUIRE(legal_by_brackets);
    }
  }
}

void show(const Agreement& a) {
  std::cout << "  legal " << a.legal << ", illegal " << a.illegal << "; judged ok " << a.ok << ", violated " << a.violated
            << ", unknown though legal " << a.unknown_legal << ", unknown though illegal " << a.unknown_illegal << " (";
  for (unsigned i = 0; i < a.why.size(); ++i)
    if (a.why[i] != 0) std::cout << name_of(static_cast<UnknownReason>(i)) << " " << a.why[i] << " ";
  std::cout << ")\n";
}

}  // namespace

TEST_CASE("wall: a brute-force judge agrees on tiny histories, lawful and bent") {
  // DUEPROCESS_TINY_HISTORIES=100000 for as many.
  const char* more = std::getenv("DUEPROCESS_TINY_HISTORIES");
  const std::uint64_t count = more != nullptr ? std::strtoull(more, nullptr, 10) : 2000;
  Agreement sum;
  compare(2026, 1, count, sum);
  if (more != nullptr) show(sum);
  CHECK(sum.legal > count / 4);
  CHECK(sum.illegal > count / 5);
  CHECK(sum.unknown_illegal <= count / 500);
}
