// R17: when several reasons apply, the first is given, and nothing has changed.
#include "catch.hpp"
#include "walk.hpp"

using namespace dueprocess;
using namespace dueprocess::test;

namespace {

/// Reasons that can be made to apply to one delivery, in the order of R17.
constexpr Refusal delivery_reasons[] = {Refusal::unauthenticated,
                                        Refusal::not_found,
                                        Refusal::forbidden,
                                        Refusal::wrong_state,
                                        Refusal::invalid,
                                        Refusal::not_final_work,
                                        Refusal::description_required,
                                        Refusal::confirmation_required};

}  // namespace

TEST_CASE("R17 every set of reasons against a delivery is answered by its first") {
  constexpr unsigned count = std::size(delivery_reasons);
  for (unsigned reasons = 0; reasons < (1u << count); ++reasons) {
    const auto applies = [&](Refusal reason) {
      for (unsigned i = 0; i < count; ++i)
        if (delivery_reasons[i] == reason) return (reasons >> i & 1) != 0;
      return false;
    };
    Desk desk;
    desk.place(start + 48h);
    desk.upload(1);
    if (applies(Refusal::wrong_state)) desk.deliver();
    Operation op = Desk::delivery();
    // Of the three who-are-yous only the strongest can be seen: one user asks.
    if (applies(Refusal::forbidden)) op.by = buyer;
    if (applies(Refusal::not_found)) op.by = stranger;
    if (applies(Refusal::unauthenticated)) op.by = UserId::nobody;
    if (applies(Refusal::not_final_work)) op.content = Content::draft;
    if (applies(Refusal::description_required)) op.text = TextId::blank;
    if (applies(Refusal::confirmation_required)) op.links = 0;
    // Attachments that were never uploaded would count as a file: a draft that is not there does not.
    if (applies(Refusal::invalid)) op.use_draft = true;
    Refusal first = Refusal::none;
    for (unsigned i = count; i-- > 0;)
      if (reasons >> i & 1) first = delivery_reasons[i];
    const Answer before = desk.view();
    const std::size_t seen = desk.seen().size();
    const Answer answer = desk.ask(op);
    INFO("reasons " << reasons);
    CHECK(answer.refusal == first);
    CHECK(answer.outcome == (first == Refusal::none ? Outcome::ok : Outcome::refused));
    if (first == Refusal::none) continue;
    CHECK(parts(desk.view()) == parts(before));
    CHECK(desk.seen().size() == seen);
    // And what it refused can still be done.
    if (!applies(Refusal::wrong_state)) {
      Operation good = Desk::delivery();
      good.attachments = 1;
      CHECK(desk.ask(good).outcome == Outcome::ok);
    }
  }
}

TEST_CASE("R17 an invalid extension is invalid also where the limit is reached, and wrong in the wrong state") {
  Policy policy;
  policy.max_extensions = 0;
  Desk desk(policy);
  desk.place(start + 48h);
  CHECK(desk.extend(0us).refusal == Refusal::wrong_state);
  desk.deliver();
  CHECK(desk.extend(0us).refusal == Refusal::invalid);
  CHECK(desk.extend(1us).refusal == Refusal::limit_reached);
}

TEST_CASE("R17 an upload in the wrong state is that, whatever its size") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  CHECK(desk.upload(5'000'000'001).refusal == Refusal::wrong_state);
  CHECK(desk.upload(-1).refusal == Refusal::wrong_state);
}

TEST_CASE("each operation is allowed in its states and in no other") {
  // in_progress, delivered, in_revision, completed
  struct Row {
    OperationKind kind;
    UserId by;
    bool allowed[4];
  };
  const Row rows[] = {
      {OperationKind::view_order, buyer, {true, true, true, true}},
      {OperationKind::contact_support, seller, {true, true, true, true}},
      {OperationKind::save_draft, seller, {true, false, true, false}},
      {OperationKind::open_draft, seller, {true, false, true, false}},
      {OperationKind::upload, seller, {true, false, true, false}},
      {OperationKind::deliver, seller, {true, false, false, false}},
      {OperationKind::deliver_modified, seller, {false, false, true, false}},
      {OperationKind::accept, buyer, {false, true, false, false}},
      {OperationKind::request_modification, buyer, {false, true, false, false}},
      {OperationKind::extend_review, buyer, {false, true, false, false}},
  };
  for (const Row& row : rows) {
    for (unsigned state = 0; state < 4; ++state) {
      Desk desk;
      desk.place(start + 48h);
      if (state > 0) desk.deliver();
      if (state == 2) desk.modify();
      if (state == 3) desk.accept();
      Operation op = Desk::delivery(row.kind);
      op.by = row.by;
      if (row.kind == OperationKind::extend_review) op.extend_by_us = 1;
      INFO("operation " << name_of(row.kind) << " in state " << state + 1);
      CHECK(desk.ask(op).refusal == (row.allowed[state] ? Refusal::none : Refusal::wrong_state));
    }
  }
}
