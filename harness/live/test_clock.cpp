#include "harness/live/test_clock.hpp"

#include <algorithm>
#include <utility>

namespace dueprocess {
namespace {

constexpr unsigned stuck_max = 1000;  // timers still due at the instant the clock was advanced to, one advance after the other

}  // namespace

void TestClock::join(Member& member) { members_.push_back(&member); }

void TestClock::start(Instant at, LiveTarget::Done done) {
  leader().target->advance(at, [this, at, done = std::move(done)](const std::string& problem, Instant) {
    now_us_.store(us_of(at), std::memory_order_release);
    done(problem);
  });
}

void TestClock::advance_to(Instant to, std::function<void()> done) {
  leader().target->advance(to, [this, to, done = std::move(done)](const std::string& problem, Instant) {
    if (!problem.empty()) return fail(problem);
    now_us_.store(us_of(to), std::memory_order_release);
    done();
  });
}

void TestClock::want(Instant until) {
  std::int64_t wanted = wanted_us_.load(std::memory_order_acquire);
  while (us_of(until) < wanted && !wanted_us_.compare_exchange_weak(wanted, us_of(until), std::memory_order_acq_rel)) {
  }
  consider();
}

void TestClock::consider() {
  leader().loop->post([this] { consider_here(); });
}

Instant TestClock::floor() const {
  std::int64_t floor = INT64_MAX;
  for (const Member* member : members_) floor = std::min(floor, member->floor_us.load(std::memory_order_acquire));
  return instant_at(floor);
}

void TestClock::consider_here() {
  if (moving_ || over_ || failed_.load(std::memory_order_relaxed)) return;
  const Instant to = floor();
  if (to == never) {
    over_ = true;
    std::int64_t latest = us_of(now());
    for (const Member* member : members_) latest = std::max(latest, member->latest_deadline_us.load(std::memory_order_acquire));
    return run_out(instant_at(latest));
  }
  if (to < wanted() || to <= now()) return;
  moving_ = true;
  wanted_us_.store(INT64_MAX, std::memory_order_release);
  advance_to(to, [this] {
    moving_ = false;
    tell_moved();
    consider_here();
  });
}

/// Nobody asks for anything any more: on to the last timer.
void TestClock::run_out(Instant next) {
  leader().target->advance(
      std::max(next, now()), [this, to = std::max(next, now())](const std::string& problem, Instant following) {
        if (!problem.empty()) return fail(problem);
        stuck_ = to == now() ? stuck_ + 1 : 0;
        now_us_.store(us_of(to), std::memory_order_release);
        if (following != never && stuck_ < stuck_max) return run_out(following);
        if (following != never)
          return fail("the test clock stands still: a timer stays due however often the clock is advanced to it");
        for (Member* member : members_) member->loop->post([member] { member->ended(); });
      });
}

void TestClock::tell_moved() {
  for (Member* member : members_) member->loop->post([member, at = now()] { member->moved(at); });
}

void TestClock::fail(const std::string& problem) {
  if (failed_.exchange(true)) return;
  for (Member* member : members_) member->loop->post([member, problem] { member->failed(problem); });
}

}  // namespace dueprocess
