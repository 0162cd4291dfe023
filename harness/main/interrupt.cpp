#include "harness/main/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

namespace dueprocess {
namespace {

// All a signal handler may touch.
std::atomic<bool> stop_requested{false};
std::atomic<int> first_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

struct sigaction before_int, before_term;

extern "C" void on_interrupt(int signal) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, signal)) _exit(128 + signal);
  stop_requested.store(true);
}

}  // namespace

InterruptWatch::InterruptWatch() {
  stop_requested = false;
  first_signal = 0;
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &before_int);
  sigaction(SIGTERM, &action, &before_term);
}

InterruptWatch::~InterruptWatch() {
  sigaction(SIGINT, &before_int, nullptr);
  sigaction(SIGTERM, &before_term, nullptr);
}

const std::atomic<bool>& InterruptWatch::stop() { return stop_requested; }
int InterruptWatch::signal() { return first_signal; }

void ignore_broken_pipes() {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace dueprocess
