// What the operating system says of this process: a home for the real clock, which nothing in sim/ may see.
#pragma once

#include <cstdint>

namespace dueprocess {

struct ProcessFacts {
  double wall_s = 0;  // monotonic, arbitrary zero
  double cpu_user_s = 0, cpu_system_s = 0;
  std::uint64_t memory_peak_bytes = 0;  // resident set
};

ProcessFacts process_facts();

}  // namespace dueprocess
