// `days: calendar(zone)`: the same local time so many days on, across both clock changes.
#include "sim/engine/calendar.hpp"
#include "catch.hpp"
#include "desk.hpp"

#include <date/tz.h>

#include <string>

using namespace dueprocess;
using namespace dueprocess::test;

namespace {

Instant utc(const char* text) {
  std::istringstream in{text};
  Instant t;
  in >> date::parse("%F %T", t);
  REQUIRE(!in.fail());
  return t;
}

/// The deadline of a delivery at `delivered` (long after its due date) with three calendar days.
Instant deadline_of(const std::string& zone, Instant delivered, Duration period = 72h) {
  Policy policy;
  policy.days = DayRule::calendar;
  policy.zone = zone;
  policy.review_period = period;
  Desk desk(policy);
  desk.now = delivered - 100h;
  desk.place(delivered - 50h);
  return desk.at(delivered).deliver().deadline;
}

}  // namespace

// New York 2026: clocks go forward on 8 March at 02:00 EST (07:00 UTC), back on 1 November at 02:00 EDT (06:00 UTC).

TEST_CASE("three calendar days are 71 hours over the spring change, 73 over the autumn one, 72 else") {
  CHECK(deadline_of("America/New_York", utc("2026-03-06 17:00:00")) == utc("2026-03-09 16:00:00"));
  CHECK(deadline_of("America/New_York", utc("2026-10-30 16:00:00")) == utc("2026-11-02 17:00:00"));
  CHECK(deadline_of("America/New_York", utc("2026-06-01 16:00:00.000001")) == utc("2026-06-04 16:00:00.000001"));
  CHECK(deadline_of("UTC", utc("2026-03-06 17:00:00")) == utc("2026-03-09 17:00:00"));
}

TEST_CASE("a local time that does not exist moves forward by the gap") {
  // 02:30 on 5 March + 3 days is 02:30 on 8 March, which is skipped: 03:30 EDT.
  CHECK(deadline_of("America/New_York", utc("2026-03-05 07:30:00")) == utc("2026-03-08 07:30:00"));
  CHECK(deadline_of("America/New_York", utc("2026-03-05 07:00:00")) == utc("2026-03-08 07:00:00"));  // 02:00, first missing
  CHECK(deadline_of("America/New_York", utc("2026-03-05 06:59:59.999999")) ==
        utc("2026-03-08 06:59:59.999999"));  // 01:59:59.999999
  CHECK(deadline_of("America/New_York", utc("2026-03-05 07:59:59.999999")) == utc("2026-03-08 07:59:59.999999"));  // last missing
  CHECK(deadline_of("America/New_York", utc("2026-03-05 08:00:00")) == utc("2026-03-08 07:00:00"));                // 03:00 exists
}

TEST_CASE("a local time that exists twice is the first") {
  // 01:30 EDT on 29 October + 3 days: 01:30 on 1 November, first in summer time.
  CHECK(deadline_of("America/New_York", utc("2026-10-29 05:30:00")) == utc("2026-11-01 05:30:00"));
  CHECK(deadline_of("America/New_York", utc("2026-10-29 05:00:00")) == utc("2026-11-01 05:00:00"));
  CHECK(deadline_of("America/New_York", utc("2026-10-29 05:59:59.999999")) == utc("2026-11-01 05:59:59.999999"));
  CHECK(deadline_of("America/New_York", utc("2026-10-29 06:00:00")) == utc("2026-11-01 07:00:00"));  // 02:00 exists once
}

TEST_CASE("starting in the repeated hour, either of them, the clock on the wall counts") {
  CHECK(deadline_of("America/New_York", utc("2026-11-01 05:30:00")) == utc("2026-11-04 06:30:00"));
  CHECK(deadline_of("America/New_York", utc("2026-11-01 06:30:00")) == utc("2026-11-04 06:30:00"));
}

TEST_CASE("zones with a half-hour change, and one that skipped a whole day") {
  // Lord Howe 2026: back by 30 minutes on 5 April at 02:00 (+11:00 to +10:30).
  CHECK(deadline_of("Australia/Lord_Howe", utc("2026-04-02 22:00:00")) == utc("2026-04-05 22:30:00"));
  // Samoa had no 30 December 2011: local noon of the 27th + 3 days is read as noon of the 31st.
  CHECK(deadline_of("Pacific/Apia", utc("2011-12-27 22:00:00")) == utc("2011-12-30 22:00:00"));
}

TEST_CASE("what remains beyond whole days is elapsed time, and less than a day is all elapsed") {
  CHECK(deadline_of("America/New_York", utc("2026-03-07 17:00:00"), 25h) == utc("2026-03-08 17:00:00"));
  CHECK(deadline_of("America/New_York", utc("2026-03-08 06:30:00"), 23h) == utc("2026-03-09 05:30:00"));
  CHECK(deadline_of("America/New_York", utc("2026-11-01 06:30:00"), 1h) == utc("2026-11-01 07:30:00"));
}

TEST_CASE("a review beyond all calendars ends, at the end of time at the latest") {
  const Instant delivered = utc("2026-03-06 17:00:00");
  CHECK(deadline_of("America/New_York", delivered, Duration::max()) == never - us);
  CHECK(deadline_of("America/New_York", delivered, 24h * 365 * 10'000) == delivered + 24h * 365 * 10'000);
}

TEST_CASE("extensions are 24-hour days also where the review counts calendar days") {
  Policy policy;
  policy.days = DayRule::calendar;
  policy.zone = "America/New_York";
  Desk desk(policy);
  desk.now = utc("2026-03-01 12:00:00");
  desk.place(utc("2026-03-02 12:00:00"));
  CHECK(desk.deliver().deadline == utc("2026-03-05 12:00:00"));
  CHECK(desk.extend(96h).deadline == utc("2026-03-09 12:00:00"));
}

TEST_CASE("the cached offsets give what the zone says, hour by hour through two years") {
  for (const char* name : {"America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"}) {
    const date::time_zone* zone = date::locate_zone(name);
    CalendarDays days(name);
    for (Instant t = utc("2025-01-01 00:30:00"); t < utc("2027-01-01 00:00:00"); t += 1h) {
      for (int n : {1, 3, 200}) {
        const auto local = zone->to_local(t) + date::days{n};
        const date::local_info info = zone->get_info(local);
        const Instant expected{local.time_since_epoch() - info.first.offset};
        if (days.add(t, n).at != expected) FAIL(name << " at " << date::format("%F %T", t) << " + " << n);
      }
    }
  }
}
