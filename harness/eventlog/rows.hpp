// The rows of a log, whatever its format: fields by column.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/eventlog/mapping.hpp"

namespace dueprocess {

class LogRows {
 public:
  virtual ~LogRows() = default;
  /// The next row; false at the end. `problem` of a row that cannot be used.
  virtual bool next() = 0;
  virtual const std::string& problem() const = 0;
  virtual std::uint32_t line() const = 0;
  /// REQUIRES: the row has no problem. Empty: there is nothing. `column` is a place in the list the rows were opened with.
  virtual std::string_view field(std::size_t column) const = 0;
};

/// The text outlives the rows. Columns of CSV are names of its header; of NDJSON members, with dots inside of others
/// ("order.id"). `problem`: a column that the header does not have, with the nearest name there is.
std::unique_ptr<LogRows> open_rows(LogFormat, std::string_view text, const std::vector<std::string>& columns,
                                   std::string& problem);

}  // namespace dueprocess
