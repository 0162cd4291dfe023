// The second half of a reduction: what is in the plot stays, its instants, durations and arguments become simple ones.

#include <algorithm>
#include <utility>

#include "harness/shrink/plot_text.hpp"
#include "harness/shrink/reduce.hpp"

namespace dueprocess {
namespace {

using namespace std::chrono_literals;
using enum OperationKind;

constexpr Duration tick{1};
constexpr Duration day = 24h;

void move_order(OrderPlot& order, Duration by) {
  order.placed += by;
  for (Act& act : order.acts) {
    act.at += by;
    if (!act.looks && act.operation.kind == place_order) act.operation.due_at += by;
  }
}

void move_all(Plot& plot, Duration by) {
  for (OrderPlot& order : plot.orders) move_order(order, by);
  for (RestartPlan& restart : plot.restarts) {
    restart.down += by;
    restart.back += by;
  }
  for (FaultPlan& fault : plot.faults) {
    if (fault.from != Instant::min()) fault.from += by;
    if (fault.to != never) fault.to += by;
  }
}

/// Earliest thing that happens.
Instant beginning_of(const Plot& plot) {
  Instant first = never;
  for (const OrderPlot& order : plot.orders) first = std::min(first, order.placed);
  for (const RestartPlan& restart : plot.restarts) first = std::min(first, restart.down);
  for (const FaultPlan& fault : plot.faults)
    if (fault.from != Instant::min()) first = std::min(first, fault.from);
  return first;
}

void sort_out(std::vector<Instant>& instants) {
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
}

/// The instants worth standing at: the order's own, its deadlines as the rules have them, a tick to either side; whole units.
std::vector<Instant> boundaries(const OrderPlot& order, const std::vector<Instant>& deadlines) {
  std::vector<Instant> found;
  const auto around = [&found](Instant at) {
    for (const Duration off : {-tick, Duration{0}, tick}) found.push_back(at + off);
  };
  around(order.placed);
  around(due_of(order));
  for (const Instant deadline : deadlines) {
    around(deadline);
    found.push_back(deadline + Duration{1h});
    found.push_back(deadline - Duration{1h});
  }
  for (const Duration step : {Duration{1s}, Duration{1min}, Duration{1h}, day, 2 * day}) {
    found.push_back(order.placed + step);
    found.push_back(due_of(order) + step);
    found.push_back(due_of(order) - step);
  }
  return found;
}

}  // namespace

void Reducer::simplify_start() {
  static const Instant usual = instant_at(1'772'409'600'000'000);  // 2026-03-02, the language's
  const Instant first = beginning_of(plot_);
  if (first == never) return;
  const auto begin_at = [this](Instant starts, Duration moved) {
    Plot candidate = plot_;
    move_all(candidate, moved);
    candidate.starts = starts;
    return try_it(std::move(candidate));
  };
  // Several orders: each as early as it goes.
  for (std::size_t i = 0; plot_.orders.size() > 1 && i < plot_.orders.size(); ++i)
    for (const Duration step : {Duration{0}, tick, Duration{1s}, Duration{1h}, day}) {
      Plot candidate = plot_;
      move_order(candidate.orders[i], first + step - candidate.orders[i].placed);
      if (try_it(std::move(candidate))) break;
    }
  if (begin_at(usual, usual - first)) return;
  const Instant midnight = Instant{std::chrono::floor<std::chrono::days>(first)};
  if (begin_at(midnight, midnight - first)) return;
  if (begin_at(first, Duration{0})) return;
  begin_at(midnight, Duration{0});
}

void Reducer::simplify_due() {
  for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
    const Duration before = plot_.orders[i].due_in;
    std::vector<Duration> dues{72h, 24h, 48h, 120h, 240h, 528h, 600h, 720h, 1h};
    for (const Duration unit : {day, Duration{1h}, Duration{1min}, Duration{1s}}) dues.push_back(before / unit * unit);
    for (const Duration due : dues) {
      if (due <= Duration{0} || due == plot_.orders[i].due_in) continue;
      // What happens after the due date moves with it, or does not.
      for (const bool moves : {true, false}) {
        Plot candidate = plot_;
        OrderPlot& order = candidate.orders[i];
        const Duration moved = due - order.due_in;
        for (Act& act : order.acts) {
          if (!act.looks && act.operation.kind == place_order && act.operation.due_at == due_of(order))
            act.operation.due_at += moved;
          if (moves && act.at >= due_of(order)) act.at += moved;
        }
        if (moves && candidate.orders.size() == 1)
          for (RestartPlan& restart : candidate.restarts) {
            if (restart.down >= due_of(order)) restart.down += moved;
            if (restart.back >= due_of(order)) restart.back += moved;
          }
        order.due_in = due;
        std::stable_sort(order.acts.begin(), order.acts.end(), [](const Act& a, const Act& b) { return a.at < b.at; });
        if (try_it(std::move(candidate))) break;
      }
    }
  }
}

/// With the acts after it where they are, or as far behind it as they were.
bool Reducer::try_instant(std::size_t order, std::size_t act, Instant at) {
  const std::vector<Act>& acts = plot_.orders[order].acts;
  const Instant before = act == 0 ? plot_.orders[order].placed : acts[act - 1].at;
  const Duration moved = at - acts[act].at;
  if (at < before || moved == Duration{0}) return false;
  if (act + 1 == acts.size() || at <= acts[act + 1].at) {
    Plot candidate = plot_;
    candidate.orders[order].acts[act].at = at;
    if (try_it(std::move(candidate))) return true;
  }
  if (act + 1 == acts.size()) return false;
  Plot candidate = plot_;
  for (std::size_t k = act; k < acts.size(); ++k) candidate.orders[order].acts[k].at += moved;
  return try_it(std::move(candidate));
}

void Reducer::simplify_instants() {
  for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
    for (std::size_t k = 0; k < plot_.orders[i].acts.size(); ++k) {
      if (ran_out_) return;
      const OrderPlot& order = plot_.orders[i];
      std::vector<Instant> instants = boundaries(order, stage_.correct(plot_).orders[i].deadlines);
      const Instant at = order.acts[k].at, before = k == 0 ? order.placed : order.acts[k - 1].at;
      for (const Duration step : {Duration{0}, tick, Duration{1s}, Duration{1h}, day}) instants.push_back(before + step);
      for (const Duration unit : {day, Duration{1h}, Duration{1min}, Duration{1s}, Duration{1ms}})
        for (const Instant anchor : {order.placed, due_of(order)}) instants.push_back(anchor + (at - anchor) / unit * unit);
      for (const RestartPlan& restart : plot_.restarts) {
        instants.push_back(restart.down - tick);
        instants.push_back(restart.back);
      }
      sort_out(instants);
      const std::size_t now = moment_text(at, order).size();
      std::vector<std::pair<std::size_t, Instant>> by_length;
      for (const Instant each : instants)
        if (const std::size_t length = moment_text(each, order).size(); length <= now) by_length.emplace_back(length, each);
      std::stable_sort(by_length.begin(), by_length.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      for (const auto& [length, each] : by_length)
        if (try_instant(i, k, each)) break;
    }
  }
}

void Reducer::simplify_restarts() {
  for (std::size_t r = 0; r < plot_.restarts.size(); ++r) {
    if (ran_out_) return;
    std::vector<Instant> downs;
    const Played correct = stage_.correct(plot_);
    for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
      const std::vector<Instant> own = boundaries(plot_.orders[i], correct.orders[i].deadlines);
      downs.insert(downs.end(), own.begin(), own.end());
      for (const Act& act : plot_.orders[i].acts)
        for (const Duration step : {tick, Duration{1h}, day}) downs.push_back(act.at + step);
    }
    for (const Duration unit : {day, Duration{1h}, Duration{1min}})
      downs.push_back(plot_.starts + (plot_.restarts[r].down - plot_.starts) / unit * unit);
    sort_out(downs);
    std::stable_sort(downs.begin(), downs.end(), [this](Instant a, Instant b) {
      OrderPlot from_start;
      from_start.placed = plot_.starts;
      return moment_text(a, from_start).size() < moment_text(b, from_start).size();
    });
    const Duration length = plot_.restarts[r].back - plot_.restarts[r].down;
    std::vector<Duration> lengths{Duration{1s}, Duration{1min}, Duration{1h}, Duration{2h}, day, 2 * day, length};
    for (const Duration unit : {day, Duration{1h}, Duration{1min}, Duration{1s}}) lengths.push_back(length / unit * unit);
    const auto fits = [this, r](Instant down, Instant back) {
      return down >= plot_.starts && back > down && (r == 0 || down >= plot_.restarts[r - 1].back) &&
             (r + 1 == plot_.restarts.size() || back <= plot_.restarts[r + 1].down);
    };
    const auto change = [&](Instant down, Instant back) {
      if (!fits(down, back)) return false;
      Plot candidate = plot_;
      candidate.restarts[r] = {down, back};
      return try_it(std::move(candidate));
    };
    for (const Duration each : lengths)
      if (change(plot_.restarts[r].down, plot_.restarts[r].down + each)) break;
    for (const Instant down : downs) {
      bool taken = false;
      for (const Duration each : {plot_.restarts[r].back - plot_.restarts[r].down, Duration{1h}, Duration{2h}, day, 4 * day})
        if ((taken = change(down, down + each))) break;
      if (taken) break;
    }
  }
}

void Reducer::simplify_arguments() {
  const auto change = [this](std::size_t i, std::size_t k, auto&& make) {
    Plot candidate = plot_;
    make(candidate.orders[i].acts[k]);
    try_it(std::move(candidate));
  };
  for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
    Plot priced = plot_;
    for (Act& act : priced.orders[i].acts)
      if (act.operation.kind == place_order && act.operation.price_cents == priced.orders[i].price_cents)
        act.operation.price_cents = 5'000;
    priced.orders[i].price_cents = 5'000;
    try_it(std::move(priced));
    for (std::size_t k = 0; k < plot_.orders[i].acts.size(); ++k) {
      if (ran_out_) return;
      const Act act = plot_.orders[i].acts[k];
      const OperationKind kind = act.operation.kind;
      if (act.looks) continue;
      change(i, k, [](Act& one) { one.same_key = false; });
      if (is_delivery(kind) || kind == save_draft || kind == request_modification || kind == contact_support)
        change(i, k, [](Act& one) { one.operation.text = TextId::first_real; });
      if (is_delivery(kind)) {
        change(i, k, [](Act& one) { one.operation.use_draft = false; });
        change(i, k, [](Act& one) { one.operation.confirm_no_file = false; });
        change(i, k, [](Act& one) { one.operation.content = Content::final_work; });
      }
      if (is_delivery(kind) || kind == save_draft) {
        change(i, k, [](Act& one) { one.operation.links = 0; });
        change(i, k, [](Act& one) { one.operation.attachments = 0; });
        change(i, k, [](Act& one) {
          one.operation.links = 1;
          one.operation.attachments = 0;
        });
        change(i, k, [](Act& one) { one.operation.links = std::min<std::uint16_t>(one.operation.links, 1); });
      }
      if (kind == upload) {
        change(i, k, [](Act& one) { one.operation.text = TextId::first_real; });
        for (const std::int64_t bytes :
             {std::int64_t{20'000'000}, std::int64_t{6'000'000'000}, plot_.policy.max_file_size, plot_.policy.max_file_size + 1})
          change(i, k, [bytes](Act& one) { one.operation.bytes = bytes; });
      }
      if (kind == extend_review)
        for (const Duration by : {Duration{24h}, Duration{1h}, Duration{48h}, Duration{120h}, Duration{240h},
                                  plot_.policy.extension_max, Duration{act.operation.extend_by_us} / day * day})
          if (by > Duration{0}) change(i, k, [by](Act& one) { one.operation.extend_by_us = us_of(by); });
    }
  }
}

}  // namespace dueprocess
