#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;
using enum OperationKind;

namespace {

MarketSetup with_buyer(const std::function<void(BuyerPersona&)>& change, std::uint64_t count = 1) {
  MarketSetup setup = plain(count);
  setup.buyer_personas[0].decides = after(Anchor::delivered, always(hour));
  change(setup.buyer_personas[0]);
  return setup;
}

}  // namespace

TEST_CASE("a prompt buyer accepts so long after the delivery") {
  const auto log = log_of(with_buyer([](BuyerPersona&) {}));
  CHECK(kinds(log) == std::vector{place_order, upload, deliver, accept});
  CHECK(log[3].at == log[2].at + Duration{hour});
  CHECK(log[3].answer.state == OrderState::completed);
}

TEST_CASE("a silent buyer never answers") { CHECK(kinds(log_of(plain())) == std::vector{place_order, upload, deliver}); }

TEST_CASE("a picky buyer has his modifications before anything else") {
  const auto log = log_of(with_buyer([](BuyerPersona& buyer) { buyer.modification_rounds = always(2); }));
  CHECK(kinds(log) == std::vector{place_order, upload, deliver, request_modification, upload, deliver_modified,
                                  request_modification, upload, deliver_modified, accept});
  for (const Entry& entry : log) CHECK(entry.answer.outcome == Outcome::ok);
}

TEST_CASE("who is told that there are no more modifications decides otherwise") {
  Service service;
  service.max_modifications = 1;
  const auto log = log_of(with_buyer([](BuyerPersona& buyer) { buyer.modification_rounds = always(3); }), service);
  CHECK(count_of(log, request_modification, Refusal::limit_reached) == 1);
  CHECK(log.back().operation.kind == accept);
  CHECK(log.back().answer.outcome == Outcome::ok);
}

TEST_CASE("who extends decides again, and only so often extends") {
  const auto log = log_of(with_buyer(
      [](BuyerPersona& buyer) {
        buyer.accepts = percent(50);
        buyer.extends = percent(50);
        buyer.extensions = always(2);
        buyer.extend_by = always(25 * day);
      },
      200));
  std::map<std::uint64_t, int> extensions, acceptances;
  for (const Entry& entry : log) {
    extensions[number(entry.operation.order)] += entry.operation.kind == extend_review;
    acceptances[number(entry.operation.order)] += entry.operation.kind == accept;
  }
  int seen[3] = {};
  for (const auto& [order, count] : extensions) {
    REQUIRE(count <= 2);
    ++seen[count];
    CHECK(acceptances[order] == 1);  // accept is all that is left
  }
  CHECK(seen[0] > 60);
  CHECK(seen[1] > 25);
  CHECK(seen[2] > 25);
}

TEST_CASE("who always extends is silent once he may not any more") {
  const auto log = log_of(with_buyer([](BuyerPersona& buyer) {
    buyer.accepts = {};
    buyer.extends = Chance::always();
    buyer.extensions = always(3);
  }));
  CHECK(of_kind(log, extend_review).size() == 3);
  CHECK(log.back().operation.kind == extend_review);
  CHECK(us_of(log.back().answer.deadline - log[0].at) == 9 * day);
}

TEST_CASE("an extension that is refused is not asked for again in that review") {
  Service service;
  service.max_extensions = 1;
  const auto log = log_of(with_buyer([](BuyerPersona& buyer) {
                            buyer.accepts = {};
                            buyer.extends = Chance::always();
                            buyer.extensions = always(9);
                          }),
                          service);
  CHECK(of_kind(log, extend_review).size() == 2);
}

TEST_CASE("a last-minute buyer decides around the deadline, to the microsecond") {
  const std::int64_t distance = GENERATE(-1, 0, 1, -second, second);
  const auto log = log_of(with_buyer([&](BuyerPersona& buyer) { buyer.decides = after(Anchor::deadline, always(distance)); }));
  const Entry& last = log.back();
  REQUIRE(last.operation.kind == accept);
  CHECK(last.at == log[0].at + Duration{6 * day + distance});
  CHECK((last.answer.outcome == Outcome::ok) == (distance < 0));
  if (distance >= 0) CHECK(last.answer.refusal == Refusal::wrong_state);
}

TEST_CASE("after an extension the new deadline is the one to hug") {
  const auto log = log_of(with_buyer([](BuyerPersona& buyer) {
    buyer.decides = after(Anchor::deadline, always(-1));
    buyer.accepts = {};
    buyer.extends = Chance::always();
    buyer.extensions = always(2);
  }));
  const auto extensions = of_kind(log, extend_review);
  REQUIRE(extensions.size() == 2);
  CHECK(extensions[0].at == log[0].at + Duration{6 * day - 1});
  CHECK(extensions[1].at == log[0].at + Duration{7 * day - 1});
}

TEST_CASE("instants before now mean now") {
  const auto log = log_of(with_buyer([](BuyerPersona& buyer) { buyer.decides = after(Anchor::due, always(-30 * day)); }));
  CHECK(log.back().at == log[2].at);
  CHECK(log.back().operation.kind == accept);
}

TEST_CASE("choices come in their shares, what is left is silence") {
  const auto log = log_of(with_buyer(
      [](BuyerPersona& buyer) {
        buyer.accepts = percent(50);
        buyer.modifies = percent(20);
        buyer.extends = percent(10);
        buyer.decides = after(Anchor::delivered, always(0));
      },
      2000));
  // first decisions only
  std::map<std::uint64_t, OperationKind> first;
  for (const Entry& entry : log)
    if (entry.operation.kind == accept || entry.operation.kind == request_modification || entry.operation.kind == extend_review)
      first.emplace(number(entry.operation.order), entry.operation.kind);
  std::map<OperationKind, int> counts;
  for (const auto& [order, kind] : first) ++counts[kind];
  CHECK(std::abs(counts[accept] - 1000) < 112);  // 5 sigma
  CHECK(std::abs(counts[request_modification] - 400) < 90);
  CHECK(std::abs(counts[extend_review] - 200) < 68);
}

TEST_CASE("a buyer who is never content comes to an end, and is counted") {
  MarketSetup setup = with_buyer([](BuyerPersona& buyer) {
    buyer.accepts = {};
    buyer.modifies = Chance::always();
  });
  setup.seller_personas[0].revises_after = always(hour);
  const MarketPlan plan(setup, 1);
  Service service;
  Market market(plan, 0, 1);
  const auto log = play(market, service);
  CHECK(of_kind(log, request_modification).size() == 249);
  CHECK(market.actions_dropped() == 1);
}

TEST_CASE("an order that is refused has no life") {
  MarketSetup setup = plain(3);
  setup.orders.due_in = always(0);
  const MarketPlan plan(setup, 1);
  Service service;
  Market market(plan, 0, 1);
  CHECK(kinds(play(market, service)) == std::vector{place_order, place_order, place_order});
  CHECK(market.done().size() == 3);
}
