// The service's test clock as the threads of a run share it. The first to join leads: its target moves the clock, to the
// earliest instant at which any thread still has something to ask; then all are told.
//
// Threads: want(), ended() and failed() from any; a member's calls come on its own loop.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "harness/live/loop.hpp"
#include "harness/target/live_target.hpp"

namespace dueprocess {

class TestClock {
 public:
  struct Member {
    Loop* loop = nullptr;
    LiveTarget* target = nullptr;
    std::function<void(Instant now)> moved;
    std::function<void()> ended;  // nothing will happen any more: every timer has fired
    std::function<void(const std::string& problem)> failed;
    std::atomic<std::int64_t> floor_us{INT64_MIN};            // nothing is asked for before it; INT64_MAX: nothing at all
    std::atomic<std::int64_t> latest_deadline_us{INT64_MIN};  // that was ever told: the service may keep its next one to itself
  };

  /// REQUIRES: all join before anything else is called; members outlive the clock's calls.
  void join(Member&);

  Instant now() const { return instant_at(now_us_.load(std::memory_order_acquire)); }
  /// Brings the clock to where the run begins.
  void start(Instant, LiveTarget::Done);
  /// The leader's loop only: at once, whatever the others do.
  void advance_to(Instant, std::function<void()> done);
  /// Somebody waits until the clock has reached `until`, or every floor is `never`.
  void want(Instant until);
  /// What is wanted by anybody; never: nothing. Whoever raises its floor past it calls consider().
  Instant wanted() const { return instant_at(wanted_us_.load(std::memory_order_acquire)); }
  void consider();
  /// Something went wrong for good: all are told.
  void fail(const std::string& problem);

 private:
  Member& leader() { return *members_.front(); }
  void consider_here();
  void run_out(Instant next_deadline);
  Instant floor() const;
  void tell_moved();

  std::vector<Member*> members_;
  std::atomic<std::int64_t> now_us_{INT64_MIN}, wanted_us_{INT64_MAX};
  // the leader's loop only
  bool moving_ = false, over_ = false;
  unsigned stuck_ = 0;
  std::atomic<bool> failed_{false};
};

}  // namespace dueprocess
