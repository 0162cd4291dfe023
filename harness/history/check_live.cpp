#include "harness/history/check_live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

#include "harness/history/check_reading.hpp"
#include "harness/oracle/oracle.hpp"
#include "harness/oracle/wall/wall_oracle.hpp"
#include "harness/record/meter.hpp"
#include "harness/record/scaled_policy.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t live_cells_max = 1u << 20;

/// One of the two oracles, asked alike.
class CellJudge {
 public:
  CellJudge(const HistoryHeader& header, const CheckOptions& options, OrderRange orders, Tally& tally) : orders_(orders) {
    if (header.clock == HistoryClock::wall)
      wall_ = std::make_unique<WallOracle>(scaled_policy(options.policy, header.speed), options.wall, tally, tally.live);
    else
      exact_ = std::make_unique<Oracle>(options.policy, options.tolerances, orders, tally);
  }

  OrderRange orders() const { return orders_; }
  WallOracle* wall() const { return wall_.get(); }
  void observe(const LiveObservation& seen) { wall_ ? wall_->observe(seen) : exact_->observe(seen.observation); }
  void observe(const LiveEvidence& seen, Instant at) { wall_ ? wall_->observe(seen) : exact_->observe(seen.evidence, at); }
  void finish(OrderId order, const Record& record) {
    if (!wall_) return exact_->finish(order, record.at);
    looked_ns_ = record.look_ns == never_ns ? looked_ns_ : std::max(looked_ns_, record.look_ns);
    wall_->finish(order, looked_ns_);
  }
  /// As the record says; none: the history breaks off here.
  void end(const Record* record) {
    if (exact_) return exact_->finish_all(record ? record->at : Instant::min());
    wall_->finish_all(record && record->look_ns != never_ns ? record->look_ns : looked_ns_);
  }

 private:
  OrderRange orders_;
  std::unique_ptr<Oracle> exact_;
  std::unique_ptr<WallOracle> wall_;
  HarnessTime looked_ns_ = 0;  // the last look that is told
};

class LiveJudging : private CheckReading {
 public:
  LiveJudging(HistoryReader& reader, const CheckOptions& options)
      : CheckReading(reader, options), is_wall_(reader.header().clock == HistoryClock::wall) {}

  /// Called with each record of an order, and with the judge of its cell.
  std::function<void(const Record&, CellJudge&)> on_record;
  /// Wall time: with each verdict that is not `ok`.
  std::function<void(const OrderHistory&, const OrderVerdict&)> on_trouble;

  CheckOutcome run() {
    read([this](const Record& record) { take(record); }, [this](const std::string& why) { note_broken(why); });
    break_off();
    if (facts_.broken > 0) set_apart(Tally{});
    if (facts_.end) take_counts(*facts_.end);
    return close();
  }

 private:
  void take(const Record& record) {
    switch (record.kind) {
      case RecordKind::operation:
        return take_operation(record);
      case RecordKind::evidence:
        return take_evidence(record);
      case RecordKind::cell:
        return enter(record.orders);
      case RecordKind::cell_end:
        if (!here_) return note_broken("a cell ends that did not begin");
        here_->end(&record);
        cells_.erase(number(here_->orders().first));
        here_ = nullptr;
        return;
      case RecordKind::finish:
        if (in_cell(record.order)) here_->finish(record.order, record);
        return;
      case RecordKind::down:
        if (!here_ || !here_->wall()) return note_broken("a downtime of no cell in wall time");
        return here_->wall()->down(record.fault.begin_ns, record.fault.end_ns);
      case RecordKind::case_failure:
        return take_case_failure(record.case_failure);
      case RecordKind::end:
        facts_.end = record.end;
        return end_reading();
      case RecordKind::header:
        return take_another_header();
      case RecordKind::fault:
      case RecordKind::clock:
      case RecordKind::advance:
      case RecordKind::other:
        ++facts_.others;
    }
  }

  void enter(OrderRange orders) {
    here_ = nullptr;
    if (const auto why = unfit(orders)) return note_broken(*why);
    const auto found = cells_.find(number(orders.first));
    if (found != cells_.end()) {
      here_ = found->second.get();
      if (here_->orders().count != orders.count) note_broken("a cell that was begun with another number of orders");
      return;
    }
    if (cells_.size() >= live_cells_max) return note_broken(fmt::format("more than {} cells at once", live_cells_max));
    ++facts_.cells;
    here_ = cells_.emplace(number(orders.first), std::make_unique<CellJudge>(reader_.header(), options_, orders, outcome_.tally))
                .first->second.get();
    if (WallOracle* wall = here_->wall(); wall && on_trouble) wall->on_trouble(on_trouble);
  }

  bool in_cell(OrderId order) {
    if (!here_ && cells_.empty() && facts_.cells == 0) untold_ = true;
    if (untold_ && !here_) enter(untold_cell());
    if (here_ && here_->orders().contains(order)) return true;
    note_broken(fmt::format("order {} is none of the cell's", number(order)));
    return false;
  }

  void take_operation(const Record& record) {
    const Observation& seen = record.operation.observation;
    const bool about_none = seen.operation.order == OrderId::none && seen.operation.kind == OperationKind::list_orders;
    if (is_wall_ && !record.live) return note_broken("answered_ns: expected it to be there");
    if (is_wall_ && record.operation.sent_ns > record.operation.answered_ns) return note_broken("answered_ns: before sent_ns");
    if (!is_wall_ && seen.answered == never) return note_broken("at: expected an instant of the virtual clock");
    if (!(about_none && here_) && !in_cell(about_none ? OrderId{1} : seen.operation.order)) return;
    ++facts_.operations;
    if (is_wall_) meter(outcome_.tally.live, record.operation);
    here_->observe(record.operation);
    if (on_record) on_record(record, *here_);
  }

  void take_evidence(const Record& record) {
    if (is_wall_ && !record.live) return note_broken("seen_ns: expected it to be there");
    if (!is_wall_ && record.at == never) return note_broken("seen: expected an instant of the virtual clock");
    if (!in_cell(record.evidence.evidence.order)) return;
    ++facts_.evidence;
    here_->observe(record.evidence, record.at);
    if (on_record) on_record(record, *here_);
  }

  /// Cells without an end: the file was cut off, or is of another origin. What was on its way then is missing.
  void break_off() {
    if (cells_.empty()) return;
    const bool whole = facts_.end && untold_;  // of another origin, which tells of no cells
    if (facts_.end && !whole && facts_.cut_off.empty()) facts_.cut_off = "a cell does not end";
    const Tally before = outcome_.tally;
    for (const auto& [first, cell] : cells_) cell->end(nullptr);
    cells_.clear();
    here_ = nullptr;
    if (is_wall_ && !whole) set_apart(before);
  }

  /// Findings that are not in `before` are doubtful, and their orders unknown.
  void set_apart(const Tally& before) {
    Tally& tally = outcome_.tally;
    for (std::size_t i = 0; i < tally.violations_by.size(); ++i)
      facts_.doubtful += tally.violations_by[i] - before.violations_by[i];
    tally.violations_by = before.violations_by;
    const std::uint64_t orders = tally.orders_violated - std::min(tally.orders_violated, before.orders_violated);
    tally.orders_violated -= orders;
    tally.orders_unknown += orders;
    std::erase_if(tally.violation_samples, [&](Violation& found) {
      if (std::find(before.violation_samples.begin(), before.violation_samples.end(), found) != before.violation_samples.end())
        return false;
      keep_doubtful(found);
      return true;
    });
  }

  std::map<std::uint64_t, std::unique_ptr<CellJudge>> cells_;  // that are open, by their first order
  CellJudge* here_ = nullptr;                                  // whose lines are read
  bool is_wall_ = false, untold_ = false;
};

/// A moment of the harness's on the service's clock, as near as is known.
Instant near_instant(HarnessTime at_ns, const ServiceClock& clock) {
  const OffsetBounds offset = clock.at(at_ns);
  return instant_at(at_ns / 1000 + (offset.known() ? offset.low_us + offset.width_us() / 2 : 0));
}

}  // namespace

CheckOutcome check_live_history(HistoryReader& reader, const CheckOptions& options) { return LiveJudging{reader, options}.run(); }

std::vector<TimelineEntry> trace_live_history(HistoryReader& reader, const CheckOptions& options, OrderId order) {
  std::vector<TimelineEntry> timeline;
  std::vector<Violation> found;
  LiveJudging judging{reader, options};
  judging.on_record = [&](const Record& record, CellJudge& judge) {
    if (record.kind == RecordKind::evidence) {
      if (record.evidence.evidence.order != order) return;
      Evidence evidence = record.evidence.evidence;
      if (judge.wall() && evidence.at == never)
        evidence.at = near_instant(record.evidence.seen_ns, judge.wall()->service_clock());
      timeline.push_back({judge.wall() ? evidence.at : record.at, evidence});
      return;
    }
    Observation seen = record.operation.observation;
    if (seen.operation.order != order) return;
    if (judge.wall()) {
      const ServiceClock& clock = judge.wall()->service_clock();
      seen.intended = near_instant(record.operation.intended_ns, clock);
      seen.sent = near_instant(record.operation.sent_ns, clock);
      seen.answered = near_instant(record.operation.answered_ns, clock);
    }
    timeline.push_back({seen.answered, seen});
  };
  judging.on_trouble = [&](const OrderHistory& history, const OrderVerdict& verdict) {
    if (history.order == order) found = verdict.violations;
  };
  const CheckOutcome outcome = judging.run();
  // Exact judges keep the first findings of all orders only, but those in the order of their numbers.
  if (found.empty())
    for (const Violation& violation : outcome.tally.violation_samples)
      if (violation.order == order) found.push_back(violation);
  std::stable_sort(timeline.begin(), timeline.end(), [](const TimelineEntry& a, const TimelineEntry& b) { return a.at < b.at; });
  insert_findings(timeline, found);
  return timeline;
}

}  // namespace dueprocess
