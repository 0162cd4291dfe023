#include <set>

#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;
using enum OperationKind;

namespace {

MarketSetup accepting(std::uint64_t count = 1) {
  MarketSetup setup = plain(count);
  setup.buyer_personas[0].decides = after(Anchor::delivered, always(hour));
  return setup;
}

}  // namespace

TEST_CASE("a double click with a key gets the first answer again") {
  MarketSetup setup = accepting();
  setup.seller_personas[0].habits.double_clicks = setup.buyer_personas[0].habits.double_clicks = percent(100);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, place_order, upload, deliver, deliver, accept, accept});
  for (const std::size_t i : {0u, 3u, 5u}) {
    CHECK(log[i + 1].at == log[i].at + Duration{150'000});
    CHECK(log[i].operation.key != KeyId::none);
    CHECK(log[i].operation.key == log[i + 1].operation.key);
    CHECK(log[i + 1].answer.outcome == Outcome::ok);
    CHECK(log[i + 1].answer.stamp == log[i].answer.stamp);
  }
  CHECK(log[0].operation.key != log[3].operation.key);
  CHECK(log[3].operation.key != log[5].operation.key);
}

TEST_CASE("a double click without a key is refused, and an order is not placed twice") {
  MarketSetup setup = accepting();
  for (Habits* habits : {&setup.seller_personas[0].habits, &setup.buyer_personas[0].habits}) {
    habits->double_clicks = percent(100);
    habits->retries_with_key = {};
  }
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, upload, deliver, deliver, accept, accept});
  CHECK(log[3].answer.refusal == Refusal::wrong_state);
  CHECK(log[5].answer.refusal == Refusal::wrong_state);
  for (const Entry& entry : log) CHECK(entry.operation.key == KeyId::none);
}

TEST_CASE("a second click that gets through where the first did not is the one that counts") {
  MarketSetup setup = accepting();
  setup.seller_personas[0].habits.double_clicks = percent(100);
  const MarketPlan plan(setup, 1);
  Service service;
  bool first = true;
  service.instead = [&](const Operation& operation, Instant) -> std::optional<Answer> {
    if (operation.kind != deliver || !std::exchange(first, false)) return std::nullopt;
    Answer lost;
    lost.outcome = Outcome::refused;
    return lost;
  };
  const auto log = play_all(plan, service);
  CHECK(kinds(log) == std::vector{place_order, upload, deliver, deliver, accept});
  CHECK(log[4].at == log[3].at + Duration{hour});
}

TEST_CASE("looks are as many as wished, within the order's life") {
  MarketSetup setup = accepting(50);
  setup.seller_personas[0].habits.looks = always(2);
  setup.buyer_personas[0].habits.looks = always(3);
  const auto log = log_of(setup);
  std::map<std::pair<std::uint64_t, std::uint32_t>, int> looks;
  std::map<std::uint64_t, Instant> placed;
  for (const Entry& entry : log) {
    if (entry.operation.kind == place_order) placed[number(entry.operation.order)] = entry.at;
    if (entry.operation.kind != view_order) continue;
    ++looks[{number(entry.operation.order), number(entry.operation.by)}];
    CHECK(entry.answer.outcome == Outcome::ok);
    CHECK(entry.at <= placed.at(number(entry.operation.order)) + Duration{9 * day / 2});
  }
  CHECK(looks.size() == 100);
  for (const auto& [who, count] : looks) CHECK(count == (who.second == 1 ? 2 : 3));
}

TEST_CASE("lists come right before the main operation, once") {
  MarketSetup setup = accepting();
  setup.seller_personas[0].habits.lists = setup.buyer_personas[0].habits.lists = percent(100);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, upload, list_orders, deliver, list_orders, accept});
  CHECK(log[2].at == log[3].at);
  CHECK(log[2].operation.order == OrderId::none);
  CHECK(log[2].operation.by == log[3].operation.by);
  CHECK(log[4].operation.by == log[5].operation.by);
}

TEST_CASE("a support seeker opens one ticket an order") {
  MarketSetup setup = accepting(30);
  setup.buyer_personas[0].habits.seeks_support = percent(100);
  const auto tickets = of_kind(log_of(setup), contact_support);
  CHECK(tickets.size() == 30);
  for (const Entry& entry : tickets) CHECK(entry.answer.outcome == Outcome::ok);
}

TEST_CASE("every intrusion is refused, in all three ways, and harms nobody") {
  MarketSetup setup = accepting(300);
  setup.sellers = 5;
  setup.buyers = 50;
  const auto before = log_of(setup);
  setup.seller_personas[0].habits.intrudes = setup.buyer_personas[0].habits.intrudes = percent(100);
  const auto log = log_of(setup);
  std::map<Refusal, int> refusals;
  std::set<std::uint32_t> strangers;
  std::vector<std::pair<Instant, OperationKind>> honest, expected;
  for (const Entry& entry : log) {
    if (entry.answer.outcome == Outcome::ok) {
      honest.emplace_back(entry.at, entry.operation.kind);
      continue;
    }
    ++refusals[entry.answer.refusal];
    if (entry.answer.refusal == Refusal::not_found) strangers.insert(number(entry.operation.by));
  }
  for (const Entry& entry : before) expected.emplace_back(entry.at, entry.operation.kind);
  CHECK(honest == expected);
  CHECK(refusals.size() == 3);
  CHECK(refusals[Refusal::unauthenticated] > 90);
  CHECK(refusals[Refusal::forbidden] > 90);
  CHECK(refusals[Refusal::not_found] > 200);
  CHECK(strangers.size() > 20);  // the stranger, and others' orders
}
