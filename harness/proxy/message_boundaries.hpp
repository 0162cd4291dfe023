// Where one HTTP/1.x message ends and the next begins, in one way of a connection, told as the bytes go by. Keeps nothing of them
// but the head's present line. What is not HTTP is told as such, once and for all.
//
//   while (!bytes.empty()) {
//     if (boundaries.at_start()) ...                       // bytes[0] begins a message
//     const std::size_t count = boundaries.take(bytes);    // so many belong to the present message
//     if (boundaries.at_start()) ...                       // ... which they end
//     bytes.remove_prefix(count);
//   }
//
// It trusts nobody: any bytes give some answer, in bounded memory. Interim answers (1xx) are part of the answer that follows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dueprocess {

class MessageBoundaries {
 public:
  enum class Side : std::uint8_t { requests, answers };
  explicit MessageBoundaries(Side side) : side_(side) {}

  bool at_start() const { return state_ == State::start; }
  /// No end is known: not HTTP, an answer that lasts until the connection ends, or another protocol from here on.
  bool is_endless() const { return state_ == State::endless; }
  bool is_http() const { return !alien_; }
  /// How many of the bytes, at least one, belong to the present message. REQUIRES: bytes are not empty.
  std::size_t take(std::string_view bytes);

  /// Requests: the last one that began asks for no body (HEAD). Answers: say so before its answer begins.
  bool asks_for_no_body() const { return no_body_; }
  void expect_no_body(bool none) { no_body_ = none; }

 private:
  enum class State : std::uint8_t { start, first_line, fields, body, chunk_size, chunk, chunk_end, trailer, endless };
  static constexpr std::size_t line_max = 16 * 1024, head_max = 256 * 1024;

  void end_of_line();
  void read_first_line();
  void read_field();
  void end_of_head();
  void begin_message();
  void become_endless(bool alien);

  Side side_;
  State state_ = State::start;
  bool alien_ = false, chunked_ = false, has_length_ = false, no_body_ = false;
  unsigned status_ = 0;
  std::uint64_t left_ = 0;  // of the body or chunk
  std::size_t head_ = 0;    // bytes of the head, or of trailers, so far
  std::string line_;
};

}  // namespace dueprocess
