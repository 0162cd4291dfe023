#include "harness/drive/process_facts.hpp"

#include <sys/resource.h>

#include <chrono>

namespace dueprocess {
namespace {

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6; }

}  // namespace

ProcessFacts process_facts() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration<double>(since_boot).count(), seconds_of(usage.ru_utime), seconds_of(usage.ru_stime),
          static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

}  // namespace dueprocess
