// Runs a command of the user's by /bin/sh, for so long and no longer.
#pragma once

#include <string>

#include "sim/kernel/time.hpp"

namespace dueprocess {

struct CommandEnd {
  std::string
      how;  // "ended with 0", "ended with 3", "killed by signal 9", "killed after 10s, its time limit", "could not be run: ..."
  std::string output;   // the last 4 KiB of what it said, both streams
  bool failed = false;  // anything but an end with 0
};

/// Something to be waited for that ends commands early: readable from call() on.
class Recall {
 public:
  Recall();
  ~Recall();
  Recall(const Recall&) = delete;
  Recall& operator=(const Recall&) = delete;
  void call();
  int file() const { return file_; }

 private:
  int file_;
};

/// Waits for the command's own end; what it left running in the background (`serve &`) goes on. At the limit, or when it is
/// recalled, it is killed together with everything it started, a process that made a session of its own (setsid) excepted. It
/// gets an empty standard input and none of this process's files. Real time; any thread.
CommandEnd run_by_shell(const std::string& command, Duration limit, const Recall&);

}  // namespace dueprocess
