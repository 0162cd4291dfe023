#include "harness/eventlog/rows.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

#include "scenarios/language/csv.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/values.hpp"

namespace dueprocess {
namespace {

namespace json = boost::json;

class CsvRows final : public LogRows {
 public:
  CsvRows(std::string_view text, const std::vector<std::string>& columns, std::string& wrong) : reader_(text) {
    if (!reader_.next(row_)) {
      wrong = "it is empty: not even a header";
      return;
    }
    if (!row_.problem.empty()) wrong = fmt::format("line {}: the header has {}", row_.line, row_.problem);
    for (const std::string& column : columns) {
      const auto found = std::ranges::find_if(row_.fields, [&](const std::string& field) { return trimmed(field) == column; });
      places_.push_back(static_cast<std::size_t>(found - row_.fields.begin()));
      if (found != row_.fields.end() || !wrong.empty()) continue;
      std::vector<std::string> names = row_.fields;
      if (names.size() > 30) names.resize(30);
      wrong = fmt::format("there is no column \"{}\"{}", column, suggestion(column, names));
    }
    width_ = row_.fields.size();
  }
  bool next() override {
    if (!reader_.next(row_)) return false;
    problem_ = row_.problem;
    if (problem_.empty() && row_.fields.size() < width_)
      problem_ = fmt::format("{} columns, the header has {}", row_.fields.size(), width_);
    return true;
  }
  const std::string& problem() const override { return problem_; }
  std::uint32_t line() const override { return row_.line; }
  std::string_view field(std::size_t column) const override { return trimmed(row_.fields[places_[column]]); }

 private:
  CsvReader reader_;
  CsvReader::Row row_;
  std::vector<std::size_t> places_;
  std::size_t width_ = 0;
  std::string problem_;
};

class NdjsonRows final : public LogRows {
 public:
  NdjsonRows(std::string_view text, const std::vector<std::string>& columns) : text_(text), fields_(columns.size()) {
    for (const std::string& column : columns) {
      auto& path = paths_.emplace_back(1);
      for (const char c : column) {
        if (c == '.')
          path.emplace_back();
        else
          path.back() += c;
      }
    }
  }
  bool next() override {
    for (;;) {
      if (at_ >= text_.size()) return false;
      const std::size_t end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = trimmed(text_.substr(at_, end - at_));
      at_ = end + 1;
      ++line_;
      if (line.empty()) continue;
      take(line);
      return true;
    }
  }
  const std::string& problem() const override { return problem_; }
  std::uint32_t line() const override { return line_; }
  std::string_view field(std::size_t column) const override { return fields_[column]; }

 private:
  void take(std::string_view line) {
    boost::system::error_code error;
    const json::value value = json::parse(json::string_view{line.data(), line.size()}, error);
    problem_.clear();
    if (error || !value.is_object()) {
      problem_ = error ? "not JSON: " + error.message() : "not a JSON object";
      return;
    }
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      const json::value* at = &value;
      for (const std::string& part : paths_[i]) at = at && at->is_object() ? at->get_object().if_contains(part) : nullptr;
      fields_[i] = at ? text_of(*at) : std::string{};
    }
  }
  static std::string text_of(const json::value& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
    if (value.is_double()) return fmt::format("{}", value.get_double());  // 12.5, where JSON may say 1.25E1
    return json::serialize(value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 0;
  std::vector<std::vector<std::string>> paths_;
  std::vector<std::string> fields_;
  std::string problem_;
};

}  // namespace

std::unique_ptr<LogRows> open_rows(LogFormat format, std::string_view text, const std::vector<std::string>& columns,
                                   std::string& problem) {
  if (format == LogFormat::ndjson) return std::make_unique<NdjsonRows>(text, columns);
  return std::make_unique<CsvRows>(text, columns, problem);
}

}  // namespace dueprocess
