#include "sim/engine/calendar.hpp"

#include "sim/engine/require.hpp"

#include <date/tz.h>

#include <limits>
#include <utility>

namespace dueprocess {
namespace {

using LocalInstant = date::local_time<Duration>;

/// A stretch of time with one offset.
struct Regime {
  std::int64_t begin_us = 0, end_us = 0;  // [begin, end); empty: nothing looked up yet
  std::int64_t offset_us = 0;
  bool holds(std::int64_t us) const { return us >= begin_us && us < end_us; }
};

std::int64_t us_of_seconds(date::sys_seconds t) {
  // The ends of the first and last regime lie beyond what microseconds can say.
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  const auto s = static_cast<std::int64_t>(t.time_since_epoch().count());
  return (s > limit ? limit : s < -limit ? -limit : s) * 1'000'000;
}

}  // namespace

struct CalendarDays::Impl {
  const date::time_zone* zone;
  // A cell asks about instants weeks apart at most: two regimes cover both sides of a change.
  Regime last, before_last;

  const Regime& regime_of(std::int64_t us) {
    if (!last.holds(us)) {
      std::swap(last, before_last);
      if (!last.holds(us)) {
        const date::sys_info info = zone->get_info(date::sys_seconds{date::floor<std::chrono::seconds>(instant_at(us))});
        last = {us_of_seconds(info.begin), us_of_seconds(info.end), us_of(Duration{info.offset})};
      }
    }
    return last;
  }
};

CalendarDays::CalendarDays(const std::string& zone) : impl_(std::make_unique<Impl>(Impl{date::locate_zone(zone), {}, {}})) {}
CalendarDays::~CalendarDays() = default;
CalendarDays::CalendarDays(CalendarDays&&) noexcept = default;

Duration CalendarDays::offset_at(Instant t) { return Duration{impl_->regime_of(us_of(t)).offset_us}; }

CalendarDays::Landing CalendarDays::add(Instant from, std::int64_t days) {
  require(days >= 0, "calendar days are counted forwards");
  if (days == 0) return {from, Local::unique, from};
  const Duration elapsed = date::days{days};
  const Regime& regime = impl_->regime_of(us_of(from));
  // Both ends well within one offset: nothing to read. (No change skips or repeats more than a day: a landing at least a
  // day after the regime began and a day before it ends is a local time that exists once.)
  const Instant landing = from + elapsed;
  if (regime.holds(us_of(landing)) && regime.holds(us_of(landing + date::days{1}))) return {landing, Local::unique, landing};

  const LocalInstant local{Duration{us_of(from) + regime.offset_us} + elapsed};
  const date::local_info info = impl_->zone->get_info(local);
  const Instant first{local.time_since_epoch() - info.first.offset};
  switch (info.result) {
    case date::local_info::nonexistent:
      return {first, Local::nonexistent, first};
    case date::local_info::ambiguous:
      return {first, Local::ambiguous, Instant{local.time_since_epoch() - info.second.offset}};
    default:
      return {first, Local::unique, first};
  }
}

}  // namespace dueprocess
