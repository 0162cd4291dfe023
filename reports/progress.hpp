// The line that shows how far a run is: redrawn in place about five times a second by a thread of its own, gone without
// a trace when it stops. Off a terminal nothing is drawn and no thread is started.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "reports/terminal.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

/// How far the run is at one moment.
struct ProgressSample {
  Instant virtual_now = never;
  std::uint64_t orders_done = 0, orders_total = 0;
  std::uint64_t events = 0;
  std::uint64_t violations = 0;
  Duration elapsed{0};  // wall clock since the start
  bool stopping = false;
};

/// One line, shorter than style.width columns. `events_per_s`: lately.
std::string progress_text(const ProgressSample&, double events_per_s, const TextStyle&);

class ProgressLine {
 public:
  /// Draws on the descriptor if it is a terminal. `read` is called from the drawing thread until stop().
  ProgressLine(int descriptor, const TextStyle&, std::function<ProgressSample()> read);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Erases the line; nothing is drawn any more.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
