#include "harness/target/http/retry.hpp"

#include "catch.hpp"

namespace dueprocess::http {
namespace {

constexpr HarnessTime ms = 1'000'000;
constexpr HarnessTime never_again = -1;

HarnessTime wait(const Attempt& attempt, std::uint32_t chance = 0, const RetryPolicy& policy = {}) {
  return wait_before_retry(policy, attempt, chance).value_or(never_again);
}

TEST_CASE("When a request is tried again") {
  struct Row {
    const char* what;
    Attempt attempt;
    HarnessTime wait;  // with the smallest chance: half of what the doubling says
  };
  const Row rows[] = {
      {"no connection", {.failure = Failure::no_connection}, 25 * ms},
      {"no connection, the second time", {.number = 2, .failure = Failure::no_connection}, 50 * ms},
      {"no connection, the last time", {.number = 5, .failure = Failure::no_connection}, never_again},
      {"cut, not replayable", {.failure = Failure::cut}, never_again},
      {"cut, replayable", {.failure = Failure::cut, .replayable = true}, 25 * ms},
      {"cut before anything was sent", {.failure = Failure::cut, .unsent = true}, 25 * ms},
      {"stale, not replayable", {.failure = Failure::cut, .stale = true}, never_again},
      {"stale, replayable", {.failure = Failure::cut, .replayable = true, .stale = true}, 0},
      {"stale, unsent", {.failure = Failure::cut, .unsent = true, .stale = true}, 0},
      {"stale, the last time", {.number = 5, .failure = Failure::cut, .replayable = true, .stale = true}, never_again},
      {"timed out, not replayable", {.failure = Failure::timed_out}, never_again},
      {"timed out, replayable", {.failure = Failure::timed_out, .replayable = true}, 25 * ms},
      {"garbage", {.failure = Failure::garbage, .replayable = true}, never_again},
      {"tls", {.failure = Failure::tls, .replayable = true, .unsent = true}, never_again},
      {"200", {.status = 200, .replayable = true}, never_again},
      {"302", {.status = 302, .replayable = true}, never_again},
      {"404", {.status = 404, .replayable = true}, never_again},
      {"409", {.status = 409, .replayable = true}, never_again},
      {"408", {.status = 408, .replayable = true}, 25 * ms},
      {"429", {.status = 429, .replayable = true}, 25 * ms},
      {"429, not replayable", {.status = 429}, never_again},
      {"500", {.status = 500, .replayable = true}, 25 * ms},
      {"501", {.status = 501, .replayable = true}, never_again},
      {"503", {.status = 503, .replayable = true}, 25 * ms},
      {"503, not replayable", {.status = 503}, never_again},
      {"503, after two seconds", {.status = 503, .retry_after_ns = 2000 * ms, .replayable = true}, 2000 * ms},
      {"503, at once", {.status = 503, .retry_after_ns = 0, .replayable = true}, 25 * ms},
      {"503, tomorrow", {.status = 503, .retry_after_ns = 86'400'000 * ms, .replayable = true}, never_again},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(wait(row.attempt) == row.wait);
  }
}

TEST_CASE("Waits double up to the longest, each drawn from its upper half") {
  RetryPolicy policy;
  policy.attempts = 100;
  HarnessTime whole_wait = policy.first_ns;
  for (unsigned number = 1; number < 99; ++number) {
    const Attempt attempt{.number = number, .failure = Failure::no_connection};
    CHECK(wait(attempt, 0, policy) == whole_wait / 2);
    const HarnessTime longest = wait(attempt, UINT32_MAX, policy);
    CHECK(longest > whole_wait - whole_wait / 1000);
    CHECK(longest <= whole_wait);
    whole_wait = std::min(whole_wait * 2, policy.most_ns);
  }
}

TEST_CASE("A Retry-After is a whole_wait number of seconds or nothing") {
  CHECK(read_retry_after("0") == 0);
  CHECK(read_retry_after("120") == 120'000 * ms);
  CHECK(read_retry_after("") < 0);
  CHECK(read_retry_after("-1") < 0);
  CHECK(read_retry_after("1.5") < 0);
  CHECK(read_retry_after("99999999999") < 0);
  CHECK(read_retry_after("Fri, 31 Dec 1999 23:59:59 GMT") < 0);
}

}  // namespace
}  // namespace dueprocess::http
