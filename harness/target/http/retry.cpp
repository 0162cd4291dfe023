#include "harness/target/http/retry.hpp"

#include <algorithm>
#include <charconv>

namespace dueprocess::http {

namespace {

bool may_pass(unsigned status) {
  switch (status) {
    case 408:  // request time-out
    case 425:  // too early
    case 429:  // too many requests
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

bool worth_another(const Attempt& attempt) {
  switch (attempt.failure) {
    case Failure::none:
      return may_pass(attempt.status) && attempt.replayable;
    case Failure::no_connection:
      return true;
    case Failure::timed_out:
    case Failure::cut:
      return attempt.replayable || attempt.unsent;
    case Failure::tls:
    case Failure::garbage:
    case Failure::unreadable:
    case Failure::unsupported:
      return false;
  }
  return false;
}

}  // namespace

std::optional<HarnessTime> wait_before_retry(const RetryPolicy& policy, const Attempt& attempt, std::uint32_t chance) {
  if (attempt.number >= policy.attempts || !worth_another(attempt)) return std::nullopt;
  if (attempt.stale) return 0;  // nothing is wrong but the connection's age
  HarnessTime wait = policy.first_ns;
  for (unsigned i = 1; i < attempt.number && wait < policy.most_ns; ++i) wait *= 2;
  wait = std::min(wait, policy.most_ns);
  wait = wait / 2 + static_cast<HarnessTime>((static_cast<std::uint64_t>(wait - wait / 2) >> 16) * (chance >> 16));
  if (attempt.failure == Failure::none && attempt.retry_after_ns > 0) {
    if (attempt.retry_after_ns > policy.retry_after_most_ns) return std::nullopt;
    wait = std::max(wait, attempt.retry_after_ns);
  }
  return wait;
}

HarnessTime read_retry_after(std::string_view field) {
  std::uint32_t seconds = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, seconds);
  if (field.empty() || error != std::errc{} || stop != end) return -1;
  return HarnessTime{seconds} * 1'000'000'000;
}

}  // namespace dueprocess::http
