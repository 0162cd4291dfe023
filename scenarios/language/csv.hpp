// A CSV reader (RFC 4180): quoted fields with commas, doubled quotes and line ends in them; LF, CRLF or CR; a byte order mark.
// Knows the line each row began on. Never throws; a broken row is told and the reading goes on with the next line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess {

class CsvReader {
 public:
  /// The text outlives the reader.
  explicit CsvReader(std::string_view text);

  struct Row {
    std::uint32_t line = 0;  // 1-based, where it begins
    std::vector<std::string> fields;
    std::string problem;  // empty: none; else the fields are not to be used
  };
  /// The next row; false at the end. Empty lines are no rows. The row's memory is used again.
  bool next(Row&);

 private:
  bool take_quoted(std::string& field);
  void skip_line();
  bool at_line_end() const;
  void take_line_end();

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace dueprocess
