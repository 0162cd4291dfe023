#include "harness/target/http/event_stream.hpp"

#include <vector>

#include "catch.hpp"

namespace dueprocess::http {
namespace {

struct Seen {
  std::string id, kind, data;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read(EventStreamReader& reader, std::string_view text, std::size_t piece) {
  std::vector<Seen> seen;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    CHECK(reader.take(text.substr(0, piece), [&](const StreamEvent& event) {
      seen.push_back({std::string{event.id}, std::string{event.kind}, std::string{event.data}});
    }));
  return seen;
}

TEST_CASE("Events are the same however the stream is cut") {
  const std::string_view text =
      "\xef\xbb\xbf: hello\n\n"
      "id: 1\ndata: one\n\n"
      "event: notice\r\ndata:two\r\ndata: more\r\n\r\n"
      "retry: 250\rid: 3\rdata\r\r"
      "data: unfinished";
  const std::vector<Seen> expected = {{"1", "message", "one"}, {"1", "notice", "two\nmore"}, {"3", "message", ""}};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    EventStreamReader reader;
    CHECK(read(reader, text, piece) == expected);
    CHECK(reader.last_id() == "3");
    CHECK(reader.retry_ms() == 250);
  }
}

TEST_CASE("What a broken stream had begun is not an event of the next one") {
  EventStreamReader reader;
  CHECK(read(reader, "id: 1\ndata: a\n\nid: 2\nevent: x\ndata: b\n", 100).size() == 1);
  reader.restart();
  CHECK(reader.last_id() == "1");
  CHECK(read(reader, "data: c\n\n", 100) == std::vector<Seen>{{"1", "message", "c"}});
}

TEST_CASE("An event over the limit ends the stream") {
  EventStreamReader reader{100};
  CHECK_FALSE(reader.take("data: " + std::string(100, 'x'), [](const StreamEvent&) {}));
  EventStreamReader lines{100};
  std::string many;
  for (int i = 0; i < 50; ++i) many += "data: abc\n";
  CHECK_FALSE(lines.take(many, [](const StreamEvent&) {}));
}

}  // namespace
}  // namespace dueprocess::http
