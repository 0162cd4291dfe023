// The event loop of one thread of a live run: what targets call back on, and the timers of the drive.
//
// Threads: post() and stop() from any thread, all else on the loop's own. Times are the harness's: nanoseconds since the run
// began, the same moment for all loops of a run.
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
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
