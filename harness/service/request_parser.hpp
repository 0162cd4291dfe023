// Reads requests out of a connection's bytes. The grammar is Beast's, by a parser derived from its basic_parser that keeps only
// what is looked at.
//
// Threads: none. take_head() gives views into the bytes it was given; whoever moves those rebases the head.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/service/handler.hpp"

namespace dueprocess::service {

class RequestParser {
 public:
  enum class Step : std::uint8_t { more, done, bad, too_large };

  /// The head of the next request, if `bytes` has all of it.
  Step take_head(std::string_view bytes, std::size_t head_max);
  std::size_t head_size() const { return head_size_; }
  const RequestHead& head() const { return grammar_->head; }
  std::string_view why() const { return why_; }
  /// The bytes are somewhere else now.
  void rebase(const char* from, const char* to);

  /// The next bytes of a chunked body. Gives how many it used; what of the body was among them is piece(). Use again until
  /// nothing is used.
  std::size_t take_chunked(std::string_view bytes);
  std::string_view piece() const { return grammar_->piece; }
  bool body_done() const { return grammar_->is_done(); }
  bool body_bad() const { return body_bad_; }
  void forget() { grammar_.reset(), searched_ = 0; }

 private:
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;

  struct Grammar final : boost::beast::http::basic_parser<true> {
    Grammar();  // in the .cpp: its defaults are not known inside the class around it
    RequestHead head;
    std::string_view piece;
    bool odd = false;  // a field was folded, or there is one twice that may be there once
    unsigned hosts = 0;

    void on_request_impl(boost::beast::http::verb, Text method, Text target, int version, Error&) override;
    void on_response_impl(int, Text, int, Error&) override {}
    void on_field_impl(boost::beast::http::field, Text, Text, Error&) override;
    void on_header_impl(Error&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) override {}
    std::size_t on_body_impl(Text body, Error&) override { return piece = {body.data(), body.size()}, body.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, Error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Error&) override {
      return piece = {body.data(), body.size()}, body.size();
    }
    void on_finish_impl(Error&) override {}
  };

  std::optional<Grammar> grammar_;
  std::string_view why_;
  std::size_t head_size_ = 0, searched_ = 0;
  bool body_bad_ = false, waits_ = false;
};

}  // namespace dueprocess::service
