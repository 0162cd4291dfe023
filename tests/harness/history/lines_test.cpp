#include "harness/history/lines.hpp"
#include "catch.hpp"
#include "harness/history/file.hpp"
#include "scratch.hpp"

#include <vector>

using namespace dueprocess;

namespace {

std::vector<std::string> lines_of(LineSource& source) {
  std::vector<std::string> lines;
  LineSource::Line line;
  while (source.next(line)) {
    REQUIRE(line.number == lines.size() + 1);
    lines.emplace_back(line.text);
  }
  return lines;
}

/// A history of one cell with so many operations.
std::string written(const Scratch& scratch, const std::string& name, std::uint64_t operations) {
  HistoryFile file{scratch.path(name), HistoryHeader{}};
  HistoryCell cell{file};
  cell.begin(0, {OrderId{1}, operations});
  Observation seen;
  for (std::uint64_t i = 1; i <= operations; ++i) {
    seen.operation.order = OrderId{i};
    seen.intended = seen.sent = seen.answered = instant_at(static_cast<std::int64_t>(i));
    cell.append(seen);
  }
  cell.end(never);
  file.finish({}, {});
  REQUIRE(file.problem() == std::nullopt);
  return scratch.path(name);
}

}  // namespace

TEST_CASE("a file gives its lines, the last one also when nothing ends it") {
  const Scratch scratch;
  LineSource whole{scratch.write("a", "one\n\ntwo\nthree")};
  CHECK(lines_of(whole) == std::vector<std::string>{"one", "", "two", "three"});
  LineSource empty{scratch.write("b", "")};
  CHECK(lines_of(empty).empty());
  CHECK(empty.problem() == "");
  LineSource last{scratch.write("c", "one\ntwo")};
  LineSource::Line line;
  CHECK((last.next(line) && line.ended));
  CHECK((last.next(line) && !line.ended));
}

TEST_CASE("a file that cannot be read says why") {
  const Scratch scratch;
  LineSource missing{scratch.path("missing")};
  CHECK(missing.problem() == "cannot read " + scratch.path("missing") + ": No such file or directory");
  CHECK(lines_of(missing).empty());
  LineSource folder{scratch.path("")};
  CHECK(folder.problem().ends_with("it is a folder"));
}

TEST_CASE("a line that is too long is given cut off, and the next one is itself again") {
  const Scratch scratch;
  const std::string path = scratch.write("long", "first\n" + std::string(2 * LineSource::line_max + 5, 'x') + "\nthird\nfourth");
  LineSource source{path};
  LineSource::Line line;
  REQUIRE(source.next(line));
  REQUIRE(source.next(line));
  CHECK((line.too_long && line.number == 2));
  REQUIRE(source.next(line));
  CHECK((line.text == "third" && line.number == 3 && !line.too_long));
  REQUIRE(source.next(line));
  CHECK((line.text == "fourth" && line.number == 4));
  CHECK_FALSE(source.next(line));
}

TEST_CASE("compressed and not, a history has the same lines") {
  const Scratch scratch;
  LineSource plain{written(scratch, "h.ndjson", 40'000)}, packed{written(scratch, "h.ndjson.zst", 40'000)};
  const std::vector<std::string> lines = lines_of(plain);
  CHECK(lines.size() == 40'000 + 4);
  CHECK(lines_of(packed) == lines);
  CHECK(bytes_of(scratch.path("h.ndjson.zst")).size() * 5 < bytes_of(scratch.path("h.ndjson")).size());
}

TEST_CASE("compressed data that is cut off gives what came before, and says so") {
  const Scratch scratch;
  const std::string bytes = bytes_of(written(scratch, "h.ndjson.zst", 40'000));
  for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{700}, std::size_t{5}}) {
    LineSource source{scratch.write("cut.zst", bytes.substr(0, size))};
    const std::vector<std::string> lines = lines_of(source);
    INFO(size);
    CHECK(lines.size() <= 40'000 + 4);  // the checksum alone can be missing
    CHECK(source.problem().find("cut off") != std::string::npos);
  }
}

TEST_CASE("compressed data that was altered is not believed") {
  const Scratch scratch;
  std::string bytes = bytes_of(written(scratch, "h.ndjson.zst", 40'000));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
  LineSource source{scratch.write("altered.zst", bytes)};
  lines_of(source);
  CHECK(source.problem().find("altered") != std::string::npos);
}

TEST_CASE("a place that cannot be written to is known at once, a full disk when it is full, neither ends the program") {
  HistoryFile nowhere{"/nowhere/at/all.ndjson", HistoryHeader{}};
  CHECK(nowhere.problem() == "cannot write /nowhere/at/all.ndjson: No such file or directory");

  HistoryFile full{"/dev/full", HistoryHeader{}};
  HistoryCell cell{full};
  cell.begin(0, {OrderId{1}, 1});
  cell.end(never);
  full.finish({}, {});
  CHECK(full.problem() == "cannot write /dev/full: No space left on device");
}

TEST_CASE("a cell that never ends leaves the file without its last record") {
  const Scratch scratch;
  const std::string path = scratch.path("open.ndjson");
  HistoryFile file{path, HistoryHeader{}};
  {
    HistoryCell cell{file};
    cell.begin(0, {OrderId{1}, 1});
  }
  file.finish({}, {});
  CHECK(file.problem().has_value());
  CHECK(bytes_of(path).find("\"end\"") == std::string::npos);
}

TEST_CASE("cells stand in the order of their numbers, whoever was first") {
  const Scratch scratch;
  const std::string path = scratch.path("turns.ndjson");
  HistoryFile file{path, HistoryHeader{}};
  HistoryCell cell{file};
  file.skip(1);
  cell.begin(0, {OrderId{1}, 1});
  cell.end(never);
  cell.begin(2, {OrderId{3}, 1});
  cell.end(never);
  file.finish({}, {});
  REQUIRE(file.problem() == std::nullopt);
  const std::string text = bytes_of(path);
  CHECK(text.find("\"first\":1") < text.find("\"first\":3"));
}
