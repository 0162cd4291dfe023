// C1: what a run met.
#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {
std::uint64_t met(const History& h, OrderState state, OperationKind kind, Outcome outcome) {
  return h.tally.coverage.operations[static_cast<unsigned>(state)][static_cast<unsigned>(kind)][static_cast<unsigned>(outcome)];
}
}  // namespace

TEST_CASE("operations are counted by the state they met and their outcome") {
  History h;
  h.place();
  h.at(days(1)).deliver();
  h.deliver();
  h.accept();
  CHECK(met(h, OrderState::none, OperationKind::place_order, Outcome::ok) == 1);
  CHECK(met(h, OrderState::in_progress, OperationKind::deliver, Outcome::ok) == 1);
  CHECK(met(h, OrderState::delivered, OperationKind::deliver, Outcome::refused) == 1);
  CHECK(met(h, OrderState::delivered, OperationKind::accept, Outcome::ok) == 1);
}

TEST_CASE("looks around the deadline are counted by how near they came") {
  History h;
  h.place();
  h.at(days(1)).deliver();
  for (const std::int64_t off : {-1'000'001, -1'000'000, -1001, -1000, -2, -1, 0, 1, 2, 1000, 1001, 1'000'000, 1'000'001})
    h.at(days(5) + Duration{off}).view();
  const auto counted = [&](Boundary b) { return h.tally.coverage.boundaries[static_cast<unsigned>(b)]; };
  CHECK(counted(Boundary::at_deadline) == 1);
  CHECK(counted(Boundary::within_1us_before) == 1);
  CHECK(counted(Boundary::within_1us_after) == 1);
  CHECK(counted(Boundary::within_1ms_before) == 2);
  CHECK(counted(Boundary::within_1ms_after) == 2);
  CHECK(counted(Boundary::within_1s_before) == 2);
  CHECK(counted(Boundary::within_1s_after) == 2);
  CHECK(h.found().empty());
}

TEST_CASE("orders completed at one instant make a herd") {
  History h{{}, {}, 8};
  for (unsigned id = 1; id <= 6; ++id) {
    h.order = OrderId{id};
    h.place(id <= 4 ? days(2) : days(2) + Duration{id});
  }
  for (unsigned id = 1; id <= 6; ++id) {
    h.order = OrderId{id};
    h.at(days(1)).deliver();
  }
  h.at(days(9)).timer();
  h.end();
  CHECK(h.found().empty());
  CHECK(h.tally.coverage.herd_completions == 4);
  CHECK(h.tally.coverage.herd_largest == 4);
}

TEST_CASE("a review pushed beyond 2^31 - 1 ms is counted once") {
  History h;
  h.place();
  h.at(days(2)).deliver();  // three days
  const Duration limit{2'147'483'647'000};
  h.extend(days(10));
  h.extend(days(10));
  h.extend(limit - days(23));
  CHECK(h.tally.coverage.long_extensions == 0);
  h.extend(us);
  h.extend(days(1));
  CHECK(h.tally.coverage.long_extensions == 1);
  CHECK(h.tally.coverage.extensions == 5);
  CHECK(h.found().empty());
}

TEST_CASE("a repeat without a key is the same operation again at once") {
  History h;
  h.place();
  h.at(days(1)).deliver();
  h.later(150 * ms).deliver();
  h.at(days(2)).extend(days(1));
  h.later(ms).extend(days(2));
  h.later(hours(1)).extend(days(2));
  h.later(ms).key(1).extend(days(2));
  h.upload();
  h.upload();
  CHECK(h.tally.coverage.repeats_without_key == 1);
}

TEST_CASE("reviews that hold some of a 29 February are counted") {
  const Instant march_2028 = std::chrono::sys_days{std::chrono::year{2028} / 3 / 1};
  for (const Duration off : {-us, Duration{0}}) {
    History h{{}, {}, 1, march_2028 - days(4)};
    h.place();
    h.at(march_2028 + off).deliver();
    CHECK(h.tally.coverage.leap_day_reviews == (off < Duration{0} ? 1 : 0));
  }
  for (const Duration off : {Duration{0}, us}) {
    Policy policy;
    policy.review_anchor = ReviewAnchor::delivery;
    History h{policy, {}, 1, march_2028 - days(9)};
    h.place();
    h.at(march_2028 - days(4) + off).deliver();
    CHECK(h.tally.coverage.leap_day_reviews == (off > Duration{0} ? 1 : 0));
  }
  History h{{}, {}, 1, std::chrono::sys_days{std::chrono::year{2100} / 2 / 26}};
  h.place();
  h.at(std::chrono::sys_days{std::chrono::year{2100} / 2 / 28}).deliver();
  CHECK(h.tally.coverage.leap_day_reviews == 0);
}
