#include "harness/target/http/webhook.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>
#include <list>
#include <optional>

#include "harness/target/http/answer_parser.hpp"
#include "harness/target/http/patient_put.hpp"

namespace dueprocess::http {

namespace {

namespace beast = boost::beast;
using boost::asio::ip::tcp;
using Error = boost::system::error_code;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct WebhookReceiver::Impl : std::enable_shared_from_this<Impl> {
  struct Session : std::enable_shared_from_this<Session> {
    Session(std::shared_ptr<Impl> of, tcp::socket on) : receiver{std::move(of)}, stream{std::move(on)} {}

    void read() {
      parser.emplace();
      parser->header_limit(static_cast<std::uint32_t>(receiver->options.head_bytes));
      parser->body_limit(receiver->options.body_bytes);
      parser->eager(true);
      waits = false;
      stream.expires_after(std::chrono::nanoseconds{receiver->options.request_timeout_ns});
      understand();
    }

    /// As beast::http::async_read does it, but patiently.
    void understand() {
      Error error;
      while (buffer.size() > 0 && !parser->is_done()) {
        buffer.consume(patient_put(*parser, buffer.data(), waits, error));
        if (waits) break;
        if (error) return heard(error);
      }
      if (parser->is_done()) return heard({});
      constexpr std::size_t piece_bytes = 16 * 1024;
      stream.async_read_some(buffer.prepare(piece_bytes), [self = shared_from_this()](Error cut, std::size_t size) {
        if (self->receiver->closed) return;
        if (cut == boost::asio::error::eof)
          return self->heard(self->parser->got_some() ? beast::http::error::partial_message : beast::http::error::end_of_stream);
        if (cut) return self->heard(cut);
        self->buffer.commit(size);
        self->understand();
      });
    }

    void heard(Error error) {
      if (receiver->closed) return;
      namespace http = beast::http;
      if (error == http::error::end_of_stream) return gone(false);
      if (error == http::error::body_limit) return refuse(http::status::payload_too_large);
      if (error == http::error::header_limit) return refuse(http::status::request_header_fields_too_large);
      if (error && error.category() == http::make_error_code(http::error::end_of_stream).category() &&
          error != http::error::partial_message)
        return refuse(http::status::bad_request);
      if (error) return gone(true);
      if (parser->get().method() != http::verb::post) {
        ++receiver->counts.refused;
        return answer(http::status::method_not_allowed, parser->keep_alive());
      }
      ++receiver->counts.calls;
      fields.clear();
      for (const auto& field : parser->get())
        fields.append(view(field.name_string())).append(": ").append(view(field.value())).append("\r\n");
      const WebhookCall call{.target = view(parser->get().target()),
                             .body = parser->get().body(),
                             .fields = fields,
                             .seen_ns = receiver->clock.now()};
      const unsigned status = receiver->sink->called(call);
      if (receiver->closed) return;
      answer(static_cast<http::status>(status), parser->keep_alive());
    }

    /// What came is not to be read further: nobody knows where the next request would begin.
    void refuse(beast::http::status status) {
      ++receiver->counts.broken;
      answer(status, false);
    }

    void answer(beast::http::status status, bool keep) {
      response = {};
      response.version(11);
      response.result(status);
      response.keep_alive(keep);
      if (status == beast::http::status::method_not_allowed) response.set(beast::http::field::allow, "POST");
      response.prepare_payload();
      beast::http::async_write(stream, response, [self = shared_from_this(), keep](Error error, std::size_t) {
        if (error || self->receiver->closed) return self->gone(!self->receiver->closed);
        if (keep) return self->read();
        self->gone(false);
      });
    }

    void gone(bool broken) {
      receiver->counts.broken += broken;
      receiver->leave(*this);
    }

    std::shared_ptr<Impl> receiver;
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    std::optional<beast::http::request_parser<beast::http::string_body>> parser;
    beast::http::response<beast::http::string_body> response;
    std::string fields;
    bool waits = false;  // for more of a head, or of a chunk's line
    std::list<Session*>::iterator place;
  };

  Impl(boost::asio::io_context& loop, const WebhookOptions& with, RunClock by, WebhookSink& into)
      : options{with}, clock{by}, sink{&into}, acceptor{loop} {}

  void listen() {
    Error error;
    const auto address = boost::asio::ip::make_address(options.address, error);
    const tcp::endpoint where{address, options.port};
    if (!error) acceptor.open(where.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(where, error);
    if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
    if (!error) port = acceptor.local_endpoint(error).port();
    if (error) {
      problem = "webhooks cannot be received at " + options.address + ":" + std::to_string(options.port) + ": " + error.message();
      return;
    }
    accept();
  }

  void accept() {
    if (closed || accepting || sessions.size() >= options.connections) return;
    accepting = true;
    acceptor.async_accept([self = shared_from_this()](Error error, tcp::socket socket) {
      self->accepting = false;
      if (self->closed) return;
      if (!error) {
        ++self->counts.connections;
        const auto session = std::make_shared<Session>(self, std::move(socket));
        session->place = self->sessions.insert(self->sessions.end(), session.get());
        session->read();
      } else if (error != boost::asio::error::connection_aborted) {
        // No descriptor is left, say: whoever leaves makes room; then it is tried again.
        if (!self->sessions.empty()) return;
      }
      self->accept();
    });
  }

  void leave(Session& session) {
    Error ignored;
    session.stream.socket().close(ignored);
    if (closed) return;
    sessions.erase(session.place);
    accept();
  }

  void close() {
    closed = true;
    Error ignored;
    acceptor.close(ignored);
    for (Session* session : sessions) session->stream.close();
    sessions.clear();
  }

  WebhookOptions options;
  RunClock clock;
  WebhookSink* sink;
  tcp::acceptor acceptor;
  std::string problem;
  std::uint16_t port = 0;
  bool closed = false, accepting = false;
  WebhookCounts counts;
  std::list<Session*> sessions;  // each keeps itself alive while it waits
};

WebhookReceiver::WebhookReceiver(boost::asio::io_context& loop, const WebhookOptions& options, RunClock clock, WebhookSink& sink)
    : impl_{std::make_shared<Impl>(loop, options, clock, sink)} {
  impl_->listen();
}

WebhookReceiver::~WebhookReceiver() { close(); }

const std::string& WebhookReceiver::problem() const { return impl_->problem; }
std::uint16_t WebhookReceiver::port() const { return impl_->port; }
const WebhookCounts& WebhookReceiver::counts() const { return impl_->counts; }
void WebhookReceiver::close() {
  if (!impl_->closed) impl_->close();
}

std::string_view WebhookCall::field(std::string_view name) const { return find_field(fields, name); }

}  // namespace dueprocess::http
