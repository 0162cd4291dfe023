// Timers that are swept, and what seeded bugs make of sweeps, workers, clocks and queues.
#include "catch.hpp"
#include "desk.hpp"
#include "naive.hpp"
#include "sim/engine/timed_engine.hpp"
#include "walk.hpp"

#include <functional>
#include <set>
#include <tuple>

using namespace dueprocess;
using namespace dueprocess::test;

namespace {

/// The desk's engine with timers by a plan, which is set before the desk is made.
template <bool Seeded>
struct Planned : TimedEngine<Seeded> {
  static inline TimerPlan plan;
  Planned(const Policy& policy, OrderRange range, BugSet bugs) : TimedEngine<Seeded>(policy, plan, range, bugs) {}
};
using SweptDesk = BasicDesk<Planned<false>>;
using TimedDesk = BasicDesk<Planned<true>>;

constexpr Instant timed_far = start + 10'000h;
constexpr std::int64_t never_ends = -1;

TimerPlan swept(Duration every, std::uint64_t batch = 0, SweepOrder order = SweepOrder::oldest) {
  TimerPlan plan;
  plan.mode = TimerMode::sweep;
  plan.every = every;
  plan.batch = batch;
  plan.order = order;
  return plan;
}
TimerPlan crew(std::uint32_t workers, Duration skew = Duration{0}) {
  TimerPlan plan;
  plan.workers = workers;
  plan.clock_skew = skew;
  return plan;
}
TimerPlan clock_set(Duration after_start, Duration by) {
  TimerPlan plan;
  plan.clock_steps = {{start + after_start, by}};
  return plan;
}
TimerPlan with_workers(TimerPlan plan, std::uint32_t workers) {
  plan.workers = workers;
  return plan;
}

/// Placed at the start, due at 48 h, delivered at 24 h: deadline at 120 h, moved by `later`.
template <class Desk>
void open_review(Desk& desk, std::uint64_t order = 1, Duration later = Duration{0}) {
  desk.of(order).now = start;
  desk.place(start + 48h + later);
}
template <class Desk>
void begin_review(Desk& desk, std::uint64_t order = 1, Duration later = Duration{0}) {
  open_review(desk, order, later);
  desk.at(start + 24h).deliver();
}
/// Many at once: all are placed before any is delivered, since the desk's clock never goes back.
template <class Desk>
void begin_reviews(Desk& desk, std::uint64_t orders, Duration later = Duration{0}) {
  for (std::uint64_t id = 1; id <= orders; ++id) open_review(desk, id, later);
  desk.at(start + 24h);
  for (std::uint64_t id = 1; id <= orders; ++id) desk.of(id).deliver();
}
template <class Desk>
std::int64_t end_us(Desk& desk, std::uint64_t order = 1) {
  const Instant at = desk.of(order).at(timed_far).view().completed_at;
  return at == never ? never_ends : us_of(at - start);
}
std::int64_t us_at(Duration after_start) { return us_of(after_start); }
std::int64_t completions_of(TimedDesk& desk, std::uint64_t order) {
  desk.at(timed_far);
  std::int64_t n = 0;
  for (const Evidence& e : desk.seen())
    n += e.order == OrderId{order} && e.kind == EvidenceKind::event && e.state == OrderState::completed ? 1 : 0;
  return n;
}
std::int64_t payments_of(TimedDesk& desk, std::uint64_t order) {
  desk.at(timed_far);
  std::int64_t n = 0;
  for (const Evidence& e : desk.seen()) n += e.order == OrderId{order} && e.kind == EvidenceKind::payment ? 1 : 0;
  return n;
}
Policy calendar_of_new_york() {
  Policy policy;
  policy.days = DayRule::calendar;
  policy.zone = "America/New_York";
  return policy;
}

struct TimedRow {
  Bug bug;
  TimerPlan plan;
  std::int64_t right, wrong;
  std::function<std::int64_t(TimedDesk&)> scenario;
  Policy policy = {};
};

std::int64_t end_of_silence(TimedDesk& desk) { return begin_review(desk), end_us(desk); }
std::int64_t end_of_seconds_silence(TimedDesk& desk) { return begin_review(desk, 2), end_us(desk, 2); }

std::vector<TimedRow> timed_rows() {
  const auto down_over = [](std::uint64_t orders) {
    return [orders](TimedDesk& d) {
      begin_reviews(d, orders);
      d.restart(start + 100h, start + 130h);
      return end_us(d);
    };
  };
  return {
      {Bug::b19,
       {},
       us_at(71h),
       us_at(72h),
       [](TimedDesk& d) {
         const Instant delivered{std::chrono::sys_days{std::chrono::year{2026} / 3 / 6} + 17h};
         d.now = delivered - 100h;
         d.place(delivered - 50h);
         d.at(delivered).deliver();
         return us_of(d.at(delivered + 2000h).view().completed_at - delivered);
       },
       calendar_of_new_york()},
      {Bug::b37, clock_set(119h + 55min, -5min), us_at(120h), never_ends, end_of_silence},
      {Bug::b38, clock_set(10h, 1h), us_at(120h), us_at(119h), end_of_silence},
      {Bug::b39, crew(2, 1h), us_at(120h), us_at(119h), end_of_seconds_silence},
      {Bug::b40, crew(2, 1h), us_at(120h), us_at(121h), end_of_seconds_silence},
      {Bug::b42, {}, us_at(120h), us_at(120h + 2min), end_of_silence},
      {Bug::b43, with_workers(swept(1h), 5), 1, 0, [](TimedDesk& d) { return std::int64_t{end_of_silence(d) == us_at(120h)}; }},
      {Bug::b44, swept(1h, 1), us_at(120h), us_at(121h),
       [](TimedDesk& d) {
         open_review(d, 1, -30min);
         open_review(d, 2, -15min);
         d.at(start + 24h).of(1).deliver();
         d.of(2).deliver();
         return end_us(d);
       }},
      {Bug::b47, swept(3h), us_at(120h), never_ends, [](TimedDesk& d) { return begin_review(d, 1, -2h), end_us(d); }},
      {Bug::b49,
       {},
       us_at(120h),
       us_at(120h + 500ms),
       [](TimedDesk& d) {
         open_review(d, 1);
         open_review(d, 2, 100h);
         d.at(start + 24h).of(1).deliver();
         d.at(start + 120h - 500ms).of(2).deliver();
         return end_us(d, 1);
       }},
      {Bug::b50,
       {},
       static_cast<std::int64_t>(Refusal::wrong_state),
       static_cast<std::int64_t>(Refusal::none),
       [](TimedDesk& d) {
         begin_reviews(d, 21);
         return static_cast<std::int64_t>(d.of(1).at(start + 120h + 5ms).accept().refusal);
       }},
      {Bug::b51, {}, 1, 2, [](TimedDesk& d) { return begin_reviews(d, 21), completions_of(d, 21); }},
      {Bug::b53a, {}, us_at(120h + 1s), us_at(120h + 10s), [](TimedDesk& d) { return begin_reviews(d, 51, 1s), end_us(d); }},
      {Bug::b53b, {}, us_at(130h), never_ends, down_over(1)},
      {Bug::b54, {}, us_at(130h), never_ends, down_over(21)},
      {Bug::b55, crew(2), 1, 2, [](TimedDesk& d) { return begin_review(d), completions_of(d, 1); }},
      {Bug::b56,
       {},
       1,
       2,
       [](TimedDesk& d) {
         begin_review(d);
         d.extend(240h);
         return completions_of(d, 1);
       }},
      {Bug::b61, swept(24h), static_cast<std::int64_t>(Refusal::wrong_state), static_cast<std::int64_t>(Refusal::none),
       [](TimedDesk& d) {
         begin_review(d, 1, 1h);
         return static_cast<std::int64_t>(d.at(start + 122h).accept().refusal);
       }},
      {Bug::b64, {}, 1, 2, [](TimedDesk& d) { return begin_review(d, 16), payments_of(d, 16); }},
      {Bug::b66, {}, 1, 2, [](TimedDesk& d) { return begin_review(d, 16), d.accept(), completions_of(d, 16); }},
      {Bug::s31,
       {},
       us_at(122h),
       us_at(122h - 1s),
       [](TimedDesk& d) { return open_review(d), d.at(start + 50h).deliver(), end_us(d); }},
      {Bug::s32,
       {},
       us_at(123h),
       us_at(122h),
       [](TimedDesk& d) {
         begin_review(d);
         for (int i = 0; i < 3; ++i) d.extend(1h);
         return end_us(d);
       }},
      {Bug::s33,
       {},
       us_at(120h),
       us_at(121h),
       [](TimedDesk& d) { return begin_review(d), d.restart(start + 30h, start + 31h), us_of(d.view().deadline - start); }},
      {Bug::s34, {}, 1, 2, [](TimedDesk& d) { return begin_review(d), completions_of(d, 1); }},
      {Bug::s35,
       {},
       static_cast<std::int64_t>(CompletedBy::automatic),
       static_cast<std::int64_t>(CompletedBy::buyer),
       [](TimedDesk& d) { return begin_review(d), static_cast<std::int64_t>(d.at(start + 121h).view().completed_by); }},
      {Bug::s36,
       {},
       us_at(24h),
       us_at(25h),
       [](TimedDesk& d) {
         begin_review(d);
         d.with_key(1).extend(1h);
         return us_of(d.at(start + 25h).with_key(1).extend(1h).stamp - start);
       }},
      {Bug::s37, {}, 3, 4, [](TimedDesk& d) { return begin_review(d), std::int64_t{d.modify().version}; }},
      {Bug::s38,
       {},
       1,
       0,
       [](TimedDesk& d) {
         begin_review(d);
         d.at(timed_far);
         const auto kind = [&](std::size_t from_end) { return d.seen()[d.seen().size() - from_end].kind; };
         return std::int64_t{kind(2) == EvidenceKind::payment};
       }},
  };
}

}  // namespace

TEST_CASE("a sweep fires what is due by then, at its own instant") {
  Planned<false>::plan = swept(1h);
  SweptDesk desk;
  begin_review(desk, 1, 1us);
  CHECK(desk.at(start + 121h - us).view().state == OrderState::delivered);
  const Answer swept_up = desk.at(start + 121h).view();
  CHECK(swept_up.state == OrderState::completed);
  CHECK(swept_up.completed_at == start + 121h);
  CHECK(desk.count(EvidenceKind::payment) == 1);
}

TEST_CASE("a deadline on the sweep is met by it, and the phase moves the sweeps") {
  for (const Duration phase : {Duration{0}, Duration{20min}, Duration{26h}}) {
    Planned<false>::plan = swept(1h);
    Planned<false>::plan.phase = phase;
    SweptDesk desk;
    begin_review(desk);
    CHECK(desk.at(start + 200h).view().completed_at == start + 120h + phase % Duration{1h});
  }
}

TEST_CASE(
    "between deadline and sweep a strict service completes the order rather than let the buyer act, a lenient one lets him") {
  for (const AfterDeadline rule : {AfterDeadline::strict, AfterDeadline::until_fired}) {
    Planned<false>::plan = swept(24h);
    Policy policy;
    policy.after_deadline = rule;
    SweptDesk desk{policy};
    begin_review(desk, 1, 1h);
    CHECK(desk.at(start + 122h).view().state == OrderState::delivered);
    const Answer answer = desk.accept();
    const bool strict = rule == AfterDeadline::strict;
    CHECK(answer.refusal == (strict ? Refusal::wrong_state : Refusal::none));
    CHECK(answer.completed_by == (strict ? CompletedBy::automatic : CompletedBy::buyer));
    CHECK(answer.completed_at == start + 122h);
    desk.at(timed_far);
    CHECK(desk.count(EvidenceKind::payment) == 1);
  }
}

TEST_CASE("an extension after the deadline, where it is let in, moves the timer on") {
  Planned<false>::plan = swept(24h);
  Policy policy;
  policy.after_deadline = AfterDeadline::until_fired;
  SweptDesk desk{policy};
  begin_review(desk, 1, 1h);
  desk.at(start + 122h).extend(30h);
  CHECK(desk.at(start + 144h).view().state == OrderState::delivered);
  CHECK(desk.at(timed_far).view().completed_at == start + 168h);
}

TEST_CASE("a sweep that may not take all takes the oldest, or the newest, and the rest waits for the next") {
  for (const SweepOrder order : {SweepOrder::oldest, SweepOrder::newest}) {
    Planned<false>::plan = swept(1h, 2, order);
    SweptDesk desk;
    for (std::uint64_t id = 1; id <= 5; ++id) open_review(desk, id, -us * static_cast<std::int64_t>(10 - id));
    desk.at(start + 24h);
    for (std::uint64_t id = 1; id <= 5; ++id) desk.of(id).deliver();
    for (std::uint64_t id = 1; id <= 5; ++id) {
      const std::uint64_t rank = order == SweepOrder::oldest ? id - 1 : 5 - id;
      CHECK(end_us(desk, id) == us_at(120h + 1h * static_cast<std::int64_t>(rank / 2)));
    }
  }
}

TEST_CASE("a restart begins with a sweep of everything") {
  Planned<false>::plan = swept(24h);
  SweptDesk desk;
  begin_reviews(desk, 3, 1h);  // due at 121 h, swept at 144 h
  desk.restart(start + 130h, start + 131h);
  for (std::uint64_t id = 1; id <= 3; ++id) CHECK(end_us(desk, id) == us_at(131h));
  CHECK(desk.count(EvidenceKind::payment) == 3);
}

TEST_CASE("with exact timers and no bug the timed engine is the engine") {
  for (std::uint64_t walk = 0; walk < 500; ++walk) {
    Choices plain_choices(6, walk), timed_choices(6, walk);
    const Policy policy = random_policy(plain_choices);
    REQUIRE(policy == random_policy(timed_choices));
    const OrderRange range{OrderId{1}, 4};
    const std::string plain = trace_of(Engine(policy, range), policy, plain_choices);
    const std::string timed = trace_of(TimedEngine<true>(policy, {}, range), policy, timed_choices);
    if (plain != timed) FAIL("walk " << walk);
  }
}

TEST_CASE("every seeded bug of sweeps, workers, clocks and queues, and of one invariant, changes its own scenario, as said") {
  std::set<Bug> met;
  for (const TimedRow& row : timed_rows()) {
    INFO("bug " << all_bugs()[static_cast<std::size_t>(row.bug)].id);
    Planned<true>::plan = row.plan;
    TimedDesk right(row.policy);
    CHECK(row.scenario(right) == row.right);
    TimedDesk wrong(row.policy, only(row.bug));
    CHECK(row.scenario(wrong) == row.wrong);
    met.insert(row.bug);
  }
  CHECK(met.size() == all_bugs().size() - static_cast<std::size_t>(Bug::b19));
}

TEST_CASE("every bug alone runs through random walks under every plan without tripping over the engine's own checks") {
  TimerPlan clocks = crew(2, 30s);
  clocks.clock_steps = {{start + 10h, 1h}, {start + 50h, -2h}};
  for (const TimerPlan& plan : {clocks, with_workers(swept(1h), 3), swept(7min, 1)})
    for (const BugInfo& info : all_bugs())
      for (std::uint64_t walk = 0; walk < 8; ++walk) {
        Choices choose(7, walk);
        const Policy policy = random_policy(choose);
        trace_of(TimedEngine<true>(policy, plan, OrderRange{OrderId{1}, 4}, only(info.bug)), policy, choose);
      }
}
