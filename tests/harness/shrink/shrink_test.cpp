#include "harness/shrink/shrink.hpp"

#include <stdexcept>

#include "catch.hpp"
#include "harness/shrink/ddmin.hpp"
#include "harness/shrink/plot_text.hpp"
#include "scenarios/language/read.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {

Scenario read(const std::string& text) {
  ReadResult read = read_scenario(text, "test.yaml", {});
  if (!read.ok()) throw std::runtime_error(to_string(read.mistakes.front()));
  return read.scenario;
}

Scenario few_orders(const std::string& more = "") {
  return read(R"(
name: few orders
seed: 3
ends: 7d
orders: {arrive: {count: 60}, due_in: {choice: {1d: 50%, 3d: 50%}}}
sellers: {count: 4, personas: {a: {share: 50%, like: punctual}, b: {share: 50%, like: draft_saver}}}
buyers:
  count: 20
  personas:
    silent: {share: 40%, like: silent}
    picky: {share: 20%, like: picky}
    extender: {share: 20%, like: extender}
    clicker: {share: 20%, like: double_clicker}
)" + more);
}

Shrunk shrunk_by(const Scenario& scenario, std::initializer_list<const char*> bugs, ShrinkWishes wishes = {}) {
  BugSet set;
  for (const char* bug : bugs) set.set(static_cast<std::size_t>(bug_named(bug).value()));
  if (!wishes.out_of_time) wishes.out_of_time = [] { return false; };
  return shrink(scenario, set, {}, {}, wishes);
}

Tally played(const std::string& text, const char* bug = nullptr) {
  RunOptions options;
  if (bug) options.bugs = only(bug_named(bug).value());
  return run(read(text), options).tally;
}

}  // namespace

TEST_CASE("delta debugging leaves what it takes, wherever it lies, and nothing else") {
  std::vector<int> list;
  for (int i = 0; i < 100; ++i) list.push_back(i);
  int asked = 0;
  ddmin(list, [&asked](const std::vector<int>& some) {
    ++asked;
    const auto has = [&some](int wanted) { return std::find(some.begin(), some.end(), wanted) != some.end(); };
    return has(3) && has(57) && has(58);
  });
  CHECK(list == std::vector{3, 57, 58});
  CHECK(asked < 200);
}

TEST_CASE("what takes nothing at all is left with nothing") {
  std::vector<int> list{1, 2, 3};
  ddmin(list, [](const std::vector<int>&) { return true; });
  CHECK(list.empty());
}

TEST_CASE("an instant is told from the boundary it stands at") {
  OrderPlot order;
  order.placed = instant_at(0);
  order.due_in = 48h;
  const auto text = [&](Duration at) { return moment_text(order.placed + at, order); };
  CHECK(text(0s) == "0s");
  CHECK(text(24h) == "1d");
  CHECK(text(120h) == "due + 3d");
  CHECK(text(Duration{120h} - Duration{1}) == "due + 3d - 1us");
  CHECK(text(Duration{120h} + Duration{1}) == "due + 3d1us");
}

TEST_CASE("a seeded bug's violation becomes a case of one order that fails with the bug and passes without it") {
  const Scenario scenario = few_orders();
  for (const char* bug : {"B01a", "B05", "B07", "B22", "B25", "B70a", "S05", "S07", "S11", "S16"}) {
    CAPTURE(bug);
    const Shrunk shrunk = shrunk_by(scenario, {bug});
    REQUIRE(shrunk.end == ShrinkEnd::shrunk);
    CAPTURE(shrunk.text);
    CHECK(shrunk.orders == 1);
    CHECK(shrunk.operations <= 5);
    CHECK(shrunk.faults == 0);
    const Tally right = played(shrunk.text);
    CHECK(right.violations_total() == 0);
    CHECK(right.case_failures.empty());
    const Tally wrong = played(shrunk.text, bug);
    CHECK(wrong.violations_by[static_cast<std::size_t>(shrunk.invariant)] > 0);
  }
}

TEST_CASE("what was taken stays taken: a smaller case in which it would rightly be refused is no answer") {
  const Scenario scenario = read(R"(
name: a repeated acceptance
cases:
  - name: accepted, and again with the same key
    steps:
      - {at: 1d, seller: deliver, files: [a.zip]}
      - {at: 2d, buyer: accept}
      - {at: 3d, buyer: accept, key: same}
)");
  const Shrunk shrunk = shrunk_by(scenario, {"S05"});
  REQUIRE(shrunk.end == ShrinkEnd::shrunk);
  CAPTURE(shrunk.text);
  CHECK(shrunk.invariant == Invariant::A3);
  CHECK(shrunk.text.find("seller: deliver") != std::string::npos);
  CHECK(shrunk.text.find("refused") == std::string::npos);
}

TEST_CASE("a restart stays where it takes one, and others go") {
  const Scenario scenario = few_orders("restarts: [{down: 1d, for: 1h}, {down: 4d, for: 1d}, {down: 8d, for: 2d}]\n");
  for (const char* bug : {"B30", "B33", "B65"}) {
    CAPTURE(bug);
    const Shrunk shrunk = shrunk_by(scenario, {bug});
    REQUIRE(shrunk.end == ShrinkEnd::shrunk);
    CHECK(shrunk.faults == 1);
    CHECK(shrunk.orders == 1);
  }
  CHECK(shrunk_by(scenario, {"B01b"}).faults == 0);
}

TEST_CASE("how the engine's timers are run, and how late they may be, is written with the case") {
  const Scenario scenario = few_orders(R"(
engine: {timers: {sweep: {every: 1h, phase: 20m}}, workers: 3, clock_skew: 5m, clock_steps: [{at: 2d, by: -10m}]}
tolerances: {lateness: 1h, recovery: 1m}
)");
  for (const char* bug : {"B47", "B55"}) {
    CAPTURE(bug);
    const Shrunk shrunk = shrunk_by(scenario, {bug});
    REQUIRE(shrunk.end == ShrinkEnd::shrunk);
    CAPTURE(shrunk.text);
    const Scenario written = read(shrunk.text);
    CHECK(written.timers.mode == TimerMode::sweep);
    CHECK(written.timers.phase == std::chrono::minutes{20});
    CHECK(written.timers.workers == 3);
    CHECK(written.timers.clock_steps.size() == 1);
    CHECK(written.tolerances.lateness == std::chrono::hours{1});
    CHECK(played(shrunk.text).violations_total() == 0);
    CHECK(played(shrunk.text, bug).violations_by[static_cast<std::size_t>(shrunk.invariant)] > 0);
  }
}

TEST_CASE("what hangs on an order's number keeps others before it, with whom nothing is done") {
  const Shrunk shrunk = shrunk_by(few_orders(), {"B62"});
  REQUIRE(shrunk.end == ShrinkEnd::shrunk);
  CHECK(shrunk.idle_orders == 7);
  CHECK(shrunk.orders == 1);
}

TEST_CASE("what takes two orders in one engine is left with two") {
  const Shrunk shrunk = shrunk_by(few_orders(), {"B59"});
  REQUIRE(shrunk.end == ShrinkEnd::shrunk);
  CHECK(shrunk.orders <= 2);
  CHECK(shrunk.operations <= 7);
}

TEST_CASE("the invariant and the order that were asked for are what is shrunk") {
  ShrinkWishes wishes;
  wishes.invariant = Invariant::T3;
  const Shrunk first = shrunk_by(few_orders(), {"B07"}, wishes);
  REQUIRE(first.end == ShrinkEnd::shrunk);
  CHECK(first.invariant == Invariant::T3);
  wishes.order = first.order;
  CHECK(shrunk_by(few_orders(), {"B07"}, wishes).order == first.order);
  wishes.order = OrderId{61};
  CHECK(shrunk_by(few_orders(), {"B07"}, wishes).end == ShrinkEnd::nothing_violated);
}

TEST_CASE("where nothing is violated nothing is shrunk") {
  const Shrunk shrunk = shrunk_by(few_orders(), {});
  CHECK(shrunk.end == ShrinkEnd::nothing_violated);
  CHECK(shrunk.text.empty());
}

TEST_CASE("when the time runs out the smallest case by then is written, and it is said") {
  ShrinkWishes wishes;
  int left = 12;
  wishes.out_of_time = [&left] { return --left < 0; };
  const Shrunk shrunk = shrunk_by(few_orders(), {"B22"}, wishes);
  REQUIRE(shrunk.end == ShrinkEnd::shrunk);
  CHECK(shrunk.ran_out_of_time);
  CHECK(played(shrunk.text).violations_total() == 0);
}

TEST_CASE("a live target is asked last, thrice before it is believed, and each time at a later hour of its clock") {
  std::vector<Instant> starts;
  int times = 0;
  bool flaky = false;
  const LiveStage live = [&](const Scenario& scenario) {
    starts.push_back(scenario.starts);
    RunOptions options;
    if (!flaky || ++times <= 2) options.bugs = only(bug_named("B01b").value());
    Tally tally = run(scenario, options).tally;
    const Instant clock = tally.last;
    return LivePlay{std::move(tally), clock};
  };
  ShrinkWishes wishes;
  wishes.out_of_time = [] { return false; };
  const Shrunk shrunk = shrink(few_orders(), {}, {}, live, wishes);
  REQUIRE(shrunk.end == ShrinkEnd::shrunk);
  CHECK(shrunk.operations <= 3);
  CHECK(std::is_sorted(starts.begin(), starts.end()));
  CHECK(std::adjacent_find(starts.begin(), starts.end()) == starts.end());
  CHECK(played(shrunk.text, "B01b").violations_total() > 0);
  flaky = true;
  CHECK(shrink(few_orders(), {}, {}, live, wishes).end == ShrinkEnd::flaky);
}

TEST_CASE("words of a scenario stay words in the case") { CHECK(yaml_quoted("a \"b\" \\ \n# c") == "\"a \\\"b\\\" \\\\ ?# c\""); }
