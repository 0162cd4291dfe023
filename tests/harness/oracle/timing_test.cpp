#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {

/// Delivered on day 1 of an order due on day 2: the deadline is day 5.
}  // namespace

TEST_CASE("T1: completed by auto before the deadline, even by a microsecond") {
  History h;
  deliver_on_day_1(h);
  h.at(days(5) - us).completes_by_itself(3);
  h.end();
  INFO(h.words());
  CHECK(h.found() == "T1");
  CHECK(h.tally.early == 1);
  CHECK(h.tally.earliest_us == 1);
  CHECK(h.tally.orders_violated == 1);
  CHECK(h.tally.completed_by_auto == 1);
}

TEST_CASE("T1: an order in progress completes by itself") {
  History h;
  h.place();
  h.at(days(5)).completes_by_itself(2, OrderState::in_progress);
  h.end();
  CHECK(h.found() == "T1");
}

TEST_CASE("T1: an early completion that only an answer shows") {
  History h;
  deliver_on_day_1(h);
  h.at(days(4))
      .told([](Step& s) {
        Answer& a = s.observation.answer;
        a.state = OrderState::completed;
        a.completed_by = CompletedBy::automatic;
        a.completed_at = day_0 + days(3);
        a.deadline = never;
        a.version = 3;
      })
      .view();
  CHECK(h.found() == "T1");
}

TEST_CASE("T2: completed by auto after the deadline, even by a microsecond") {
  History h;
  deliver_on_day_1(h);
  h.at(days(5) + us).completes_by_itself(3);
  h.end();
  CHECK(h.found() == "T2");
  CHECK(h.tally.lateness_us.max() == 1);
}

TEST_CASE("T2: a tolerance is kept to the microsecond") {
  OracleOptions options;
  options.lateness_max = second;
  for (const Duration off : {Duration{0}, second, second + us}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(5) + off).completes_by_itself(3);
    h.end();
    CHECK(h.found() == (off > second ? "T2" : ""));
  }
}

TEST_CASE("T2: never completed, at the end of the run and by a horizon after the deadline") {
  for (const Instant horizon : {never, day_0 + days(5), day_0 + days(5) + us}) {
    History h;
    deliver_on_day_1(h);
    h.end(horizon);
    CHECK(h.found() == (horizon == day_0 + days(5) ? "" : "T2"));
    CHECK(h.tally.open_delivered == 1);
  }
}

TEST_CASE("T2: still delivered when someone looks after the deadline is found once") {
  History h;
  deliver_on_day_1(h);
  const auto still_delivered = [](Step& s) {
    if (!s.asked) return;
    s.observation.answer = Answer{};
    s.observation.answer.state = OrderState::delivered;
    s.observation.answer.version = 2;
    s.observation.answer.deadline = day_0 + days(5);
  };
  h.at(days(5) + us).unheard().told(still_delivered).view();
  h.at(days(6)).unheard().told(still_delivered).view();
  h.end();
  INFO(h.words());
  CHECK(h.found() == "T2");
}

TEST_CASE("T2: a timer overdue at a restart fires then, not later") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(4), day_0 + days(6)}};
  for (const Duration off : {Duration{0}, us}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(6) + off).completes_by_itself(3);
    h.end();
    CHECK(h.found() == (off == us ? "T2" : ""));
  }
  options.recovery_bound = second;
  History h{{}, options};
  deliver_on_day_1(h);
  h.at(days(6) + second).completes_by_itself(3);
  h.end();
  CHECK(h.found().empty());
}

TEST_CASE("T2: a tolerance counts only the time that the target was up") {
  OracleOptions options;
  options.lateness_max = hours(1);
  options.downtimes = {{day_0 + days(5) + second, day_0 + days(6)}};
  for (const Duration off : {Duration{0}, us}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(6) + hours(1) - second + off).completes_by_itself(3);
    h.end();
    CHECK(h.found() == (off == us ? "T2" : ""));
  }
}

TEST_CASE("T3: an acknowledged extension that the timer does not know of") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).extend(days(1));
  h.at(days(5)).completes_by_itself(4);
  h.end();
  CHECK(h.found() == "T3");
}

TEST_CASE("T3: an extension counted from the moment of asking") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).extend(days(4));
  h.at(days(6)).completes_by_itself(4);
  h.end();
  CHECK(h.found() == "T3");
}

TEST_CASE("T2: an extension counted twice completes too late") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).extend(days(1));
  h.at(days(7)).completes_by_itself(4);
  h.end();
  CHECK(h.found() == "T2");
}

TEST_CASE("T4: completed in revision") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).modify();
  h.at(days(5)).completes_by_itself(4, OrderState::in_revision);
  h.end();
  CHECK(h.found() == "T4");
}

TEST_CASE("T4: completed at the deadline of an earlier review, the last one or one before") {
  for (const int reviews : {2, 3}) {
    History h;
    deliver_on_day_1(h);
    h.at(days(2)).extend(days(4));  // the first review ends on day 9
    for (int review = 1; review < reviews; ++review) {
      h.at(days(6) + hours(review)).modify();
      h.at(days(6) + hours(review) + ms).redeliver();
    }
    REQUIRE(h.deadline() > day_0 + days(9));
    h.at(days(9)).completes_by_itself(static_cast<std::uint32_t>(2 + 2 * reviews));
    h.end();
    INFO(h.words());
    CHECK(h.found() == "T4");
  }
}

TEST_CASE("T4: a deadline told while in revision") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).modify();
  h.at(days(3)).told([](Step& s) { s.observation.answer.deadline = day_0 + days(5); }).view();
  h.end();
  CHECK(h.found() == "T4");
}

TEST_CASE("T5: another deadline told, once however often it is told, and the completion is held to the rule's") {
  for (const bool completes_as_told : {false, true}) {
    History h;
    deliver_on_day_1(h);
    const auto a_day_late = [](Step& s) { s.observation.answer.deadline += days(1); };
    h.at(days(2)).told(a_day_late).view();
    h.at(days(3)).told(a_day_late).view();
    if (completes_as_told) {
      h.at(days(6)).completes_by_itself(3);
    } else {
      h.at(days(5)).timer();
    }
    h.end();
    INFO(h.words());
    CHECK(h.found() == (completes_as_told ? "T2 T5" : "T5"));
  }
}

TEST_CASE("T5: a wrong deadline that an extension moves along is found once") {
  History h;
  h.place();
  const auto wrong = [](Step& s) {
    s.observation.answer.deadline -= days(1);
    for (Evidence& e : s.evidence)
      if (e.deadline != never) e.deadline -= days(1);
  };
  h.at(days(1)).told(wrong).deliver();
  h.at(days(2)).told(wrong).extend(days(1));
  h.at(days(2)).told(wrong).view();
  h.at(days(5)).completes_by_itself(4);
  h.end();
  INFO(h.words());
  CHECK(h.found() == "T3 T5");
}

TEST_CASE("T5: late is told too early, or too late, by a microsecond") {
  for (const Duration off : {Duration{0}, us}) {
    History h;
    h.place();
    h.at(days(2) + off).told([](Step& s) { s.observation.answer.late = !s.observation.answer.late; }).by(seller).view();
    h.end();
    CHECK(h.found() == "T5");
  }
}

TEST_CASE("T6: the deadline told after a restart is another one") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(2), day_0 + days(2)}};
  for (const Duration when : {days(2) - us, days(2) + us}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(when).told([](Step& s) { s.observation.answer.deadline += us; }).view();
    CHECK(h.found() == (when > days(2) ? "T6" : "T5"));
  }
}

TEST_CASE("T6: told rightly after the restart, it is no longer the restart's doing") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(2), day_0 + days(2) + second}};
  History h{{}, options};
  deliver_on_day_1(h);
  h.at(days(3)).view();
  h.at(days(4)).told([](Step& s) { s.observation.answer.deadline += us; }).view();
  CHECK(h.found() == "T5");
}

TEST_CASE("T6: after a restart in the review the timer fires at another instant") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(2), day_0 + days(3)}};
  for (const Duration off : {-us, us}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(5) + off).completes_by_itself(3);
    h.end();
    CHECK(h.found() == "T6");
  }
}

TEST_CASE("F1: lateness is counted in its buckets and early completions apart") {
  OracleOptions options;
  options.lateness_max = days(1);
  History h{{}, options, 8};
  const Duration offs[] = {Duration{0}, us, second, 10 * second, 60 * second, 601 * second};
  for (unsigned i = 0; i < 6; ++i) {
    h.order = OrderId{i + 1};
    h.at(hours(i)).place();
    h.at(days(3) + hours(i)).deliver();
    h.at(days(6) + hours(i) + offs[i]).completes_by_itself(3);
  }
  h.end();
  CHECK(h.found().empty());
  for (unsigned i = 0; i < lateness_bucket_count; ++i) CHECK(h.tally.lateness_buckets[i] == 1);
  CHECK(h.tally.lateness_us.count() == 6);
  CHECK(h.tally.early == 0);
}
