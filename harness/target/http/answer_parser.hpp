// Reads one answer out of the bytes of a connection, step by step and without keeping anything but its own state: head and body
// are views into what it is given.
//
//   for (;;) {
//     const Step step = parser.take(bytes);         // then go on with bytes.substr(parser.used())
//     more   the rest of the bytes is to come again, with more behind it
//     head   status and head() are known
//     piece  piece() is the next part of the body
//     done   the answer is whole; what follows it is not its
//     bad    it is none: why()
//
// The grammar is Beast's, by a parser derived from its basic_parser that leaves out the containers. Bounds: the head, a chunk's
// own line or trailer (both head_bytes), the body (body_bytes).
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dueprocess::http {

/// Beast's grammar, with nothing kept but what AnswerParser asks for.
struct AnswerGrammar final : boost::beast::http::basic_parser<false> {
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;

  unsigned status = 0;
  std::string_view piece;

  void on_request_impl(boost::beast::http::verb, Text, Text, int, Error&) override {}
  void on_response_impl(int code, Text, int, Error&) override { status = static_cast<unsigned>(code); }
  void on_field_impl(boost::beast::http::field, Text, Text, Error&) override {}
  void on_header_impl(Error&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) override {}
  std::size_t on_body_impl(Text body, Error&) override { return piece = {body.data(), body.size()}, body.size(); }
  void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override {
    return piece = {body.data(), body.size()}, body.size();
  }
  void on_finish_impl(Error&) override {}
};

class AnswerParser {
 public:
  enum class Step : std::uint8_t { more, head, piece, done, bad };

  /// For the next answer. `bodiless`: it has none whatever it says (an answer to HEAD).
  void begin(std::size_t head_bytes, std::uint64_t body_bytes, bool bodiless);
  Step take(std::string_view bytes);
  /// The connection was closed in order: `done` for an answer that ends so, else `bad`.
  Step take_end();

  std::size_t used() const { return used_; }       // of what take() was given
  std::string_view head() const { return head_; }  // after `head`: a view into what take() was given
  std::string_view piece() const { return grammar_->piece; }
  unsigned status() const { return grammar_->status; }  // 0 before `head`
  bool keeps_alive() const { return grammar_->keep_alive(); }
  bool head_done() const { return phase_ != Phase::head; }
  std::string why() const { return why_.empty() ? error_.message() : std::string{why_}; }

 private:
  enum class Phase : std::uint8_t { head, body };

  Step bad(std::string_view why);
  Step take_head(std::string_view bytes);

  std::optional<AnswerGrammar> grammar_;
  boost::beast::error_code error_;
  std::string_view why_, head_;
  std::size_t used_ = 0, searched_ = 0, head_bytes_ = 0;
  Phase phase_ = Phase::head;
  bool waits_ = false;  // for the rest of a chunk's line or of the trailer
};

/// A field's value in a head, without the blanks around it; by its name whatever the case. Empty: not there.
std::string_view find_field(std::string_view head, std::string_view name);

}  // namespace dueprocess::http
