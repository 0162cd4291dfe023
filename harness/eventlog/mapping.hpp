// How the events of another system's log are found in its rows: a YAML file that names columns (docs/event-logs.md).
//
//   order: order_id                                   the column that says which order a row is about
//   buyer: buyer_id                                   facts of an order, on any of its rows
//   due: due_at
//   events:
//     - {event: placed,    at: created_at}            a row can tell several events ...
//     - {event: delivered, at: delivered_at}
//     - {event: accepted,  at: happened_at, when: {type: order_accepted}}      ... or one, said by another column
//
// Read by the machinery of scenarios: mistakes are told all at once, with line and column.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/language/read.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess {

/// What a log can tell of an order.
enum class LogEvent : std::uint8_t {
  placed,
  delivered,  // the first time or again
  modification_requested,
  extended,
  accepted,
  auto_completed,
  completed,  // by the buyer or by the timer: the log does not say
  paid,
};
inline constexpr unsigned log_event_count = 8;
std::string_view name_of(LogEvent);

/// One event that rows may tell.
struct LogRule {
  LogEvent event = LogEvent::placed;
  std::string at;                                                      // column of its instant; empty there: not happened
  std::vector<std::pair<std::string, std::vector<std::string>>> when;  // columns, and the words that one of them must be
  std::string length;    // extended: column of how long (a duration, or whole units)
  std::string deadline;  // column of the deadline in force after it
  std::string amount;    // paid
  std::string by;        // column of who did it; paid: who was paid
  std::uint32_t line = 0;
};

enum class LogFormat : std::uint8_t { by_name, csv, ndjson };
enum class LogInstants : std::uint8_t { rfc3339, unix_s, unix_ms, unix_us };

struct LogMapping {
  std::string name, description;
  LogFormat format = LogFormat::by_name;
  LogInstants instants = LogInstants::rfc3339;
  Duration length_unit = std::chrono::seconds{1};  // of `length` columns that are plain numbers
  std::string order;                               // columns; empty: the log does not have it
  std::string buyer, seller, due, price;
  std::optional<Instant> until;  // the log is whole up to here; nothing: up to its last instant
  std::vector<LogRule> rules;
  Policy policy;

  bool tells(LogEvent) const;
  /// Some rule of the event has this column.
  bool tells(LogEvent, std::string LogRule::*column) const;
};

struct ReadLogMapping {
  LogMapping mapping;
  std::vector<Mistake> mistakes;
  bool ok() const;
};
ReadLogMapping read_log_mapping(const std::string& text, const std::string& file_name,
                                const std::vector<std::pair<std::string, std::string>>& overrides);

}  // namespace dueprocess
