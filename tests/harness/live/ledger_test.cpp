// What was seen of a cell goes to the oracle in the order in which it happened, however it came.
#include "harness/live/ledger.hpp"
#include "catch.hpp"

using namespace dueprocess;

namespace {

const Instant start = instant_at(1'772'409'600'000'000);
constexpr Duration day = std::chrono::hours{24};
constexpr OrderId order{1};
constexpr UserId buyer{1}, seller{2};

struct Desk {
  Tally tally;
  Oracle oracle{Policy{}, {}, OrderRange{order, 2}, tally};
  Ledger ledger{oracle};
  Desk() { ledger.reset(OrderRange{order, 2}); }

  void ask(Instant at, OperationKind kind, UserId by, Answer answer) {
    Observation seen;
    seen.operation.kind = kind;
    seen.operation.order = order;
    seen.operation.by = by;
    if (kind == OperationKind::place_order) {
      seen.operation.seller = seller;
      seen.operation.due_at = start + day;
      seen.operation.price_cents = 100;
    }
    if (kind == OperationKind::deliver) {
      seen.operation.text = TextId::first_real;
      seen.operation.links = 1;
    }
    answer.stamp = seen.intended = seen.sent = seen.answered = at;
    seen.answer = answer;
    ledger.observe(seen);
  }
  static Answer told(OrderState state, std::uint32_t version, Instant deadline = never) {
    Answer answer;
    answer.state = state;
    answer.version = version;
    answer.deadline = deadline;
    return answer;
  }
  static Answer completed(std::uint32_t version, CompletedBy by, Instant at, bool late = false) {
    Answer answer = told(OrderState::completed, version);
    answer.completed_by = by;
    answer.completed_at = at;
    answer.late = late;
    return answer;
  }
  static Evidence event(Instant at, OrderState from, OrderState to, std::uint32_t version, Instant deadline = never,
                        CompletedBy by = CompletedBy::nobody) {
    Evidence evidence;
    evidence.order = order;
    evidence.at = at;
    evidence.from = from;
    evidence.state = to;
    evidence.version = version;
    evidence.deadline = deadline;
    evidence.completed_by = by;
    return evidence;
  }
  static Evidence notice(Instant at, Notice what, UserId to, std::uint32_t version, Instant deadline = never,
                         CompletedBy by = CompletedBy::nobody) {
    Evidence evidence = event(at, OrderState::none, OrderState::none, version, deadline, by);
    evidence.kind = EvidenceKind::notification;
    evidence.notice = what;
    evidence.to = to;
    return evidence;
  }
  void place_and_deliver() {
    const Instant deadline = start + 4 * day;
    ask(start, OperationKind::place_order, buyer, told(OrderState::in_progress, 1));
    ask(start + day / 2, OperationKind::deliver, seller, told(OrderState::delivered, 2, deadline));
    ledger.witness(event(start, OrderState::none, OrderState::in_progress, 1));
    ledger.witness(event(start + day / 2, OrderState::in_progress, OrderState::delivered, 2, deadline));
    ledger.witness(notice(start + day / 2, Notice::delivered, buyer, 2, deadline));
  }
  void witness_completion(Instant at, CompletedBy by, std::uint32_t version) {
    ledger.witness(event(at, OrderState::delivered, OrderState::completed, version, never, by));
    ledger.witness(notice(at, Notice::completed, buyer, version, never, by));
    ledger.witness(notice(at, Notice::completed, seller, version, never, by));
    Evidence payment;
    payment.order = order;
    payment.at = at;
    payment.kind = EvidenceKind::payment;
    payment.amount_cents = 100;
    payment.to = seller;
    ledger.witness(payment);  // without a version, as a service may give it
    ledger.witness(notice(at, Notice::payment_processed, seller, version));
  }
  void end() {
    ledger.settle(never);
    oracle.finish_all(never);
    INFO((tally.violation_samples.empty() ? "" : tally.violation_samples[0].expected + " / " + tally.violation_samples[0].seen));
    CHECK(tally.violations_total() == 0);
    CHECK(tally.orders_ok == 1);
    CHECK(ledger.size() == 0);
  }
};

}  // namespace

TEST_CASE("evidence that comes after all answers is put where it belongs") {
  Desk desk;
  desk.place_and_deliver();
  desk.ask(start + 2 * day, OperationKind::accept, buyer, Desk::completed(3, CompletedBy::buyer, start + 2 * day));
  desk.ask(start + 2 * day, OperationKind::view_order, seller, Desk::completed(3, CompletedBy::buyer, start + 2 * day));
  desk.witness_completion(start + 2 * day, CompletedBy::buyer, 3);
  desk.end();
}

TEST_CASE("what the timer did at an instant goes before what was asked at it") {
  Desk desk;
  desk.place_and_deliver();
  const Instant deadline = start + 4 * day;
  desk.ask(deadline, OperationKind::view_order, buyer, Desk::completed(3, CompletedBy::automatic, deadline));
  desk.witness_completion(deadline, CompletedBy::automatic, 3);
  desk.end();
}

TEST_CASE("settled by pieces, it is the same") {
  Desk desk;
  desk.place_and_deliver();
  desk.ledger.settle(start + day / 4);
  CHECK(desk.ledger.size() > 0);
  CHECK(desk.tally.placed == 1);
  desk.ledger.settle(start + day);
  CHECK(desk.ledger.size() == 0);
  desk.witness_completion(start + 4 * day, CompletedBy::automatic, 3);
  desk.ledger.settle(start + 3 * day);
  CHECK(desk.ledger.size() == 5);
  desk.end();
}

TEST_CASE("a stamp from before what was known to be all is seen late, and found") {
  Desk desk;
  desk.place_and_deliver();
  desk.ask(start + 2 * day, OperationKind::accept, buyer, Desk::completed(3, CompletedBy::buyer, start + 2 * day));
  desk.ledger.settle(start + 3 * day);
  desk.witness_completion(start + 2 * day, CompletedBy::buyer, 3);
  desk.ledger.settle(never);
  desk.oracle.finish_all(never);
  CHECK(desk.tally.violations_by[static_cast<unsigned>(Invariant::R4)] == 1);
}
