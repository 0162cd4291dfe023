// Real orders from a CSV file.
#pragma once

#include "scenarios/language/parts.hpp"

namespace dueprocess {

struct ReplayOrders {
  std::vector<ReplayOrder> orders;  // by (placed, line)
  std::uint32_t sellers = 0, buyers = 0;
  std::uint64_t rows = 0;  // data rows in the file
  std::uint64_t rows_skipped = 0;
  std::vector<std::string> problems;  // "line 12: why"; the first 20
};

/// From a file's text. Mistakes of the file as a whole (its header) and, under `strict`, broken rows go to `reading`.
ReplayOrders read_replay(Reading&, const ReplayText&, std::string_view csv, const std::string& file_name);

/// Numbers sellers and buyers by first appearance, without gaps, after orders were left out.
void number_people(ReplayOrders&);

}  // namespace dueprocess
