#include "scenarios/language/csv.hpp"

#include "scenarios/language/source.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

constexpr std::size_t fields_max = 1000;
constexpr std::size_t row_max = 1u << 20;  // bytes; a quote that never ends would else swallow the file

bool is_utf8_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = character_size(text, at);
    if (size == 0 || text[at] == '\0') return false;
    at += size;
  }
  return true;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

bool CsvReader::at_line_end() const { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

void CsvReader::take_line_end() {
  if (at_ >= text_.size()) return;
  const bool crlf = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
  at_ += crlf ? 2 : 1;
  ++line_;
}

void CsvReader::skip_line() {
  at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
  take_line_end();
}

/// Takes a quoted field; false: it has no end, or something follows it.
bool CsvReader::take_quoted(std::string& field) {
  const std::size_t limit = std::min(text_.size(), at_ + row_max);
  for (++at_; at_ < limit; ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
        ++at_;
        return at_line_end() || text_[at_] == ',';
      }
      ++at_;
    } else if (c == '\n' || (c == '\r' && (at_ + 1 >= text_.size() || text_[at_ + 1] != '\n'))) {
      ++line_;
    }
    field += c;
  }
  return false;
}

bool CsvReader::next(Row& row) {
  while (at_ < text_.size() && at_line_end()) take_line_end();
  row.problem.clear();
  if (at_ >= text_.size()) {
    row.fields.clear();
    return false;
  }
  row.line = line_;
  const std::size_t begin = at_;
  std::size_t used = 0;
  for (;;) {
    if (used == row.fields.size()) row.fields.emplace_back();
    std::string& field = row.fields[used++];
    field.clear();
    if (at_ < text_.size() && text_[at_] == '"') {
      if (!take_quoted(field)) {
        row.problem = "a quoted field that does not end where it should";
        at_ = begin;  // the line it began on is lost, and no more
        line_ = row.line;
        break;
      }
    } else {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
      field = text_.substr(at_, end - at_);
      at_ = end;
    }
    if (at_line_end()) break;
    ++at_;  // the comma
    if (used == fields_max) {
      row.problem = "more than 1000 columns";
      break;
    }
  }
  row.fields.resize(used);
  if (row.problem.empty()) {
    take_line_end();
  } else {
    skip_line();
  }
  if (row.problem.empty() && !std::ranges::all_of(row.fields, is_utf8_text)) row.problem = "bytes that are not UTF-8 text";
  return true;
}

}  // namespace dueprocess
