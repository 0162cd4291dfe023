// A connection of the pool: its socket, with or without TLS, and the answer that is being read from it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

#include "harness/target/http/answer_parser.hpp"
#include "harness/target/http/exchange.hpp"
#include "harness/target/http/tls.hpp"

namespace dueprocess::http {

/// The concrete executor: asking a type-erased one costs more than parsing an answer.
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// What reading or writing came to.
struct Io {
  enum class End : std::uint8_t {
    some,     // `bytes` of them
    blocked,  // nothing now; wait until readable (writing: writable)
    crossed,  // TLS: nothing before the other direction is ready
    closed,   // in order, by the other side
    failed,   // `error`
  };
  End end = End::failed;
  std::size_t bytes = 0;
  int error = 0;  // errno; 0: a TLS error
};

struct Connection : Timed {
  enum class State : std::uint8_t { closed, connecting, shaking_hands, idle, busy };

  explicit Connection(boost::asio::io_context& loop) : Timed{Kind::connection}, socket{loop} {}

  Io read(char* data, std::size_t size);
  Io write(const char* data, std::size_t size);
  void shut(bool reset);

  Socket socket;
  Ssl ssl;
  State state = State::closed;
  bool waits_readable = false, waits_writable = false;
  bool asked = false;                  // sends only the head until told to go on
  bool unwritable = false;             // writing failed; what there is to read is still read
  bool answer_begun = false;           // bytes of it have come
  std::uint32_t generation = 0;        // of the socket: what was waited for on an earlier one is not for this one
  std::uint32_t answers = 0;           // over this socket
  unsigned interim = 0;                // 1xx answers before this one
  std::size_t idle_place = 0;          // in the pool's list
  std::size_t address = 0, tried = 0;  // connecting: which, and how many before it
  Exchange* exchange = nullptr;
  AnswerParser parser;
  // An answer that comes in one piece is only looked at where it was read; of another what is known so far is kept.
  std::string_view head_view, body_view;
  std::string head, body;
  std::string rest;  // read and not parsed yet: begins a head or a chunk's line
};

}  // namespace dueprocess::http
