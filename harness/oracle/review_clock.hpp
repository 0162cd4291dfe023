// The deadline by direct formula (R10), and what declared downtime excuses (T2).
//
//   D = max(delivered_at, anchor + review_period + extensions)
//
// The period's whole days count by the policy's day rule. On the calendar D has the anchor's local time so many days on:
// found by asking which UTC offsets are in force around there, from the date library's time zone database.
#pragma once

#include "harness/oracle/facts.hpp"
#include "harness/oracle/oracle.hpp"
#include "sim/kernel/time.hpp"
#include "sim/workflow/policy.hpp"

#include <vector>

namespace date {
class time_zone;
}

namespace dueprocess::judging {

class ReviewClock {
 public:
  /// Throws std::runtime_error where the policy's zone is not known.
  explicit ReviewClock(const Policy&);

  Instant deadline(Instant due_at, Instant delivered_at, Duration extended) {
    const Instant anchor =
        anchor_ == ReviewAnchor::delivery || (anchor_ == ReviewAnchor::later && delivered_at > due_at) ? delivered_at : due_at;
    const Instant ends =
        moved(zone_ == nullptr || !is_in_reach(anchor) ? moved(anchor, period_) : on_the_calendar(anchor), extended);
    return ends > delivered_at ? ends : delivered_at;
  }
  /// C1. Does the zone's UTC offset change in (from, to]? Without a zone: no.
  bool crosses_offset_change(Instant from, Instant to) {
    return zone_ != nullptr && is_in_reach(from) && is_in_reach(to) && span_of(from) != span_of(to);
  }
  /// C1. Does [from, to) hold some of a 29 February (UTC)?
  bool holds_leap_day(Instant from, Instant to) {
    if (from < leap_known_from_ || from >= leap_day_ends_) [[unlikely]] {
      if (!is_in_reach(from)) return false;
      find_leap_day(from);
    }
    return to > leap_day_ends_ - std::chrono::hours{24};
  }

 private:
  /// A time in which the zone's offset stays: local time = UTC + offset.
  struct Span {
    Instant begin, end;
    Duration offset;
    Instant local_begin() const { return begin + offset; }
    Instant local_end() const { return end + offset; }
  };

  /// Where calendars are kept: beyond are instants that only a target out of its mind tells, and they must not cost a walk there.
  static constexpr bool is_in_reach(Instant t) {
    return t >= std::chrono::sys_days{std::chrono::year{1800} / 1 / 1} &&
           t < std::chrono::sys_days{std::chrono::year{2300} / 1 / 1};
  }

  Instant on_the_calendar(Instant anchor);
  std::size_t span_of(Instant);
  Span look_up(Instant) const;
  void find_leap_day(Instant from);

  ReviewAnchor anchor_;
  Duration period_;
  const date::time_zone* zone_ = nullptr;
  std::vector<Span> spans_;                                           // contiguous, grown as asked
  Instant leap_known_from_ = never, leap_day_ends_ = Instant::min();  // the first leap day that ends after leap_known_from_
};

/// The declared downtimes, asked in the ways the judgement needs.
class Outages {
 public:
  explicit Outages(const OracleOptions&);

  bool any() const { return !times_.empty(); }
  bool covers(Instant t) const;  // from <= t < to
  /// Did the target come back in (after, until]?
  bool came_back_in(Instant after, Instant until) const;
  /// Was it down at any time in [from, to)?
  bool touches(Instant from, Instant to) const;
  /// The latest instant at which a timer due at D may fire: D + L, counting only time that it was up.
  Instant latest(Instant deadline) const;

 private:
  std::vector<Downtime> times_;
  Duration lateness_max_, recovery_bound_;
};

}  // namespace dueprocess::judging
