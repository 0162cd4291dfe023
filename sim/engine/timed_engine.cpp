#include "sim/engine/timed_engine.hpp"

#include "sim/engine/require.hpp"

#include <algorithm>
#include <chrono>

namespace dueprocess {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned herd_from = 20;  // seeded bugs of load show beyond so many timers at one instant
constexpr std::uint64_t crowd_from = 50;

/// The first t + n * every, n whole, at or after `at`. REQUIRES: every > 0.
Instant on_grid(Instant at, Duration every, Duration phase) {
  const std::int64_t period = us_of(every), from_phase = us_of(at) - us_of(phase);
  const std::int64_t after = ((from_phase % period) + period) % period;
  return after == 0 ? at : at + Duration{period - after};
}

std::uint64_t scrambled(std::uint64_t x) {
  x *= 0x9E37'79B9'7F4A'7C15u;
  return x ^ (x >> 29);
}

}  // namespace

bool needs_timer_plan(Bug bug) {
  constexpr Bug planned[] = {Bug::b37, Bug::b38, Bug::b39, Bug::b40,  Bug::b43, Bug::b44, Bug::b47,
                             Bug::b49, Bug::b50, Bug::b51, Bug::b53a, Bug::b55, Bug::b61};
  return std::find(std::begin(planned), std::end(planned), bug) != std::end(planned);
}

template <bool Seeded>
TimedEngine<Seeded>::TimedEngine(const Policy& policy, const TimerPlan& plan, OrderRange range, BugSet bugs)
    : engine_(policy, range, bugs, plan), plan_(plan), after_deadline_(policy.after_deadline), bugs_(bugs) {
  require(!sweeps() || plan.every > Duration::zero(), "a sweep without a period");
}

template <bool Seeded>
void TimedEngine<Seeded>::perform(const Operation& op, Instant now, Answer& answer) {
  now_ = now;
  if (on(Bug::b50) && now < blocked_until_) {
    answer = Answer{};
    answer.stamp = now;
    answer.outcome = Outcome::refused;  // without a code: unavailable
    return;
  }
  const std::size_t seen_before = engine_.evidence().size();
  if (sweeps()) {
    const bool guarded = after_deadline_ == AfterDeadline::strict && !on(Bug::b61);
    if (guarded && is_buyers_decision(op.kind)) engine_.settle(op.order, now);
    engine_.perform_apart(op, now, answer);
  } else if (holds()) {
    engine_.perform_apart(op, now, answer);
  } else {
    engine_.perform(op, now, answer);
  }
  if (holds()) count(op, answer, seen_before, now);
}

/// What an operation does to the queues of seeded bugs.
template <bool Seeded>
void TimedEngine<Seeded>::count(const Operation& op, const Answer& answer, std::size_t seen_before, Instant now) {
  const std::vector<Evidence>& seen = engine_.evidence();
  for (std::size_t i = seen_before; i < seen.size(); ++i)
    if (seen[i].kind == EvidenceKind::notification) busy_until_ = std::max(busy_until_, now) + seconds{1};
  if (answer.outcome != Outcome::ok || seen.size() == seen_before) return;
  if (is_delivery(op.kind)) ++under_review_;
  if ((op.kind == OperationKind::accept || op.kind == OperationKind::request_modification) && under_review_ > 0) --under_review_;
}

template <bool Seeded>
Instant TimedEngine<Seeded>::sweep_at_or_after(Instant at) const {
  if (!on(Bug::b43)) return on_grid(at, plan_.every, plan_.phase);
  // Each time anew: the period times the workers, times something between a half and three halves.
  const Duration stride = plan_.every * plan_.workers;
  for (Instant grid = on_grid(at - stride, stride, plan_.phase);; grid += stride) {
    const std::uint64_t chance = scrambled(static_cast<std::uint64_t>(us_of(grid))) >> 44;  // of 2^20
    const Instant sweep = grid + stride / 2 * static_cast<std::int64_t>(chance) / (1 << 20);
    if (sweep >= at) return sweep;
  }
}

template <bool Seeded>
Instant TimedEngine<Seeded>::next_sweep() const {
  const Instant due = engine_.next_timer();
  if (!backlog_.empty()) return sweep_at_or_after(swept_at_ + Duration{1});
  return due == never ? never : std::max(sweep_at_or_after(due), now_);
}

template <bool Seeded>
Instant TimedEngine<Seeded>::next_timer() const {
  Instant at = sweeps() ? next_sweep() : engine_.next_timer();
  if constexpr (Seeded) {
    if (!sweeps() && at != never && holds()) {
      if (on(Bug::b49)) at = std::max(at, busy_until_);
      if (on(Bug::b53a) && under_review_ > crowd_from) at = on_grid(at, seconds{10}, Duration::zero());
      at = std::max(at, now_);
    }
    if (!echoes_.empty()) at = std::min(at, echoes_.front().at);
  }
  return at;
}

template <bool Seeded>
void TimedEngine<Seeded>::fire_next() {
  const Instant at = next_timer();
  require(at != never, "no timer to fire");
  now_ = at;
  if (!echoes_.empty() && echoes_.front().at == at) {
    const Echo echo = echoes_.front();
    echoes_.pop_front();
    return engine_.complete_again(echo.order, at);
  }
  if (sweeps()) return sweep(at);
  if constexpr (Seeded) {
    fire(engine_.take_due(), at);
  } else {
    engine_.fire_next();
  }
}

template <bool Seeded>
void TimedEngine<Seeded>::sweep(Instant now) {
  swept_at_ = now;
  while (engine_.next_timer() <= now) {
    const Due due = engine_.take_due();
    if (due.stray != 0) {
      fire(due, now);
    } else if (!on(Bug::b47) || due.at > now - plan_.every / 3) {
      backlog_.push_back(due);
    }
  }
  std::sort(backlog_.begin(), backlog_.end(),
            [](const Due& a, const Due& b) { return a.at != b.at ? a.at < b.at : a.order < b.order; });
  const std::size_t most = plan_.batch == 0 ? backlog_.size() : static_cast<std::size_t>(plan_.batch);
  const auto taken = static_cast<std::ptrdiff_t>(std::min(backlog_.size(), most));
  const bool newest = plan_.order == SweepOrder::newest || on(Bug::b44);
  const auto first = newest ? backlog_.end() - taken : backlog_.begin();
  std::for_each(first, first + taken, [&](const Due& due) { fire(due, now); });
  backlog_.erase(first, first + taken);
}

template <bool Seeded>
void TimedEngine<Seeded>::fire(const Due& due, Instant now) {
  if (!engine_.fire_late(due, now)) return;
  if constexpr (Seeded) note_fired(due.order, now);
}

/// Seeded bugs: what follows from a timer that has fired.
template <bool Seeded>
void TimedEngine<Seeded>::note_fired(OrderId order, Instant now) {
  if (now != fired_at_) fired_there_ = 0;
  fired_at_ = now;
  ++fired_there_;
  if (under_review_ > 0) --under_review_;
  if (on(Bug::b55) && plan_.workers > 1) engine_.complete_again(order, now);
  if (fired_there_ <= herd_from) return;
  if (on(Bug::b50)) blocked_until_ = std::max(blocked_until_, now) + milliseconds{10};
  if (on(Bug::b51)) echoes_.push_back({order, now + seconds{1}});
}

template <bool Seeded>
void TimedEngine<Seeded>::restart(Instant down, Instant back) {
  engine_.restart(down, back, sweeps() || holds());
  backlog_.clear();
  echoes_.clear();
  swept_at_ = now_ = back;
}

template <bool Seeded>
void TimedEngine<Seeded>::reset(OrderRange range) {
  engine_.reset(range);
  backlog_.clear();
  echoes_.clear();
  swept_at_ = now_ = busy_until_ = blocked_until_ = fired_at_ = Instant::min();
  fired_there_ = 0;
  under_review_ = 0;
}

template class TimedEngine<false>;
template class TimedEngine<true>;

}  // namespace dueprocess
