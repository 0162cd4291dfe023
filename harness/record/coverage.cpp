#include "harness/record/coverage.hpp"

#include <algorithm>

namespace dueprocess {

void Coverage::merge(const Coverage& other) {
  for (std::size_t state = 0; state < operations.size(); ++state)
    for (std::size_t kind = 0; kind < operations[state].size(); ++kind)
      for (std::size_t outcome = 0; outcome < operations[state][kind].size(); ++outcome)
        operations[state][kind][outcome] += other.operations[state][kind][outcome];
  for (std::size_t i = 0; i < boundaries.size(); ++i) boundaries[i] += other.boundaries[i];
  late_deliveries += other.late_deliveries;
  redeliveries += other.redeliveries;
  extensions += other.extensions;
  long_extensions += other.long_extensions;
  key_replays += other.key_replays;
  repeats_without_key += other.repeats_without_key;
  dst_reviews += other.dst_reviews;
  leap_day_reviews += other.leap_day_reviews;
  herd_completions += other.herd_completions;
  herd_largest = std::max(herd_largest, other.herd_largest);
  reviews_over_restart += other.reviews_over_restart;
  deadlines_in_downtime += other.deadlines_in_downtime;
}

}  // namespace dueprocess
