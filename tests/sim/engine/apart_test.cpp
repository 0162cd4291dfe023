// Orders with clocks of their own: each is asked at its own instants, whatever the others' are.
#include "catch.hpp"
#include "desk.hpp"

#include <algorithm>
#include <tuple>

using namespace dueprocess;
using namespace dueprocess::test;

namespace {

/// A desk whose orders are each at their own instant.
template <class E>
struct Apart : BasicDesk<E> {
  using BasicDesk<E>::BasicDesk;
  Answer ask_apart(std::uint64_t order, Instant t, Operation op) {
    op.order = OrderId{order};
    this->engine.fire_own(op.order, t);
    Answer answer;
    this->engine.perform_apart(op, t, answer);
    return answer;
  }
  Answer ask_apart(std::uint64_t order, Instant t, UserId by, OperationKind kind) {
    Operation op;
    op.by = by;
    op.kind = kind;
    if (kind == OperationKind::place_order) {
      op.seller = seller;
      op.price_cents = 1000;
      op.due_at = t + 48h;
    }
    return ask_apart(order, t, op);
  }
};

}  // namespace

TEST_CASE("an order's own timer fires before what is asked at its instant or later, others' timers do not matter") {
  Apart<Engine> desk;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    desk.ask_apart(id, start, buyer, OperationKind::place_order);
    desk.ask_apart(id, start + 1h, Apart<Engine>::delivery());
  }
  // Far ahead of the others.
  const Answer late = desk.ask_apart(2, start + 500h, buyer, OperationKind::accept);
  CHECK(late.refusal == Refusal::wrong_state);
  CHECK(late.completed_at == start + 120h);
  CHECK(late.completed_by == CompletedBy::automatic);
  // Behind it, and one microsecond before its own deadline.
  const Answer in_time = desk.ask_apart(1, start + 120h - us, buyer, OperationKind::accept);
  CHECK(in_time.outcome == Outcome::ok);
  CHECK(in_time.completed_by == CompletedBy::buyer);
  // Who is left fires in the common order.
  CHECK(desk.engine.next_timer() == start + 120h);
  desk.engine.fire_next();
  CHECK(desk.engine.next_timer() == never);
  CHECK(desk.count(EvidenceKind::payment) == 3);
}

TEST_CASE("orders asked one after the other see what they see on a common clock") {
  const auto life = [](auto&& ask, std::uint64_t id) {
    const Instant begin = start + id * 7h;
    ask(id, begin, buyer, OperationKind::place_order);
    ask(id, begin + 1h, seller, OperationKind::deliver);
    ask(id, begin + 50h, buyer, id % 2 ? OperationKind::request_modification : OperationKind::view_order);
    ask(id, begin + 60h, seller, OperationKind::deliver_modified);
    ask(id, begin + 119h, buyer, id % 3 ? OperationKind::view_order : OperationKind::accept);
  };
  const auto operation = [](std::uint64_t id, Instant t, UserId by, OperationKind kind) {
    Operation op = is_delivery(kind) ? Desk::delivery(kind) : Operation{};
    op.order = OrderId{id};
    op.by = by;
    op.kind = kind;
    if (kind != OperationKind::place_order) return op;
    op.seller = seller;
    op.price_cents = 1000;
    op.due_at = t + 48h;
    return op;
  };
  constexpr std::uint64_t orders = 20;

  Apart<Engine> apart;
  for (std::uint64_t id = orders; id > 0; --id)
    life([&](std::uint64_t order, Instant t, UserId by,
             OperationKind kind) { apart.ask_apart(order, t, operation(order, t, by, kind)); },
         id);
  apart.at(start + 1000h);

  struct Step {
    Instant at;
    Operation op;
  };
  std::vector<Step> steps;
  for (std::uint64_t id = 1; id <= orders; ++id)
    life(
        [&](std::uint64_t order, Instant t, UserId by, OperationKind kind) {
          steps.push_back({t, operation(order, t, by, kind)});
        },
        id);
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  Desk common;
  for (const Step& step : steps) common.at(step.at).ask(step.op);
  common.at(start + 1000h);

  const auto of_order = [](const std::vector<Evidence>& seen, std::uint64_t id) {
    std::vector<std::tuple<Instant, EvidenceKind, Instant, std::uint32_t, OrderState>> mine;
    for (const Evidence& e : seen)
      if (e.order == OrderId{id}) mine.emplace_back(e.at, e.kind, e.deadline, e.version, e.state);
    return mine;
  };
  for (std::uint64_t id = 1; id <= orders; ++id) CHECK(of_order(apart.seen(), id) == of_order(common.seen(), id));
}

TEST_CASE("stray timers of an order with a clock of its own fire with it, once") {
  Apart<SeededEngine> desk{{}, only(Bug::b22)};
  desk.ask_apart(1, start, buyer, OperationKind::place_order);
  desk.ask_apart(1, start + 1h, Apart<SeededEngine>::delivery());
  desk.ask_apart(1, start + 2h, buyer, OperationKind::request_modification);
  const Answer before = desk.ask_apart(1, start + 120h - us, buyer, OperationKind::view_order);
  CHECK(before.state == OrderState::in_revision);
  const Answer after = desk.ask_apart(1, start + 130h, buyer, OperationKind::view_order);
  CHECK(after.state == OrderState::completed);
  CHECK(after.completed_at == start + 120h);
  CHECK(desk.engine.next_timer() == never);
  CHECK(desk.count(EvidenceKind::payment) == 1);
}

TEST_CASE("whether an upload would be taken is known before its bytes") {
  const Desk desk;
  Operation op;
  op.kind = OperationKind::upload;
  op.bytes = 5'000'000'000;
  CHECK(desk.engine.refusal_of_upload(op) == Refusal::none);
  op.bytes = 5'000'000'001;
  CHECK(desk.engine.refusal_of_upload(op) == Refusal::file_too_large);
  op.bytes = -1;
  CHECK(desk.engine.refusal_of_upload(op) == Refusal::invalid);
  const BuggyDesk wraps{{}, only(Bug::b75)};
  op.bytes = 5'000'000'001;
  CHECK(wraps.engine.refusal_of_upload(op) == Refusal::none);
}
