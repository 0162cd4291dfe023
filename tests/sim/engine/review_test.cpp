// R9 to R13: the review and its end, both sides of each boundary, exact instants.
#include "catch.hpp"
#include "desk.hpp"

using namespace dueprocess;
using namespace dueprocess::test;

TEST_CASE("R9 acceptance completes at once, by the buyer, and disarms the timer") {
  Desk desk;
  desk.place(start + 48h);
  desk.at(start + 24h).deliver();
  const Answer answer = desk.at(start + 25h).accept();
  CHECK(answer.state == OrderState::completed);
  CHECK(answer.completed_by == CompletedBy::buyer);
  CHECK(answer.completed_at == start + 25h);
  CHECK(answer.deadline == never);
  CHECK(answer.version == 3);
  CHECK(desk.engine.next_timer() == never);
  CHECK(desk.accept().refusal == Refusal::wrong_state);
}

TEST_CASE("R10 the review runs from the later of due date and delivery") {
  struct Row {
    ReviewAnchor anchor;
    Duration delivered;  // after start; due at 48 h
    Duration deadline;
  };
  for (const Row& row : {
           Row{ReviewAnchor::later, 24h, 120h},
           Row{ReviewAnchor::later, 48h, 120h},
           Row{ReviewAnchor::later, 48h + us, 120h + us},
           Row{ReviewAnchor::later, 480h, 552h},
           Row{ReviewAnchor::delivery, 24h, 96h},
           Row{ReviewAnchor::delivery, 60h, 132h},
           Row{ReviewAnchor::due_date, 24h, 120h},
           Row{ReviewAnchor::due_date, 60h, 120h},
           Row{ReviewAnchor::due_date, 120h - us, 120h},
           Row{ReviewAnchor::due_date, 120h, 120h},
           Row{ReviewAnchor::due_date, 120h + us, 120h + us},
       }) {
    Policy policy;
    policy.review_anchor = row.anchor;
    Desk desk(policy);
    desk.place(start + 48h);
    const Answer answer = desk.at(start + row.delivered).deliver();
    CHECK(answer.state == OrderState::delivered);
    CHECK(answer.deadline == start + row.deadline);
    CHECK(desk.engine.next_timer() == start + row.deadline);
  }
}

TEST_CASE("R11 the deadline is the first instant after the review") {
  for (OperationKind kind : {OperationKind::accept, OperationKind::request_modification, OperationKind::extend_review}) {
    Operation op;
    op.by = buyer;
    op.kind = kind;
    op.extend_by_us = 1;
    {
      Desk desk;
      desk.place(start + 48h);
      desk.at(start + 24h).deliver();
      CHECK(desk.at(start + 120h - us).ask(op).outcome == Outcome::ok);
    }
    Desk desk;
    desk.place(start + 48h);
    desk.at(start + 24h).deliver();
    const Answer answer = desk.at(start + 120h).ask(op);
    CHECK(answer.refusal == Refusal::wrong_state);
    CHECK(answer.state == OrderState::completed);
    CHECK(answer.completed_by == CompletedBy::automatic);
    CHECK(answer.completed_at == start + 120h);
    CHECK(answer.version == 3);
    CHECK(desk.engine.next_timer() == never);
  }
}

TEST_CASE("R11 a deadline already past completes the order at the instant of its delivery") {
  Policy policy;
  policy.review_anchor = ReviewAnchor::due_date;
  Desk desk(policy);
  desk.place(start + 48h);
  const Answer delivered = desk.at(start + 200h).deliver();
  CHECK(delivered.state == OrderState::delivered);
  CHECK(delivered.deadline == start + 200h);
  const Answer viewed = desk.view();
  CHECK(viewed.state == OrderState::completed);
  CHECK(viewed.completed_at == start + 200h);
}

TEST_CASE("R12 a modification request voids the deadline, and the next review is a new one") {
  Desk desk;
  desk.place(start + 48h);
  desk.at(start + 24h).deliver();
  desk.extend(48h);
  const Answer asked = desk.at(start + 30h).modify();
  CHECK(asked.state == OrderState::in_revision);
  CHECK(asked.deadline == never);
  CHECK(desk.engine.next_timer() == never);
  CHECK(desk.at(start + 1000h).view().state == OrderState::in_revision);
  CHECK(desk.deliver().refusal == Refusal::wrong_state);
  const Answer again = desk.deliver_modified();
  CHECK(again.deadline == start + 1072h);  // the extension does not carry over
  CHECK(desk.deliver_modified().refusal == Refusal::wrong_state);
  CHECK(desk.at(start + 1072h - us).view().state == OrderState::delivered);
  CHECK(desk.at(start + 1072h).view().state == OrderState::completed);
}

TEST_CASE("R12 redelivery before the old deadline: only the new deadline counts, earlier or later") {
  Desk desk;
  desk.place(start + 48h);
  desk.at(start + 24h).deliver();
  desk.extend(240h);  // deadline start + 360h
  desk.at(start + 30h).modify();
  CHECK(desk.at(start + 100h).deliver_modified().deadline == start + 172h);  // before the old one
  CHECK(desk.engine.next_timer() == start + 172h);
  desk.extend(240h);
  CHECK(desk.engine.next_timer() == start + 412h);  // and past it again
  CHECK(desk.at(start + 412h - us).view().state == OrderState::delivered);
  CHECK(desk.at(start + 412h).view().completed_at == start + 412h);
}

TEST_CASE("R12 with extensions_carry_over every extension granted so far lengthens each later review") {
  Policy policy;
  policy.extensions_carry_over = true;
  Desk desk(policy);
  desk.place(start + 48h);
  desk.deliver();
  CHECK(desk.extend(1h).deadline == start + 121h);
  CHECK(desk.extend(2h).deadline == start + 123h);
  desk.modify();
  CHECK(desk.deliver_modified().deadline == start + 123h);
  CHECK(desk.extend(4h).deadline == start + 127h);
  desk.modify();
  CHECK(desk.deliver_modified().deadline == start + 127h);
}

TEST_CASE("R12 max_modifications counts per order") {
  Policy policy;
  policy.max_modifications = 2;
  Desk desk(policy);
  desk.place(start + 48h);
  desk.deliver();
  for (int round = 0; round < 2; ++round) {
    CHECK(desk.modify().outcome == Outcome::ok);
    desk.deliver_modified();
  }
  const Answer refused = desk.modify();
  CHECK(refused.refusal == Refusal::limit_reached);
  CHECK(refused.state == OrderState::delivered);
  policy.max_modifications = 0;
  Desk none(policy);
  none.place(start + 48h);
  none.deliver();
  CHECK(none.modify().refusal == Refusal::limit_reached);
}

TEST_CASE("R13 an extension is added to the deadline, adds up, and lies within the knobs") {
  Desk desk;
  desk.place(start + 48h);
  desk.at(start + 24h).deliver();
  CHECK(desk.extend(0us).refusal == Refusal::invalid);
  CHECK(desk.extend(-1us).refusal == Refusal::invalid);
  CHECK(desk.extend(240h + us).refusal == Refusal::invalid);
  CHECK(desk.extend(us).deadline == start + 120h + us);
  CHECK(desk.extend(240h).deadline == start + 360h + us);
  CHECK(desk.at(start + 360h).extend(240h).deadline == start + 600h + us);
  CHECK(desk.engine.next_timer() == start + 600h + us);
  CHECK(desk.at(start + 600h).view().state == OrderState::delivered);
  CHECK(desk.at(start + 600h + us).view().completed_at == start + 600h + us);

  Policy policy;
  policy.extension_min = 1h;
  policy.extension_max = 2h;
  Desk bounded(policy);
  bounded.place(start + 48h);
  bounded.deliver();
  CHECK(bounded.extend(1h - us).refusal == Refusal::invalid);
  CHECK(bounded.extend(1h).outcome == Outcome::ok);
  CHECK(bounded.extend(2h).outcome == Outcome::ok);
  CHECK(bounded.extend(2h + us).refusal == Refusal::invalid);
}

TEST_CASE("R13 max_extensions counts per review, and refused ones do not count") {
  Policy policy;
  policy.max_extensions = 1;
  Desk desk(policy);
  desk.place(start + 48h);
  desk.deliver();
  CHECK(desk.extend(0us).refusal == Refusal::invalid);
  CHECK(desk.extend(1h).outcome == Outcome::ok);
  CHECK(desk.extend(1h).refusal == Refusal::limit_reached);
  CHECK(desk.extend(0us).refusal == Refusal::invalid);  // R17: before the limit
  desk.modify();
  desk.deliver_modified();
  CHECK(desk.extend(1h).outcome == Outcome::ok);
}

TEST_CASE("R13 lengths beyond the end of time do not wrap round") {
  Policy policy;
  policy.extension_max = Duration::max();
  Desk desk(policy);
  desk.place(start + 48h);
  desk.deliver();
  CHECK(desk.extend(Duration::max()).deadline == never - us);
  CHECK(desk.extend(Duration::max()).deadline == never - us);
  CHECK(desk.engine.next_timer() == never - us);
  CHECK(desk.accept().outcome == Outcome::ok);
}
