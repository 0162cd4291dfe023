#include "sim/kernel/event_queue.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {
namespace {

using Reference = std::priority_queue<Event, std::vector<Event>, std::greater<>>;

// Random words in a row, for tests that need many of them.
class Stream {
 public:
  explicit Stream(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t operator()() { return Draws{seed_, count_++, 0, 0}.u64(0); }
  std::uint64_t below(std::uint64_t bound) { return (*this)() % bound; }

 private:
  std::uint64_t seed_, count_ = 0;
};

// One queue and the reference side by side: every step must show the same top and the same size.
struct Pair {
  EventQueue queue;
  Reference reference;
  std::int64_t now = 0;
  bool same = true;

  void push(const Event& event) {
    queue.push(event);
    reference.push(event);
    compare();
  }
  void pop() {
    now = reference.top().at_us;
    queue.pop();
    reference.pop();
    compare();
  }
  void pop_push(const Event& event) {
    now = reference.top().at_us;
    queue.pop_push(event);
    reference.pop();
    reference.push(event);
    compare();
  }
  void compare() {
    same = same && queue.size() == reference.size() && queue.empty() == reference.empty() &&
           (queue.empty() || queue.top() == reference.top());
  }
  void drain() {
    while (!reference.empty() && same) pop();
  }
};

// How far ahead of now an event is pushed, by workload.
struct Workload {
  std::string name;
  std::function<std::int64_t(Stream&)> ahead;
  std::function<std::uint64_t(Stream&)> tie;
};

const std::vector<Workload>& workloads() {
  static const auto any_tie = [](Stream& draw) { return draw(); };
  static const std::vector<Workload> all = {
      {"uniform over a day", [](Stream& d) { return static_cast<std::int64_t>(d.below(86'400'000'000)); }, any_tie},
      {"any scale from microseconds to years", [](Stream& d) { return static_cast<std::int64_t>(d() >> (12 + d.below(52))); },
       any_tie},
      {"now or a few microseconds on", [](Stream& d) { return static_cast<std::int64_t>(d.below(4)); }, any_tie},
      {"always now", [](Stream&) { return std::int64_t{0}; }, any_tie},
      {"always now, few ties", [](Stream&) { return std::int64_t{0}; }, [](Stream& d) { return d.below(3); }},
      {"equal events", [](Stream& d) { return static_cast<std::int64_t>(d.below(2)) * 1000; },
       [](Stream&) { return std::uint64_t{7}; }},
      {"whole hours, ties by class and entity", [](Stream& d) { return static_cast<std::int64_t>(d.below(5)) * 3'600'000'000; },
       [](Stream& d) { return Event::make(instant_at(0), static_cast<std::uint32_t>(d.below(2)), d.below(5000), 1).tie; }},
      {"mostly soon, seldom in a century",
       [](Stream& d) {
         return d.below(50) == 0 ? std::int64_t{3'155'760'000'000'000} : static_cast<std::int64_t>(d.below(1000));
       },
       any_tie},
  };
  return all;
}

TEST_CASE("The queue gives what std::priority_queue gives, step by step, at any number pending") {
  for (const Workload& work : workloads()) {
    for (const std::size_t pending : {1u, 2u, 7u, 24u, 25u, 31u, 32u, 33u, 48u, 64u, 100u, 300u, 1000u, 20'000u}) {
      Stream draw{pending};
      Pair pair;
      pair.now = -1'000'000;  // before 1970 too
      const auto event = [&] { return Event{pair.now + work.ahead(draw), work.tie(draw)}; };
      for (std::size_t i = 0; i < pending; ++i) pair.push(event());
      for (std::size_t i = 0; i < 3 * pending + 200 && pair.same; ++i) {
        pair.now = pair.reference.top().at_us;
        if (draw.below(2) == 0) {
          pair.pop_push(event());
        } else {
          pair.pop();
          pair.push(event());
        }
      }
      pair.drain();
      INFO(work.name << ", " << pending << " pending");
      REQUIRE(pair.same);
    }
  }
}

TEST_CASE("The queue gives what std::priority_queue gives while it swells and empties at random") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Stream draw{seed};
    Pair pair;
    const Workload& work = workloads()[seed % workloads().size()];
    for (int phase = 0; phase < 8 && pair.same; ++phase) {
      const std::uint64_t pushes_of_100 = 20 + draw.below(65);
      const std::uint64_t steps = 1 + draw.below(1500);
      for (std::uint64_t i = 0; i < steps && pair.same; ++i) {
        if (pair.reference.empty() || draw.below(100) < pushes_of_100) {
          // Sometimes another workload: clusters inside clusters.
          const Workload& now = draw.below(10) == 0 ? workloads()[draw.below(workloads().size())] : work;
          pair.push({pair.now + now.ahead(draw), now.tie(draw)});
        } else {
          pair.pop();
        }
      }
      if (draw.below(3) == 0) pair.drain();
    }
    pair.drain();
    INFO("seed " << seed << ", " << work.name);
    REQUIRE(pair.same);
  }
}

TEST_CASE("Pushes that each come before all pending ones come out in order") {
  Pair pair;
  for (std::int64_t i = 0; i < 5000; ++i) pair.push({1'000'000 - i, 0});
  for (std::int64_t i = 0; i < 5000; ++i) pair.push({2'000'000, static_cast<std::uint64_t>(10'000 - i)});
  pair.drain();
  REQUIRE(pair.same);
}

TEST_CASE("A herd at one microsecond comes out by its ties, also when each of its events pushes another there") {
  constexpr std::uint64_t herd = 1'000'000;
  constexpr std::int64_t at = 1'772'000'000'000'000;
  EventQueue queue;
  // 48271 is prime to the herd's size, so every tie comes once, out of order.
  for (std::uint64_t i = 0; i < herd; ++i) queue.push({at, (i * 48271 % herd) << 16});
  std::uint64_t popped = 0;
  bool ordered = true;
  while (queue.size() > herd / 2) {
    ordered = ordered && queue.top() == Event{at, popped << 16};
    queue.pop();
    ++popped;
    if (popped % 2 == 0) queue.push({at, (std::uint64_t{1} << 60) | popped});  // at the herd's end
  }
  REQUIRE(ordered);
  Event last{};
  while (!queue.empty()) {
    ordered = ordered && last < queue.top();
    last = queue.top();
    queue.pop();
  }
  REQUIRE(ordered);
  REQUIRE(last.klass() == 1);
}

TEST_CASE("A million equal events are no trouble") {
  EventQueue queue;
  for (int i = 0; i < 1'000'000; ++i) queue.push({5, 5});
  queue.push({5, 4});
  REQUIRE(queue.top().tie == 4);
  queue.pop();
  std::size_t popped = 0;
  for (; !queue.empty(); queue.pop()) ++popped;
  REQUIRE(popped == 1'000'000);
}

TEST_CASE("Instants from 1900 to just before never can be pending together") {
  EventQueue queue;
  const std::vector<std::int64_t> instants = {us_of(never) - 1, -2'208'988'800'000'000, 0, 7'258'118'400'000'000, 1};
  for (std::size_t round = 0; round < 50; ++round)
    for (const std::int64_t at : instants) queue.push({at, ~std::uint64_t{0} - round});
  std::vector<Event> seen;
  for (; !queue.empty(); queue.pop()) seen.push_back(queue.top());
  REQUIRE(seen.size() == 250);
  REQUIRE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("An emptied or cleared queue starts afresh") {
  for (const std::size_t pending : {10u, 100u, 10'000u}) {
    Stream draw{pending};
    EventQueue queue;
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = 0; i < pending; ++i) queue.push({1'000'000 + static_cast<std::int64_t>(draw.below(1'000'000)), i});
      for (std::size_t i = 0; i < pending / 3; ++i) queue.pop();
      REQUIRE(queue.size() == pending - pending / 3);
      queue.clear();
      REQUIRE(queue.empty());
      REQUIRE(queue.size() == 0);
      queue.push({5, 1});  // earlier than all that were popped
      queue.push({3, 1});
      REQUIRE(queue.top() == Event{3, 1});
      queue.clear();
    }
  }
}

TEST_CASE("Nearly every event is announced before it is popped, and hardly any twice") {
  Stream draw{1};
  EventQueue queue;
  for (int i = 0; i < 20'000; ++i) queue.push({static_cast<std::int64_t>(draw.below(1'000'000)), draw()});
  std::map<Event, int> announced;
  int popped = 0, unannounced = 0;
  while (!queue.empty()) {
    queue.announce([&](const Event& event) { ++announced[event]; });
    const Event next = queue.top();
    queue.pop();
    ++popped;
    unannounced += announced.contains(next) ? 0 : 1;
    if (popped <= 10'000) queue.push({next.at_us + 1 + static_cast<std::int64_t>(draw.below(1'000'000)), draw()});
  }
  const auto twice = std::count_if(announced.begin(), announced.end(), [](const auto& one) { return one.second > 1; });
  CHECK(popped == 30'000);
  CHECK(unannounced < popped / 20);
  CHECK(twice < popped / 20);
}

TEST_CASE("What is announced is pending") {
  EventQueue queue;
  queue.announce([](const Event&) { FAIL("nothing is"); });
  for (std::int64_t i = 0; i < 5'000; ++i) queue.push({i / 100, static_cast<std::uint64_t>(i)});  // herds
  while (!queue.empty()) {
    const Event next = queue.top();
    queue.announce([&](const Event& event) { REQUIRE(event >= next); });
    queue.pop();
  }
}

TEST_CASE("An event packs its class, entity and sequence into the tie, the class first in order") {
  const Event event = Event::make(instant_at(42), 3, 0xABC'1234'5678, 0xFFFF);
  REQUIRE(event.at() == instant_at(42));
  REQUIRE(event.klass() == 3);
  REQUIRE(event.entity() == 0xABC'1234'5678);
  REQUIRE(event.sequence() == 0xFFFF);
  REQUIRE(Event::make(instant_at(42), 0, 900, 9) < Event::make(instant_at(42), 1, 1, 1));
  REQUIRE(Event::make(instant_at(42), 1, 1, 9) < Event::make(instant_at(42), 1, 2, 1));
  REQUIRE(Event::make(instant_at(41), 1, 1, 9) < Event::make(instant_at(42), 0, 1, 1));
}

}  // namespace
}  // namespace dueprocess
