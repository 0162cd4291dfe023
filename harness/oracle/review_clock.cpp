#include "harness/oracle/review_clock.hpp"

#include <date/tz.h>
#include <algorithm>

namespace dueprocess::judging {
namespace {
constexpr Duration one_day = std::chrono::hours{24};
}

ReviewClock::ReviewClock(const Policy& policy) : anchor_{policy.review_anchor}, period_{policy.review_period} {
  if (policy.days == DayRule::calendar) zone_ = date::locate_zone(policy.zone);
}

ReviewClock::Span ReviewClock::look_up(Instant t) const {
  const auto info = zone_->get_info(std::chrono::floor<std::chrono::seconds>(t));
  return {Instant{info.begin.time_since_epoch()}, Instant{info.end.time_since_epoch()}, Duration{info.offset}};
}

std::size_t ReviewClock::span_of(Instant t) {
  if (spans_.empty()) spans_.push_back(look_up(t));
  while (t < spans_.front().begin) spans_.insert(spans_.begin(), look_up(spans_.front().begin - Duration{1}));
  while (t >= spans_.back().end) spans_.push_back(look_up(spans_.back().end));
  const auto after =
      std::upper_bound(spans_.begin(), spans_.end(), t, [](Instant at, const Span& span) { return at < span.begin; });
  return static_cast<std::size_t>(after - spans_.begin()) - 1;
}

// The wanted local time L = local(anchor) + n days. Local ranges of neighbouring spans leave a gap (spring) or overlap (autumn):
//
//   span i   [--------------------)
//   span i+1          gap  [------------        L in a gap: read with the offset before it
//   span i   [--------------------)
//   span i+1     [----------------------        L in both: the first
//
// So: the first span whose local end is after L, or, if L is before its local start too, the span before it.
Instant ReviewClock::on_the_calendar(Instant anchor) {
  const Duration days = period_ / one_day * one_day;
  const Instant wanted = anchor + spans_[span_of(anchor)].offset + days;
  // An offset differs from another by less than two days: the spans around hold the answer.
  span_of(wanted + 2 * one_day);
  std::size_t i = span_of(wanted - 2 * one_day);
  while (spans_[i].local_end() <= wanted) ++i;
  if (wanted < spans_[i].local_begin()) --i;
  return wanted - spans_[i].offset + period_ % one_day;
}

void ReviewClock::find_leap_day(Instant from) {
  using namespace std::chrono;
  const year_month_day today{floor<days>(from)};
  const auto ends_in = [](year y) { return Instant{sys_days{y / March / 1}}; };
  year y = today.year();
  while (!y.is_leap() || ends_in(y) <= from) ++y;
  leap_day_ends_ = ends_in(y);
  do --y;
  while (!y.is_leap());
  leap_known_from_ = ends_in(y);
}

Outages::Outages(const OracleOptions& options)
    : times_{options.downtimes}, lateness_max_{options.lateness_max}, recovery_bound_{options.recovery_bound} {}

bool Outages::covers(Instant t) const {
  return std::any_of(times_.begin(), times_.end(), [&](const Downtime& d) { return d.from <= t && t < d.to; });
}

bool Outages::came_back_in(Instant after, Instant until) const {
  return std::any_of(times_.begin(), times_.end(), [&](const Downtime& d) { return after < d.to && d.to <= until; });
}

bool Outages::touches(Instant from, Instant to) const {
  return std::any_of(times_.begin(), times_.end(), [&](const Downtime& d) { return from < d.to && d.from < to; });
}

Instant Outages::latest(Instant deadline) const {
  if (deadline == never) return never;
  Instant limit = moved(deadline, lateness_max_);
  for (const Downtime& d : times_) {
    if (d.to <= deadline) continue;
    if (d.from > limit) break;
    limit = std::max(moved(limit, d.to - std::max(d.from, deadline)), d.to + recovery_bound_);
  }
  return limit;
}

}  // namespace dueprocess::judging
