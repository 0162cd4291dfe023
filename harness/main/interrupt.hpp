// Ctrl-C and SIGTERM during a run: the first asks it to end and keep what is done, the second ends the process at once.
#pragma once

#include <atomic>

namespace dueprocess {

/// While one lives, the two signals set `stop()`. One at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();  // the signals do again what they did
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  static const std::atomic<bool>& stop();
  static int signal();  // the one that came first; 0: none
};

/// A reader that goes away is told by the failing write, not by a signal that ends the process before its result is written.
void ignore_broken_pipes();

}  // namespace dueprocess
