#include "harness/record/tally.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

namespace dueprocess {
namespace {

template <std::size_t N>
void add(std::array<std::uint64_t, N>& into, const std::array<std::uint64_t, N>& from) {
  for (std::size_t i = 0; i < N; ++i) into[i] += from[i];
}

// The union of two sorted lists, sorted: as long as both stay sorted, who came first cannot be told.
template <class T>
void merge_sorted(std::vector<T>& into, const std::vector<T>& from) {
  const auto middle = static_cast<std::ptrdiff_t>(into.size());
  into.insert(into.end(), from.begin(), from.end());
  std::inplace_merge(into.begin(), into.begin() + middle, into.end());
}

}  // namespace

LatenessBucket bucket_of(Duration lateness) {
  using namespace std::chrono_literals;
  assert(lateness >= Duration::zero());
  if (lateness == Duration::zero()) return LatenessBucket::on_time;
  if (lateness < 1s) return LatenessBucket::under_1s;
  if (lateness < 10s) return LatenessBucket::under_10s;
  if (lateness < 60s) return LatenessBucket::under_1min;
  if (lateness <= 10min) return LatenessBucket::under_10min;
  return LatenessBucket::over_10min;
}

std::uint64_t Tally::violations_total() const {
  return std::accumulate(violations_by.begin(), violations_by.end(), std::uint64_t{0});
}

void Tally::add_violation(Violation violation) {
  ++violations_by[static_cast<std::size_t>(violation.invariant)];
  // An engine that is wrong about every order must not cost a sort each: most are not among the first.
  if (violation_samples.size() == samples_max && violation >= violation_samples.back()) return;
  const auto place = std::upper_bound(violation_samples.begin(), violation_samples.end(), violation);
  violation_samples.insert(place, std::move(violation));
  if (violation_samples.size() > samples_max) violation_samples.pop_back();
}

void Tally::add_case_failure(CaseFailure failure) {
  const auto place = std::upper_bound(case_failures.begin(), case_failures.end(), failure);
  case_failures.insert(place, std::move(failure));
}

void Tally::merge(const Tally& other) {
  assert(this != &other);
  placed += other.placed;
  completed_by_buyer += other.completed_by_buyer;
  completed_by_auto += other.completed_by_auto;
  open_in_progress += other.open_in_progress;
  open_delivered += other.open_delivered;
  open_in_revision += other.open_in_revision;
  orders_ok += other.orders_ok;
  orders_violated += other.orders_violated;
  orders_unknown += other.orders_unknown;
  paid += other.paid;
  paid_cents += other.paid_cents;

  for (std::size_t kind = 0; kind < operations.size(); ++kind) add(operations[kind], other.operations[kind]);
  add(refusals, other.refusals);
  timers_fired += other.timers_fired;
  evidence_seen += other.evidence_seen;
  bytes_uploaded += other.bytes_uploaded;
  actions_dropped += other.actions_dropped;

  lateness_us.merge(other.lateness_us);
  add(lateness_buckets, other.lateness_buckets);
  early += other.early;
  earliest_us = std::max(earliest_us, other.earliest_us);

  add(violations_by, other.violations_by);
  merge_sorted(violation_samples, other.violation_samples);
  if (violation_samples.size() > samples_max) violation_samples.resize(samples_max);
  cases_run += other.cases_run;
  merge_sorted(case_failures, other.case_failures);
  coverage.merge(other.coverage);

  first = std::min(first, other.first);
  last = std::max(last, other.last);
  digest += other.digest;
  live.merge(other.live);
}

}  // namespace dueprocess
