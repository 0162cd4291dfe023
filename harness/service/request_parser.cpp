#include "harness/service/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

#include "harness/target/http/patient_put.hpp"

namespace dueprocess::service {
namespace {

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

RequestParser::Grammar::Grammar() = default;

void RequestParser::Grammar::on_request_impl(boost::beast::http::verb, Text method, Text target, int version, Error&) {
  head.method = view(method);
  head.target = view(target);
  head.http11 = version >= 11;
}

void RequestParser::Grammar::on_field_impl(boost::beast::http::field field, Text name, Text value, Error&) {
  const auto once = [this, value](std::string_view& place) {
    odd = odd || !place.empty();
    place = view(value);
  };
  using enum boost::beast::http::field;
  switch (field) {
    case authorization:
      return once(head.authorization);
    case content_type:
      return once(head.content_type);
    case accept:
      if (head.accept.empty()) head.accept = view(value);
      return;
    case host:
      head.has_host = true;
      odd = odd || ++hosts > 1;
      return;
    case expect:
      head.expects_continue = boost::beast::iequals(value, "100-continue");
      return;
    case unknown:
      if (boost::beast::iequals(name, "Idempotency-Key")) return once(head.key);
      if (boost::beast::iequals(name, "Virtual-Time")) return once(head.virtual_time);
      if (boost::beast::iequals(name, "Last-Event-ID")) return once(head.last_event_id);
      return;
    default:
      return;
  }
}

RequestParser::Step RequestParser::take_head(std::string_view bytes, std::size_t head_max) {
  // Empty lines before a request are let pass (RFC 9112, 2.2); the connection takes them off.
  const std::size_t end = bytes.find("\r\n\r\n", searched_);
  const std::size_t size = end == std::string_view::npos ? bytes.size() : end + 4;
  if (size > head_max) {
    why_ = "the request's head is over the limit";
    return Step::too_large;
  }
  if (end == std::string_view::npos) {
    // What cannot become a request is told at once, not when the time is up.
    for (const char c : bytes.substr(0, std::min<std::size_t>(bytes.size(), 16))) {
      if (c == ' ') break;
      if (c < 'A' || c > 'z' || (c > 'Z' && c < 'a')) {
        why_ = "not HTTP";
        return Step::bad;
      }
    }
    searched_ = bytes.size() - std::min<std::size_t>(bytes.size(), 3);
    return Step::more;
  }
  grammar_.emplace();
  grammar_->header_limit(static_cast<std::uint32_t>(head_max));
  grammar_->body_limit(boost::none);
  body_bad_ = waits_ = false;
  head_size_ = size;
  Error error;
  const std::size_t used = grammar_->put(boost::asio::const_buffer{bytes.data(), size}, error);
  if (error || used != size || !grammar_->is_header_done()) {
    why_ = "the request's head is not one";
    return Step::bad;
  }
  RequestHead& head = grammar_->head;
  for (const std::string_view text : {head.method, head.target, head.authorization, head.key, head.virtual_time,
                                      head.content_type, head.accept, head.last_event_id})
    if (!text.empty() && (text.data() < bytes.data() || text.data() + text.size() > bytes.data() + size)) grammar_->odd = true;
  if (grammar_->odd) {
    why_ = "a field is folded, or there twice";
    return Step::bad;
  }
  head.keep_alive = grammar_->keep_alive();
  head.chunked = grammar_->chunked();
  if (const auto length = grammar_->content_length()) head.length = *length;
  return Step::done;
}

void RequestParser::rebase(const char* from, const char* to) {
  if (!grammar_) return;
  RequestHead& head = grammar_->head;
  for (std::string_view* text : {&head.method, &head.target, &head.authorization, &head.key, &head.virtual_time,
                                 &head.content_type, &head.accept, &head.last_event_id})
    if (!text->empty()) *text = {to + (text->data() - from), text->size()};
}

std::size_t RequestParser::take_chunked(std::string_view bytes) {
  grammar_->piece = {};
  if (bytes.empty() || grammar_->is_done()) return 0;
  Error error;
  const std::size_t used = http::patient_put(*grammar_, boost::asio::const_buffer{bytes.data(), bytes.size()}, waits_, error);
  if (error && !waits_) body_bad_ = true;
  return body_bad_ ? 0 : used;
}

}  // namespace dueprocess::service
