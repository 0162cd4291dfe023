#include "sim/kernel/station.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

namespace dueprocess {

Station::Station(std::uint32_t workers, std::uint64_t line_max) : line_max_(line_max), free_from_(workers, Instant::min()) {
  assert(workers >= 1);
}

std::size_t Station::in_line(Instant now) const {
  return static_cast<std::size_t>(begins_.end() - std::upper_bound(begins_.begin(), begins_.end(), now));
}

bool Station::arrive(Instant now, std::uint64_t id, Duration takes) {
  assert(takes >= Duration::zero());
  while (!begins_.empty() && begins_.front() <= now) begins_.pop_front();
  const Instant begins = std::max(now, free_from_.front());
  if (begins > now && begins_.size() >= line_max_) return false;
  if (begins > now) begins_.push_back(begins);
  std::pop_heap(free_from_.begin(), free_from_.end(), std::greater<>{});
  free_from_.back() = begins + takes;
  std::push_heap(free_from_.begin(), free_from_.end(), std::greater<>{});
  jobs_.push_back({{id, now, begins, begins + takes}, arrivals_++});
  std::push_heap(jobs_.begin(), jobs_.end(), later);
  return true;
}

Station::Job Station::end_next() {
  assert(!jobs_.empty());
  std::pop_heap(jobs_.begin(), jobs_.end(), later);
  const Job job = jobs_.back().job;
  jobs_.pop_back();
  return job;
}

std::vector<Station::Job> Station::clear(Instant now) {
  std::sort(jobs_.begin(), jobs_.end(), [](const Present& a, const Present& b) { return a.number < b.number; });
  std::vector<Job> sent_away;
  for (const Present& present : jobs_) sent_away.push_back(present.job);
  jobs_.clear();
  begins_.clear();
  std::fill(free_from_.begin(), free_from_.end(), now);
  return sent_away;
}

}  // namespace dueprocess
