#include "harness/capacity/window_meter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

namespace dueprocess::capacity {
namespace {

constexpr double moving = 0.1;  // a response time that climbed by more over the last quarter is still on its way

struct Batch {  // five windows: what may be cut is a whole number of them
  Histogram response, service, send_error;
  std::array<Histogram, operation_kind_count> by_kind;
};

}  // namespace

struct WindowMeter::Impl {
  HarnessTime length_ns, window_ns, zero_ns = never_ns;
  std::mutex lock;
  std::vector<Batch> batches = std::vector<Batch>(hold_windows / mser_batch);
  std::array<double, hold_windows> response_s{}, counts{};
  std::array<std::uint64_t, hold_windows> failed{};
};

WindowMeter::WindowMeter(HarnessTime length_ns) : impl_(std::make_unique<Impl>()) {
  impl_->length_ns = length_ns;
  impl_->window_ns = std::max<HarnessTime>(1, length_ns / static_cast<HarnessTime>(hold_windows));
}
WindowMeter::~WindowMeter() = default;

void WindowMeter::begin(HarnessTime zero_ns) {
  const std::scoped_lock guard{impl_->lock};
  impl_->zero_ns = zero_ns;
}

void WindowMeter::take(const LiveObservation& seen) {
  if (seen.failure == Failure::unsupported) return;  // never sent
  Impl& impl = *impl_;
  const std::scoped_lock guard{impl.lock};
  if (impl.zero_ns == never_ns || seen.intended_ns < impl.zero_ns) return;
  const auto window = static_cast<std::size_t>((seen.intended_ns - impl.zero_ns) / impl.window_ns);
  if (window >= hold_windows) return;
  const std::int64_t response = seen.answered_ns - seen.intended_ns;
  impl.counts[window] += 1;
  impl.response_s[window] += static_cast<double>(response) * 1e-9;
  if (seen.failure != Failure::none) ++impl.failed[window];
  Batch& batch = impl.batches[window / mser_batch];
  batch.response.record(response);
  batch.service.record(seen.answered_ns - seen.sent_ns);
  batch.send_error.record(seen.sent_ns - seen.intended_ns);
  batch.by_kind[static_cast<unsigned>(seen.observation.operation.kind)].record(response);
}

HoldWindow WindowMeter::cut(LiveTally& tally) const {
  Impl& impl = *impl_;
  const std::scoped_lock guard{impl.lock};
  std::array<double, hold_windows> means{};
  for (std::size_t i = 0; i < hold_windows; ++i)
    means[i] = impl.counts[i] > 0 ? impl.response_s[i] / impl.counts[i] : i > 0 ? means[i - 1] : 0;
  const Truncation by_response = mser5(means), by_count = mser5(impl.counts);
  HoldWindow left;
  left.cut = std::max(by_response.cut, by_count.cut);
  const double busier = drift(impl.counts);
  left.moved = drift(means);
  left.steady = (by_response.passed || left.moved < moving) && (by_count.passed || std::abs(busier) < moving);
  tally.response_ns = tally.service_ns = tally.send_error_ns = Histogram{};
  tally.response_by_kind = {};
  for (std::size_t b = left.cut / mser_batch; b < impl.batches.size(); ++b) {
    const Batch& batch = impl.batches[b];
    tally.response_ns.merge(batch.response);
    tally.service_ns.merge(batch.service);
    tally.send_error_ns.merge(batch.send_error);
    for (unsigned kind = 0; kind < operation_kind_count; ++kind) tally.response_by_kind[kind].merge(batch.by_kind[kind]);
  }
  for (std::size_t i = left.cut; i < hold_windows; ++i) left.failed += impl.failed[i];
  left.count = tally.response_ns.count();
  left.measured_s = static_cast<double>(impl.window_ns) * 1e-9 * static_cast<double>(hold_windows - left.cut);
  left.per_second = static_cast<double>(left.count) / left.measured_s;
  left.response_s = tally.response_ns.mean() * 1e-9;
  return left;
}

}  // namespace dueprocess::capacity
