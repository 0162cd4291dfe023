// The event loop of one thread of a live run: what targets call back on, and the timers of the drive.
//
// Threads: post() and stop() from any thread, all else on the loop's own. Times are the harness's: nanoseconds since the run
// began, the same moment for all loops of a run.
//
// A loop that gathers: where sends and answers come densely, each alone would pay for a wake-up of this process and of the
// service's, which is most of what a request costs. So the loop then wakes once in `gather_ns` and does all that came meanwhile.
//
//   few, far apart   |   !        !           !        each at its instant
//   many             |.....!.....!.....!.....!.....    whatever came since the last !: up to gather_ns late
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "harness/record/live.hpp"
#include "harness/target/in_memory_target.hpp"

namespace boost::asio {
class io_context;
}

namespace dueprocess {

class Loop {
 public:
  /// `began_ns`: the machine's monotonic clock when the run began. Timers of this thread become exact (run_clock.hpp).
  explicit Loop(HarnessTime began_ns);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  HarnessTime now() const;
  HarnessTime began_ns() const;
  void post(std::function<void()>);
  void call_at(HarnessTime, std::function<void()>);
  /// Until stop(). What is still waiting then is never called.
  void run();
  void stop();
  void restart();  // after a stop(): run() may be called again
  /// From now on, where `dense_per_gather` or more things are done in so long. 0 (so it begins): never.
  void gather(HarnessTime gather_ns);
  /// Something was done (sent, answered) that would be worth a wake-up of its own. Only what is counted so makes a loop dense.
  void did_one();
  static constexpr unsigned dense_per_gather = 2;
  boost::asio::io_context& context();
  LoopCalls calls();  // for targets that know no more of a loop

  /// One timer, set again and again.
  class Alarm {
   public:
    Alarm(Loop&, std::function<void()> rings);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    void set(HarnessTime at);  // instead of what was set before; in the past: soon. never_ns: not at all

   private:
    friend class Loop;
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
