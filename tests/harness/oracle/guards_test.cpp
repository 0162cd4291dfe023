#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {

void refused(Step& s, Refusal why) {
  s.observation.answer.outcome = Outcome::refused;
  s.observation.answer.refusal = why;
}
History::Bend refused(Refusal why) {
  return [=](Step& s) { refused(s, why); };
}
void taken(Step& s) {
  s.observation.answer.outcome = Outcome::ok;
  s.observation.answer.refusal = Refusal::none;
}

}  // namespace

TEST_CASE("G1: a right is lost: what must be allowed is refused") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2))
      .unheard()
      .told([](Step& s) {
        refused(s, Refusal::wrong_state);
        s.observation.answer.state = OrderState::delivered;
        s.observation.answer.version = 2;
        s.observation.answer.deadline = day_0 + days(5);
      })
      .accept();
  h.at(days(5)).timer();
  h.end();
  CHECK(h.found() == "G1");
}

TEST_CASE("G1: another refusal than the first that applies") {
  History h;
  h.place();
  h.told(refused(Refusal::description_required)).deliver([](Operation& op) {
    op.content = Content::draft;
    op.text = TextId::blank;
  });
  CHECK(h.found() == "G1");
}

TEST_CASE("G1: taken in a state where it is not allowed") {
  History h;
  h.place();
  h.told(taken).support();
  CHECK(h.found().empty());
  h.told(taken).accept();
  CHECK(h.found() == "G1");
}

TEST_CASE("G1: an extension out of range, or one too many, is taken") {
  Policy policy;
  policy.max_extensions = 1;
  History h{policy};
  deliver_on_day_1(h);
  h.told(taken).extend(days(10) + us);
  CHECK(h.found() == "G1");
  h.extend(days(10));
  h.told(taken).extend(days(1));
  CHECK(h.found() == "G1 G1");
}

TEST_CASE("G1: refused without a code outside of a declared downtime") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(2), day_0 + days(3)}};
  for (const Duration when : {days(2) - us, days(2), days(3) - us, days(3)}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(when).unheard().told(refused(Refusal::none)).view();
    const bool down = when >= days(2) && when < days(3);
    CHECK(h.found() == (down ? "" : "G1"));
  }
}

TEST_CASE("G1: a refusal that changes the state") {
  History h;
  h.place();
  h.told([](Step& s) {
     s.observation.answer.state = OrderState::delivered;
     s.observation.answer.deadline = day_0 + days(5);
   }).deliver([](Operation& op) { op.text = TextId::blank; });
  CHECK(h.found() == "G1");
}

TEST_CASE("G2: saving a draft, opening it or uploading changes state, version or deadline") {
  History h;
  h.place();
  h.told([](Step& s) { s.observation.answer.state = OrderState::delivered; }).draft();
  CHECK(h.found() == "G2");
  History g;
  g.place();
  g.draft();
  g.told([](Step& s) { ++s.observation.answer.version; }).open_draft();
  CHECK(g.found() == "G2");
  History f;
  f.place();
  f.told([](Step& s) { s.observation.answer.deadline = day_0 + days(5); }).upload();
  CHECK(f.found() == "G2");
}

TEST_CASE("G2: the timer completes an order of which there is only a draft") {
  History h;
  h.place();
  h.draft();
  h.at(days(5)).completes_by_itself(2, OrderState::in_progress);
  h.end();
  CHECK(h.found() == "G2");
}

TEST_CASE("G2: the latest draft is lost or another than the one saved") {
  History h;
  h.place();
  h.draft();
  h.told([](Step& s) {
     refused(s, Refusal::invalid);
     s.observation.answer.state = OrderState::in_progress;
     s.observation.answer.version = 1;
     s.observation.answer.deadline = never;
     s.evidence.clear();
   }).deliver([](Operation& op) { op.use_draft = true; });
  CHECK(h.found() == "G2");
}

TEST_CASE("G2: a notice about a draft has no cause") {
  History h;
  h.place();
  h.draft();
  h.notice(Notice::delivered, buyer, 1);
  CHECK(h.found() == "N4");
}

TEST_CASE("G3: a delivery without a file, a link or a confirmation is taken") {
  History h;
  h.place();
  h.told(taken).deliver([](Operation& op) { op.links = 0; });
  CHECK(h.found() == "G3");
}

TEST_CASE("G3: a file over the limit is taken, or one at the limit refused") {
  for (const std::int64_t bytes : {4'999'999'999, 5'000'000'000, 5'000'000'001}) {
    History h;
    h.place();
    h.upload(bytes);
    CHECK(h.found().empty());
    h.told([](Step& s) {
       s.observation.answer.outcome == Outcome::ok ? refused(s, Refusal::file_too_large) : taken(s);
     }).upload(bytes);
    CHECK(h.found() == "G3");
  }
}

TEST_CASE("G3: the timer of a delivery that was refused for want of a file") {
  History h;
  h.place();
  h.at(days(1)).deliver([](Operation& op) { op.links = 0; });
  h.at(days(5)).completes_by_itself(2, OrderState::in_progress);
  CHECK(h.found() == "G3");
}

TEST_CASE("G4: an operation at or after the deadline is taken although the timer has not run") {
  for (const Duration off : {-us, Duration{0}, us}) {
    History h;
    deliver_on_day_1(h);
    if (off < Duration{0}) {
      h.at(days(5) + off).accept();
    } else {
      h.at(days(5) + off)
          .unheard()
          .told([](Step& s) {
            s.observation.answer.state = OrderState::completed;
            s.observation.answer.completed_by = CompletedBy::buyer;
            s.observation.answer.completed_at = s.at;
            s.observation.answer.version = 3;
            Evidence e;
            e.order = OrderId{1};
            e.at = s.at;
            e.version = 3;
            e.from = OrderState::delivered;
            e.state = OrderState::completed;
            e.completed_by = CompletedBy::buyer;
            s.evidence = {e};
          })
          .accept();
      h.notice(Notice::completed, buyer, 3, CompletedBy::buyer);
      h.notice(Notice::completed, seller, 3, CompletedBy::buyer);
      h.payment(3);
      h.notice(Notice::payment_processed, seller, 3);
    }
    h.end();
    INFO(h.words());
    CHECK(h.found() == (off < Duration{0} ? "" : "G4"));
  }
}

TEST_CASE("G4: a lenient service may take an operation until its timer has fired") {
  Policy policy;
  policy.after_deadline = AfterDeadline::until_fired;
  OracleOptions options;
  options.lateness_max = hours(1);
  const auto taken_late = [](Step& s) {
    s.observation.answer.state = OrderState::delivered;
    s.observation.answer.version = 3;
    s.observation.answer.deadline = day_0 + days(6);
  };
  for (const bool lenient : {false, true}) {
    History h{lenient ? policy : Policy{}, options};
    deliver_on_day_1(h);
    h.at(days(5) + ms).unheard().told(taken_late).extend(days(1));
    CHECK(h.found() == (lenient ? "" : "G4"));
  }
}

TEST_CASE("G4: within the tolerance a strict service refuses though its sweep has not run, and may show either state") {
  OracleOptions options;
  options.lateness_max = hours(1);
  for (const bool shows_completed : {false, true}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(5) + ms)
        .unheard()
        .told([&](Step& s) {
          refused(s, Refusal::wrong_state);
          Answer& a = s.observation.answer;
          a.state = shows_completed ? OrderState::completed : OrderState::delivered;
          a.version = shows_completed ? 3 : 2;
          a.deadline = shows_completed ? never : day_0 + days(5);
          a.completed_by = shows_completed ? CompletedBy::automatic : CompletedBy::nobody;
          a.completed_at = shows_completed ? day_0 + days(5) : never;
        })
        .accept();
    h.at(days(5) + second).completes_by_itself(3);
    h.end();
    INFO(h.words());
    CHECK(h.found().empty());
  }
}

TEST_CASE("G5: a stranger learns something, or is let in") {
  History h;
  h.place();
  h.by(stranger)
      .told([](Step& s) {
        s.observation.answer.state = OrderState::in_progress;
        s.observation.answer.version = 1;
      })
      .view();
  CHECK(h.found() == "G5");
  h.by(stranger).told(taken).view();
  CHECK(h.found() == "G5 G5");
  h.by(nobody).told(refused(Refusal::not_found)).view();
  CHECK(h.found() == "G5 G5 G5");
  h.by(nobody).told(taken).list();
  CHECK(h.found() == "G5 G5 G5 G5");
}

TEST_CASE("G5: the other party's operation is taken, or a party is kept out") {
  History h;
  deliver_on_day_1(h);
  h.by(seller)
      .told([](Step& s) {
        taken(s);
        s.observation.answer.state = OrderState::completed;
        s.observation.answer.version = 3;
        s.observation.answer.deadline = never;
        s.observation.answer.completed_by = CompletedBy::buyer;
        s.observation.answer.completed_at = s.at;
      })
      .accept();
  CHECK(h.found() == "G5");
  History g;
  deliver_on_day_1(g);
  g.unheard().told(refused(Refusal::not_found)).view();
  CHECK(g.found() == "G5");
  History f;
  deliver_on_day_1(f);
  f.told([](Step& s) { s.observation.answer.state = OrderState::none; }).view();
  CHECK(f.found() == "G5");
}

TEST_CASE("G5: an order that is not there answers") {
  History h;
  h.order = OrderId{3};
  h.told(taken).view();
  CHECK(h.found() == "G5");
  h.order = OrderId{4711};
  h.told(taken).view();
  CHECK(h.found() == "G5 G5");
  h.view();
  CHECK(h.found() == "G5 G5");
}
