#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;
using enum OperationKind;

namespace {

ReplayOrder order_placed(Instant placed, Instant due) {
  ReplayOrder order;
  order.placed = placed;
  order.due = due;
  order.price_cents = 1234;
  return order;
}

MarketSetup replay(std::vector<ReplayOrder> orders) {
  MarketSetup setup;
  setup.starts = starts;
  setup.sellers = setup.buyers = 1;
  setup.orders.count = orders.size();
  setup.orders.replay = std::move(orders);
  return setup;
}

}  // namespace

TEST_CASE("a replayed order happens to the microsecond as in the file") {
  ReplayOrder order = order_placed(at(17), at(10 * day));
  order.delivered = at(5 * day + 3);
  order.answered = at(6 * day + 1);
  order.satisfied = GENERATE(true, false);
  const auto log = log_of(replay({order}));
  REQUIRE(log.size() >= 4);
  CHECK(log[0].at == order.placed);
  CHECK(log[0].operation.due_at == order.due);
  CHECK(log[0].operation.price_cents == 1234);
  CHECK(log[1].operation.kind == upload);
  CHECK(log[2].operation.kind == deliver);
  CHECK(log[2].at == order.delivered);
  CHECK(log[3].at == order.answered);
  CHECK(log[3].operation.kind == (order.satisfied ? accept : request_modification));
  CHECK(log[3].answer.outcome == Outcome::ok);
  // Who was not satisfied gets a modified delivery, and then says nothing more.
  if (order.satisfied)
    CHECK(log.size() == 4);
  else
    CHECK(log.back().operation.kind == deliver_modified);
}

TEST_CASE("who answered before the delivery tries, is refused, and stays silent") {
  ReplayOrder order = order_placed(at(0), at(10 * day));
  order.delivered = at(5 * day);
  order.answered = at(4 * day);
  const auto log = log_of(replay({order}));
  CHECK(kinds(log) == std::vector{place_order, accept, upload, deliver});
  CHECK(log[1].at == at(4 * day));
  CHECK(log[1].answer.refusal == Refusal::wrong_state);
}

TEST_CASE("an answer at the very instant of the delivery comes after it") {
  ReplayOrder order = order_placed(at(0), at(10 * day));
  order.delivered = order.answered = at(5 * day);
  const auto log = log_of(replay({order}));
  CHECK(kinds(log) == std::vector{place_order, upload, deliver, accept});
  CHECK(log[3].answer.outcome == Outcome::ok);
}

TEST_CASE("what never was delivered or answered is not") {
  ReplayOrder neither = order_placed(at(0), at(day));
  ReplayOrder answered = neither;
  answered.answered = at(2 * day);
  CHECK(kinds(log_of(replay({neither}))) == std::vector{place_order});
  CHECK(kinds(log_of(replay({answered}))) == std::vector{place_order, accept});
}

TEST_CASE("contradictions of the file: due before placed, delivered before placed, answered before placed") {
  ReplayOrder no_time = order_placed(at(day), at(day));
  no_time.delivered = at(2 * day);
  ReplayOrder too_early = order_placed(at(5 * day), at(9 * day));
  too_early.delivered = too_early.answered = at(2 * day);
  const auto log = log_of(replay({no_time, too_early}));
  CHECK(kinds(log) == std::vector{place_order, place_order, upload, deliver, accept});
  CHECK(log[0].answer.refusal == Refusal::invalid);
  for (std::size_t i = 1; i < 5; ++i) CHECK(log[i].at == at(5 * day));
}

TEST_CASE("answers may be left to personas") {
  ReplayOrder order = order_placed(at(0), at(10 * day));
  order.delivered = at(5 * day);
  order.answered = at(6 * day);
  MarketSetup setup = replay({order});
  setup.orders.answers_from_file = false;
  BuyerPersona buyer;
  buyer.share = 1;
  buyer.decides = after(Anchor::delivered, always(hour));
  setup.buyer_personas = {buyer};
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, upload, deliver, accept});
  CHECK(log[3].at == at(5 * day + hour));
}
