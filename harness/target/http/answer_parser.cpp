#include "harness/target/http/answer_parser.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>

#include "harness/target/http/patient_put.hpp"

namespace dueprocess::http {

void AnswerParser::begin(std::size_t head_bytes, std::uint64_t body_bytes, bool bodiless) {
  grammar_.emplace();
  // The bound on heads is kept here; Beast's own counts by fields and would say the same later.
  grammar_->header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(head_bytes, UINT32_MAX)));
  grammar_->body_limit(body_bytes);
  grammar_->skip(bodiless);
  error_ = {};
  why_ = head_ = {};
  used_ = searched_ = 0;
  waits_ = false;
  head_bytes_ = head_bytes;
  phase_ = Phase::head;
}

AnswerParser::Step AnswerParser::bad(std::string_view why) {
  why_ = why;
  return Step::bad;
}

AnswerParser::Step AnswerParser::take(std::string_view bytes) {
  used_ = 0;
  if (phase_ == Phase::head) return take_head(bytes);
  if (grammar_->is_done()) return Step::done;
  while (used_ < bytes.size()) {
    grammar_->piece = {};
    const std::string_view rest = bytes.substr(used_);
    used_ += patient_put(*grammar_, boost::asio::const_buffer{rest.data(), rest.size()}, waits_, error_);
    if (waits_) {
      // What is left is the beginning of a chunk's own line, or of the trailer.
      if (bytes.size() - used_ > head_bytes_) return bad("a chunk's line or trailer over the limit");
      return Step::more;
    }
    if (error_) return Step::bad;
    if (!grammar_->piece.empty()) return Step::piece;
    if (grammar_->is_done()) return Step::done;
  }
  return Step::more;
}

AnswerParser::Step AnswerParser::take_head(std::string_view bytes) {
  // Not HTTP is told at once, not when the time is up.
  constexpr std::string_view beginning = "HTTP/1.";
  const std::size_t known = std::min(bytes.size(), beginning.size());
  if (bytes.substr(0, known) != beginning.substr(0, known)) return bad("not HTTP/1.1");

  const std::size_t end = bytes.find("\r\n\r\n", searched_);
  const std::size_t size = end == std::string_view::npos ? bytes.size() : end + 4;
  if (size > head_bytes_) return bad("the answer's head is over the limit");
  if (end == std::string_view::npos) {
    searched_ = bytes.size() - std::min<std::size_t>(bytes.size(), 3);
    return Step::more;
  }
  used_ = grammar_->put(boost::asio::const_buffer{bytes.data(), size}, error_);
  if (error_ == boost::beast::http::error::need_more) return bad("the answer's head is not one");
  if (error_) return Step::bad;
  if (!grammar_->is_header_done() || used_ != size) return bad("the answer's head is not one");
  head_ = bytes.substr(0, size);
  phase_ = Phase::body;
  return Step::head;
}

AnswerParser::Step AnswerParser::take_end() {
  if (phase_ == Phase::head || grammar_->is_done()) return bad("closed before an answer");
  grammar_->put_eof(error_);
  if (error_) return bad("closed within an answer");
  return Step::done;
}

namespace {

bool same_but_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return a.size() == b.size() && std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::string_view find_field(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    if (line.size() > name.size() && line[name.size()] == ':' && same_but_case(line.substr(0, name.size()), name))
      return without_blanks(line.substr(name.size() + 1));
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return {};
}

}  // namespace dueprocess::http
