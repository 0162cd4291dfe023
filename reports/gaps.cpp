#include "reports/gaps.hpp"

#include <cstddef>
#include <utility>

#include "harness/record/coverage.hpp"

namespace dueprocess {
namespace {

std::uint64_t taken(const Tally& tally, OperationKind kind) {
  return tally.operations[static_cast<std::size_t>(kind)][static_cast<std::size_t>(Outcome::ok)];
}

std::uint64_t around(const Coverage& coverage, Boundary before, Boundary after) {
  return coverage.boundaries[static_cast<std::size_t>(before)] + coverage.boundaries[static_cast<std::size_t>(after)];
}

}  // namespace

std::vector<Gap> gaps_in(const Tally& tally, const Policy& policy) {
  const Coverage& coverage = tally.coverage;
  std::vector<Gap> gaps;
  if (tally.placed == 0) return {{"orders", "no order was placed: nothing was checked"}};
  const auto need = [&](std::string_view name, bool met, const char* otherwise) {
    if (!met) gaps.push_back({name, otherwise});
  };

  need("deliveries", taken(tally, OperationKind::deliver) > 0, "no order was delivered: no review ever began");
  need("auto_completions", tally.completed_by_auto > 0, "no order was completed by auto: nothing was learnt about its timing");
  need("acceptances", tally.completed_by_buyer > 0, "no delivery was accepted by its buyer");
  need("redeliveries", coverage.redeliveries > 0, "no modified work was delivered: no deadline was ever voided and set again");
  need("extensions", coverage.extensions > 0, "no review was extended");
  need("late_deliveries", coverage.late_deliveries > 0, "no delivery was late");

  const std::uint64_t at_deadline = coverage.boundaries[static_cast<std::size_t>(Boundary::at_deadline)];
  const std::uint64_t within_1us = around(coverage, Boundary::within_1us_before, Boundary::within_1us_after);
  const std::uint64_t within_1ms = around(coverage, Boundary::within_1ms_before, Boundary::within_1ms_after);
  const std::uint64_t within_1s = around(coverage, Boundary::within_1s_before, Boundary::within_1s_after);
  if (at_deadline + within_1us + within_1ms + within_1s == 0) {
    gaps.push_back({"within_1s", "no operation came within 1 s of a deadline"});
  } else {
    need("within_1ms", at_deadline + within_1us + within_1ms > 0, "no operation came within 1 ms of a deadline");
    need("at_deadline", at_deadline > 0, "no operation came at the very instant of a deadline");
  }

  need("long_reviews", coverage.long_extensions > 0, "no review was pushed past 2^31 ms (24.8 days)");
  need("herds", coverage.herd_largest > 1, "no two orders were completed by auto at one instant");
  need("key_replays", coverage.key_replays > 0, "no operation was retried with its idempotency key");
  need("repeats", coverage.repeats_without_key > 0, "no operation was repeated without a key");
  need("restarts", coverage.reviews_over_restart > 0, "no review lived through a restart of the target");
  if (policy.days == DayRule::calendar) need("dst", coverage.dst_reviews > 0, "no review crossed a daylight-saving change");
  return gaps;
}

std::vector<std::string> not_met_in(const Tally& tally, const Policy& policy) {
  std::vector<std::string> words;
  for (Gap& gap : gaps_in(tally, policy)) words.push_back(std::move(gap.words));
  return words;
}

std::span<const std::string_view> situations() {
  static constexpr std::string_view names[] = {"orders",       "deliveries",  "auto_completions", "acceptances",
                                               "redeliveries", "extensions",  "late_deliveries",  "within_1s",
                                               "within_1ms",   "at_deadline", "long_reviews",     "herds",
                                               "key_replays",  "repeats",     "restarts",         "dst"};
  return names;
}

}  // namespace dueprocess
