#include "scenarios/language/replay.hpp"

#include "scenarios/language/csv.hpp"
#include "scenarios/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace dueprocess {
namespace {

constexpr std::size_t problems_kept = 20;
enum Column : std::size_t { order, buyer, seller, placed, due, delivered, answered, score, price };
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> columns = {{{"order", "order"},
                                                                                   {"buyer", "buyer"},
                                                                                   {"seller", "seller"},
                                                                                   {"placed", "placed_at"},
                                                                                   {"due", "due_at"},
                                                                                   {"delivered", "delivered_at"},
                                                                                   {"answered", "answered_at"},
                                                                                   {"score", "score"},
                                                                                   {"price", "price"}}};
constexpr std::size_t absent = static_cast<std::size_t>(-1);
bool needed(std::size_t column) { return column == buyer || column == seller || column == placed || column == due; }

using Places = std::array<std::size_t, columns.size()>;  // where in a row each column is

/// Finds the columns in the header; false when one that is needed is missing.
bool find_columns(Reading& reading, const ReplayText& text, const CsvReader::Row& header, Places& places) {
  bool whole = true;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::string& ours = text.columns[c].first;
    const std::string& theirs = text.columns[c].second;
    const auto found = std::ranges::find_if(header.fields, [&](const std::string& field) { return trimmed(field) == theirs; });
    places[c] = found == header.fields.end() ? absent : static_cast<std::size_t>(found - header.fields.begin());
    const Node* named = text.column_nodes[c];
    if (places[c] != absent || (!needed(c) && !named)) continue;
    std::vector<std::string> names = header.fields;
    if (names.size() > 30) names.resize(30);
    reading.error(named ? *named : *text.file_node,
                  fmt::format("the file has no column \"{}\" (for {}){}", theirs, ours, suggestion(theirs, names)));
    whole = false;
  }
  return whole;
}

/// A row's fields as values; throws a problem as text.
class RowReader {
 public:
  RowReader(const CsvReader::Row& row, const Places& places, const ReplayText& text) : row_(row), places_(places), text_(text) {}

  ReplayOrder read() const {
    ReplayOrder result;
    result.line = row_.line;
    result.placed = instant(placed);
    result.due = instant(due);
    result.delivered = optional_instant(delivered);
    result.answered = optional_instant(answered);
    if (result.due <= result.placed) throw fmt::format("due {} is not after placed {}", field(due), field(placed));
    if (result.delivered < result.placed) throw fmt::format("delivered {} is before placed {}", field(delivered), field(placed));
    if (result.answered < result.placed) throw fmt::format("answered {} is before placed {}", field(answered), field(placed));
    if (needed_field(buyer) == needed_field(seller)) throw fmt::format("buyer and seller are the same: {}", field(buyer));
    result.price_cents = 5'000;
    if (const auto cents = field(price); !cents.empty()) {
      const auto parsed = parse_money(cents);
      if (!parsed.ok() || parsed.value <= 0) throw fmt::format("price: \"{}\" is not an amount above 0", cents);
      result.price_cents = parsed.value;
    }
    if (const auto stars = field(score); !stars.empty()) {
      const auto parsed = parse_count(stars);
      if (!parsed.ok()) throw fmt::format("score: {}", parsed.problem);
      result.satisfied = parsed.value >= text_.satisfied_from;
    }
    return result;
  }

  std::string_view needed_field(std::size_t column) const {
    const auto text = field(column);
    if (text.empty()) throw fmt::format("{} is empty", columns[column].first);
    return text;
  }

 private:
  std::string_view field(std::size_t column) const {
    if (places_[column] == absent) return {};
    if (places_[column] >= row_.fields.size())
      throw fmt::format("only {} columns: {} is missing", row_.fields.size(), columns[column].first);
    return trimmed(row_.fields[places_[column]]);
  }
  Instant instant(std::size_t column) const {
    const auto parsed = parse_instant(needed_field(column), false);
    if (!parsed.ok()) throw fmt::format("{}: {}", columns[column].first, parsed.problem);
    return parsed.value;
  }
  Instant optional_instant(std::size_t column) const { return field(column).empty() ? never : instant(column); }

  const CsvReader::Row& row_;
  const Places& places_;
  const ReplayText& text_;
};

/// Names to numbers by first appearance.
class Numbers {
 public:
  std::uint32_t of(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    const auto number = static_cast<std::uint32_t>(numbers_.size());
    numbers_.emplace(name, number);
    return number;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(numbers_.size()); }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
};

/// Numbers as they first appeared in the file become numbers as they first appear in time.
std::uint32_t renumber(std::vector<ReplayOrder>& orders, std::uint32_t ReplayOrder::*who, std::uint32_t count) {
  constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> numbers(count, none);
  std::uint32_t next = 0;
  for (ReplayOrder& one : orders) {
    std::uint32_t& number = numbers[one.*who];
    if (number == none) number = next++;
    one.*who = number;
  }
  return next;
}

}  // namespace

ReplayText::ReplayText() : column_nodes(dueprocess::columns.size(), nullptr) {
  for (const auto& [ours, theirs] : dueprocess::columns) columns.emplace_back(ours, theirs);
}

Mapping describe(ReplayText& replay) {
  const auto describe_columns = [&replay] {
    Mapping mapping{"which column of the header is what"};
    for (std::size_t c = 0; c < columns.size(); ++c) {
      auto& [ours, theirs] = replay.columns[c];
      mapping.key(ours, noting(replay.column_nodes[c], text(theirs)),
                  fmt::format("the header's name of the column with {}", ours), std::string{columns[c].second});
    }
    return mapping;
  };
  return Mapping{"real orders from a CSV file"}
      .required("file", noting(replay.file_node, text(replay.file)), "a CSV file with a header line")
      .key("columns", mapping(describe_columns), "which column of the header is what")
      .key("satisfied_from", count(replay.satisfied_from, 0, 1'000'000), "the lowest score of a satisfied buyer", "3")
      .key("answers", one_of({"file", "personas"}, [&replay](std::size_t i) { replay.answers_from_file = i == 0; }),
           "who decides what the buyer does", "file");
}

ReplayOrders read_replay(Reading& reading, const ReplayText& text, std::string_view csv, const std::string& file_name) {
  ReplayOrders result;
  CsvReader reader{csv};
  CsvReader::Row row;
  Places places{};
  if (!reader.next(row)) {
    reading.error(*text.file_node, fmt::format("\"{}\" is empty: not even a header", file_name));
    return result;
  }
  if (!row.problem.empty()) {
    reading.error(*text.file_node, fmt::format("{}:{}: the header has {}", file_name, row.line, row.problem));
    return result;
  }
  if (!find_columns(reading, text, row, places)) return result;

  Numbers sellers, buyers;
  while (reader.next(row)) {
    ++result.rows;
    std::string problem = row.problem;
    if (problem.empty()) {
      try {
        const RowReader fields{row, places, text};
        ReplayOrder one = fields.read();
        one.seller = sellers.of(fields.needed_field(seller));
        one.buyer = buyers.of(fields.needed_field(buyer));
        result.orders.push_back(one);
        continue;
      } catch (const std::string& why) {
        problem = why;
      }
    }
    ++result.rows_skipped;
    std::string told = fmt::format("{}:{}: {}", file_name, row.line, problem);
    if (reading.options().strict) reading.error(*text.file_node, told);
    if (result.problems.size() < problems_kept) result.problems.push_back(std::move(told));
  }
  std::ranges::sort(result.orders, {}, [](const ReplayOrder& one) { return std::tuple(one.placed, one.line); });
  result.sellers = sellers.size();
  result.buyers = buyers.size();
  return result;
}

void number_people(ReplayOrders& replay) {
  replay.sellers = renumber(replay.orders, &ReplayOrder::seller, replay.sellers);
  replay.buyers = renumber(replay.orders, &ReplayOrder::buyer, replay.buyers);
}

}  // namespace dueprocess
