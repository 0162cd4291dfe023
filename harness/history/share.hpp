// One thread's pen in the history of a live run. There nobody can wait for a turn, as real time does not: the threads' pieces
// stand among each other in the file, each piece begins with the line of the cell that it is about, and a cell may be gone on
// with as often as need be (HistoryHeader::interleaved).
//
//   HistoryShare share{file};            // on each thread
//   share.in(orders); share.append(...)  // what is judged, in the order in which the judge is shown it
//   share.end(...)                       // of each cell that began
//
// Memory: one piece of 64 KiB, small so that compressing it holds up the loop for less than a millisecond. What lies in it is
// lost when the process is killed: flush() now and then. Failure: as of HistoryFile, whose end all shares come before.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/history/file.hpp"
#include "harness/history/records.hpp"

namespace dueprocess {

class HistoryShare {
 public:
  static constexpr std::size_t piece_size = 64u << 10;

  explicit HistoryShare(HistoryFile&);
  ~HistoryShare();  // flushes
  HistoryShare(const HistoryShare&) = delete;
  HistoryShare& operator=(const HistoryShare&) = delete;

  /// What follows is about this cell.
  void in(OrderRange);
  // REQUIRES, of all below: in() was called.
  void append(const Observation& seen) { advance(write_record(for_operation(), seen)); }
  void append(const LiveObservation& seen) { advance(write_record(for_operation(), seen)); }
  void append(const Evidence& evidence, Instant seen) { advance(write_record(for_evidence(), evidence, seen)); }
  void append(const LiveEvidence& evidence) { advance(write_record(for_evidence(), evidence, never)); }
  /// Wall time: the target was declared down.
  void down(HarnessTime from, HarnessTime to) { advance(write_down(room(), from, to)); }
  /// Wall time: the order was judged by what a look at `look_ns` had shown.
  void finish(OrderId order, HarnessTime look_ns) { advance(write_finish_at_look(room(), order, look_ns)); }
  /// The cell is over: up to an instant, or in wall time up to a look.
  void end(Instant horizon) { advance(write_cell_end(room(), horizon)); }
  void end_at_look(HarnessTime look_ns) { advance(write_cell_end_at_look(room(), look_ns)); }
  void flush();

 private:
  char* for_operation() {
    ++operations_;
    return room();
  }
  char* for_evidence() {
    ++evidence_;
    return room();
  }
  /// Where the next record goes; a piece that is begun says first which cell it is about.
  char* room();
  void advance(const char* end);

  HistoryFile& file_;
  std::unique_ptr<char[]> piece_;
  std::size_t used_ = 0;
  std::unique_ptr<PieceCompressor> compressor_;
  OrderRange cell_;
  bool told_ = false;  // the piece says which cell
  std::uint64_t operations_ = 0, evidence_ = 0;
};

}  // namespace dueprocess
