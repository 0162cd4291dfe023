// Golden histories: lawful lives, in which nothing may be found.
#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {
void is_lawful(History& h, const char* outcome = "") {
  INFO(h.words());
  CHECK(h.found() == outcome);
  CHECK(h.tally.orders_ok == h.tally.placed);
  CHECK(h.tally.orders_violated == 0);
  CHECK(h.tally.orders_unknown == 0);
}
}  // namespace

TEST_CASE("an order that is delivered early and accepted is lawful") {
  History h;
  h.place();
  h.at(hours(5)).draft();
  h.at(hours(20)).upload();
  h.upload();
  h.at(days(1)).deliver([](Operation& op) { op.attachments = 2; });
  h.at(days(2)).view();
  h.at(days(3)).accept();
  h.at(days(4)).view();
  h.end();
  is_lawful(h);
  CHECK(h.tally.completed_by_buyer == 1);
  CHECK(h.tally.paid == 1);
  CHECK(h.tally.paid_cents == 5000);
  CHECK(h.tally.bytes_uploaded == 40'000'000);
  CHECK(h.tally.evidence_seen == 1 + 2 + 5);
}

TEST_CASE("a silent buyer's order is completed three days after the due date, to the microsecond") {
  History h;
  h.place();
  h.at(days(1)).deliver();
  CHECK(h.deadline() == day_0 + days(5));
  h.at(days(5) - us).view();
  h.at(days(5)).timer();
  h.view();
  h.at(days(5) + us).view();
  h.end();
  is_lawful(h);
  CHECK(h.tally.completed_by_auto == 1);
  CHECK(h.tally.lateness_buckets[0] == 1);
  CHECK(h.tally.early == 0);
}

TEST_CASE("an acceptance one microsecond before the deadline counts, and at the deadline is refused") {
  for (const Duration off : {-us, Duration{0}, us}) {
    History h;
    h.place();
    h.at(days(1)).deliver();
    h.at(days(5) + off).accept();
    h.end();
    is_lawful(h);
    CHECK(h.tally.completed_by_buyer == (off < Duration{0} ? 1 : 0));
    CHECK(h.tally.completed_by_auto == (off < Duration{0} ? 0 : 1));
  }
}

TEST_CASE("a late delivery is reviewed for three days from its delivery") {
  History h;
  h.place();
  h.at(days(4)).deliver();
  CHECK(h.deadline() == day_0 + days(7));
  h.at(days(7)).timer();
  h.end();
  is_lawful(h);
  CHECK(h.tally.coverage.late_deliveries == 1);
}

TEST_CASE("a modified delivery opens a new review, and the old deadline passes without effect") {
  History h;
  h.place();
  h.at(days(1)).deliver();
  h.at(days(3)).modify();
  h.at(days(5)).view();
  h.at(days(9)).redeliver();
  CHECK(h.deadline() == day_0 + days(12));
  h.at(days(12)).timer();
  h.end();
  is_lawful(h);
  CHECK(h.tally.coverage.redeliveries == 1);
}

TEST_CASE("extensions add up on the deadline, and stay with their review unless they carry over") {
  for (const bool carry : {false, true}) {
    Policy policy;
    policy.extensions_carry_over = carry;
    History h{policy};
    h.place();
    h.at(days(1)).deliver();
    h.extend(days(2));
    h.at(days(7) - us).extend(days(10));
    CHECK(h.deadline() == day_0 + days(17));
    h.at(days(16)).modify();
    h.at(days(20)).redeliver();
    CHECK(h.deadline() == day_0 + days(carry ? 35 : 23));
    h.at(days(40)).timer();
    h.end();
    is_lawful(h);
  }
}

TEST_CASE("with reviews from the due date, a delivery past the deadline is completed at that instant") {
  Policy policy;
  policy.review_anchor = ReviewAnchor::due_date;
  for (const Duration off : {-us, Duration{0}, us}) {
    History h{policy};
    h.place();
    h.at(days(5) + off).deliver();
    h.at(days(6)).view();
    h.end();
    is_lawful(h);
    CHECK(h.tally.completed_by_auto == 1);
    CHECK(h.tally.lateness_us.max() == 0);
  }
}

TEST_CASE("with reviews from the delivery, the due date does not matter") {
  Policy policy;
  policy.review_anchor = ReviewAnchor::delivery;
  History h{policy};
  h.place();
  h.at(hours(1)).deliver();
  CHECK(h.deadline() == day_0 + days(3) + hours(1));
  h.at(days(4)).timer();
  h.end();
  is_lawful(h);
}

TEST_CASE("the same key gives the first answer again however much later") {
  History h;
  h.place();
  h.at(days(1)).key(7).deliver();
  h.at(days(1) + second).key(7).deliver();
  h.at(days(2)).key(8).extend(days(1));
  h.at(days(2) + ms).key(8).extend(days(1));
  h.at(days(2) + 2 * ms).key(8).extend(days(2));  // another operation: invalid
  h.at(days(3)).key(9).by(stranger).accept();
  h.at(days(4)).key(9).by(stranger).accept();
  h.at(days(6)).timer();
  h.at(days(9)).key(7).deliver();
  h.end();
  is_lawful(h);
  CHECK(h.tally.coverage.key_replays == 4);
}

TEST_CASE("every refusal is lawful where it is due") {
  Policy policy;
  policy.max_extensions = 1;
  policy.max_modifications = 1;
  policy.max_file_size = 100;
  History h{policy};
  h.by(nobody).place();
  h.place(Duration{0});
  h.place(days(2), 0);
  h.by(seller).place();
  h.view();  // not placed yet
  h.place();
  h.by(stranger).view();
  h.by(nobody).view();
  h.by(buyer).deliver();
  h.by(seller).accept();
  h.accept();
  h.modify();
  h.redeliver();
  h.upload(-1);
  h.upload(101);
  h.upload(0);
  h.upload(100);
  h.draft(TextId{7}, 3);
  h.deliver([](Operation& op) { op.attachments = 3; });
  h.deliver([](Operation& op) { op.use_draft = true; });
  h.deliver([](Operation& op) { op.content = Content::work_sample; });
  h.deliver([](Operation& op) { op.text = TextId::blank; });
  h.deliver([](Operation& op) { op.links = 0; });
  h.draft(TextId::blank, 2, 0);
  h.deliver([](Operation& op) { op.use_draft = true; });
  h.draft(TextId{7}, 0, 0);
  h.deliver([](Operation& op) { op.use_draft = true; });
  h.at(days(1)).deliver([](Operation& op) {
    op.use_draft = true;
    op.confirm_no_file = true;
  });
  h.deliver();
  h.extend(Duration{0});
  h.extend(days(10) + us);
  h.extend(us);
  h.extend(us);
  h.at(days(2)).modify();
  h.redeliver([](Operation& op) { op.attachments = 1; });  // the uploads were consumed
  h.redeliver();
  h.modify();
  h.list();
  h.by(nobody).list();
  h.support();
  h.by(stranger).support();
  h.accept();
  h.accept();
  h.support();
  h.end();
  is_lawful(h);
  for (unsigned refusal = 1; refusal < refusal_count; ++refusal) CHECK(h.tally.refusals[refusal] > 0);
}

TEST_CASE("opening a draft that nobody saved may be answered either way") {
  for (const bool refused : {false, true}) {
    History h;
    h.place();
    h.told([&](Step& s) {
       if (!refused) return;
       s.observation.answer.outcome = Outcome::refused;
       s.observation.answer.refusal = Refusal::invalid;
     }).open_draft();
    h.end();
    is_lawful(h);
  }
}

TEST_CASE("a declared downtime excuses refusals without a code and timers until the restart") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(3), day_0 + days(3) + hours(1)}, {day_0 + days(4), day_0 + days(6)}};
  History h{{}, options};
  h.place();
  h.at(days(1)).deliver();
  h.at(days(3)).view();
  h.at(days(4) + hours(1)).accept();
  h.at(days(6)).timer();
  h.at(days(7)).view();
  h.end();
  is_lawful(h);
  CHECK(h.tally.lateness_us.max() == us_of(days(1)));
  CHECK(h.tally.coverage.reviews_over_restart == 1);
  CHECK(h.tally.coverage.deadlines_in_downtime == 1);
}

TEST_CASE("completed after a restart, an order may bear its deadline or the restart as its instant, but must stay with it") {
  OracleOptions options;
  options.downtimes = {{day_0 + days(4), day_0 + days(6)}};
  for (const bool changes_its_mind : {false, true}) {
    History h{{}, options};
    h.place();
    h.at(days(1)).deliver();
    h.at(days(6)).timer();
    const auto as_of_deadline = [](Step& s) { s.observation.answer.completed_at = day_0 + days(5); };
    h.at(days(7)).told(as_of_deadline).view();
    if (!changes_its_mind) h.told(as_of_deadline);
    h.at(days(8)).view();
    h.end();
    CHECK(h.found() == (changes_its_mind ? "T5" : ""));
  }
}

TEST_CASE("orders that are still open at the end are counted by state") {
  History h{{}, {}, 4};
  for (const unsigned id : {1u, 2u, 3u}) {
    h.order = OrderId{id};
    h.at(hours(id)).place();
  }
  h.order = OrderId{2};
  h.at(days(1)).deliver();
  h.order = OrderId{3};
  h.at(days(1)).deliver();
  h.at(days(2)).modify();
  h.end(day_0 + days(3));
  is_lawful(h);
  CHECK(h.tally.open_in_progress == 1);
  CHECK(h.tally.open_delivered == 1);
  CHECK(h.tally.open_in_revision == 1);
  CHECK(h.tally.placed == 3);
}
