#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {

/// The target takes an operation it should have refused, and says so with this state and version.
History::Bend taken_as(OrderState state, std::uint32_t version) {
  return [=](Step& s) {
    if (!s.asked) return;
    Answer& a = s.observation.answer;
    a.outcome = Outcome::ok;
    a.refusal = Refusal::none;
    a.state = state;
    a.version = version;
  };
}

}  // namespace

TEST_CASE("A1: the timer completes an order twice, and M1: its seller is paid twice") {
  History h;
  deliver_on_day_1(h);
  h.at(days(5)).timer();
  h.at(days(5) + second).completes_by_itself(4, OrderState::completed);
  h.end();
  INFO(h.words());
  CHECK(h.found() == "A1 M1");
  CHECK(h.tally.paid == 2);
}

TEST_CASE("A1: an acceptance is taken again") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).accept();
  h.at(days(3)).told(taken_as(OrderState::completed, 4)).accept();
  h.end();
  CHECK(h.found() == "A1");
}

TEST_CASE("A1: the final state is left, as an answer or an event says") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).accept();
  h.at(days(3)).told([](Step& s) { s.observation.answer.state = OrderState::delivered; }).view();
  CHECK(h.found() == "A1");
  History g;
  deliver_on_day_1(g);
  g.at(days(2)).accept();
  g.at(days(3)).told(taken_as(OrderState::in_revision, 4)).modify();
  CHECK(g.found() == "A1");
}

TEST_CASE("A2: an acceptance and the timer both win, whichever comes first") {
  History h;
  deliver_on_day_1(h);
  h.at(days(5) - us).accept();
  h.at(days(5)).completes_by_itself(4, OrderState::completed);
  h.end();
  CHECK(h.found() == "A2 M1");
  History g;
  deliver_on_day_1(g);
  g.at(days(5)).timer();
  g.at(days(5) + ms).told(taken_as(OrderState::completed, 4)).accept();
  g.end();
  CHECK(g.found() == "A2");
}

TEST_CASE("A3: a repeated key has a second effect") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).key(1).extend(days(1));
  h.at(days(2) + second)
      .key(1)
      .told([](Step& s) {
        s.observation.answer.version = 4;
        s.observation.answer.deadline += days(1);
        s.observation.answer.stamp += second;
      })
      .extend(days(1));
  h.end(day_0 + days(3));
  CHECK(h.found() == "A3");
}

TEST_CASE("A3: a repeated key has a second effect that only its event shows") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).key(1).extend(days(1));
  h.at(days(2) + second).key(1).extend(days(1));
  Evidence e;
  e.order = h.order;
  e.at = h.now();
  e.version = 4;
  e.from = e.state = OrderState::delivered;
  e.deadline = day_0 + days(7);
  h.show(e);
  h.end(day_0 + days(3));
  CHECK(h.found() == "A3");
}

TEST_CASE("A3: a repeated key is answered otherwise, even only in its stamp") {
  History h;
  h.place();
  h.at(days(1)).key(1).deliver();
  h.at(days(2)).key(1).told([](Step& s) { s.observation.answer.stamp += us; }).deliver();
  CHECK(h.found() == "A3");
}

TEST_CASE("A3: a refusal is not given again under its key") {
  History h;
  h.place();
  h.key(1).redeliver();
  h.later(us).key(1).told([](Step& s) { s.observation.answer.refusal = Refusal::invalid; }).redeliver();
  CHECK(h.found() == "A3");
}

TEST_CASE("A3: a key taken for another operation, on this order or on another") {
  History h;
  h.place();
  h.order = OrderId{2};
  h.place();
  h.key(1).upload(10);
  const auto told_ok = [](Step& s) {
    s.observation.answer.outcome = Outcome::ok;
    s.observation.answer.refusal = Refusal::none;
  };
  h.key(1).told(told_ok).upload(11);
  CHECK(h.found() == "A3");
  h.order = OrderId{1};
  h.key(1).told(told_ok).upload(10);
  CHECK(h.found() == "A3 A3");
  h.key(1).upload(10);
  h.key(1).by(buyer).view();  // the buyer's own key of that number
  CHECK(h.found() == "A3 A3");
}

TEST_CASE("A4: a version that grows without an effect, or does not grow with one") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told([](Step& s) { ++s.observation.answer.version; }).view();
  CHECK(h.found() == "A4");
  History g;
  g.place();
  g.at(days(1))
      .told([](Step& s) {
        --s.observation.answer.version;
        for (Evidence& e : s.evidence) --e.version;
      })
      .deliver();
  g.told([](Step& s) { --s.observation.answer.version; }).view();
  CHECK(g.found() == "A4");
}

TEST_CASE("A4: an event or a notice of another version") {
  for (const std::size_t which : {0u, 1u}) {
    History h;
    h.place();
    h.at(days(1)).told([&](Step& s) { ++s.evidence[which].version; }).deliver();
    CHECK(h.found().substr(0, 2) == "A4");
  }
}
