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

/// What happened between the two, into whatever has these members (RunFacts, RunRecord).
template <class Facts>
void note_cost(const ProcessFacts& before, const ProcessFacts& after, Facts& facts) {
  facts.wall_s = after.wall_s - before.wall_s;
  facts.cpu_user_s = after.cpu_user_s - before.cpu_user_s;
  facts.cpu_system_s = after.cpu_system_s - before.cpu_system_s;
  facts.memory_peak_bytes = after.memory_peak_bytes;
}

}  // namespace dueprocess
