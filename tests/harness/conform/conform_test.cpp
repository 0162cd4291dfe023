#include "catch.hpp"
#include "harness/conform/explore.hpp"

using namespace dueprocess;

namespace {

Conformance explored(unsigned depth, const char* bug = nullptr, const LiveStage& live = {}) {
  ConformWishes wishes;
  wishes.depth = depth;
  wishes.live = live;
  if (bug) wishes.bugs = only(bug_named(bug).value());
  wishes.out_of_time = [] { return false; };
  return conform(wishes);
}

unsigned not_reached(const Conformance& found) {
  unsigned count = 0;
  for (unsigned rule = 1; rule <= rule_count; ++rule) count += found.rules.reached[rule] == 0 ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("on the correct engine no short history breaks a rule, and all rules but the second are reached") {
  const Conformance found = explored(2);
  CHECK(found.broken.empty());
  CHECK(found.depth == 2);
  CHECK(found.whole);
  CHECK(found.sequences > 4'000);
  CHECK(found.standings > 20);
  CHECK(not_reached(found) <= 2);  // two doors; what takes three steps
  for (const OrderState state : {OrderState::in_progress, OrderState::delivered, OrderState::completed}) {
    CAPTURE(name_of(state));
    std::uint64_t kinds = 0;
    for (const std::uint64_t count : found.by_state[static_cast<std::size_t>(state)]) kinds += count > 0 ? 1 : 0;
    CHECK(kinds == found.deeds.size());
  }
}

TEST_CASE("seeded bugs are found by the shortest sequence that shows them, as a case that breaks the same invariant") {
  struct Expected {
    const char* bug;
    Invariant invariant;
    std::size_t acts;  // at most, with a look
  };
  for (const Expected& expected : {Expected{"B74", Invariant::T2, 1},
                                   {"B05", Invariant::T5, 2},
                                   {"S02", Invariant::G5, 1},
                                   {"B57", Invariant::A2, 3},
                                   {"B30", Invariant::T2, 2},
                                   {"S20", Invariant::G3, 1},
                                   {"S05", Invariant::A3, 2},
                                   {"S16", Invariant::M2, 1},
                                   {"B32", Invariant::T2, 2}}) {
    CAPTURE(expected.bug);
    const Conformance found = explored(2, expected.bug);
    REQUIRE(found.broken.contains(expected.invariant));
    const Broken& broken = found.broken.at(expected.invariant);
    CHECK(broken.plot.operations() <= expected.acts + 2);
    Stage stage{Scenario{}, only(bug_named(expected.bug).value()), {}, {}};
    CHECK(stage.suspect(broken.plot).breaks(expected.invariant));
    CHECK(stage.correct(broken.plot).violations == 0);
    CHECK(stage.correct(broken.plot).failures == 0);
  }
}

TEST_CASE("what takes three steps is found in three") {
  CHECK(explored(3, "S06").broken.contains(Invariant::A3));
  CHECK(explored(3, "S29").broken.contains(Invariant::G2));
}

TEST_CASE("against a live target many sequences share a pass, and what is broken is found again in halves of it") {
  int passes = 0;
  std::size_t most = 0;
  const LiveStage live = [&](const Scenario& scenario) {
    ++passes;
    most = std::max(most, scenario.market.cases.size());
    RunOptions options;
    options.bugs = only(bug_named("S09").value());
    Tally tally = run(scenario, options).tally;
    const Instant clock = tally.last;
    return LivePlay{std::move(tally), clock};
  };
  const Conformance found = explored(1, nullptr, live);
  REQUIRE(found.broken.contains(Invariant::N1));
  CHECK(found.rules.broken[15] > 0);
  CHECK(most > 100);
  CHECK(passes < 60);
}

TEST_CASE("when the time runs out, what was gone through whole is told") {
  ConformWishes wishes;
  wishes.depth = 3;
  int left = 2;
  wishes.out_of_time = [&left] { return --left < 0; };
  const Conformance found = conform(wishes);
  CHECK_FALSE(found.whole);
  CHECK(found.depth < 3);
}
