// Whatever a target says, the oracle goes on: nonsense in every field, known and unknown orders, lost answers, finished orders.
#include "catch.hpp"
#include "random_life.hpp"

using namespace dueprocess;

namespace {

Instant any_instant(Dice& dice, Instant now) {
  return dice.of({never, now, now + us, now - us, now + days(3), Instant{Duration{0}}, Instant{Duration{-1}}, never - us});
}
OrderId any_order(Dice& dice) { return dice(20) != 0 ? OrderId{1 + dice(4)} : dice.of({OrderId{0}, OrderId{5}, OrderId{~0ull}}); }
UserId any_user(Dice& dice) { return dice(6) != 0 ? dice.of({seller, buyer}) : dice.of({nobody, stranger}); }
std::int64_t any_number(Dice& dice) {
  return dice.of<std::int64_t>({0, 1, -1, 5000, us_of(days(1)), std::int64_t{1} << 62, std::numeric_limits<std::int64_t>::min(),
                                std::numeric_limits<std::int64_t>::max()});
}
OrderState any_state(Dice& dice) { return static_cast<OrderState>(dice(order_state_count)); }
CompletedBy any_winner(Dice& dice) { return static_cast<CompletedBy>(dice(3)); }

}  // namespace

TEST_CASE("nonsense is judged to its end, and every order placed gets one verdict") {
  for (std::uint64_t n = 0; n < 400; ++n) {
    Dice dice{5, n};
    const Policy policy = random_policy(dice);
    OracleOptions options;
    if (dice(2) == 0) options.downtimes = {{day_0 + days(2), day_0 + days(3)}};
    if (dice(2) == 0) options.lateness_max = options.notice_bound = hours(1);
    Tally tally;
    Oracle oracle{policy, options, OrderRange{OrderId{1}, 4}, tally};
    Instant now = dice(3) == 0 ? Instant{Duration{-us_of(days(100))}} : day_0;
    for (int i = 0; i < 150; ++i) {
      now += Duration{dice(2) * dice(1000)} + hours(dice(4));
      if (dice(2) == 0) {
        Observation o;
        Operation& op = o.operation;
        op.order = any_order(dice);
        op.kind = static_cast<OperationKind>(i < 8 ? 0 : dice(operation_kind_count));
        op.by = i < 8 ? buyer : any_user(dice);
        op.key = dice(4) == 0 ? KeyId{1 + dice(3)} : KeyId::none;
        op.seller = i < 8 ? seller : any_user(dice);
        op.text = TextId{dice(4)};
        op.attachments = static_cast<std::uint16_t>(dice(3));
        op.links = static_cast<std::uint16_t>(dice(2));
        op.confirm_no_file = dice(2) == 0;
        op.use_draft = dice(3) == 0;
        op.price_cents = i < 8 ? 100 : any_number(dice);
        op.due_at = i < 8 ? now + days(1) : any_instant(dice, now);
        o.intended = o.sent = o.answered = now;
        Answer& a = o.answer;
        a.outcome = i < 8 ? Outcome::ok : static_cast<Outcome>(dice(3));
        a.refusal = a.outcome == Outcome::refused ? static_cast<Refusal>(dice(refusal_count)) : Refusal::none;
        a.state = any_state(dice);
        a.version = dice(6);
        a.deadline = any_instant(dice, now);
        a.completed_at = any_instant(dice, now);
        a.completed_by = any_winner(dice);
        a.stamp = any_instant(dice, now);
        a.late = dice(2) == 0;
        oracle.observe(o);
      } else {
        Evidence e;
        e.order = any_order(dice);
        e.at = dice(5) == 0 ? any_instant(dice, now) : now;
        e.deadline = any_instant(dice, now);
        e.amount_cents = dice(3) == 0 ? any_number(dice) : 100;
        e.to = any_user(dice);
        e.version = dice(6);
        e.kind = static_cast<EvidenceKind>(dice(3));
        e.notice = static_cast<Notice>(dice(notice_count));
        e.from = any_state(dice);
        e.state = any_state(dice);
        e.completed_by = any_winner(dice);
        oracle.observe(e, now);
      }
      if (dice(60) == 0) oracle.finish(any_order(dice), dice(2) == 0 ? never : now);
    }
    oracle.finish_all(never);
    CHECK(tally.orders_ok + tally.orders_violated + tally.orders_unknown >= tally.placed);
    CHECK(tally.open_in_progress + tally.open_delivered + tally.open_in_revision + tally.completed_by_auto +
              tally.completed_by_buyer <=
          4);
    CHECK(tally.violations_total() > 0);
    Tally twice = tally;
    twice.merge(tally);
    CHECK(twice.violations_total() == 2 * tally.violations_total());
  }
}
