// When a review ends (R10 to R13):
//
//   deadline = anchor + review_period + extensions granted in this review
//
// and, for the seeded bugs, when the timer of a deadline really fires.
#pragma once

#include "sim/engine/calendar.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/switches.hpp"
#include "sim/kernel/time.hpp"
#include "sim/workflow/policy.hpp"
#include "sim/workflow/timer_plan.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

namespace dueprocess {

/// The sum, or the last instant before `never`: lengths that users give must not wrap round to the past.
inline Instant later_by(Instant t, Duration d) {
  constexpr Instant last = never - Duration{1};
  std::int64_t sum;
  return __builtin_add_overflow(us_of(t), us_of(d), &sum) ? last : std::min(instant_at(sum), last);
}

template <bool Seeded>
class Deadlines {
 public:
  Deadlines(const Policy& policy, Switches<Seeded> bugs) : policy_(policy), on_(bugs) {
    if (policy.days == DayRule::calendar)
      calendar_.emplace(policy.zone);
    else if (on_(Bug::b16b))
      calendar_.emplace("America/New_York");
  }

  /// Of a review that opens now.
  Instant of_review(const OrderRecord& order, Instant now) {
    Instant anchor = now;
    if (policy_.review_anchor == ReviewAnchor::later) anchor = std::max(order.due_at, now);
    if (policy_.review_anchor == ReviewAnchor::due_date) anchor = order.due_at;
    if (on_(Bug::b02)) anchor = now;
    if (on_(Bug::b03) || on_(Bug::b04)) anchor = order.due_at;
    Instant deadline = after_review_period(anchor);
    if (policy_.extensions_carry_over || on_(Bug::s27)) deadline = later_by(deadline, order.extended);
    if (on_(Bug::b01a)) deadline -= day;
    if (on_(Bug::b01b)) deadline += day;
    if (on_(Bug::b04) && deadline < now) return deadline;
    return std::max(deadline, now);  // R11: one already past is the instant of the delivery
  }

  /// The deadline after an extension granted now.
  Instant extended(Instant deadline, Duration by, [[maybe_unused]] Instant now) const {
    if (on_(Bug::b05)) return later_by(now, by);
    if (on_(Bug::b06a)) return std::max(Instant{by}, now);
    if (on_(Bug::b06b)) return later_by(later_by(deadline, by), by);
    return later_by(deadline, by);
  }

  /// Seeded bugs: when the timer that is armed now for the order's deadline fires; never: it does not.
  Instant sabotaged(const OrderRecord& order, OrderId id, Instant now) {
    using std::chrono::milliseconds;
    const Instant deadline = order.moment;
    const Duration delay = deadline - now;
    const auto delay_ms = std::chrono::floor<milliseconds>(delay).count();
    const Duration below_ms = delay - milliseconds{delay_ms};
    if (on_(Bug::b04) && deadline < now) return never;
    if (on_(Bug::b09a) && delay_ms > 0x7FFF'FFFF) return now + milliseconds{1};
    if (on_(Bug::b09b)) return now + milliseconds{std::max(static_cast<std::int32_t>(delay_ms), 0)} + below_ms;
    if (on_(Bug::b10) && delay > 7 * day) return never;
    if (on_(Bug::b11a)) return now + delay / 1000;
    if (on_(Bug::b11b)) return now + std::min(delay, 365 * day) * 1000;
    if (on_(Bug::b12)) return std::max(Instant{std::chrono::floor<std::chrono::seconds>(deadline)}, now);
    if (on_(Bug::b26) && order.modifications > 0) return never;
    if (on_(Bug::b36) && mixed(number(id) + order.version) % 10'000 == 0) return never;
    if (on_(Bug::s31) && order.flags.delivered_late && order.extensions == 0 && order.modifications == 0)
      return std::max(deadline - std::chrono::seconds{1}, now);
    if (on_(Bug::b74)) return deadline + Duration{1};
    return std::max(by_wrong_clock(order, id, now), now);
  }

  /// Seeded bugs: what clocks the timers' workers have.
  void give_clocks(const TimerPlan& clocks) {
    if constexpr (Seeded) clocks_ = clocks;
  }

 private:
  static constexpr Duration day = std::chrono::hours{24};
  static constexpr Instant calendars_end{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}};  // zones say nothing beyond

  Instant after_review_period(Instant anchor) {
    const Instant elapsed = later_by(anchor, policy_.review_period);
    if (!calendar_ || on_(Bug::b16a) || elapsed > calendars_end) return elapsed;
    const std::int64_t days = policy_.review_period / day;
    const CalendarDays::Landing landing = calendar_->add(anchor, days);
    Instant at = landing.at;
    if (on_(Bug::b17) && landing.local == CalendarDays::Local::nonexistent) at += day;
    if (on_(Bug::b18)) at = landing.second;
    return later_by(at, policy_.review_period - days * day);
  }

  Instant by_wrong_clock(const OrderRecord& order, OrderId id, Instant now) {
    const Instant deadline = order.moment;
    if constexpr (Seeded) {
      using std::chrono::minutes;
      if (on_(Bug::b19) && calendar_ && deadline < calendars_end)
        return deadline + calendar_->offset_at(deadline) - calendar_->offset_at(now);
      for (const ClockStep& step : clocks_.clock_steps) {
        const bool just_before = now < step.at && step.at <= deadline && deadline - step.at <= minutes{10};
        if (on_(Bug::b37) && step.by < Duration::zero() && just_before) return never;
      }
      if (on_(Bug::b38)) return deadline - wall_offset_at(now);
      const bool is_last_workers = clocks_.workers > 1 && number(id) % clocks_.workers == 0;
      if (on_(Bug::b39) && is_last_workers) return deadline - clocks_.clock_skew;
      if (on_(Bug::b40) && is_last_workers) return later_by(deadline, clocks_.clock_skew);
      if (on_(Bug::b42)) return deadline - minutes{static_cast<int>(number(order.seller) % 7) - 3};
    }
    return deadline;
  }

  Duration wall_offset_at(Instant now) const {
    Duration offset{0};
    if constexpr (Seeded)
      for (const ClockStep& step : clocks_.clock_steps)
        if (step.at <= now) offset += step.by;
    return offset;
  }

  static std::uint64_t mixed(std::uint64_t x) {
    x *= 0x9E37'79B9'7F4A'7C15u;
    return (x ^ (x >> 29)) >> 7;
  }

  Policy policy_;
  [[no_unique_address]] Switches<Seeded> on_;
  std::optional<CalendarDays> calendar_;
  struct NoClocks {};
  [[no_unique_address]] std::conditional_t<Seeded, TimerPlan, NoClocks> clocks_;
};

}  // namespace dueprocess
