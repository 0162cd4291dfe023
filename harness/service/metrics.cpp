#include "harness/service/metrics.hpp"

#include <fmt/format.h>

#include <iterator>

namespace dueprocess::service {
namespace {

class Text {
 public:
  explicit Text(std::span<const ThreadMetrics* const> threads) : threads_(threads) {}

  void family(std::string_view name, std::string_view type, std::string_view what) {
    fmt::format_to(std::back_inserter(text), "# TYPE dueprocess_{} {}\n# HELP dueprocess_{} {}\n", name, type, name, what);
  }
  void counter(std::string_view name, std::string_view what, std::uint64_t value) {
    family(name, "counter", what);
    fmt::format_to(std::back_inserter(text), "dueprocess_{}_total {}\n", name, value);
  }
  void counter(std::string_view name, std::string_view what, Counter ThreadMetrics::*member) { counter(name, what, sum(member)); }
  void gauge(std::string_view name, std::string_view what, std::uint64_t value) {
    family(name, "gauge", what);
    fmt::format_to(std::back_inserter(text), "dueprocess_{} {}\n", name, value);
  }
  std::uint64_t sum(Counter ThreadMetrics::*member) const {
    std::uint64_t total = 0;
    for (const ThreadMetrics* thread : threads_) total += (thread->*member).get();
    return total;
  }
  void requests() {
    family("requests", "counter", "requests answered");
    for (std::size_t action = 0; action <= action_count; ++action)
      for (std::size_t status = 0; status < 6; ++status) {
        std::uint64_t total = 0;
        for (const ThreadMetrics* thread : threads_) total += thread->requests[action][status].get();
        if (total == 0) continue;
        const std::string_view route = action < action_count ? all_routes()[action].id : "none";
        fmt::format_to(std::back_inserter(text), "dueprocess_requests_total{{route=\"{}\",status=\"{}xx\"}} {}\n", route, status,
                       total);
      }
  }

  std::string text;

 private:
  std::span<const ThreadMetrics* const> threads_;
};

}  // namespace

std::string metrics_text(std::span<const ThreadMetrics* const> threads, const ServiceFacts& facts) {
  using M = ThreadMetrics;
  Text out{threads};
  out.requests();
  out.gauge("connections", "open connections", out.sum(&M::connections_opened) - out.sum(&M::connections_closed));
  out.counter("connections_opened", "connections taken", &M::connections_opened);
  out.counter("connections_refused", "connections over the limit, answered with 503", &M::refused_connections);
  out.counter("requests_timed_out", "requests that did not come in time", &M::timed_out);
  out.counter("requests_broken", "requests that were not HTTP, or over a limit", &M::broken);
  out.counter("received_bytes", "bytes received", &M::bytes_in);
  out.counter("sent_bytes", "bytes sent", &M::bytes_out);
  out.counter("upload_bytes", "bytes of uploads", &M::upload_bytes);
  out.counter("uploads_aborted", "uploads that broke off", &M::uploads_aborted);
  out.gauge("orders", "orders placed", facts.desk.orders);
  out.gauge("users", "users known", facts.desk.users);
  out.gauge("idempotency_keys", "keys remembered", facts.desk.keys);
  out.counter("feed_pieces", "events, notifications and payments", facts.desk.seen);
  out.counter("timers_fired", "auto-completions", facts.desk.fired);
  out.gauge("timer_lateness_max_microseconds", "the latest that a timer fired after its deadline", facts.desk.late_us_max);
  if (facts.has_journal) {
    out.counter("journal_entries", "entries kept", facts.journal_entries);
    out.counter("journal_commits", "commits, each of one or more entries", facts.journal_commits);
  }
  if (facts.has_webhook) {
    out.counter("webhooks_sent", "webhook calls that were taken", facts.webhooks_sent);
    out.counter("webhooks_failed", "attempts that were not", facts.webhooks_failed);
    out.counter("webhooks_overflow", "pieces left out because too many were waiting", facts.webhooks_overflow);
    out.gauge("webhooks_waiting", "pieces that wait", facts.webhooks_waiting);
  }
  out.text += "# EOF\n";
  return std::move(out.text);
}

}  // namespace dueprocess::service
