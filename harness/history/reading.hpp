// A record of a history as it was read.
#pragma once

#include <string>

#include "harness/history/line_scan.hpp"
#include "harness/history/records.hpp"

namespace dueprocess {

enum class RecordKind : std::uint8_t {
  operation,
  evidence,  // event, notice, payment
  cell,
  cell_end,
  finish,
  fault,
  down,  // wall time: the span of `fault`
  clock,
  advance,
  case_failure,
  end,
  header,  // a second one: histories that were put one behind the other
  other,   // of a later version: passed over
};

/// What is filled depends on `kind`. Used again from line to line.
struct Record {
  RecordKind kind = RecordKind::other;
  LiveObservation operation;
  LiveEvidence evidence;
  Instant at = never;              // evidence: when it was seen; cell_end, finish: the horizon
  OrderRange orders;               // cell
  OrderId order = OrderId::none;   // finish
  bool live = false;               // operation, evidence: the harness's times are told
  HarnessTime look_ns = never_ns;  // cell_end, finish of wall time: what was seen by then
  FaultSpan fault;
  ClockSample clock;
  ClockAdvance advance;
  CaseFailureRecord case_failure;
  HistoryEnd end;
};

/// Empty: the record is whole. Else what is wrong with the line. Instants further than 2^62 us from 1970 are no instants.
std::string read_record(LineScan&, std::string_view line, Record&);

}  // namespace dueprocess
