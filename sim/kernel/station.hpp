// A queueing station: c workers, one line first come first served, of bounded length; whole microseconds.
//
//   arrive ──▶ [ line, at most so many ] ──▶ c workers, each one job at a time ──▶ end
//
// How long a job takes is known as it arrives, so its begin and its end are: the line keeps its order, and a worker who is free
// at the very instant of an arrival takes it without waiting. No clock of its own and no chance: who drives it owns both. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "sim/kernel/time.hpp"

namespace dueprocess {

class Station {
 public:
  struct Job {
    std::uint64_t id = 0;
    Instant arrived = never, begins = never, ends = never;
    Duration waited() const { return begins - arrived; }
  };

  /// REQUIRES: workers >= 1. `line_max`: of those who wait, not of those being served.
  Station(std::uint32_t workers, std::uint64_t line_max);

  /// False: all workers are busy and the line is full. REQUIRES: now not before any earlier arrival, takes >= 0, and every job
  /// that ends by `now` was taken.
  bool arrive(Instant now, std::uint64_t id, Duration takes);
  Instant next_end() const { return jobs_.empty() ? never : jobs_.front().job.ends; }  // never: nobody is here
  /// The job that ends first (ties: the one that arrived first) leaves. REQUIRES: next_end() != never.
  Job end_next();
  /// Everybody is sent away, in order of arrival; all workers are free from `now` on.
  std::vector<Job> clear(Instant now);

  std::size_t in_line(Instant now) const;  // those who have not begun
  std::size_t present() const { return jobs_.size(); }

 private:
  struct Present {
    Job job;
    std::uint64_t number;  // of arrival
  };
  static bool later(const Present& a, const Present& b) {
    return a.job.ends != b.job.ends ? a.job.ends > b.job.ends : a.number > b.number;
  }

  std::uint64_t line_max_;
  std::uint64_t arrivals_ = 0;
  std::vector<Instant> free_from_;  // a heap: the worker who is free first in front
  std::deque<Instant> begins_;      // of those in line, ascending: nobody overtakes
  std::vector<Present> jobs_;       // a heap by their ends
};

}  // namespace dueprocess
