#include "harness/target/http/answer_parser.hpp"

#include "catch.hpp"

namespace dueprocess::http {
namespace {

struct Parsed {
  unsigned status = 0;
  std::string body;
  std::size_t used = 0;
  bool bad = false, done = false;
  bool operator==(const Parsed&) const = default;
};

/// The text given in pieces, as a connection would.
Parsed parse(std::string_view text, std::size_t piece, std::size_t head_bytes = 1000, std::uint64_t body_bytes = 1000) {
  AnswerParser parser;
  parser.begin(head_bytes, body_bytes, false);
  Parsed parsed;
  std::string waiting;
  while (!text.empty() && !parsed.bad && !parsed.done) {
    waiting.append(text.substr(0, piece));
    text.remove_prefix(std::min(piece, text.size()));
    for (bool more = true; more;) {
      const AnswerParser::Step step = parser.take(waiting);
      if (step == AnswerParser::Step::piece) parsed.body += parser.piece();
      parsed.used += parser.used();
      waiting.erase(0, parser.used());
      parsed.bad = step == AnswerParser::Step::bad;
      parsed.done = step == AnswerParser::Step::done;
      more = step == AnswerParser::Step::head || step == AnswerParser::Step::piece;
    }
  }
  parsed.status = parser.status();
  return parsed;
}

TEST_CASE("An answer is the same however it is cut, and ends where it ends") {
  const std::string answers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nSum: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  };
  for (const std::string& text : answers)
    for (std::size_t piece = 1; piece <= text.size() + 4; ++piece) {
      const Parsed parsed = parse(text + "HTTP", piece);
      CHECK(parsed.done);
      CHECK(parsed.used == text.size());
      CHECK(parsed.body == (text.find("llo") == std::string::npos ? "" : "hello"));
    }
}

TEST_CASE("Limits hold to the byte") {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  CHECK(parse(head + "0123456789", 7, head.size(), 10).done);
  CHECK(parse(head + "0123456789", 7, head.size() - 1, 10).bad);
  CHECK(parse(head + "0123456789", 7, head.size(), 9).bad);
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK(parse(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", 100, 1000, 10).done);
  CHECK(parse(chunked + "5\r\n01234\r\n6\r\n56789a\r\n0\r\n\r\n", 100, 1000, 10).bad);
  CHECK(parse("HTTP/1.1 200 OK\r\n\r\n0123456789a", 100, 1000, 10).bad);
}

TEST_CASE("What is not HTTP is told by its first byte") {
  CHECK(parse("X", 1).bad);
  CHECK(parse("HTTP/2 200\r\n", 1).bad);
  CHECK(parse("\r\nHTTP/1.1 200 OK\r\n\r\n", 1).bad);
}

TEST_CASE("A field is found by its name, whatever its case, between its blanks") {
  const std::string_view head = "HTTP/1.1 200 OK\r\nRetry-After: \t 5 \r\nRetry-After-That: 6\r\nEmpty:\r\nLast: x\r\n\r\n";
  CHECK(find_field(head, "retry-after") == "5");
  CHECK(find_field(head, "RETRY-AFTER-THAT") == "6");
  CHECK(find_field(head, "Empty").empty());
  CHECK(find_field(head, "Last") == "x");
  CHECK(find_field(head, "Retry").empty());
  CHECK(find_field("", "x").empty());
}

}  // namespace
}  // namespace dueprocess::http
