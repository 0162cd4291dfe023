#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {

Instant utc(int y, unsigned m, unsigned d, Duration time) {
  return Instant{std::chrono::sys_days{std::chrono::year{y} / m / d}} + time;
}

Policy calendar(const char* zone) {
  Policy policy;
  policy.days = DayRule::calendar;
  policy.zone = zone;
  return policy;
}

/// An order due at `due` and delivered just before it: completed at `ends`, and not a microsecond to either side.
void is_reviewed_until(const char* zone, Instant due, Instant ends, bool crosses) {
  for (const Duration off : {-us, Duration{0}, us}) {
    History h{calendar(zone), {}, 1, due - days(2)};
    h.place(days(2));
    h.at(due - hours(1)).deliver();
    CHECK(h.deadline() == ends);
    h.at(ends + off).completes_by_itself(3);
    h.end();
    INFO(zone << "\n" << h.words());
    CHECK(h.found() == (off < 0us ? "T1" : off > 0us ? "T2" : ""));
    CHECK(h.tally.coverage.dst_reviews == (crosses ? 1 : 0));
  }
}

}  // namespace

TEST_CASE("calendar days keep the local time when the clocks go forward: an hour less") {
  // Berlin, 2026-03-29 01:00Z. Due Friday 10:00 CET, ends Monday 10:00 CEST.
  is_reviewed_until("Europe/Berlin", utc(2026, 3, 27, 9h), utc(2026, 3, 30, 8h), true);
  // New York, 2026-03-08 07:00Z.
  is_reviewed_until("America/New_York", utc(2026, 3, 6, 15h), utc(2026, 3, 9, 14h), true);
}

TEST_CASE("calendar days keep the local time when the clocks go back: an hour more") {
  is_reviewed_until("Europe/Berlin", utc(2026, 10, 23, 8h), utc(2026, 10, 26, 9h), true);
  is_reviewed_until("America/New_York", utc(2026, 10, 30, 14h), utc(2026, 11, 2, 15h), true);
}

TEST_CASE("a local time that the spring change leaves out moves forward by the gap") {
  // 02:30 on 29 March does not exist in Berlin: read with CET, that is 01:30Z, which the clocks call 03:30.
  is_reviewed_until("Europe/Berlin", utc(2026, 3, 26, 1h + 30min), utc(2026, 3, 29, 1h + 30min), true);
  is_reviewed_until("Europe/Berlin", utc(2026, 3, 26, 1h), utc(2026, 3, 29, 1h), true);
  is_reviewed_until("Europe/Berlin", utc(2026, 3, 26, 1h - us), utc(2026, 3, 29, 1h - us), false);
  is_reviewed_until("Europe/Berlin", utc(2026, 3, 26, 2h), utc(2026, 3, 29, 1h), true);
  is_reviewed_until("America/New_York", utc(2026, 3, 5, 7h + 30min), utc(2026, 3, 8, 7h + 30min), true);
}

TEST_CASE("a local time that the autumn change repeats is the first of the two") {
  // 02:30 on 25 October is 00:30Z (CEST) and 01:30Z (CET) in Berlin.
  is_reviewed_until("Europe/Berlin", utc(2026, 10, 22, 30min), utc(2026, 10, 25, 30min), false);
  is_reviewed_until("Europe/Berlin", utc(2026, 10, 22, 1h - us), utc(2026, 10, 25, 1h - us), false);
  is_reviewed_until("Europe/Berlin", utc(2026, 10, 22, 1h), utc(2026, 10, 25, 2h), true);
  is_reviewed_until("America/New_York", utc(2026, 10, 29, 5h + 30min), utc(2026, 11, 1, 5h + 30min), false);
}

TEST_CASE("a review that starts in the repeated hour or right after the gap is anchored in the instant, not in the local time") {
  is_reviewed_until("Europe/Berlin", utc(2026, 10, 25, 2h), utc(2026, 10, 28, 2h), false);
  is_reviewed_until("Europe/Berlin", utc(2026, 10, 25, 30min), utc(2026, 10, 28, 1h + 30min), true);
  is_reviewed_until("Europe/Berlin", utc(2026, 3, 29, 1h), utc(2026, 4, 1, 1h), true);
}

TEST_CASE("what is left of a period after its whole days is elapsed time, and extensions are") {
  Policy policy = calendar("Europe/Berlin");
  policy.review_period = days(2) + hours(12);
  History h{policy, {}, 1, utc(2026, 3, 25, 9h)};
  h.place(days(2));  // Friday 27 March, 10:00 CET
  h.at(utc(2026, 3, 27, 8h)).deliver();
  CHECK(h.deadline() == utc(2026, 3, 29, 20h));
  h.extend(days(1));
  CHECK(h.deadline() == utc(2026, 3, 30, 20h));
  h.at(utc(2026, 3, 30, 20h)).timer();
  h.end();
  INFO(h.words());
  CHECK(h.found().empty());
}

TEST_CASE("T1 or T2: elapsed days where the policy says calendar days") {
  History spring{calendar("Europe/Berlin"), {}, 1, utc(2026, 3, 25, 9h)};
  spring.place(days(2));
  spring.later(hours(1)).deliver();
  spring.at(utc(2026, 3, 30, 9h)).completes_by_itself(3);
  CHECK(spring.found() == "T2");
  History autumn{calendar("Europe/Berlin"), {}, 1, utc(2026, 10, 21, 8h)};
  autumn.place(days(2));
  autumn.later(hours(1)).deliver();
  autumn.at(utc(2026, 10, 26, 8h)).completes_by_itself(3);
  CHECK(autumn.found() == "T1");
}

TEST_CASE("zones far from Greenwich, with half hours, and one that left out a whole day") {
  is_reviewed_until("Australia/Lord_Howe", utc(2026, 4, 3, 3h), utc(2026, 4, 6, 3h + 30min), true);
  is_reviewed_until("Asia/Kathmandu", utc(2026, 4, 3, 3h), utc(2026, 4, 6, 3h), false);
  // Samoa had no 30 December 2011: a time on it moves forward by the day left out.
  is_reviewed_until("Pacific/Apia", utc(2011, 12, 27, 22h), utc(2011, 12, 30, 22h), true);
}
