#include "scenarios/language/csv.hpp"

#include "reading.hpp"

using namespace dueprocess;

namespace {
struct Seen {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::uint32_t> lines;
  std::vector<std::uint32_t> broken;
};
Seen read_all(std::string_view text) {
  Seen seen;
  CsvReader reader{text};
  CsvReader::Row row;
  while (reader.next(row)) {
    if (!row.problem.empty()) {
      seen.broken.push_back(row.line);
      continue;
    }
    seen.rows.push_back(row.fields);
    seen.lines.push_back(row.line);
  }
  return seen;
}
using Rows = std::vector<std::vector<std::string>>;
}  // namespace

TEST_CASE("fields are divided by commas and rows by line ends of any kind") {
  for (const auto* text : {"a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\rc,d", "\xEF\xBB\xBF\n\na,b\n\nc,d"})
    CHECK(read_all(text).rows == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(read_all("a,,b,\n").rows == Rows{{"a", "", "b", ""}});
  CHECK(read_all("").rows.empty());
  CHECK(read_all(",").rows == Rows{{"", ""}});
}

TEST_CASE("quotes hold commas, quotes and line ends, lines are still counted") {
  const Seen seen = read_all("\"a,\"\"b\"\"\",\"x\r\ny\"\nc,d\n\"\",e");
  CHECK(seen.rows == Rows{{"a,\"b\"", "x\r\ny"}, {"c", "d"}, {"", "e"}});
  CHECK(seen.lines == std::vector<std::uint32_t>{1, 3, 4});
}

TEST_CASE("a broken row costs its line and no more") {
  const Seen open = read_all("a,b\n\"x,y\nc,d\n");
  CHECK(open.broken == std::vector<std::uint32_t>{2});
  CHECK(open.rows == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(open.lines == std::vector<std::uint32_t>{1, 3});
  const Seen tail = read_all("a\n\"x\"y,z\nb\n");
  CHECK(tail.broken == std::vector<std::uint32_t>{2});
  CHECK(tail.rows == Rows{{"a"}, {"b"}});
  CHECK(read_all("a\n\xff\nb\n").broken == std::vector<std::uint32_t>{2});
  CHECK(read_all(std::string(2000, ',')).broken == std::vector<std::uint32_t>{1});
  CHECK(read_all(std::string("a\0b\nc", 5)).broken == std::vector<std::uint32_t>{1});
}

TEST_CASE("a quote that never ends does not make the reading quadratic") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "\"x,y\n";
  CHECK(read_all(text).rows.size() + read_all(text).broken.size() > 0);
}
