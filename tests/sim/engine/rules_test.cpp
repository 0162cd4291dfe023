// R1 to R8 and R14 to R18, both sides of each boundary, exact instants.
#include "catch.hpp"
#include "desk.hpp"

using namespace dueprocess;
using namespace dueprocess::test;

TEST_CASE("R1 a stranger learns nothing, whatever he asks") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  for (unsigned kind = 2; kind < operation_kind_count; ++kind) {
    const Answer answer = desk.ask(stranger, static_cast<OperationKind>(kind));
    CHECK(answer.refusal == Refusal::not_found);
    CHECK(answer.state == OrderState::none);
    CHECK(answer.version == 0);
    CHECK(answer.deadline == never);
    CHECK_FALSE(answer.late);
  }
}

TEST_CASE("R1 nobody is refused first, also for an order that does not exist") {
  Desk desk;
  for (unsigned kind = 0; kind < operation_kind_count; ++kind)
    CHECK(desk.of(999).ask(UserId::nobody, static_cast<OperationKind>(kind)).refusal == Refusal::unauthenticated);
}

TEST_CASE("R1 each party has its own operations") {
  Desk desk;
  desk.place(start + 48h);
  for (OperationKind kind : {OperationKind::save_draft, OperationKind::open_draft, OperationKind::upload, OperationKind::deliver,
                             OperationKind::deliver_modified}) {
    const Answer answer = desk.ask(buyer, kind);
    CHECK(answer.refusal == Refusal::forbidden);
    CHECK(answer.state == OrderState::in_progress);  // a party is told in refusals too
  }
  for (OperationKind kind : {OperationKind::accept, OperationKind::request_modification, OperationKind::extend_review})
    CHECK(desk.ask(seller, kind).refusal == Refusal::forbidden);
  for (UserId party : {seller, buyer}) {
    CHECK(desk.view(party).outcome == Outcome::ok);
    CHECK(desk.ask(party, OperationKind::contact_support).outcome == Outcome::ok);
  }
}

TEST_CASE("an order unknown, out of the range or never placed is not found") {
  Desk desk;
  for (std::uint64_t id :
       {std::uint64_t{5}, std::uint64_t{1000}, std::uint64_t{1001}, std::uint64_t{1} << 60, std::uint64_t{0}}) {
    Operation op;
    op.by = buyer;
    op.order = OrderId{id};
    op.kind = OperationKind::view_order;
    Answer answer;
    desk.engine.perform(op, start, answer);
    CHECK(answer.refusal == Refusal::not_found);
  }
}

TEST_CASE("placing needs a due date after now, a positive price and another seller") {
  Desk desk;
  CHECK(desk.place(start).refusal == Refusal::invalid);
  CHECK(desk.place(start - us).refusal == Refusal::invalid);
  CHECK(desk.place(start + us, 0).refusal == Refusal::invalid);
  CHECK(desk.place(start + us, -1).refusal == Refusal::invalid);
  CHECK(desk.place(start + us, 1, UserId::nobody).refusal == Refusal::invalid);
  CHECK(desk.place(start + us, 1, buyer).refusal == Refusal::invalid);
  CHECK(desk.seen().empty());
  CHECK(desk.view().refusal == Refusal::not_found);
  const Answer answer = desk.place(start + us, 1);
  CHECK(answer.outcome == Outcome::ok);
  CHECK(answer.state == OrderState::in_progress);
  CHECK(answer.version == 1);
  CHECK(answer.deadline == never);
  CHECK(answer.stamp == start);
}

TEST_CASE("an order is placed once: again it is an operation on the order that is there") {
  Desk desk;
  desk.place(start + 48h);
  CHECK(desk.place(start + 48h).refusal == Refusal::wrong_state);
  CHECK(desk.place(start + 48h, 1, UserId{9}, seller).refusal == Refusal::forbidden);
  CHECK(desk.place(start + 48h, 1, seller, stranger).refusal == Refusal::not_found);
  CHECK(desk.seen().size() == 1);
  CHECK(desk.list(buyer) == 1);
}

TEST_CASE("listing counts the orders of either party, completed and forgotten ones too") {
  Desk desk;
  desk.of(1).place(start + 48h);
  CHECK(desk.list(buyer) == 1);
  desk.of(2).place(start + 48h);
  desk.of(3).place(start + 48h, 5, buyer, seller);
  desk.of(4).place(start + 48h, 5, seller, UserId{9});
  CHECK(desk.list(seller) == 4);
  CHECK(desk.list(buyer) == 3);
  CHECK(desk.list(UserId{9}) == 1);
  CHECK(desk.list(stranger) == 0);
  desk.engine.forget(OrderId{2});
  CHECK(desk.list(buyer) == 3);
}

TEST_CASE("R3 a file of exactly the limit is taken, one byte more is not") {
  Desk desk;
  desk.place(start + 48h);
  CHECK(desk.upload(5'000'000'001).refusal == Refusal::file_too_large);
  Operation op = Desk::delivery();
  op.links = 0;
  op.attachments = 1;
  CHECK(desk.ask(op).refusal == Refusal::invalid);  // what was sent of it is discarded
  CHECK(desk.upload(5'000'000'000).outcome == Outcome::ok);
  CHECK(desk.upload(0).outcome == Outcome::ok);  // an empty file is a file
  CHECK(desk.upload(-1).refusal == Refusal::invalid);
  CHECK(desk.upload(std::int64_t{1} << 32).outcome == Outcome::ok);  // per file, not per delivery
  op.attachments = 4;
  CHECK(desk.ask(op).refusal == Refusal::invalid);
  op.attachments = 3;
  CHECK(desk.ask(op).outcome == Outcome::ok);
}

TEST_CASE("R3 the limit is a knob") {
  Policy policy;
  policy.max_file_size = 10;
  Desk desk(policy);
  desk.place(start + 48h);
  CHECK(desk.upload(10).outcome == Outcome::ok);
  CHECK(desk.upload(11).refusal == Refusal::file_too_large);
}

TEST_CASE("R4 without a file the seller must confirm, the refusal changes nothing, a link counts as a file") {
  Operation op = Desk::delivery();
  op.links = 0;
  {
    Desk desk;
    desk.place(start + 48h);
    const Answer refused = desk.ask(op);
    CHECK(refused.refusal == Refusal::confirmation_required);
    CHECK(refused.state == OrderState::in_progress);
    CHECK(refused.version == 1);
    CHECK(desk.seen().size() == 1);
    CHECK(desk.engine.next_timer() == never);
    op.confirm_no_file = true;
    CHECK(desk.ask(op).outcome == Outcome::ok);
  }
  Desk desk;
  desk.place(start + 48h);
  CHECK(desk.deliver().outcome == Outcome::ok);  // R8: a link, no attachment
}

TEST_CASE("R5 an absent or blank description is refused") {
  Desk desk;
  desk.place(start + 48h);
  Operation op = Desk::delivery();
  op.text = TextId::absent;
  CHECK(desk.ask(op).refusal == Refusal::description_required);
  op.text = TextId::blank;
  CHECK(desk.ask(op).refusal == Refusal::description_required);
  op.text = TextId::first_real;
  CHECK(desk.ask(op).outcome == Outcome::ok);
}

TEST_CASE("R6 a draft is inert, the latest wins, a delivery may name it and consumes it") {
  Desk desk;
  desk.place(start + 48h);
  Operation from_draft = Desk::delivery();
  from_draft.use_draft = true;
  from_draft.text = TextId::blank;
  from_draft.links = 0;
  CHECK(desk.ask(from_draft).refusal == Refusal::invalid);  // none yet
  desk.upload(5);
  CHECK(desk.save_draft(words, 2).refusal == Refusal::invalid);  // more than were uploaded
  const Answer saved = desk.save_draft(words, 1);
  CHECK(saved.outcome == Outcome::ok);
  CHECK(saved.version == 1);
  CHECK(saved.state == OrderState::in_progress);
  CHECK(desk.ask(seller, OperationKind::open_draft).outcome == Outcome::ok);
  desk.save_draft(TextId::blank, 0, 1);
  CHECK(desk.seen().size() == 1);
  CHECK(desk.engine.next_timer() == never);
  CHECK(desk.ask(from_draft).refusal == Refusal::description_required);
  desk.save_draft(words);
  CHECK(desk.ask(from_draft).refusal == Refusal::confirmation_required);
  desk.save_draft(words, 1);  // refusals consumed neither draft nor upload
  CHECK(desk.ask(from_draft).outcome == Outcome::ok);
  CHECK(desk.save_draft().refusal == Refusal::wrong_state);
  CHECK(desk.ask(seller, OperationKind::open_draft).refusal == Refusal::wrong_state);
  CHECK(desk.upload(1).refusal == Refusal::wrong_state);
  desk.modify();
  from_draft.kind = OperationKind::deliver_modified;
  CHECK(desk.ask(from_draft).refusal == Refusal::invalid);       // consumed
  CHECK(desk.save_draft(words, 1).refusal == Refusal::invalid);  // and the uploads with it
}

TEST_CASE("R6 a delivery that does not name the draft consumes it too") {
  Desk desk;
  desk.place(start + 48h);
  desk.save_draft(words, 0, 1);
  desk.deliver();
  desk.modify();
  Operation op = Desk::delivery(OperationKind::deliver_modified);
  op.use_draft = true;
  CHECK(desk.ask(op).refusal == Refusal::invalid);
}

TEST_CASE("R7 only final work is taken, from a draft too") {
  Desk desk;
  desk.place(start + 48h);
  desk.save_draft(words, 0, 1);
  for (bool use_draft : {false, true}) {
    for (Content content : {Content::work_sample, Content::draft, Content::incomplete}) {
      Operation op = Desk::delivery();
      op.content = content;
      op.use_draft = use_draft;
      CHECK(desk.ask(op).refusal == Refusal::not_final_work);
    }
  }
}

TEST_CASE("R14 R15 what is seen of one life, in its order") {
  Desk desk;
  desk.place(start + 48h, 4200);
  desk.at(start + 1h).deliver();
  desk.at(start + 2h).extend(3h);
  desk.at(start + 3h).modify();
  desk.at(start + 4h).deliver_modified();
  desk.at(start + 500h);
  struct Row {
    EvidenceKind kind;
    Duration at;
    std::uint32_t version;
    Instant deadline;
    UserId to;
    Notice notice;
    OrderState from, state;
    CompletedBy completed_by;
    std::int64_t cents;
  };
  using enum EvidenceKind;
  constexpr auto none = OrderState::none;
  constexpr auto progress = OrderState::in_progress;
  constexpr auto delivered = OrderState::delivered;
  constexpr auto revision = OrderState::in_revision;
  constexpr auto completed = OrderState::completed;
  constexpr auto nobody = UserId::nobody;
  constexpr auto nobody_yet = CompletedBy::nobody;
  constexpr auto by_auto = CompletedBy::automatic;
  const Instant d1 = start + 120h, d2 = start + 123h;
  const std::vector<Row> rows = {
      {event, 0h, 1, never, nobody, {}, none, progress, nobody_yet, 0},
      {event, 1h, 2, d1, nobody, {}, progress, delivered, nobody_yet, 0},
      {notification, 1h, 2, d1, buyer, Notice::delivered, none, none, nobody_yet, 0},
      {event, 2h, 3, d2, nobody, {}, delivered, delivered, nobody_yet, 0},
      {notification, 2h, 3, d2, seller, Notice::review_extended, none, none, nobody_yet, 0},
      {event, 3h, 4, never, nobody, {}, delivered, revision, nobody_yet, 0},
      {notification, 3h, 4, never, seller, Notice::modification_requested, none, none, nobody_yet, 0},
      {event, 4h, 5, d1, nobody, {}, revision, delivered, nobody_yet, 0},
      {notification, 4h, 5, d1, buyer, Notice::delivered, none, none, nobody_yet, 0},
      {event, 120h, 6, never, nobody, {}, delivered, completed, by_auto, 0},
      {notification, 120h, 6, never, buyer, Notice::completed, none, none, by_auto, 0},
      {notification, 120h, 6, never, seller, Notice::completed, none, none, by_auto, 0},
      {payment, 120h, 6, never, seller, {}, none, none, nobody_yet, 4200},
      {notification, 120h, 6, never, seller, Notice::payment_processed, none, none, nobody_yet, 0},
  };
  REQUIRE(desk.seen().size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO("entry " << i);
    const Evidence& e = desk.seen()[i];
    const Row& row = rows[i];
    CHECK(e.order == OrderId{1});
    CHECK(e.kind == row.kind);
    CHECK(e.at == start + row.at);
    CHECK(e.version == row.version);
    CHECK(e.deadline == row.deadline);
    CHECK(e.to == row.to);
    if (e.kind == notification) CHECK(e.notice == row.notice);
    CHECK(e.from == row.from);
    CHECK(e.state == row.state);
    CHECK(e.completed_by == row.completed_by);
    CHECK(e.amount_cents == row.cents);
  }
}

TEST_CASE("R18 a ticket touches no state, no version and no deadline") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  const std::size_t before = desk.seen().size();
  for (UserId party : {seller, buyer}) {
    const Answer answer = desk.ask(party, OperationKind::contact_support);
    CHECK(answer.deadline == start + 120h);
    CHECK(answer.version == 2);
  }
  CHECK(desk.seen().size() == before);
  CHECK(desk.at(start + 120h).ask(buyer, OperationKind::contact_support).state == OrderState::completed);
}

TEST_CASE("late is told from the instant after the due date until a delivery, and ever after a late one") {
  Desk desk;
  desk.place(start + 48h);
  CHECK_FALSE(desk.at(start + 48h).view().late);
  CHECK(desk.at(start + 48h + us).view().late);
  CHECK(desk.deliver().late);
  CHECK(desk.accept().late);
  Desk punctual;
  punctual.place(start + 48h);
  CHECK_FALSE(punctual.at(start + 48h).deliver().late);
  punctual.modify();
  CHECK_FALSE(punctual.at(start + 100h).deliver_modified().late);
  CHECK_FALSE(punctual.at(start + 999h).view().late);
}

TEST_CASE("timers of one instant fire by order id, whatever the order in which they were armed") {
  Desk desk;
  for (std::uint64_t id : {3u, 1u, 2u}) {
    desk.of(id).place(start + 48h);
    desk.deliver();
  }
  desk.of(1).extend(1h);
  desk.of(1).modify();
  desk.of(1).deliver_modified();
  desk.seen().clear();
  desk.at(start + 120h);
  REQUIRE(desk.seen().size() == 15);
  for (std::size_t i = 0; i < 15; ++i) CHECK(number(desk.seen()[i].order) == i / 5 + 1);
}

TEST_CASE("next_timer tells only of timers that fire") {
  Desk desk;
  desk.of(1).place(start + 10h);
  desk.of(2).place(start + 20h);
  desk.of(3).place(start + 30h);
  for (std::uint64_t id = 1; id <= 3; ++id) desk.of(id).deliver();
  CHECK(desk.engine.next_timer() == start + 82h);
  desk.of(1).accept();
  CHECK(desk.engine.next_timer() == start + 92h);
  desk.of(2).extend(100h);
  CHECK(desk.engine.next_timer() == start + 102h);
  desk.of(3).modify();
  CHECK(desk.engine.next_timer() == start + 192h);
  desk.of(3).at(start + 15h).deliver_modified();  // before timers that were looked at already
  CHECK(desk.engine.next_timer() == start + 102h);
  desk.of(4).place(start + 16h);
  desk.of(4).deliver();
  CHECK(desk.engine.next_timer() == start + 88h);
  desk.at(start + 88h);
  CHECK(desk.engine.next_timer() == start + 102h);
}
