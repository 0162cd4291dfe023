#include "harness/history/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "harness/history/check_live.hpp"
#include "harness/history/check_reading.hpp"
#include "harness/oracle/oracle.hpp"

namespace dueprocess {
namespace {

constexpr std::uint64_t large_cell_orders = 1u << 17;     // above: orders that completed long ago are let go
constexpr Duration linger = std::chrono::hours{24 * 14};  // so long that a timer that should be gone would have fired by now

class Judging : private CheckReading {
 public:
  Judging(HistoryReader& reader, const CheckOptions& options)
      : CheckReading(reader, options), oracle_(options.policy, options.tolerances, {}, outcome_.tally) {}

  CheckOutcome run() {
    read([this](const Record& record) { take(record); }, [this](const std::string& why) { tell_broken(why); });
    if (open_) end_cell(cut_horizon());
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
        return begin_cell(record.orders);
      case RecordKind::cell_end:
        if (!open_) return tell_broken("a cell ends that did not begin");
        return end_cell(record.at);
      case RecordKind::finish:
        if (open_) oracle_.finish(record.order, record.at);
        return;
      case RecordKind::case_failure:
        return take_case_failure(record.case_failure);
      case RecordKind::end:
        return take_end(record.end);
      case RecordKind::header:
        return take_another_header();
      case RecordKind::fault:
      case RecordKind::down:
      case RecordKind::clock:
      case RecordKind::advance:
      case RecordKind::other:
        ++facts_.others;
    }
  }

  bool in_cell(OrderId order) {
    if (!open_) begin_cell(untold_cell());
    if (orders_.contains(order)) return true;
    tell_broken(fmt::format("order {} is none of the cell's, which has {} to {}", number(order), number(orders_.first),
                            number(orders_.first) + orders_.count - 1));
    return false;
  }

  void take_operation(const Record& record) {
    const Observation& seen = record.operation.observation;
    // A list is about no order; one that names an order all the same is taken as it is.
    const bool about_none = seen.operation.order == OrderId::none && seen.operation.kind == OperationKind::list_orders;
    if (!about_none && !in_cell(seen.operation.order)) return;
    if (seen.answered == never) return tell_broken("at: expected an instant of the virtual clock");
    ++facts_.operations;
    oracle_.observe(seen);
    note(seen.answered, record.live);
    if (seen.answer.state == OrderState::completed) retire_later(seen.operation.order);
  }

  void take_evidence(const Record& record) {
    const Evidence& evidence = record.evidence.evidence;
    if (!in_cell(evidence.order)) return;
    if (record.at == never) return tell_broken("seen: expected an instant of the virtual clock");
    ++facts_.evidence;
    oracle_.observe(evidence, record.at);
    note(record.at, record.live);
    if (evidence.kind == EvidenceKind::event && evidence.state == OrderState::completed) retire_later(evidence.order);
  }

  void note(Instant at, bool live) {
    now_ = std::max(now_, at);
    live_ |= live;
    if (!retires_) return;
    for (; !waiting_.empty() && waiting_.front().first <= now_; waiting_.pop_front())
      oracle_.finish(waiting_.front().second, now_);
  }
  void retire_later(OrderId order) {
    if (retires_ && (waiting_.empty() || waiting_.back().second != order)) waiting_.emplace_back(now_ + linger, order);
  }

  void begin_cell(OrderRange orders) {
    if (open_) {
      tell_broken("a cell begins before the one before it ended");
      end_cell(cut_horizon());
    }
    if (const auto why = unfit(orders)) {
      tell_broken(*why);
      orders = {OrderId{1}, 0};
    }
    orders_ = orders;
    oracle_.reset(orders);
    open_ = true;
    tainted_ = live_ = false;
    now_ = Instant::min();
    retires_ = !reader_.header().finishes && orders.count > large_cell_orders;
    waiting_.clear();
    violated_before_ = outcome_.tally.violations_by;
    orders_violated_before_ = outcome_.tally.orders_violated;
    ++facts_.cells;
  }

  /// Up to where a cell that was cut off can be judged. Orders of a live target may each have a time of their own: of them
  /// nothing is known to be overdue.
  Instant cut_horizon() const { return live_ ? Instant::min() : now_; }

  void end_cell(Instant horizon) {
    oracle_.finish_all(horizon);
    open_ = false;
    if (tainted_) set_findings_apart();
  }

  void set_findings_apart() {
    Tally& tally = outcome_.tally;
    for (std::size_t i = 0; i < tally.violations_by.size(); ++i) facts_.doubtful += tally.violations_by[i] - violated_before_[i];
    tally.violations_by = violated_before_;
    // An order that was judged in an earlier cell of the same numbers can have been found violated since.
    const std::uint64_t orders = tally.orders_violated - std::min(tally.orders_violated, orders_violated_before_);
    tally.orders_violated -= orders;
    tally.orders_unknown += orders;
    std::erase_if(tally.violation_samples, [&](Violation& found) {
      if (!orders_.contains(found.order)) return false;
      keep_doubtful(found);
      return true;
    });
  }

  void tell_broken(const std::string& what) {
    tainted_ = true;
    note_broken(what);
  }

  void take_end(const HistoryEnd& end) {
    if (open_) {
      tell_broken("the history ends before its last cell does");
      end_cell(cut_horizon());
    }
    take_counts(end);
    facts_.end = end;
    end_reading();
  }

  Oracle oracle_;
  // of the cell that is read
  OrderRange orders_;
  Instant now_ = Instant::min();
  bool open_ = false, tainted_ = false, live_ = false, retires_ = false;
  std::deque<std::pair<Instant, OrderId>> waiting_;  // completed orders, and when they may be let go
  std::array<std::uint64_t, invariant_count> violated_before_{};
  std::uint64_t orders_violated_before_ = 0;
};

}  // namespace

CheckOutcome check_history(HistoryReader& reader, const CheckOptions& options) {
  if (is_live(reader.header())) return check_live_history(reader, options);
  return Judging{reader, options}.run();
}

std::vector<TimelineEntry> trace_history(HistoryReader& reader, const CheckOptions& options, OrderId order) {
  if (is_live(reader.header())) return trace_live_history(reader, options, order);
  std::vector<TimelineEntry> timeline;
  if (order == OrderId::none) return timeline;
  Tally findings;
  Oracle judge{options.policy, options.tolerances, OrderRange{order, 1}, findings};
  Record record;
  Instant last = Instant::min(), horizon = Instant::min();
  bool in_its_cell = true;
  HistoryReader::Got got;
  while ((got = reader.next(record)) != HistoryReader::Got::end) {
    if (got == HistoryReader::Got::broken) continue;
    if (record.kind == RecordKind::operation && record.operation.observation.operation.order == order) {
      const Observation& seen = record.operation.observation;
      timeline.push_back({seen.answered, seen});
      judge.observe(seen);
      last = std::max(last, seen.answered);
    } else if (record.kind == RecordKind::evidence && record.evidence.evidence.order == order) {
      timeline.push_back({record.at, record.evidence.evidence});
      judge.observe(record.evidence.evidence, record.at);
      last = std::max(last, record.at);
    } else if (record.kind == RecordKind::cell) {
      in_its_cell = record.orders.contains(order);
    } else if (record.kind == RecordKind::cell_end && in_its_cell) {
      horizon = record.at;
    } else if (record.kind == RecordKind::end || record.kind == RecordKind::header) {
      break;
    }
  }
  judge.finish(order, std::max(horizon, last));
  insert_findings(timeline, findings.violation_samples);
  return timeline;
}

}  // namespace dueprocess
