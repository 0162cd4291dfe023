#include "harness/proxy/message_boundaries.hpp"

#include <algorithm>
#include <charconv>

namespace dueprocess {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool read_number(std::string_view text, int base, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

}  // namespace

std::size_t MessageBoundaries::take(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    switch (state_) {
      case State::endless:
        return bytes.size();
      case State::body:
      case State::chunk: {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
        at += count;
        left_ -= count;
        if (left_ == 0) state_ = state_ == State::body ? State::start : State::chunk_end;
        break;
      }
      default:
        if (state_ == State::start) begin_message();
        const char c = bytes[at++];
        if (++head_ > head_max || line_.size() > line_max) {
          become_endless(true);
        } else if (c != '\n') {
          line_ += c;
        } else {
          if (line_.ends_with('\r')) line_.pop_back();
          end_of_line();
          line_.clear();
        }
    }
    if (state_ == State::start) return at;
  }
  return at;
}

void MessageBoundaries::begin_message() {
  state_ = State::first_line;
  chunked_ = has_length_ = false;
  status_ = 0;
  left_ = 0;
  head_ = 0;
  if (side_ == Side::requests) no_body_ = false;
}

void MessageBoundaries::become_endless(bool alien) {
  state_ = State::endless;
  alien_ |= alien;
  line_ = {};
}

void MessageBoundaries::end_of_line() {
  switch (state_) {
    case State::first_line:
      if (!line_.empty()) read_first_line();  // empty lines before a message are its own
      break;
    case State::fields:
      if (line_.empty())
        end_of_head();
      else
        read_field();
      break;
    case State::chunk_size: {
      const std::string_view size = without_blanks(std::string_view{line_}.substr(0, line_.find(';')));
      if (!read_number(size, 16, left_)) return become_endless(true);
      state_ = left_ == 0 ? State::trailer : State::chunk;
      head_ = 0;
      break;
    }
    case State::chunk_end:
      if (!line_.empty()) return become_endless(true);
      state_ = State::chunk_size;
      break;
    case State::trailer:
      if (line_.empty()) state_ = State::start;
      break;
    default:
      break;
  }
}

void MessageBoundaries::read_first_line() {
  const std::string_view line = line_;
  if (side_ == Side::requests) {
    const std::size_t method_end = line.find(' '), version = line.rfind(' ');
    const bool right =
        method_end != line.npos && method_end > 0 && version > method_end && line.substr(version + 1).starts_with("HTTP/1.");
    if (!right) return become_endless(true);
    no_body_ = line.starts_with("HEAD ");
  } else {
    std::uint64_t status = 0;
    if (line.size() < 12 || !line.starts_with("HTTP/1.") || !read_number(line.substr(9, 3), 10, status))
      return become_endless(true);
    status_ = static_cast<unsigned>(status);
  }
  state_ = State::fields;
}

void MessageBoundaries::read_field() {
  const std::string_view line = line_;
  const std::size_t colon = line.find(':');
  if (colon == line.npos) return;
  const std::string_view name = line.substr(0, colon), value = without_blanks(line.substr(colon + 1));
  if (same_word(name, "Content-Length")) {
    if (!read_number(value, 10, left_)) return become_endless(true);
    has_length_ = true;
  } else if (same_word(name, "Transfer-Encoding")) {
    const std::size_t comma = value.rfind(',');
    chunked_ = same_word(without_blanks(comma == value.npos ? value : value.substr(comma + 1)), "chunked");
  }
}

void MessageBoundaries::end_of_head() {
  const bool answer = side_ == Side::answers;
  if (answer && status_ / 100 == 1) {
    if (status_ == 101) return become_endless(false);
    const bool none = no_body_;
    begin_message();  // the real answer follows
    no_body_ = none;
    return;
  }
  const bool bodiless = answer && (no_body_ || status_ == 204 || status_ == 304);
  const bool empty = !chunked_ && (has_length_ ? left_ == 0 : !answer);
  if (bodiless || empty)
    state_ = State::start;
  else if (chunked_)
    state_ = State::chunk_size;
  else if (has_length_)
    state_ = State::body;
  else
    become_endless(false);
  head_ = 0;
}

}  // namespace dueprocess
