#include "harness/service/request_parser.hpp"

#include "catch.hpp"

using namespace dueprocess::service;

TEST_CASE("a chunked body is the same however it is cut, and ends where it ends") {
  const std::string head = "POST /v1/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string empty = "0\r\n\r\n", hello = "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nSum: 1\r\n\r\n";
  for (const std::string& chunks : {empty, hello})
    for (std::size_t piece = 1; piece <= chunks.size() + 3; ++piece) {
      CAPTURE(chunks, piece);
      RequestParser parser;
      REQUIRE(parser.take_head(head, 1000) == RequestParser::Step::done);
      std::string_view coming = std::string_view{chunks};
      std::string waiting, body;
      while (!coming.empty()) {
        waiting.append(coming.substr(0, piece));
        coming.remove_prefix(std::min(piece, coming.size()));
        for (std::size_t used = 1; used > 0 && !parser.body_done();) {
          used = parser.take_chunked(waiting);
          body.append(parser.piece());
          waiting.erase(0, used);
        }
      }
      CHECK(parser.body_done());
      CHECK_FALSE(parser.body_bad());
      CHECK(waiting.empty());
      CHECK(body == (chunks == empty ? "" : "hello"));
    }
}
