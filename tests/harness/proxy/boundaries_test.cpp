#include <vector>

#include "catch.hpp"
#include "harness/proxy/message_boundaries.hpp"

using namespace dueprocess;

namespace {

using Side = MessageBoundaries::Side;

/// The messages of a stream that comes in pieces of so many bytes.
std::vector<std::string> messages(Side side, std::string_view bytes, std::size_t piece, bool head = false) {
  MessageBoundaries boundaries{side};
  std::vector<std::string> found;
  while (!bytes.empty()) {
    if (boundaries.at_start()) {
      boundaries.expect_no_body(head);
      found.emplace_back();
    }
    const std::size_t count = boundaries.take(bytes.substr(0, piece));
    REQUIRE(count > 0);
    REQUIRE(count <= std::min(piece, bytes.size()));
    found.back() += bytes.substr(0, count);
    bytes.remove_prefix(count);
  }
  return found;
}

void are_apart(Side side, const std::vector<std::string>& expected, bool head = false) {
  std::string stream;
  for (const std::string& message : expected) stream += message;
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 64u, 100'000u}) {
    INFO("pieces of " << piece);
    CHECK(messages(side, stream, piece, head) == expected);
  }
}

}  // namespace

TEST_CASE("requests are told apart, with a body, with chunks, or without") {
  are_apart(Side::requests,
            {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
             "PUT /y HTTP/1.1\r\ntransfer-encoding: gzip, Chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: t\r\n\r\n",
             "\r\nGET /z HTTP/1.0\n\n", "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n"});
}

TEST_CASE("answers are told apart, interim ones with the one that follows") {
  are_apart(
      Side::answers,
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
       "HTTP/1.1 304 X\r\n\r\n",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n"});
  are_apart(Side::answers, {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}, true);
}

TEST_CASE("what has no end is told, and whether it is HTTP") {
  const auto after = [](Side side, std::string_view bytes) {
    MessageBoundaries boundaries{side};
    while (!bytes.empty()) bytes.remove_prefix(boundaries.take(bytes));
    return std::pair{boundaries.is_endless(), boundaries.is_http()};
  };
  CHECK(after(Side::answers, "HTTP/1.1 200 OK\r\n\r\nuntil the end") == std::pair{true, true});
  CHECK(after(Side::answers, "HTTP/1.1 101 Switching\r\n\r\n\x81\x05hello") == std::pair{true, true});
  CHECK(after(Side::requests, "hello\r\nthere") == std::pair{true, false});
  CHECK(after(Side::answers, "SSH-2.0-x\r\n") == std::pair{true, false});
  CHECK(after(Side::requests, "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == std::pair{true, false});
  CHECK(after(Side::requests, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") == std::pair{true, false});
  CHECK(after(Side::requests, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n") == std::pair{true, false});
  CHECK(after(Side::requests, std::string(20'000, 'a')) == std::pair{true, false});
  std::string endless_head = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 30'000; ++i) endless_head += "a: 12345\r\n";
  CHECK(after(Side::requests, endless_head) == std::pair{true, false});
}
