#include "catch.hpp"
#include "naive.hpp"
#include "walk.hpp"

using namespace dueprocess;
using namespace dueprocess::test;

namespace {

// One walk on the engine and the naive rules; says at which step they part, or -1.
int part_at(std::uint64_t walk) {
  Choices choose(20260302, walk);
  const Policy policy = random_policy(choose);
  const std::uint32_t orders = 1 + choose.of(5);
  Engine engine(policy, OrderRange{OrderId{1}, orders});
  Naive naive(policy);
  // Near a clock change half of the time.
  Instant now = start + std::chrono::hours{choose.among({0, 24 * 6 - 40, 24 * 25, 24 * 30, 24 * 240, 24 * 243})};
  for (int step = 0; step < 120; ++step) {
    const Instant to = random_step(choose, now, naive.next_timer());
    if (choose.one_in(30)) {
      while (naive.next_timer() < now) naive.fire_next();
      while (engine.next_timer() < now) engine.fire_next();
      engine.restart(now, to);
      naive.restart(now, to);
    } else {
      while (naive.next_timer() <= to) {
        if (engine.next_timer() != naive.next_timer()) return step;
        naive.fire_next();
        engine.fire_next();
      }
    }
    now = to;
    if (engine.next_timer() != naive.next_timer()) return step;
    while (naive.next_timer() <= now) {
      naive.fire_next();
      engine.fire_next();
    }
    const Operation op = random_operation(choose, policy, now, orders);
    Answer answer;
    engine.perform(op, now, answer);
    if (parts(answer) != parts(naive.perform(op, now))) return step;
    if (engine.next_timer() != naive.next_timer()) return step;
    if (!same_evidence(engine.evidence(), naive.seen)) return step;
    if (choose.one_in(2)) {
      engine.evidence().clear();
      naive.seen.clear();
    }
  }
  return -1;
}

}  // namespace

TEST_CASE("on random walks the engine does what the rules say, read naively") {
  for (std::uint64_t walk = 0; walk < 6000; ++walk) {
    const int step = part_at(walk);
    if (step >= 0) FAIL("walk " << walk << " parts at step " << step);
  }
}
