// What the judges of a history have in common, whichever oracle they ask: reading to the last record or as far as it goes, and
// keeping what is wrong with the file.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "harness/history/check.hpp"

namespace dueprocess {

class CheckReading {
 protected:
  static constexpr std::uint64_t orders_untold = 1u << 20;  // of a history that neither has cells nor says how many orders it has

  CheckReading(HistoryReader& reader, const CheckOptions& options) : reader_(reader), options_(options) {}

  /// Calls `take(record)` and `broken(why)`, line by line, until end_reading(), the file's end, or CheckOptions::stop.
  template <class Take, class Broken>
  void read(Take take, Broken broken) {
    Record record;
    while (!ended_ && !stopped()) {
      const HistoryReader::Got got = reader_.next(record);
      if (got == HistoryReader::Got::end) {
        facts_.cut_off = reader_.trouble().empty() ? "it ends without its last record" : reader_.trouble();
        break;
      }
      facts_.lines = reader_.line();
      if (got == HistoryReader::Got::broken)
        broken(reader_.trouble());
      else
        take(record);
    }
    if (facts_.stopped) facts_.cut_off = "the check was interrupted";
  }
  void end_reading() { ended_ = true; }

  void take_case_failure(const CaseFailureRecord& failure) {
    outcome_.tally.add_case_failure(failure.failure);
    facts_.case_failures.push_back(failure);
  }
  void take_another_header() {
    facts_.cut_off = fmt::format("another history begins in line {}", reader_.line());
    ended_ = true;
  }
  void note_broken(const std::string& what) {
    ++facts_.broken;
    if (facts_.problems.size() < HistoryFacts::problems_max)
      facts_.problems.push_back(fmt::format("line {}: {}", reader_.line(), what));
  }

  /// Why a cell of these orders cannot be judged; none: it can.
  std::optional<std::string> unfit(OrderRange orders) const {
    const std::uint64_t last = number(orders.first) + orders.count;
    if (orders.first != OrderId::none && last >= number(orders.first) && orders.count <= options_.orders_max) return std::nullopt;
    return fmt::format("a cell of {} orders from {} on: more than can be judged", orders.count, number(orders.first));
  }
  OrderRange untold_cell() const { return {OrderId{1}, reader_.header().orders != 0 ? reader_.header().orders : orders_untold}; }

  /// A sample of a finding that is set apart: the first of them are kept.
  void keep_doubtful(Violation& found) {
    if (facts_.doubtful_samples.size() < HistoryFacts::problems_max) facts_.doubtful_samples.push_back(std::move(found));
  }

  /// What the last record counts, held against what was read. All cells are judged by now.
  void take_counts(const HistoryEnd& end) {
    Tally& tally = outcome_.tally;
    tally.timers_fired = end.timers_fired;
    tally.actions_dropped = end.actions_dropped;
    tally.cases_run = end.cases_run;
    const bool counted = end.operations + end.evidence != 0;
    facts_.altered =
        facts_.broken == 0 && ((counted && (end.operations != facts_.operations || end.evidence != facts_.evidence)) ||
                               (end.digest != 0 && end.digest != tally.digest));
  }
  /// The outcome, once everything is judged.
  CheckOutcome close() {
    Record record;
    if (facts_.end) facts_.followed = reader_.next(record) != HistoryReader::Got::end;
    facts_.bytes = reader_.bytes_read();
    return std::move(outcome_);
  }

  HistoryReader& reader_;
  const CheckOptions& options_;
  CheckOutcome outcome_;
  HistoryFacts& facts_ = outcome_.facts;

 private:
  static constexpr std::uint64_t poll_every = 1u << 12;

  bool stopped() {
    if (++polls_ % poll_every == 0 && options_.stop && options_.stop->load(std::memory_order_relaxed)) facts_.stopped = true;
    return facts_.stopped;
  }

  bool ended_ = false;
  std::uint64_t polls_ = 0;
};

}  // namespace dueprocess
