// Writing a history: cells are taken down by several threads at once and stand in the file in the order of their numbers, so that
// the file of a run is the same, byte for byte, for any number of threads.
//
//   HistoryFile file{"week.ndjson.zst", header};
//   on each thread:  HistoryCell cell{file};
//                    cell.begin(index, orders);  cell.append(...) ...  cell.end(never);
//   at the end:      file.finish(end, failures);          // without it the file says that it is incomplete
//
// Memory: a thread collects a piece of about a megabyte, compresses it where the name ends in .zst, and writes it when all cells
// before its own are written. Until then it keeps pieces, at most `held_max` bytes of them; with more it waits. The cell
// whose turn it is never waits, so a run in one cell is a stream.
//
// Failure: what cannot be written (a full disk) ends the recording and not the run; `problem` says so, and the file has no
// `end` record. The same when a cell is never ended. Each piece is a zstd frame of its own: of a file that was cut off, all but
// the last piece can be read.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/history/header.hpp"
#include "harness/history/records.hpp"

namespace dueprocess {

class PieceCompressor;

class HistoryFile {
 public:
  static constexpr std::size_t piece_size = 1u << 20;
  static constexpr std::size_t held_max = 32u << 20;  // a thread

  /// Makes the file, or empties the one that is there; problem() says when it could not.
  HistoryFile(std::string path, const HistoryHeader&);
  ~HistoryFile();
  HistoryFile(const HistoryFile&) = delete;
  HistoryFile& operator=(const HistoryFile&) = delete;

  /// Nothing: all is well so far. Any thread.
  std::optional<std::string> problem() const;
  const std::string& path() const { return path_; }

  /// The cell of this number will not be recorded: it was never played. Any thread.
  void skip(std::uint32_t index);
  /// All cells are ended or skipped: closes with the last record. The counts of records are the file's own. Then the file is
  /// whole and on the disk, or problem() says why not.
  void finish(HistoryEnd, const std::vector<CaseFailureRecord>&, const std::vector<FaultSpan>& faults = {});

  std::uint64_t bytes_written() const { return bytes_; }  // REQUIRES: no cell is being recorded

 private:
  friend class HistoryCell;
  friend class HistoryShare;
  struct Counts {
    std::uint64_t operations = 0, evidence = 0;
  };
  bool compresses() const { return compresses_; }
  bool is_turn_of(std::uint32_t index);
  void wait_for_turn(std::uint32_t index);
  /// REQUIRES: it is the cell's turn.
  void write(const char* bytes, std::size_t size);
  void pass_turn(std::uint32_t index, const Counts&);
  /// Whole lines that wait for no turn (share.hpp). Any thread.
  void write_piece(std::string_view, std::uint64_t operations, std::uint64_t evidence);
  void give_up(std::string why);

  std::string path_;
  int descriptor_ = -1;
  bool compresses_ = false;
  mutable std::mutex mutex_;
  std::mutex writing_;  // of pieces
  std::condition_variable turned_;
  std::uint32_t turn_ = 0;             // the cell that may write
  std::vector<std::uint32_t> passed_;  // later cells that are already done with; few
  std::string problem_;
  std::uint64_t bytes_ = 0;
  Counts counts_;
};

/// One thread's pen. Used again from cell to cell.
class HistoryCell {
 public:
  explicit HistoryCell(HistoryFile&);
  /// A cell that was begun and not ended leaves the file incomplete.
  ~HistoryCell();
  HistoryCell(const HistoryCell&) = delete;
  HistoryCell& operator=(const HistoryCell&) = delete;

  /// Cells are numbered from 0, each number once. With several threads numbers are to be begun in about their order.
  void begin(std::uint32_t index, OrderRange);
  void end(Instant horizon);

  void append(const Observation& seen) { append_operation(seen); }
  void append(const LiveObservation& seen) { append_operation(seen); }
  void append(const Evidence& evidence, Instant seen) { append_evidence(evidence, seen); }
  void append(const LiveEvidence& evidence, Instant seen) { append_evidence(evidence, seen); }
  void append(const ClockSample& sample) { advance(write_record(room(), sample)); }
  void append(const ClockAdvance& moved) { advance(write_record(room(), moved)); }
  void append(const FaultSpan&);
  void finish(OrderId order, Instant horizon) { advance(write_finish(room(), order, horizon)); }

 private:
  template <class Seen>
  void append_operation(const Seen& seen) {
    ++counts_.operations;
    advance(write_record(room(), seen));
  }
  template <class Seen>
  void append_evidence(const Seen& evidence, Instant seen) {
    ++counts_.evidence;
    advance(write_record(room(), evidence, seen));
  }
  char* room() { return piece_.get() + used_; }
  void advance(const char* end) {
    used_ = static_cast<std::size_t>(end - piece_.get());
    if (used_ >= HistoryFile::piece_size) [[unlikely]]
      seal();
  }
  void seal();
  void let_go(const char* bytes, std::size_t size);
  void write_held();

  HistoryFile& file_;
  std::unique_ptr<char[]> piece_;
  std::size_t used_ = 0;
  std::unique_ptr<PieceCompressor> compressor_;
  std::vector<char> held_;  // pieces that wait for their turn
  HistoryFile::Counts counts_;
  std::uint32_t index_ = 0;
  bool open_ = false, has_turn_ = false;
};

}  // namespace dueprocess
