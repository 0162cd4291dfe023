#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include <cstddef>

namespace dueprocess::http {

/// The shortest end of a chunked body, `0\r\n\r\n`.
inline constexpr std::size_t last_chunk_bytes = 5;

/// parser.put(), for any of Beast's parsers. Beast 1.81 asserts that what it asked more for comes again no shorter than
/// last_chunk_bytes (mended later: boostorg/beast pull request 2861), so a peer that sends `0\r\n` and then a single byte would
/// stop the program. Less than this cannot be understood anyway: it waits, and the answer is need_more once more.
/// `waits`: false for a new message, then kept by the caller from put to put.
template <class Parser>
std::size_t patient_put(Parser& parser, boost::asio::const_buffer bytes, bool& waits, boost::beast::error_code& error) {
  if (waits && bytes.size() < last_chunk_bytes) {
    error = boost::beast::http::error::need_more;
    return 0;
  }
  const std::size_t used = parser.put(bytes, error);
  waits = error == boost::beast::http::error::need_more;
  return used;
}

}  // namespace dueprocess::http
