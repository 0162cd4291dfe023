#include "harness/oracle/wall/service_clock.hpp"

#include <algorithm>
#include <cassert>

#include "sim/kernel/int128.hpp"

namespace dueprocess {
namespace {

constexpr std::int64_t stamps_within_us = std::int64_t{1} << 60;  // others are nonsense, and would overflow sums

constexpr std::int64_t floor_us(HarnessTime ns) { return floor_div(ns, 1000); }
constexpr std::int64_t ceil_us(HarnessTime ns) { return floor_us(ns) + 1; }  // of the whole nanosecond

constexpr OffsetBounds widened(OffsetBounds b, std::int64_t by_us) {
  constexpr std::int64_t limit = OffsetBounds::unbounded_us;
  return {std::max(-limit, b.low_us - by_us), std::min(limit, b.high_us + by_us)};
}
constexpr OffsetBounds both(OffsetBounds a, OffsetBounds b) {
  return {std::max(a.low_us, b.low_us), std::min(a.high_us, b.high_us)};
}
constexpr OffsetBounds either(OffsetBounds a, OffsetBounds b) {
  return {std::min(a.low_us, b.low_us), std::max(a.high_us, b.high_us)};
}
constexpr bool is_empty(OffsetBounds b) { return b.low_us > b.high_us; }

}  // namespace

ServiceClock::ServiceClock(std::uint32_t drift_ppm, Duration granularity)
    : drift_ppm_{drift_ppm}, granularity_us_{std::max<std::int64_t>(1, us_of(granularity))} {}

std::int64_t ServiceClock::drift_us(HarnessTime length_ns) const {
  const auto us = (static_cast<Int128>(length_ns) * drift_ppm_ + 999'999'999) / 1'000'000'000;
  return us > OffsetBounds::unbounded_us ? OffsetBounds::unbounded_us : static_cast<std::int64_t>(us);
}

std::int64_t ServiceClock::window_of(HarnessTime t) const { return floor_div(t, window_ns_); }

// Bounds at a moment come from its own window, which has what came before carried on, and from a few windows after it.
OffsetBounds ServiceClock::at(const Regime& regime, HarnessTime t) const {
  const auto count = static_cast<std::int64_t>(regime.windows.size());
  if (count == 0) return {};
  const std::int64_t wanted = window_of(t) - regime.first;
  const std::int64_t i = std::clamp<std::int64_t>(wanted, 0, count - 1);
  const std::int64_t step_us = drift_us(window_ns_);
  const std::int64_t away = wanted < 0 ? -wanted : wanted - i;
  const auto distance_us = static_cast<Int128>(away) * step_us;
  OffsetBounds bounds =
      widened(regime.windows[static_cast<std::size_t>(i)],
              distance_us > OffsetBounds::unbounded_us ? OffsetBounds::unbounded_us : static_cast<std::int64_t>(distance_us));
  for (std::int64_t k = 1; k <= static_cast<std::int64_t>(reach) && i + k < count && away == 0; ++k)
    bounds = both(bounds, widened(regime.windows[static_cast<std::size_t>(i + k)], k * step_us));
  return bounds;
}

std::size_t ServiceClock::regime_of(HarnessTime t) const {
  std::size_t i = regimes_.size() - 1;
  while (i > 0 && t < regimes_[i].from_ns) --i;
  return i;
}

OffsetBounds ServiceClock::at(HarnessTime t) const {
  if (regimes_.empty()) return {};
  const std::size_t i = regime_of(t);
  OffsetBounds bounds = at(regimes_[i], t);
  for (std::size_t next = i + 1; next < regimes_.size() && t >= regimes_[next].unsure_ns; ++next)
    bounds = either(bounds, at(regimes_[next], t));
  return bounds;
}

OffsetBounds ServiceClock::over(HarnessTime from, HarnessTime to) const {
  if (from == to) return at(from);
  OffsetBounds bounds = either(at(from), at(to));
  for (const Regime& regime : regimes_)
    if (regime.from_ns > from && regime.from_ns < to) bounds = either(bounds, at(regime, regime.from_ns));
  // Within a window it may drift there and back.
  return widened(bounds, drift_us(std::min<HarnessTime>(window_ns_, to - from)));
}

bool ServiceClock::stepped_in(HarnessTime from, HarnessTime to) const {
  for (std::size_t i = regimes_.size(); i-- > 1;) {
    if (regimes_[i].unsure_ns <= to && from <= regimes_[i].from_ns) return true;
    if (regimes_[i].from_ns < from) return false;
  }
  return false;
}

OffsetBounds ServiceClock::latest() const {
  return regimes_.empty() ? OffsetBounds{} : at(regimes_.back(), regimes_.back().last_ns);
}

void ServiceClock::lengthen_windows() {
  window_ns_ *= 2;
  const std::int64_t step_us = drift_us(window_ns_ / 2);
  for (Regime& regime : regimes_) {
    const std::int64_t first = floor_div(regime.first, 2);
    std::vector<OffsetBounds> longer;
    longer.reserve(regime.windows.size() / 2 + 2);
    for (std::size_t i = 0; i < regime.windows.size(); ++i) {
      const std::int64_t into = floor_div(regime.first + static_cast<std::int64_t>(i), 2) - first;
      const OffsetBounds over_both = widened(regime.windows[i], step_us);
      if (static_cast<std::size_t>(into) == longer.size()) {
        longer.push_back(over_both);
      } else {
        longer.back() = both(longer.back(), over_both);
      }
    }
    regime.first = first;
    regime.windows = std::move(longer);
  }
}

/// Afterwards the moment has a window, carried on from its neighbours.
void ServiceClock::make_room(Regime& regime, HarnessTime t) {
  if (regime.windows.empty()) {
    regime.first = window_of(t);
    regime.windows.emplace_back();
    return;
  }
  const auto span = [&] {
    const std::int64_t w = window_of(t), last = regime.first + static_cast<std::int64_t>(regime.windows.size()) - 1;
    return std::max(w, last) - std::min(w, regime.first) + 1;
  };
  while (span() > static_cast<std::int64_t>(windows_max)) lengthen_windows();
  const std::int64_t step_us = drift_us(window_ns_);
  const std::int64_t w = window_of(t);
  while (w >= regime.first + static_cast<std::int64_t>(regime.windows.size()))
    regime.windows.push_back(widened(regime.windows.back(), step_us));
  if (w < regime.first) {
    const auto more = static_cast<std::size_t>(regime.first - w);
    regime.windows.insert(regime.windows.begin(), more, OffsetBounds{});
    for (std::size_t i = more; i-- > 0;) regime.windows[i] = widened(regime.windows[i + 1], step_us);
    regime.first = w;
  }
}

void ServiceClock::narrow(Regime& regime, HarnessTime sent_ns, HarnessTime answered_ns, OffsetBounds sample) {
  make_room(regime, answered_ns);
  OffsetBounds& window = regime.windows[static_cast<std::size_t>(window_of(answered_ns) - regime.first)];
  // Of some moment in [sent, answered]; it is to hold over the whole window.
  const OffsetBounds narrowed = both(window, widened(sample, drift_us(window_ns_) + drift_us(answered_ns - sent_ns)));
  if (!is_empty(narrowed)) window = narrowed;
  regime.last_ns = std::max(regime.last_ns, answered_ns);
  regime.last_sent_ns = std::max(regime.last_sent_ns, sent_ns);
}

void ServiceClock::observe(Instant stamp, HarnessTime sent_ns, HarnessTime answered_ns) {
  assert(sent_ns <= answered_ns);
  const std::int64_t us = us_of(stamp);
  if (us > stamps_within_us || us < -stamps_within_us) return;
  const OffsetBounds sample{us - (granularity_us_ - 1) - ceil_us(answered_ns), us + granularity_us_ - floor_us(sent_ns)};
  if (regimes_.empty()) {
    regimes_.push_back({answered_ns, sent_ns, sent_ns, answered_ns, 0, {}});
    return narrow(regimes_.back(), sent_ns, answered_ns, sample);
  }
  const std::size_t i = regime_of(answered_ns);
  Regime& regime = regimes_[i];
  const OffsetBounds known = widened(at(regime, answered_ns), drift_us(answered_ns - sent_ns));
  if (!is_empty(both(known, sample))) return narrow(regime, sent_ns, answered_ns, sample);
  if (i + 1 != regimes_.size()) return;
  // A straggler: stamped before the last step, answered after it.
  if (i > 0 && sent_ns <= regime.from_ns && !is_empty(both(at(regimes_[i - 1], sent_ns), sample))) return;
  ++steps_;
  if (regimes_.size() == regimes_max) {
    const HarnessTime unsure = regime.unsure_ns;
    regime = {answered_ns, unsure, sent_ns, answered_ns, 0, {}};
  } else {
    regimes_.push_back({answered_ns, regime.last_sent_ns, sent_ns, answered_ns, 0, {}});
  }
  narrow(regimes_.back(), sent_ns, answered_ns, sample);
}

}  // namespace dueprocess
