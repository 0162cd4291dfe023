// Counters of one thread's requests, read by any. What the desk counts is its own.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "harness/service/desk.hpp"
#include "harness/service/routes.hpp"

namespace dueprocess::service {

/// Only its thread adds, so adding is no more than a load and a store.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct ThreadMetrics {
  std::array<std::array<Counter, 6>, action_count + 1> requests;  // by action (the last: none) and class of status
  Counter connections_opened, connections_closed, refused_connections, timed_out, broken;
  Counter bytes_in, bytes_out, upload_bytes, uploads_aborted;

  void answered(const Route* route, unsigned status) {
    requests[route ? static_cast<std::size_t>(route->action) : action_count][status / 100 < 6 ? status / 100 : 0].add();
  }
};

/// What else there is to tell.
struct ServiceFacts {
  DeskCounts desk;
  std::uint64_t webhooks_sent = 0, webhooks_failed = 0, webhooks_waiting = 0, webhooks_overflow = 0;
  std::uint64_t journal_entries = 0, journal_commits = 0;
  bool has_webhook = false, has_journal = false;
};

/// OpenMetrics text.
std::string metrics_text(std::span<const ThreadMetrics* const> threads, const ServiceFacts&);

}  // namespace dueprocess::service
