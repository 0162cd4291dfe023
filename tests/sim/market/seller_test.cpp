#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;
using enum OperationKind;

namespace {

Entry first_of(const std::vector<Entry>& log, OperationKind kind) {
  const auto found = of_kind(log, kind);
  REQUIRE(!found.empty());
  return found.front();
}

}  // namespace

TEST_CASE("a seller delivers exactly when he means to") {
  MarketSetup setup = plain();
  const Instant placed = at(hour / 2);
  SECTION("so long after the start of work") { CHECK(first_of(log_of(setup), deliver).at == placed + Duration{day}); }
  SECTION("at a fraction of the time until due") {
    setup.seller_personas[0].delivers = {Anchor::placed, true, always(500'000'001)};
    CHECK(first_of(log_of(setup), deliver).at == placed + Duration{3 * day / 2 + 259});
  }
  SECTION("around the due date, to the microsecond") {
    const std::int64_t distance = GENERATE(-1, 0, 1);
    setup.seller_personas[0].delivers = after(Anchor::due, always(distance));
    const Entry delivery = first_of(log_of(setup), deliver);
    CHECK(delivery.at == placed + Duration{3 * day + distance});
    CHECK(delivery.answer.late == (distance > 0));
  }
  SECTION("never before he was asked") {
    setup.seller_personas[0].delivers = after(Anchor::due, always(-100 * day));
    CHECK(first_of(log_of(setup), deliver).at == placed);
  }
}

TEST_CASE("drafts are spread over the work, files go up seconds before the delivery") {
  MarketSetup setup = plain();
  SellerPersona& seller = setup.seller_personas[0];
  seller.drafts = always(3);
  seller.opens_draft = percent(100);
  seller.files = always(2);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, save_draft, save_draft, save_draft, open_draft, upload, upload, deliver});
  for (int i = 1; i <= 3; ++i) CHECK(log[i].at == log[0].at + Duration{i * day / 4});
  const Duration apart = log[7].at - log[6].at;
  CHECK(us_of(apart) >= 2 * second);
  CHECK(us_of(apart) <= 5 * second);
  CHECK(log[6].at - log[5].at == apart);
  CHECK(log[5].at - log[4].at == apart);
  CHECK(log[7].operation.attachments == 2);
  CHECK(log[7].answer.outcome == Outcome::ok);
}

TEST_CASE("a delivered draft holds the files, since it is saved after them") {
  MarketSetup setup = plain();
  SellerPersona& seller = setup.seller_personas[0];
  seller.drafts = always(2);
  seller.delivers_draft = percent(100);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, save_draft, upload, save_draft, deliver});
  CHECK(log[3].operation.attachments == 1);
  CHECK(log[4].operation.use_draft);
  CHECK(log[4].answer.outcome == Outcome::ok);
}

TEST_CASE("work too short for its steps still has them all, none after the delivery") {
  MarketSetup setup = plain();
  SellerPersona& seller = setup.seller_personas[0];
  seller.drafts = always(3);
  seller.files = always(4);
  seller.delivers = after(Anchor::placed, always(GENERATE(0, 1, 3 * second)));
  const auto log = log_of(setup);
  REQUIRE(log.size() == 9);
  CHECK(log.back().operation.kind == deliver);
  CHECK(log.back().at == log.front().at + Duration{seller.delivers.amount(0)});
  for (std::size_t i = 1; i < log.size(); ++i) CHECK(log[i].at >= log[i - 1].at);
}

TEST_CASE("who forgets the file confirms, or adds a link, after a while") {
  MarketSetup setup = plain();
  SellerPersona& seller = setup.seller_personas[0];
  seller.forgets_file = percent(100);
  seller.corrects_after = always(minute);
  const bool confirms = GENERATE(true, false);
  seller.confirms_no_file = percent(confirms ? 100 : 0);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, deliver, deliver});
  CHECK(log[1].answer.refusal == Refusal::confirmation_required);
  CHECK(log[2].at == log[1].at + Duration{minute});
  CHECK(log[2].operation.confirm_no_file == confirms);
  CHECK(log[2].operation.links == (confirms ? 0 : 1));
  CHECK(log[2].answer.outcome == Outcome::ok);
}

TEST_CASE("a file over the limit is sent as a link") {
  MarketSetup setup = plain();
  setup.seller_personas[0].oversize = percent(100);
  setup.seller_personas[0].files = always(2);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, upload, upload, deliver});
  CHECK(log[1].operation.bytes > 5'000'000'000);
  CHECK(log[1].operation.bytes <= 8'000'000'001);
  CHECK(log[1].answer.refusal == Refusal::file_too_large);
  CHECK(log[2].answer.outcome == Outcome::ok);
  CHECK(log[3].operation.attachments == 1);
  CHECK(log[3].operation.links == 1);
  CHECK(log[3].answer.outcome == Outcome::ok);
}

TEST_CASE("several mistakes at once are put right one refusal at a time") {
  MarketSetup setup = plain();
  SellerPersona& seller = setup.seller_personas[0];
  seller.forgets_file = seller.blank_description = seller.work_sample = percent(100);
  const auto log = log_of(setup);
  std::vector<Refusal> refusals;
  for (const Entry& entry : of_kind(log, deliver)) refusals.push_back(entry.answer.refusal);
  CHECK(refusals ==
        std::vector{Refusal::not_final_work, Refusal::description_required, Refusal::confirmation_required, Refusal::none});
}

TEST_CASE("a blank draft is delivered with a description of its own after the refusal") {
  MarketSetup setup = plain();
  SellerPersona& seller = setup.seller_personas[0];
  seller.drafts = always(1);
  seller.delivers_draft = seller.blank_description = percent(100);
  const auto log = log_of(setup);
  CHECK(kinds(log) == std::vector{place_order, upload, save_draft, deliver, deliver});
  CHECK(log[3].answer.refusal == Refusal::description_required);
  CHECK(!log[4].operation.use_draft);
  CHECK(log[4].operation.attachments == 1);
  CHECK(log[4].answer.outcome == Outcome::ok);
}

TEST_CASE("a target that refuses every delivery is given up after a bounded number of tries") {
  const MarketSetup setup = plain(2);
  const MarketPlan plan(setup, 1);
  Service service;
  service.instead = [](const Operation& operation, Instant) -> std::optional<Answer> {
    if (operation.kind != deliver) return std::nullopt;
    Answer answer;
    answer.outcome = Outcome::refused;
    answer.refusal = Refusal::description_required;
    return answer;
  };
  Market market(plan, 0, 1);
  const auto log = play(market, service);
  CHECK(of_kind(log, deliver).size() == 2 * 9);
  CHECK(market.actions_dropped() == 2);
  CHECK(market.done().size() == 2);
}

TEST_CASE("who abandons an order never delivers it") {
  MarketSetup setup = plain(20);
  setup.seller_personas[0].abandons = percent(100);
  CHECK(of_kind(log_of(setup), deliver).empty());
}

TEST_CASE("limited desks make deliveries late under load") {
  // Placed at 0:30, 1:30, 2:30, 3:30 ...; each takes 3 h of work; one at a time; due 6 h after placing:
  //   order 1: 0:30 -> 3:30, 2: 3:30 -> 6:30, 3: 6:30 -> 9:30 (due 8:30: late), 4: 9:30 -> 12:30 (due 9:30: late)
  MarketSetup setup = plain(4, hour, 6 * hour);
  setup.seller_personas[0].delivers = after(Anchor::placed, always(3 * hour));
  setup.seller_personas[0].parallel = 1;
  const auto deliveries = of_kind(log_of(setup), deliver);
  REQUIRE(deliveries.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(number(deliveries[i].operation.order) == i + 1);
    CHECK(deliveries[i].at == at(hour / 2 + static_cast<std::int64_t>(i + 1) * 3 * hour));
    CHECK(deliveries[i].answer.late == (i >= 2));
  }
}

TEST_CASE("two desks serve twice as many") {
  MarketSetup setup = plain(4, hour, 6 * hour);
  setup.seller_personas[0].delivers = after(Anchor::placed, always(3 * hour));
  setup.seller_personas[0].parallel = 2;
  std::vector<Instant> instants;
  for (const Entry& entry : of_kind(log_of(setup), deliver)) instants.push_back(entry.at);
  CHECK(instants ==
        std::vector{at(hour / 2 + 3 * hour), at(hour / 2 + 4 * hour), at(hour / 2 + 6 * hour), at(hour / 2 + 7 * hour)});
}

TEST_CASE("modifications need a desk too, and go first") {
  // One desk. Order 1: 0:30 -> 3:30, modified 4:00. Order 2: 3:30 -> 6:30. Orders 3 and 4 wait.
  // At 6:30 the modification of 1 goes before 3: 6:30 -> 7:30 (an hour's work), then that of 2, asked for at 7:00: 7:30 -> 8:30.
  // Only then 3: 8:30 -> 11:30.
  MarketSetup setup = plain(4, hour, 6 * hour);
  SellerPersona& seller = setup.seller_personas[0];
  seller.delivers = after(Anchor::placed, always(3 * hour));
  seller.revises_after = always(hour);
  seller.parallel = 1;
  setup.buyer_personas[0].decides = after(Anchor::delivered, always(hour / 2));
  setup.buyer_personas[0].modification_rounds = always(1);
  const auto log = log_of(setup);
  const auto again = of_kind(log, deliver_modified);
  REQUIRE(again.size() == 4);
  CHECK(again[0].at == at(7 * hour + hour / 2));
  CHECK(number(again[0].operation.order) == 1);
  const auto first = of_kind(log, deliver);
  CHECK(again[1].at == at(8 * hour + hour / 2));
  CHECK(first[2].at == at(11 * hour + hour / 2));
  CHECK(number(first[2].operation.order) == 3);
}

TEST_CASE("who gives up an order leaves the desk to the next") {
  MarketSetup setup = plain(3);
  setup.seller_personas[0].parallel = 1;
  const MarketPlan plan(setup, 1);
  Service service;
  service.instead = [](const Operation& operation, Instant) -> std::optional<Answer> {
    if (operation.kind != deliver || number(operation.order) != 1) return std::nullopt;
    Answer answer;
    answer.outcome = Outcome::refused;
    answer.refusal = Refusal::limit_reached;
    return answer;
  };
  Market market(plan, 0, 1);
  const auto log = play(market, service);
  CHECK(of_kind(log, deliver).size() == 3);
  CHECK(market.actions_dropped() == 1);
}
