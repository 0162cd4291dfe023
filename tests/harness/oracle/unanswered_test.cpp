// Operations whose answer was lost: they may have taken effect or not, and nothing lawful is ever blamed.
#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {

void lost(Step& s) {
  s.observation.answer = Answer{};
  s.observation.answer.outcome = Outcome::info;
}
void lost_with_evidence_too(Step& s) {
  lost(s);
  s.evidence.clear();
}

}  // namespace

TEST_CASE("a lost acceptance that took effect is settled by what is seen of it") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told(lost).accept();
  h.at(days(3)).view();
  h.end();
  INFO(h.words());
  CHECK(h.found().empty());
  CHECK(h.tally.orders_ok == 1);
  CHECK(h.tally.completed_by_buyer == 1);
}

TEST_CASE("a lost acceptance that did not take effect leaves the timer its turn") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).unheard().told(lost).accept();
  h.at(days(3)).view();
  h.at(days(5)).timer();
  h.end();
  INFO(h.words());
  CHECK(h.found().empty());
  CHECK(h.tally.orders_ok == 1);
  CHECK(h.tally.completed_by_auto == 1);
}

TEST_CASE("a lost extension leaves both deadlines admissible, and no third") {
  for (const int day : {5, 6, 7}) {
    History h;
    deliver_on_day_1(h);
    if (day == 5) h.unheard();
    h.at(days(2)).told(lost).extend(days(1));
    h.at(days(day)).completes_by_itself(day == 5 ? 3 : 4);
    h.end();
    INFO(day << "\n" << h.words());
    CHECK(h.found() == (day == 7 ? "T2" : ""));
    CHECK(h.tally.orders_unknown == 0);
  }
}

TEST_CASE("a history with a lost answer that no placement explains is unknown rather than guessed at") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).unheard().told(lost).extend(days(1));
  h.at(days(7)).completes_by_itself(4);
  h.end();
  INFO(h.words());
  CHECK(h.found().empty());
  CHECK(h.tally.orders_unknown == 1);
}

TEST_CASE("a lost delivery is settled by the acceptance that it made possible") {
  History h;
  h.place();
  h.at(days(1)).told(lost).deliver();
  h.at(days(2)).accept();
  h.end();
  INFO(h.words());
  CHECK(h.found().empty());
  CHECK(h.tally.orders_ok == 1);
}

TEST_CASE("a lost answer that nothing settles leaves the order unknown, never violated") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told(lost_with_evidence_too).accept();
  h.end();
  CHECK(h.found().empty());
  CHECK(h.tally.orders_unknown == 1);
}

TEST_CASE("a retry under the same key settles a lost answer, whether or not the first try had its effect") {
  for (const bool first_had_effect : {false, true}) {
    History h;
    deliver_on_day_1(h);
    if (!first_had_effect) h.unheard();
    h.at(days(2)).key(1).told(lost).extend(days(1));
    h.at(days(2) + second).key(1).extend(days(1));
    h.at(days(2) + 2 * second).key(1).extend(days(1));
    h.at(days(6)).timer();
    h.end();
    INFO(h.words());
    CHECK(h.found().empty());
    CHECK(h.tally.orders_ok == 1);
  }
}

TEST_CASE("a lost place_order may or may not have made the order") {
  for (const bool made : {false, true}) {
    History h;
    if (!made) h.unheard();
    h.told(lost).place();
    if (made) h.at(days(1)).deliver();
    if (made) h.at(days(2)).accept();
    h.end();
    INFO(h.words());
    CHECK(h.found().empty());
    CHECK(h.tally.orders_violated == 0);
  }
}

TEST_CASE("whatever was lost, nobody is paid twice") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told(lost).accept();
  h.at(days(3)).payment(3);
  h.end();
  CHECK(h.found() == "M1");
}

TEST_CASE("a second payment is found also where it is the first thing that fits no history") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told(lost).extend(hours(1));
  h.at(days(3)).accept();
  h.payment(3);
  h.end();
  CHECK(h.found() == "M1");
}

TEST_CASE("a lost answer to something that changes nothing leaves nothing open") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told(lost).view();
  h.told(lost).support();
  h.told(lost).list();
  h.at(days(5)).timer();
  h.end();
  CHECK(h.found().empty());
  CHECK(h.tally.orders_ok == 1);
  CHECK(h.tally.operations[static_cast<unsigned>(OperationKind::view_order)][static_cast<unsigned>(Outcome::info)] == 1);
}
