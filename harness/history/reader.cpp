#include "harness/history/reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace dueprocess {

HistoryReader::HistoryReader(const std::string& path) : source_(path) {
  if (!source_.problem().empty()) {
    problem_ = source_.problem();
    return;
  }
  if (!source_.next(line_)) {
    problem_ = source_.problem().empty() ? fmt::format("{} is empty", path) : source_.problem();
    return;
  }
  ReadHeader read = line_.too_long ? ReadHeader{} : read_header(line_.text);
  has_header_ = read.is_header;
  header_ = std::move(read.header);
  line_waits_ = !has_header_;
  if (!read.problem.empty()) problem_ = fmt::format("{}: {}", path, read.problem);
}

HistoryReader::Got HistoryReader::next(Record& record) {
  trouble_.clear();
  for (;;) {
    if (!std::exchange(line_waits_, false) && !source_.next(line_)) {
      trouble_ = source_.problem();
      return Got::end;
    }
    if (line_.text.find_first_not_of(" \t\r") == std::string_view::npos) continue;  // an empty line holds nothing
    if (line_.too_long) {
      trouble_ = fmt::format("longer than {} bytes", LineSource::line_max);
      return Got::broken;
    }
    trouble_ = read_record(scan_, line_.text, record);
    if (trouble_.empty()) return Got::record;
    if (line_.ended) return Got::broken;
    // The last line of a file that was cut off in the middle of a record.
    trouble_ = fmt::format("cut off in the middle of line {}", line_.number);
    return Got::end;
  }
}

}  // namespace dueprocess
