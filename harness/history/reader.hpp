// Reading a history, line by line, in bounded memory: the header first, then record by record. A line that cannot be read is told
// and passed over; where the file ends, and whether it should have ended there, is the reader's to say.
#pragma once

#include <optional>
#include <string>

#include "harness/history/header.hpp"
#include "harness/history/lines.hpp"
#include "harness/history/reading.hpp"

namespace dueprocess {

class HistoryReader {
 public:
  /// Opens the file and reads its header. "-" is standard input.
  explicit HistoryReader(const std::string& path);

  /// The file could not be opened, or is of a format that this version does not read: nothing can be judged.
  const std::string& problem() const { return problem_; }
  /// False: the first line is no header. Then all is as in a header that says nothing.
  bool has_header() const { return has_header_; }
  const HistoryHeader& header() const { return header_; }

  enum class Got : std::uint8_t { record, broken, end };
  /// `broken`: trouble() says what is wrong with the line. `end`: trouble() says why the file ends here when it should not; empty
  /// otherwise, which does not mean that the last record was seen.
  Got next(Record&);
  const std::string& trouble() const { return trouble_; }
  std::uint64_t line() const { return line_.number; }
  std::string_view text() const { return line_.text; }
  std::uint64_t bytes_read() const { return source_.bytes_read(); }

 private:
  LineSource source_;
  LineSource::Line line_;
  LineScan scan_;
  HistoryHeader header_;
  std::string problem_, trouble_;
  bool has_header_ = false;
  bool line_waits_ = false;  // the first line is no header, and is still to be given as a record
};

}  // namespace dueprocess
