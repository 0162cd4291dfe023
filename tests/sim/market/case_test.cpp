#include "stage.hpp"

using namespace dueprocess;
using namespace dueprocess::stage;
using enum OperationKind;

namespace {

struct Played {
  std::vector<Entry> log;
  std::vector<StepFailure> failures;
};

Played played(const Case& scripted) {
  MarketSetup setup;
  setup.starts = starts;
  setup.cases = {scripted};
  const MarketPlan plan(setup, 1);
  Service service;
  Market market(plan, 0, 1);
  Played result;
  while (market.next_at() != never) {
    Entry entry{market.next_at(), {}, {}};
    service.run_timers(entry.at);
    const auto tell = [&] {
      for (const Evidence& seen : service.evidence) market.learn(seen, entry.at);
      service.evidence.clear();
    };
    tell();
    if (!market.next(entry.operation)) continue;
    entry.answer = service.perform(entry.operation, entry.at);
    const bool before = entry.operation.kind == accept;  // either order will do
    if (before) tell();
    market.learn(entry.operation, entry.answer, entry.at);
    tell();
    result.log.push_back(entry);
  }
  CHECK(market.done().size() == 1);
  result.failures = market.failures();
  return result;
}

Case due_in(Duration due) {
  Case scripted;
  scripted.name = "a case";
  scripted.placed = at(hour);
  scripted.due_in = due;
  return scripted;
}

Step look(Anchor anchor, std::int64_t amount) {
  Step step;
  step.at = after(anchor, always(amount));
  return step;
}

Step doing(Anchor anchor, std::int64_t amount, Party by, OperationKind kind) {
  Step step = look(anchor, amount);
  step.by = by;
  step.operation = Operation{};
  step.operation->kind = kind;
  step.operation->text = TextId::first_real;
  if (is_delivery(kind)) step.operation->links = 1;
  if (kind == extend_review) step.operation->extend_by_us = day;
  return step;
}

}  // namespace

TEST_CASE("a case is placed, acted and looked at, each at its instant") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, day, Party::seller, deliver), look(Anchor::deadline, -1), look(Anchor::due, 3 * day)};
  scripted.steps[0].taken = true;
  scripted.steps[0].deadline = after(Anchor::due, always(3 * day));
  scripted.steps[1].state = OrderState::delivered;
  scripted.steps[2].state = OrderState::completed;
  scripted.steps[2].completed_by = CompletedBy::automatic;
  scripted.steps[2].completed_at = after(Anchor::deadline, always(0));
  scripted.steps[2].late = false;
  scripted.steps[2].payments = 1;
  scripted.steps[2].paid_cents = 5000;
  scripted.steps[2].notices_to_buyer = 2;
  scripted.steps[2].notices_to_seller = 2;
  const Played result = played(scripted);
  CHECK(result.failures.empty());
  REQUIRE(result.log.size() == 4);
  CHECK(result.log[0].at == at(hour));
  CHECK(result.log[1].at == at(hour + day));
  CHECK(result.log[2].at == at(hour + 5 * day - 1));
  CHECK(result.log[2].operation.kind == view_order);
  CHECK(result.log[3].at == at(hour + 5 * day));
}

TEST_CASE("what is expected wrongly is reported with both sides") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, day, Party::seller, deliver)};
  Step& step = scripted.steps[0];
  std::string expected, seen;
  SECTION("state and who") {
    step.state = OrderState::completed;
    step.completed_by = CompletedBy::automatic;
    expected = "completed, by auto";
    seen = "delivered, by nobody";
  }
  SECTION("an instant") {
    step.deadline = after(Anchor::due, always(3 * day + 1));
    expected = "deadline 2026-03-07T01:00:00.000001Z";
    seen = "deadline 2026-03-07T01:00:00Z";
  }
  SECTION("a refusal") {
    step.refused = Refusal::wrong_state;
    expected = "refused: wrong_state";
    seen = "taken";
  }
  SECTION("taken") {
    step.by = Party::stranger;
    step.taken = true;
    expected = "taken";
    seen = "refused: not_found";
  }
  SECTION("money") {
    step.payments = 1;
    step.paid_cents = 4990;
    expected = "payments: 1, paid: 49.90";
    seen = "payments: 0, paid: 0.00";
  }
  SECTION("notices") {
    step.notices_to_buyer = 3;
    expected = "notices to the buyer: 3";
    seen = "notices to the buyer: 1";
  }
  const Played result = played(scripted);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].case_index == 0);
  CHECK(result.failures[0].step_index == 0);
  CHECK(result.failures[0].expected == expected);
  CHECK(result.failures[0].seen == seen);
}

TEST_CASE("the first failure of a case is reported, the later steps are played") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {look(Anchor::placed, 1), look(Anchor::placed, 2), look(Anchor::placed, 3)};
  for (Step& step : scripted.steps) step.state = OrderState::delivered;
  const Played result = played(scripted);
  CHECK(result.log.size() == 4);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].step_index == 0);
}

TEST_CASE("a step relative to what never was fails, and does not hang") {
  const Anchor anchor = GENERATE(Anchor::delivered, Anchor::deadline);
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {look(anchor, 0), look(Anchor::placed, day)};
  const Played result = played(scripted);
  CHECK(result.log.size() == 2);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].step_index == 0);
  CHECK(result.failures[0].seen == "none was told until then");
}

TEST_CASE("delivered and deadline are those of the steps before, a second review's too") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, day, Party::seller, deliver),
                    doing(Anchor::delivered, hour, Party::buyer, request_modification),
                    look(Anchor::deadline, 0),
                    doing(Anchor::placed, 20 * day, Party::seller, deliver_modified),
                    look(Anchor::delivered, 1),
                    doing(Anchor::deadline, -1, Party::buyer, extend_review),
                    look(Anchor::deadline, 0)};
  scripted.steps[2].state = OrderState::in_revision;
  scripted.steps[4].state = OrderState::delivered;
  scripted.steps[6].state = OrderState::completed;
  const Played result = played(scripted);
  CHECK(result.failures.empty());
  REQUIRE(result.log.size() == 8);
  const Instant placed = at(hour);
  CHECK(result.log[2].at == placed + Duration{day + hour});
  CHECK(result.log[3].at == placed + Duration{5 * day});
  CHECK(result.log[5].at == placed + Duration{20 * day + 1});
  CHECK(result.log[6].at == placed + Duration{23 * day - 1});
  CHECK(result.log[7].at == placed + Duration{24 * day});
}

TEST_CASE("a step whose instant has passed fails") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, day, Party::seller, deliver), look(Anchor::delivered, -1)};
  const Played result = played(scripted);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].step_index == 1);
}

TEST_CASE("steps at one instant run in the order written") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, 0, Party::seller, upload), doing(Anchor::placed, 0, Party::seller, deliver),
                    doing(Anchor::placed, 0, Party::buyer, accept)};
  const Played result = played(scripted);
  CHECK(kinds(result.log) == std::vector{place_order, upload, deliver, accept});
  for (const Entry& entry : result.log) CHECK(entry.at == at(hour));
}

TEST_CASE("the same key again, on request only") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, day, Party::seller, deliver), doing(Anchor::placed, day + 1, Party::seller, deliver),
                    doing(Anchor::placed, day + 2, Party::seller, deliver)};
  scripted.steps[1].use_last_key = true;
  scripted.steps[1].taken = true;
  scripted.steps[2].refused = Refusal::wrong_state;
  const Played result = played(scripted);
  CHECK(result.failures.empty());
  CHECK(result.log[1].operation.key != KeyId::none);
  CHECK(result.log[1].operation.key == result.log[2].operation.key);
  CHECK(result.log[3].operation.key == KeyId::none);
}

TEST_CASE("what someone else's operation did to the order is looked up by the buyer") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, day, GENERATE(Party::stranger, Party::anyone), deliver)};
  scripted.steps[0].taken = false;
  scripted.steps[0].state = OrderState::in_progress;
  const Played result = played(scripted);
  CHECK(result.failures.empty());
  CHECK(kinds(result.log) == std::vector{place_order, deliver, view_order});
}

TEST_CASE("the first step may be the placing itself") {
  Case scripted = due_in(Duration{2 * day});
  scripted.steps = {doing(Anchor::placed, 0, Party::buyer, place_order)};
  scripted.steps[0].operation->due_at = at(hour);
  scripted.steps[0].operation->price_cents = 100;
  scripted.steps[0].refused = Refusal::invalid;
  scripted.steps[0].state = OrderState::none;
  const Played result = played(scripted);
  CHECK(result.failures.empty());
  CHECK(kinds(result.log) == std::vector{place_order, view_order});
}
