#include "catch.hpp"
#include "random_life.hpp"

using namespace dueprocess;

namespace {

constexpr std::uint64_t orders = 600;  // more than two chunks of the oracle's table

struct Market {
  Policy policy;
  std::vector<std::vector<Asked>> lives;
};

Market random_market(std::uint64_t seed) {
  Dice dice{seed, 0};
  Market market{random_policy(dice), {}};
  const Instant start = random_start(dice);
  for (std::uint64_t i = 1; i <= orders; ++i)
    market.lives.push_back(random_life(dice, market.policy, {}, OrderId{i}, start, 4 * i));
  return market;
}

/// What the oracle says of the orders [first, first + count) as one cell. Some histories are bent.
void judge(const Market& market, std::uint64_t first, std::uint64_t count, Oracle& oracle) {
  std::vector<Step> steps;
  for (std::uint64_t i = first; i < first + count; ++i) {
    std::vector<Step> life = lawful_steps(market.policy, {}, market.lives[i - 1]);
    if (i % 7 == 0 && !life.empty() && life.back().asked) life.back().observation.answer.version += 1;
    if (i % 11 == 0 && !life.empty()) life.back().evidence.clear();
    for (Step& step : life) steps.push_back(std::move(step));
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
  show(oracle, steps);
  oracle.finish_all(never);
}

Tally judged(const Market& market, std::uint64_t cell) {
  Tally all;
  Tally tally;
  Oracle oracle{market.policy, {}, {}, tally};
  for (std::uint64_t first = 1; first <= orders; first += cell) {
    tally = Tally{};
    const std::uint64_t count = std::min(cell, orders - first + 1);
    oracle.reset(OrderRange{OrderId{first}, count});
    judge(market, first, count, oracle);
    all.merge(tally);
  }
  return all;
}

}  // namespace

TEST_CASE("the tallies of a market's cells, merged, are the tally of the market as one cell") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Market market = random_market(seed);
    Tally whole = judged(market, orders);
    REQUIRE(whole.placed > 300);
    REQUIRE(whole.violations_total() > 20);
    for (const std::uint64_t cell : {1u, 7u, 100u, 256u, 599u}) {
      Tally parts = judged(market, cell);
      // A herd is a matter of one cell.
      parts.coverage.herd_completions = whole.coverage.herd_completions;
      parts.coverage.herd_largest = whole.coverage.herd_largest;
      CHECK(parts == whole);
    }
  }
}

TEST_CASE("the digest tells apart what a history differs in") {
  const auto digest = [](const History::Bend& bend) {
    History h;
    h.place();
    h.at(days(1)).upload();
    h.at(days(1)).told(bend).deliver([](Operation& op) { op.attachments = 1; });
    h.at(days(5)).timer();
    return h.tally.digest;
  };
  const auto plain = digest({});
  CHECK(plain == digest({}));
  const std::vector<History::Bend> bends = {
      [](Step& s) { s.observation.answer.deadline += us; },
      [](Step& s) { ++s.observation.answer.version; },
      [](Step& s) { s.observation.answer.stamp += us; },
      [](Step& s) { s.observation.answer.late = true; },
      [](Step& s) { s.observation.sent -= us; },
      [](Step& s) { s.observation.operation.links = 7; },
      [](Step& s) { s.observation.operation.text = TextId{99}; },
      [](Step& s) { s.observation.operation.key = KeyId{99}; },
      [](Step& s) { s.evidence[0].version = 9; },
      [](Step& s) { s.evidence[1].to = stranger; },
      [](Step& s) { s.evidence[1].deadline += us; },
      [](Step& s) { s.evidence.pop_back(); },
  };
  std::vector<std::uint64_t> all{plain};
  for (const auto& bend : bends) all.push_back(digest(bend));
  std::sort(all.begin(), all.end());
  CHECK(std::unique(all.begin(), all.end()) == all.end());
}

TEST_CASE("an order's end frees its memory and leaves what was counted") {
  Tally tally;
  Oracle oracle{{}, {}, OrderRange{OrderId{1}, 5'000'000}, tally};
  for (std::uint64_t i = 1; i <= 100'000; ++i) {
    const OrderId id{i * 50};
    Observation o;
    o.operation.kind = OperationKind::place_order;
    o.operation.order = id;
    o.operation.by = buyer;
    o.operation.seller = seller;
    o.operation.price_cents = 1;
    o.operation.due_at = day_0 + days(1);
    o.sent = o.answered = o.intended = o.answer.stamp = day_0;
    o.answer.state = OrderState::in_progress;
    o.answer.version = 1;
    oracle.observe(o);
    Evidence e;
    e.order = id;
    e.at = day_0;
    e.version = 1;
    e.state = OrderState::in_progress;
    oracle.observe(e, day_0);
    oracle.finish(id, never);
    oracle.finish(id, never);  // twice counts once
  }
  CHECK(tally.violations_total() == 0);
  CHECK(tally.orders_ok == 100'000);
  CHECK(tally.open_in_progress == 100'000);
}

TEST_CASE("an oracle is as new after a reset") {
  Tally tally;
  const Market market = random_market(4);
  Oracle oracle{market.policy, {}, OrderRange{OrderId{1}, orders}, tally};
  judge(market, 1, orders, oracle);
  const Tally first = tally;
  tally = Tally{};
  oracle.reset(OrderRange{OrderId{1}, orders});
  judge(market, 1, orders, oracle);
  CHECK(tally == first);
}
