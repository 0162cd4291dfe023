// Whatever a target tells, the judgement ends, in bounded time and memory.
#include "catch.hpp"
#include "harness/oracle/wall/wall_oracle.hpp"
#include "world.hpp"

using namespace dueprocess;
using namespace dueprocess::wall_test;

namespace {

class Garbage {
 public:
  explicit Garbage(std::uint64_t n) : dice_{99, n} {}

  Instant instant() {
    switch (dice_(8)) {
      case 0:
        return never;
      case 1:
        return Instant::min();
      case 2:
        return instant_at(INT64_MAX - dice_(5));
      case 3:
        return instant_at(dice_(2'000'000'000) * 1'000'000'000 - 1'000'000'000'000'000'000);
      default:
        return instant_at(dice_(20));
    }
  }
  HarnessTime moment() {
    return dice_.one_in(12) ? (dice_.one_in(2) ? INT64_MAX - dice_(3) : INT64_MIN + dice_(3)) : dice_(20) * 1000;
  }
  LiveObservation observation() {
    LiveObservation o;
    Operation& op = o.observation.operation;
    op.order = dice_.one_in(20) ? OrderId{~std::uint64_t{0}} : OrderId{1};
    op.kind = static_cast<OperationKind>(dice_(operation_kind_count));
    op.by = UserId{static_cast<std::uint32_t>(dice_(4))};
    op.seller = UserId{static_cast<std::uint32_t>(dice_(4))};
    op.key = dice_.one_in(2) ? KeyId::none : KeyId{static_cast<std::uint64_t>(1 + dice_(3))};
    op.due_at = instant();
    op.extend_by_us = dice_.one_in(3) ? us_of(instant()) : dice_(10);
    op.text = TextId{static_cast<std::uint32_t>(dice_(4))};
    op.links = static_cast<std::uint16_t>(dice_(2));
    op.use_draft = dice_.one_in(5);
    Answer& a = o.observation.answer;
    a.stamp = instant();
    a.deadline = instant();
    a.completed_at = instant();
    a.version = static_cast<std::uint32_t>(dice_.one_in(9) ? UINT32_MAX : dice_(6));
    a.outcome = static_cast<Outcome>(dice_(3));
    a.refusal = static_cast<Refusal>(dice_(refusal_count));
    a.state = static_cast<OrderState>(dice_(order_state_count));
    a.completed_by = static_cast<CompletedBy>(dice_(3));
    a.late = dice_.one_in(2);
    o.sent_ns = moment();
    o.answered_ns = moment();
    o.attempts = static_cast<std::uint16_t>(dice_(4));
    return o;
  }
  LiveEvidence evidence() {
    LiveEvidence e;
    e.evidence.order = OrderId{1};
    e.evidence.kind = static_cast<EvidenceKind>(dice_(3));
    e.evidence.at = instant();
    e.evidence.deadline = instant();
    e.evidence.version = static_cast<std::uint32_t>(dice_(6));
    e.evidence.notice = static_cast<Notice>(dice_(notice_count));
    e.evidence.from = static_cast<OrderState>(dice_(order_state_count));
    e.evidence.state = static_cast<OrderState>(dice_(order_state_count));
    e.evidence.completed_by = static_cast<CompletedBy>(dice_(3));
    e.evidence.to = UserId{static_cast<std::uint32_t>(dice_(4))};
    e.evidence.amount_cents = dice_.one_in(3) ? INT64_MAX : dice_(9);
    e.seen_ns = moment();
    e.not_seen_ns = moment();
    return e;
  }
  Dice& dice() { return dice_; }

 private:
  Dice dice_;
};

}  // namespace

TEST_CASE("wall: any nonsense is judged, and each order once") {
  for (std::uint64_t n = 0; n < 300; ++n) {
    Garbage garbage{n};
    Dice& dice = garbage.dice();
    Policy policy;
    policy.review_period = Duration{dice(12)};
    policy.review_anchor = dice.one_in(2)   ? ReviewAnchor::later
                           : dice.one_in(2) ? ReviewAnchor::due_date
                                            : ReviewAnchor::delivery;
    if (dice.one_in(6)) {
      policy.days = DayRule::calendar;
      policy.zone = "Europe/Berlin";
    }
    policy.extension_max = Duration::max();
    policy.extensions_carry_over = dice.one_in(2);
    if (dice.one_in(3)) policy.after_deadline = AfterDeadline::until_fired;
    WallOptions options;
    options.lateness_max = dice.one_in(5) ? Duration::max() : Duration{dice(5)};
    options.read_staleness = dice.one_in(4) ? Duration::max() : Duration{dice(3)};
    options.granularity = Duration{dice(2000)};
    options.nodes_max = 200;
    options.history_max = 40;
    if (dice.one_in(3)) options.downtimes = {{garbage.moment(), garbage.moment()}};
    Tally tally;
    LiveTally live;
    WallOracle oracle{policy, options, tally, live};
    for (std::int64_t k = dice(30); k >= 0; --k) {
      if (dice.one_in(4)) {
        oracle.observe(garbage.evidence());
      } else {
        oracle.observe(garbage.observation());
      }
      if (dice.one_in(25)) oracle.down(garbage.moment(), garbage.moment());
    }
    oracle.finish(OrderId{1}, garbage.moment());
    oracle.finish_all(garbage.moment());
    CHECK(oracle.open_orders() == 0);
    CHECK(tally.orders_ok + tally.orders_unknown + tally.orders_violated <= 3);
  }
}

TEST_CASE("wall: a history longer than is kept is unknown, never a finding") {
  Policy policy = quick_policy();
  WallOptions options;
  options.history_max = 16;
  Tally tally;
  LiveTally live;
  WallOracle oracle{policy, options, tally, live};
  Garbage garbage{7};
  for (int i = 0; i < 10'000; ++i) {
    LiveObservation o = garbage.observation();
    o.observation.operation.order = OrderId{1};
    o.observation.operation.kind = OperationKind::view_order;
    o.observation.answer.version = 1 + static_cast<std::uint32_t>(i % 3);
    oracle.observe(o);
  }
  oracle.finish_all(0);
  CHECK(tally.violations_total() == 0);
  CHECK(live.unknown_because[static_cast<unsigned>(UnknownReason::over_budget)] == 1);
}
