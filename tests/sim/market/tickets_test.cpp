// Many operations on their way at once: answers in any order, late or never.
#include <algorithm>
#include <set>

#include "sim/kernel/random.hpp"
#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;

namespace {

struct OnItsWay {
  Ticket ticket;
  Operation operation;
  Answer answer;
  Instant back;  // when the answer comes
};

struct Outcomes {
  std::size_t operations = 0, lost = 0, most_on_their_way = 0;
  std::set<OrderId> placed;
  std::size_t accepted = 0, modified = 0, delivered = 0;
  std::vector<OrderId> done;
  std::uint64_t dropped = 0;
};

/// Plays with answers that take up to `delay_max`, of which `lost_percent` in a hundred are lost after they took effect. The
/// service stops at an order that it is asked to place twice: only under one key may the market ask again.
Outcomes play_late(const MarketPlan& plan, std::int64_t delay_max, unsigned lost_percent) {
  Market market(plan, 0, plan.block_count());
  Service service;
  std::vector<OnItsWay> waiting;
  Outcomes outcomes;
  Instant now = Instant::min();
  const auto learn_first = [&] {
    const auto first =
        std::min_element(waiting.begin(), waiting.end(), [](const OnItsWay& a, const OnItsWay& b) { return a.back < b.back; });
    const OnItsWay back = *first;
    waiting.erase(first);
    now = std::max(now, back.back);
    market.learn(back.ticket, back.operation, back.answer, now);
  };
  while (market.next_at() != never || !waiting.empty()) {
    REQUIRE(outcomes.operations < 1'000'000);
    Instant soonest = never;
    for (const OnItsWay& each : waiting) soonest = std::min(soonest, each.back);
    if (!waiting.empty() && soonest <= market.next_at()) {
      learn_first();
      continue;
    }
    now = std::max(now, market.next_at());
    OnItsWay sent;
    if (!market.next(sent.operation, sent.ticket)) continue;
    const Draws draws{7, ++outcomes.operations, 1, 0};
    sent.answer = service.perform(sent.operation, now);
    const bool ok = sent.answer.outcome == Outcome::ok;
    if (ok && sent.operation.kind == OperationKind::place_order) outcomes.placed.insert(sent.operation.order);
    outcomes.accepted += ok && sent.operation.kind == OperationKind::accept;
    outcomes.modified += ok && sent.operation.kind == OperationKind::request_modification;
    outcomes.delivered += ok && is_delivery(sent.operation.kind);
    if (draws.u32(0) % 100 < lost_percent) {
      sent.answer = Answer{};
      sent.answer.outcome = Outcome::info;
      ++outcomes.lost;
    }
    sent.back =
        now + Duration{delay_max == 0 ? 0 : static_cast<std::int64_t>(draws.u64(1) % static_cast<std::uint64_t>(delay_max))};
    waiting.push_back(sent);
    outcomes.most_on_their_way = std::max(outcomes.most_on_their_way, waiting.size());
  }
  outcomes.done = market.done();
  outcomes.dropped = market.actions_dropped();
  return outcomes;
}

MarketSetup busy() {
  MarketSetup setup = plain(300, hour / 4);
  setup.sellers = 10;
  setup.buyers = 40;
  SellerPersona& seller = setup.seller_personas.front();
  seller.drafts = Distribution::uniform(0, 2);
  seller.delivers_draft = percent(30);
  seller.parallel = 3;
  seller.forgets_file = percent(20);
  seller.oversize = percent(10);
  seller.habits.double_clicks = percent(20);
  seller.habits.retries_with_key = percent(50);
  seller.habits.looks = always(1);
  BuyerPersona& buyer = setup.buyer_personas.front();
  buyer.decides = after(Anchor::delivered, always(5 * hour));
  buyer.accepts = percent(70);
  buyer.modifies = percent(20);
  buyer.habits.double_clicks = percent(20);
  buyer.habits.seeks_support = percent(20);
  return setup;
}

void check_all_ended(const Outcomes& outcomes) {
  std::vector<OrderId> done = outcomes.done;
  std::sort(done.begin(), done.end());
  CHECK(std::adjacent_find(done.begin(), done.end()) == done.end());
  CHECK(done.size() == 300);
}

}  // namespace

TEST_CASE("answers that come at once give what the plain calls give") {
  const MarketSetup setup = busy();
  const MarketPlan plan(setup, 3);
  Service service;
  const std::vector<Entry> log = play_all(plan, service);
  const Outcomes outcomes = play_late(plan, 0, 0);
  CHECK(outcomes.operations == log.size());
  CHECK(outcomes.most_on_their_way == 1);
  CHECK(outcomes.placed.size() == 300);
  std::size_t accepted = 0;
  for (const Entry& entry : of_kind(log, OperationKind::accept)) accepted += entry.answer.outcome == Outcome::ok;
  CHECK(outcomes.accepted == accepted);
  check_all_ended(outcomes);
}

TEST_CASE("answers in any order end every order, each once") {
  const MarketSetup setup = busy();
  const MarketPlan plan(setup, 3);
  for (const std::int64_t delay : {second, hour, 30 * hour}) {
    const Outcomes outcomes = play_late(plan, delay, 0);
    INFO(delay);
    check_all_ended(outcomes);
    CHECK(outcomes.placed.size() == 300);
    CHECK(outcomes.delivered >= 300);
    CHECK(outcomes.dropped == 0);
    if (delay == 30 * hour) CHECK(outcomes.most_on_their_way > 50);
  }
}

TEST_CASE("answers that never come end every order too") {
  const MarketSetup setup = busy();
  const MarketPlan plan(setup, 3);
  for (const unsigned lost : {5u, 50u}) {
    const Outcomes outcomes = play_late(plan, hour, lost);
    INFO(lost << "% lost");
    check_all_ended(outcomes);
    CHECK(outcomes.lost > 50);
  }
}
