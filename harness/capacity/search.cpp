#include "harness/capacity/search.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace dueprocess::capacity {
namespace {

constexpr double same_rate = 1e-9;       // of two rates, apart by so little of themselves
constexpr double near_on_curve = 0.025;  // a point of the curve that is there already

bool alike(double a, double b, double within) { return std::abs(a - b) <= within * std::max(a, b); }

}  // namespace

std::string_view name_of(HoldVerdict verdict) {
  static constexpr std::string_view names[] = {"carried", "failed", "unsteady", "saturated"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string_view name_of(Purpose purpose) {
  static constexpr std::string_view names[] = {"bracket", "bisect", "confirm", "curve"};
  return names[static_cast<std::size_t>(purpose)];
}

std::string_view name_of(Ending ending) {
  static constexpr std::string_view names[] = {"found", "upper_limit", "nothing_carries", "generator",
                                               "time",  "steps",       "stopped"};
  return names[static_cast<std::size_t>(ending)];
}

Search::Search(SearchPlan plan) : plan_(std::move(plan)) {
  assert(plan_.factor > 1 && plan_.resolution > 0 && plan_.holds % 2 == 1);
  assert(plan_.rate_min > 0 && plan_.rate_min <= plan_.rate_max);
  plan_.first = std::clamp(plan_.first, plan_.rate_min, plan_.rate_max);
}

const Search::Point* Search::upper() const {
  const auto found = std::ranges::find_if(points_, [](const Point& point) { return !point.carries(); });
  return found == points_.end() ? nullptr : &*found;
}

const Search::Point* Search::lower() const {
  const Point* const bound = upper();
  const Point* found = nullptr;
  for (const Point& point : points_)
    if (point.carries() && (!bound || point.rate < bound->rate)) found = &point;
  return found;
}

const Search::Point* Search::at(double rate) const {
  const auto found = std::ranges::find_if(points_, [&](const Point& point) { return alike(point.rate, rate, same_rate); });
  return found == points_.end() ? nullptr : &*found;
}

std::optional<HoldAsk> Search::ask(double rate, Purpose purpose) const {
  const Point* const point = at(rate);
  return HoldAsk{point ? point->rate : rate, point ? point->held() : 0, purpose};
}

void Search::end(Ending ending) {
  if (!ending_) ending_ = ending;
}

std::optional<HoldAsk> Search::next() {
  if (steps_ >= plan_.steps_max) end(Ending::steps);
  if (spent_s_ >= plan_.time_max_s) end(Ending::time);
  if (ending_) return std::nullopt;
  if (!confirmed_)
    if (const auto bound = next_bound()) return bound;
  if (confirmed_)
    if (const auto further = next_of_curve()) return further;
  const Point* const bound = upper();
  if (!lower())
    end(Ending::nothing_carries);
  else if (!bound)
    end(Ending::upper_limit);
  else
    end(bound->worst == HoldVerdict::saturated ? Ending::generator : Ending::found);
  return std::nullopt;
}

std::optional<HoldAsk> Search::next_bound() {
  if (points_.empty()) return ask(plan_.first, Purpose::bracket);
  for (const Point& point : points_)
    if (point.tied()) return ask(point.rate, Purpose::confirm);
  const Point* const low = lower();
  const Point* const high = upper();
  if (!high && low->rate < plan_.rate_max) return ask(std::min(low->rate * plan_.factor, plan_.rate_max), Purpose::bracket);
  if (!low && high->rate > plan_.rate_min) return ask(std::max(high->rate / plan_.factor, plan_.rate_min), Purpose::bracket);
  if (low && high && high->rate / low->rate - 1 > plan_.resolution)
    return ask(std::sqrt(low->rate * high->rate), Purpose::bisect);
  if (low && !low->sure(plan_.holds)) return ask(low->rate, Purpose::confirm);
  if (high && !high->sure(plan_.holds)) return ask(high->rate, Purpose::confirm);
  confirmed_ = true;
  return std::nullopt;
}

std::optional<HoldAsk> Search::next_of_curve() const {
  const Point* const low = lower();
  if (!low) return std::nullopt;
  for (const double part : plan_.curve) {
    const double rate = part * low->rate;
    if (rate < plan_.rate_min || rate > plan_.rate_max) continue;
    if (std::ranges::none_of(points_, [&](const Point& point) { return alike(point.rate, rate, near_on_curve); }))
      return ask(rate, Purpose::curve);
  }
  return std::nullopt;
}

void Search::take(const HoldAsk& ask, const HoldSeen& seen) {
  auto place = std::ranges::find_if(points_, [&](const Point& point) { return alike(point.rate, ask.rate, same_rate); });
  if (place == points_.end()) {
    place = std::ranges::upper_bound(points_, ask.rate, {}, &Point::rate);
    place = points_.insert(place, Point{});
    place->rate = ask.rate;
  }
  if (seen.verdict == HoldVerdict::carried) {
    ++place->carried;
  } else {
    ++place->failed;
    place->worst = seen.verdict;
    place->reason = seen.reason;
  }
  ++steps_;
  spent_s_ += seen.took_s;
}

Found Search::found() const {
  Found found;
  if (const Point* const low = lower()) found.carries = low->rate;
  if (const Point* const high = upper()) {
    found.fails = high->rate;
    found.reason = high->reason;
  }
  found.confirmed = confirmed_;
  found.ending = ending_.value_or(Ending::stopped);
  return found;
}

}  // namespace dueprocess::capacity
