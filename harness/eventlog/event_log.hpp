// A log read by its mapping: orders, each with its facts and its events in the order in which they happened. All of it in memory:
// the events of an order may stand anywhere in the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/eventlog/mapping.hpp"
#include "sim/workflow/ids.hpp"

namespace dueprocess {

struct LoggedEvent {
  Instant at = never;
  Instant deadline = never;    // told; `never`: not told
  std::int64_t amount = 0;     // paid: cents; extended: microseconds
  UserId by = UserId::nobody;  // nobody: not told
  std::uint32_t line = 0;
  LogEvent event = LogEvent::placed;
  bool has_amount = false;
};

struct LoggedOrder {
  std::string name;
  UserId buyer = UserId::nobody, seller = UserId::nobody;  // nobody: not told
  Instant due = never;
  std::int64_t price_cents = 0;  // 0: not told
  std::vector<LoggedEvent> events;
  std::string problem;  // why it cannot be judged; empty: it can
};

struct EventLog {
  static constexpr std::size_t problems_max = 20;

  std::vector<LoggedOrder> orders;  // by first appearance: order ids are their places, from 1
  std::uint64_t rows = 0, rows_without_event = 0;
  std::uint64_t rows_broken = 0, orders_left_out = 0;
  std::vector<std::string> problems;  // the first of both, with the line
  std::uint64_t events[log_event_count] = {};
  Instant first = never, last = Instant::min();
};

/// `wrong`: the log and the mapping do not fit each other (a column that is not there); then nothing was read.
EventLog read_event_log(const LogMapping&, LogFormat, std::string_view text, std::string& wrong);

}  // namespace dueprocess
