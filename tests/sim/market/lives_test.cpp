// Whoever plays an order, wherever, in whatever company: it has the same life.
#include <map>
#include <set>

#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;

namespace {

using Line = std::tuple<std::int64_t, int, std::uint64_t, std::uint32_t, std::uint64_t, int, int, std::int64_t>;

Line line_of(const Entry& entry) {
  const Operation& did = entry.operation;
  return {us_of(entry.at),
          static_cast<int>(did.kind),
          number(did.order),
          number(did.by),
          number(did.key),
          static_cast<int>(entry.answer.refusal),
          static_cast<int>(did.attachments),
          did.bytes};
}

/// By order; lists have none and go by who made them.
std::map<std::uint64_t, std::vector<Line>> lives_of(const std::vector<Entry>& log) {
  std::map<std::uint64_t, std::vector<Line>> lives;
  for (const Entry& entry : log)
    lives[entry.operation.order == OrderId::none ? 1'000'000'000 + number(entry.operation.by) : number(entry.operation.order)]
        .push_back(line_of(entry));
  return lives;
}

/// A bit of everything.
MarketSetup colourful(std::uint64_t count, std::uint32_t sellers) {
  MarketSetup setup = plain(count, 10 * minute, 2 * day);
  setup.sellers = sellers;
  setup.buyers = 400;
  setup.orders.process = ArrivalProcess::poisson;
  setup.orders.due_in = Distribution::uniform(day, 3 * day);
  SellerPersona& careful = setup.seller_personas[0];
  careful.delivers = {Anchor::placed, true, Distribution::uniform(200'000'000, 1'300'000'000)};
  careful.drafts = Distribution::uniform(0, 3);
  careful.files = Distribution::uniform(1, 3);
  careful.file_size = Distribution::uniform(1, 1'000'000);
  careful.opens_draft = careful.delivers_draft = percent(50);
  careful.parallel = 3;
  careful.habits.double_clicks = percent(20);
  careful.habits.retries_with_key = percent(50);
  SellerPersona careless = careful;
  careless.share = 0.5;
  careless.parallel = 0;
  careless.forgets_file = careless.oversize = careless.blank_description = careless.work_sample = percent(30);
  careless.habits.lists = careless.habits.seeks_support = careless.habits.intrudes = percent(30);
  careless.abandons = percent(5);
  setup.seller_personas.push_back(careless);
  BuyerPersona& lively = setup.buyer_personas[0];
  lively.decides = after(Anchor::delivered, Distribution::uniform(0, 4 * day));
  lively.accepts = percent(40);
  lively.modifies = percent(30);
  lively.extends = percent(20);
  lively.extensions = Distribution::uniform(0, 3);
  lively.habits.looks = Distribution::uniform(0, 3);
  lively.habits.double_clicks = percent(30);
  lively.habits.retries_with_key = percent(60);
  lively.habits.intrudes = percent(20);
  BuyerPersona hugger;
  hugger.share = 1;
  hugger.decides = after(Anchor::deadline, Distribution::uniform(-2, 2));
  hugger.modification_rounds = Distribution::uniform(0, 2);
  setup.buyer_personas.push_back(hugger);
  return setup;
}

}  // namespace

TEST_CASE("an order's life is the same in a cell of its own and among all others") {
  MarketSetup setup = colourful(9000, 60);
  setup.orders.process = GENERATE(ArrivalProcess::poisson, ArrivalProcess::even);
  if (GENERATE(false, true)) {  // all alive at once, so that neighbours in other blocks are there to be mistaken for one's own
    setup.orders.intensity = {{at(0), at(hour), 1.0}};
    for (BuyerPersona& buyer : setup.buyer_personas) buyer.habits.intrudes = percent(100);
  }
  setup.cases.resize(1);
  setup.cases[0].placed = at(day);
  setup.cases[0].due_in = Duration{day};
  const MarketPlan plan(setup, 3);
  REQUIRE(plan.block_count() >= 4);

  Service together;
  const auto whole = lives_of(play_all(plan, together));

  Service apart;
  std::map<std::uint64_t, std::vector<Line>> parts;
  Market market(plan, 0, 0);
  for (std::uint32_t block = plan.block_count(); block-- > 0;) {  // in another order, and with used memory
    market.reset(block, 1);
    for (auto& [order, life] : lives_of(play(market, apart))) parts[order].insert(parts[order].end(), life.begin(), life.end());
  }
  REQUIRE(whole.size() == parts.size());
  for (const auto& [order, life] : whole) {
    if (order >= 1'000'000'000) {  // one buyer's lists in several blocks
      REQUIRE(std::multiset<Line>(life.begin(), life.end()) ==
              std::multiset<Line>(parts.at(order).begin(), parts.at(order).end()));
    } else {
      REQUIRE(life == parts.at(order));
    }
  }
}

TEST_CASE("every order is done once, and nothing is asked of it afterwards") {
  MarketSetup setup = colourful(4000, 40);
  const MarketPlan plan(setup, 9);
  Service service;
  Market market(plan, 0, plan.block_count());
  std::set<std::uint64_t> done;
  Operation operation;
  while (market.next_at() != never) {
    const Instant now = market.next_at();
    if (market.next(operation)) {
      REQUIRE(!done.contains(number(operation.order)));
      market.learn(operation, service.perform(operation, now), now);
    }
    for (const OrderId order : market.done()) REQUIRE(done.insert(number(order)).second);
    market.done().clear();
  }
  CHECK(done.size() == 4000);
}

TEST_CASE("a market may be left in the middle and begun again") {
  const MarketSetup setup = colourful(3000, 30);
  const MarketPlan plan(setup, 2);
  Service first;
  const auto expected = lives_of(play_all(plan, first));
  Market market(plan, 0, plan.block_count());
  Service cut_short;
  Operation operation;
  for (int i = 0; i < 5000; ++i) {
    const Instant now = market.next_at();
    if (market.next(operation)) market.learn(operation, cut_short.perform(operation, now), now);
  }
  market.reset(0, plan.block_count());
  Service third;
  CHECK(lives_of(play(market, third)) == expected);
}

TEST_CASE("another seed is another market") {
  const MarketSetup setup = colourful(500, 5);
  Service first, again, other;
  const auto lives = lives_of(play_all(MarketPlan(setup, 1), first));
  CHECK(lives == lives_of(play_all(MarketPlan(setup, 1), again)));
  CHECK(lives != lives_of(play_all(MarketPlan(setup, 2), other)));
}

TEST_CASE("personas come in their shares, and a person keeps his") {
  MarketSetup setup = plain(20'000, minute);
  setup.sellers = 2000;
  setup.buyers = 5000;
  setup.seller_personas.push_back(setup.seller_personas[0]);
  setup.seller_personas[0].share = 3;
  setup.seller_personas[1].share = 1;
  setup.seller_personas[1].links = percent(100);
  const MarketPlan plan(setup, 4);
  Service service;
  std::map<std::uint32_t, std::set<int>> links;
  for (const Entry& entry : of_kind(play_all(plan, service), OperationKind::deliver))
    links[number(entry.operation.by)].insert(entry.operation.links);
  std::size_t with_links = 0;
  for (const auto& [seller, seen] : links) {
    REQUIRE(seen.size() == 1);
    with_links += *seen.begin() == 1;
  }
  CHECK(with_links > 400);
  CHECK(with_links < 600);
}

TEST_CASE("a target that is down is tried until it is back") {
  MarketSetup setup = plain(50, hour);
  setup.buyer_personas[0].decides = after(Anchor::delivered, always(hour));
  const MarketPlan plan(setup, 1);
  Service service;
  service.down = at(10 * hour);
  service.back = at(40 * hour);
  const auto log = play_all(plan, service);
  const auto taken = [&](OperationKind kind) {
    std::size_t count = 0;
    for (const Entry& entry : of_kind(log, kind)) count += entry.answer.outcome == Outcome::ok;
    return count;
  };
  CHECK(taken(OperationKind::place_order) == 50);
  CHECK(taken(OperationKind::deliver) == 50);
  CHECK(taken(OperationKind::accept) == 50);
  CHECK(log.size() > 250);
}

TEST_CASE("a target that never comes back is given up, and counted") {
  const MarketSetup setup = plain(5, hour);
  const MarketPlan plan(setup, 1);
  Service service;
  service.down = at(0);
  service.back = never;
  Market market(plan, 0, plan.block_count());
  play(market, service);
  CHECK(market.actions_dropped() == 5);
  CHECK(market.done().size() == 5);
}
