// A connection: requests in, answers out, in order. A template over the stream, so that TLS has a translation unit of its own.
//
// In memory while idle: itself and a small buffer. The buffer grows for a request that needs it and is given back after it.
// Answers are put together in the worker's string and written at once, without waiting, which nearly always succeeds; only what
// is left over is copied and written later. Pipelined requests are answered together.
//
//      head ──▶ body | chunks ──▶ answer ──▶ head ...
//        │                          ├─▶ waits (news; something to be kept) ──▶ answer
//        └──▶ upload ──▶ answer     └─▶ stream
//      anything wrong: answer, no more writing, what still comes is thrown away for a moment (so that the answer arrives), close
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <utility>

#include "harness/service/json_text.hpp"
#include "harness/service/render.hpp"
#include "harness/service/request_parser.hpp"
#include "harness/service/upload.hpp"
#include "harness/service/worker.hpp"

namespace dueprocess::service {

template <class Stream>
class Connection final : public AnyConnection {
  using Error = boost::system::error_code;
  static constexpr bool is_tls = !std::is_same_v<Stream, Socket>;

 public:
  Connection(Worker& of, Stream stream) : AnyConnection(of), stream_(std::move(stream)) {}

  void start() override {
    Error ignored;
    socket().non_blocking(true, ignored);
    socket().set_option(Tcp::no_delay{true}, ignored);
    worker.set(*this, limits().first_byte_s);
    if constexpr (is_tls)
      shake_hands();
    else
      read();
  }

  void over_time() override {
    if (closed_) return;
    if (phase_ == Phase::waiting) return answer_waiting(true);
    if (phase_ == Phase::stream) return keep_stream_alive();
    const bool silent =
        (phase_ == Phase::head && size_ == begin_) || phase_ == Phase::discard || writing_ || holding_ || lingering_;
    if (silent || shaking_) return close();
    // Part of a request came, and then no more.
    worker.metrics.timed_out.add();
    worker.out.clear();
    worker.handler.trouble(Trouble::timed_out, worker.reply);
    worker.reply.close = true;
    drop_upload();
    append_reply(false);
    flush();
  }

  void look_again() override {
    if (holding_) {
      if (!worker.is_kept(position_)) return;
      worker.unwait(*this);
      holding_ = false;
      return write_pending();
    }
    if (phase_ == Phase::waiting) return answer_waiting(false);
    if (phase_ == Phase::stream && !writing_) feed_stream();
  }

  void stop() override {
    if (phase_ == Phase::waiting) return answer_waiting(true);
    if (phase_ == Phase::stream && !writing_) return close();
    if (phase_ == Phase::head && size_ == begin_ && !writing_ && !holding_) close();
  }

 private:
  enum class Phase : std::uint8_t { head, body, chunks, upload, discard, waiting, stream };

  static constexpr std::size_t small_buffer = 1024, upload_buffer = 64 * 1024, answers_together = 64 * 1024;
  static constexpr std::uint64_t discard_max = 256 * 1024;  // more, and closing is cheaper

  const ServerLimits& limits() const { return worker.options.limits; }
  Socket& socket() {
    if constexpr (is_tls)
      return stream_.next_layer();
    else
      return stream_;
  }
  std::shared_ptr<Connection> self() { return std::static_pointer_cast<Connection>(shared_from_this()); }
  std::string_view unread() const { return {buffer_.get() + begin_, size_ - begin_}; }

  void shake_hands() {
    if constexpr (is_tls) {
      shaking_ = true;
      stream_.async_handshake(Stream::server, [me = self()](const Error& error) {
        me->shaking_ = false;
        if (error || me->closed_) return me->close();
        me->read();
      });
    }
  }

  // --- in ---------------------------------------------------------------------------------------------------------------

  void make_room(std::size_t wanted) {
    if (begin_ == size_) begin_ = size_ = 0;
    if (capacity_ - size_ > 0 && capacity_ >= wanted) return;
    const std::size_t kept = size_ - begin_;
    if (begin_ > 0 && capacity_ >= wanted) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, kept);
      parser_.rebase(buffer_.get() + begin_, buffer_.get());
    } else {
      const std::size_t grown = std::max({wanted, small_buffer, kept == capacity_ ? 2 * capacity_ : capacity_});
      std::unique_ptr<char[]> larger{new char[grown]};  // not cleared: it is written before it is read
      if (kept > 0) std::memcpy(larger.get(), buffer_.get() + begin_, kept);
      parser_.rebase(buffer_.get() + begin_, larger.get());
      buffer_ = std::move(larger);
      capacity_ = grown;
    }
    begin_ = 0;
    size_ = kept;
  }

  void read() {
    if (closed_) return;
    make_room(phase_ == Phase::upload ? upload_buffer : small_buffer);
    stream_.async_read_some(boost::asio::buffer(buffer_.get() + size_, capacity_ - size_),
                            [me = self()](const Error& error, std::size_t count) { me->read_some(error, count); });
  }

  void read_some(const Error& error, std::size_t count) {
    if (closed_) return;
    if (error) {
      drop_upload();
      return close();
    }
    worker.metrics.bytes_in.add(count);
    if (lingering_) {
      discarded_ += count;
      if (discarded_ > linger_max) return close();
      begin_ = size_ = 0;
      return read();
    }
    if (phase_ == Phase::head && size_ == begin_) worker.set(*this, limits().head_s);
    size_ += count;
    process();
  }

  void process() {
    worker.out.clear();
    while (!closing_ && worker.out.size() < answers_together && step()) {
    }
    flush();
  }

  /// False: it goes on when more has come, or when what waits is over.
  bool step() {
    switch (phase_) {
      case Phase::head:
        return take_head();
      case Phase::body:
        return take_body();
      case Phase::chunks:
        return take_chunks();
      case Phase::upload:
        return take_upload();
      case Phase::discard:
        return take_nothing();
      case Phase::waiting:
      case Phase::stream:
        return false;
    }
    return false;
  }

  bool take_head() {
    while (size_ - begin_ >= 2 && buffer_[begin_] == '\r' && buffer_[begin_ + 1] == '\n') begin_ += 2;
    if (begin_ == size_) return false;
    switch (parser_.take_head(unread(), limits().head_bytes)) {
      case RequestParser::Step::more:
        return false;
      case RequestParser::Step::bad:
        return broken(Trouble::bad_request);
      case RequestParser::Step::too_large:
        return broken(Trouble::header_too_large);
      case RequestParser::Step::done:
        break;
    }
    const RequestHead& head = parser_.head();
    keep_alive_ = head.keep_alive && !worker.stopping;
    http11_ = head.http11;
    bodiless_ = head.method == "HEAD";
    if (worker.handler.refuse_early(head, worker.reply)) return answer(true);
    if (worker.handler.is_upload(head)) return begin_upload(head);
    used_ = parser_.head_size();
    if (head.chunked) {
      body_.clear();
      phase_ = Phase::chunks;
    } else {
      length_ = static_cast<std::size_t>(head.length.value_or(0));
      phase_ = Phase::body;
    }
    if (head.expects_continue && size_ - begin_ < used_ + (head.chunked ? 1 : length_))
      worker.out += "HTTP/1.1 100 Continue\r\n\r\n";
    if (length_ > 0 || head.chunked) worker.set(*this, limits().body_s);
    return true;
  }

  bool take_body() {
    if (size_ - begin_ < used_ + length_) return false;
    worker.handler.handle(parser_.head(), unread().substr(used_, length_), worker.reply);
    begin_ += used_ + length_;
    return answer(false);
  }

  bool take_chunks() {
    const std::size_t raw_max = parser_.head_size() + 2 * worker.options.handler.json_bytes + 4096;
    for (;;) {
      const std::size_t used = parser_.take_chunked(unread().substr(used_));
      used_ += used;
      body_ += parser_.piece();
      if (parser_.body_bad()) return broken(Trouble::bad_request);
      if (body_.size() > worker.options.handler.json_bytes || used_ > raw_max) return broken(Trouble::content_too_large);
      if (parser_.body_done()) break;
      if (used == 0) {
        if (size_ - begin_ > raw_max) return broken(Trouble::content_too_large);
        return false;
      }
    }
    worker.handler.handle(parser_.head(), body_, worker.reply);
    begin_ += used_;
    body_ = {};
    return answer(false);
  }

  // --- uploads ----------------------------------------------------------------------------------------------------------

  bool begin_upload(const RequestHead& head) {
    upload_ = worker.handler.open_upload(head, worker.reply);
    const bool chunked = head.chunked, expects = head.expects_continue;
    left_ = head.length.value_or(0);
    begin_ += parser_.head_size();
    if (!upload_) {
      if (chunked || left_ > discard_max || (expects && left_ > 0)) {
        worker.reply.close = true;
        return answer(true);
      }
      answer(false);
      phase_ = Phase::discard;
      return true;
    }
    chunked_ = chunked;
    phase_ = Phase::upload;
    worker.set(*this, limits().body_s);
    upload_over_ns_ = worker.clock.now() + static_cast<HarnessTime>(limits().upload_s * 1e9);
    if (expects && size_ == begin_ && (left_ > 0 || chunked)) worker.out += "HTTP/1.1 100 Continue\r\n\r\n";
    return true;
  }

  bool take_upload() {
    if (begin_ < size_) {
      const HarnessTime progress = worker.clock.now() + static_cast<HarnessTime>(limits().body_s * 1e9);
      worker.wheel.set(*this, std::min(progress, upload_over_ns_));
    }
    if (!chunked_) {
      const std::string_view piece = unread().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, size_ - begin_)));
      if (!piece.empty() && !worker.handler.add_upload(*upload_, piece, worker.reply)) return refuse_upload();
      begin_ += piece.size();
      left_ -= piece.size();
      return left_ == 0 && end_upload();
    }
    for (;;) {
      const std::size_t used = parser_.take_chunked(unread());
      if (!parser_.piece().empty() && !worker.handler.add_upload(*upload_, parser_.piece(), worker.reply)) return refuse_upload();
      begin_ += used;
      if (parser_.body_bad()) return broken(Trouble::bad_request);
      if (parser_.body_done()) return end_upload();
      if (used == 0) return size_ - begin_ > limits().head_bytes ? broken(Trouble::bad_request) : false;
    }
  }

  bool end_upload() {
    const Route* const route = worker.reply.route;
    worker.reply.clear();
    worker.reply.route = route;
    worker.handler.close_upload(*upload_, worker.reply);
    upload_.reset();
    answer(false);
    return true;
  }

  bool refuse_upload() {
    upload_.reset();
    worker.reply.close = true;
    return answer(true);
  }

  void drop_upload() {
    if (!upload_) return;
    worker.metrics.uploads_aborted.add();
    upload_.reset();
  }

  bool take_nothing() {
    const std::size_t now = static_cast<std::size_t>(std::min<std::uint64_t>(left_, size_ - begin_));
    begin_ += now;
    left_ -= now;
    if (left_ > 0) return false;
    phase_ = Phase::head;
    return true;
  }

  // --- out --------------------------------------------------------------------------------------------------------------

  bool broken(Trouble what) {
    worker.metrics.broken.add();
    drop_upload();
    worker.handler.trouble(what, worker.reply, what == Trouble::bad_request ? parser_.why() : std::string_view{});
    worker.reply.close = true;
    return answer(true);
  }

  /// Puts the worker's reply behind what is to go out. `linger`: the client may still be sending. Gives whether to go on.
  bool answer(bool linger) {
    const Reply& reply = worker.reply;
    phase_ = Phase::head;
    length_ = 0;
    parser_.forget();
    linger_ = linger_ || linger;
    if (reply.waiting.seconds > 0 && !worker.stopping) {
      waiting_ = reply.waiting;
      phase_ = Phase::waiting;
      return false;
    }
    if (reply.waiting.seconds > 0) {
      const Waiting asked = reply.waiting;
      worker.handler.events_again(asked, true, worker.reply);
    }
    append_reply(reply.waiting.stream);
    if (!reply.waiting.stream) return keep_alive_;
    waiting_ = reply.waiting;
    phase_ = Phase::stream;
    return false;
  }

  void append_reply(bool stream) {
    const Reply& reply = worker.reply;
    std::string& out = worker.out;
    if (reply.close || worker.stopping) keep_alive_ = false;
    worker.metrics.answered(reply.route, reply.status);
    position_ = std::max(position_, reply.position);
    out += "HTTP/1.1 ";
    append_number(out, reply.status);
    out += ' ';
    out += reason_of(reply.status);
    out += "\r\nContent-Type: ";
    out += reply.content_type;
    out += "\r\n";
    if (stream) {
      // Without a length it ends with the connection, or, where that is known, in chunks.
      chunked_stream_ = http11_;
      out += http11_ ? "Transfer-Encoding: chunked\r\n" : "Connection: close\r\n";
    } else {
      out += "Content-Length: ";
      append_number(out, static_cast<std::int64_t>(reply.body.size()));
      out += "\r\n";
      if (!keep_alive_)
        out += "Connection: close\r\n";
      else if (!http11_)
        out += "Connection: keep-alive\r\n";
    }
    out += worker.date;
    out += reply.fields;
    if (!reply.allow.empty()) {
      out += "Allow: ";
      out += reply.allow;
      out += "\r\n";
    }
    out += "\r\n";
    if (!stream && !bodiless_) out += reply.body;
    if (!keep_alive_ && !stream) closing_ = true;
  }

  void flush() {
    std::string& out = worker.out;
    if (out.empty()) return written();
    if (!worker.is_kept(position_)) {
      pending_ = out;
      holding_ = true;
      worker.wait(*this);
      worker.set(*this, limits().write_s);
      if (worker.is_kept(position_)) look_again();
      return;
    }
    if constexpr (is_tls) {
      pending_ = out;
      return write_pending();
    } else {
      Error error;
      const std::size_t count = stream_.write_some(boost::asio::buffer(out), error);
      worker.metrics.bytes_out.add(count);
      if (error && error != boost::asio::error::would_block && error != boost::asio::error::try_again) return close();
      if (count == out.size()) return written();
      pending_.assign(out, count);
      write_pending();
    }
  }

  void write_pending() {
    writing_ = true;
    worker.set(*this, limits().write_s);
    boost::asio::async_write(stream_, boost::asio::buffer(pending_), [me = self()](const Error& error, std::size_t count) {
      me->writing_ = false;
      me->worker.metrics.bytes_out.add(count);
      if (error || me->closed_) return me->close();
      me->pending_ = {};
      me->written();
    });
  }

  /// Everything put together so far has gone out.
  void written() {
    if (closed_) return;
    if (closing_) return end();
    if (phase_ == Phase::waiting) return begin_waiting();
    if (phase_ == Phase::stream) return begin_stream();
    if (worker.stopping && phase_ == Phase::head && begin_ == size_) return close();
    // Answers were sent because they were many, not because the requests had run out.
    if (worker.out.size() >= answers_together && begin_ < size_) {
      boost::asio::post(socket().get_executor(), [me = self()] {
        if (!me->closed_) me->process();
      });
      return;
    }
    if (phase_ == Phase::head) {
      if (begin_ == size_) {
        if (capacity_ > small_buffer) buffer_.reset(), capacity_ = 0;
        begin_ = size_ = 0;
        worker.set(*this, limits().idle_s);
      } else {
        worker.set(*this, limits().head_s);
      }
    }
    read();
  }

  // --- waiting ----------------------------------------------------------------------------------------------------------

  void begin_waiting() {
    worker.wait(*this);
    worker.set(*this, waiting_.seconds);
    answer_waiting(false);  // what has come between the question and now
  }

  void answer_waiting(bool at_once) {
    if (!worker.handler.events_again(waiting_, at_once, worker.reply)) return;
    worker.unwait(*this);
    worker.out.clear();
    phase_ = Phase::head;
    append_reply(false);
    if (closing_) return flush();
    // More may have been asked meanwhile.
    while (!closing_ && worker.out.size() < answers_together && step()) {
    }
    flush();
  }

  void begin_stream() {
    if (worker.stopping) return close();
    if (!subscribed_) {
      subscribed_ = true;
      worker.wait(*this);
    }
    worker.set(*this, stream_pulse_s);
    feed_stream();
  }

  void feed_stream() {
    std::string news;
    worker.handler.append_stream(waiting_, news);
    if (!news.empty()) send_on_stream(news);
  }

  /// A comment now and then finds out whether anybody is still there.
  void keep_stream_alive() {
    if (writing_) return close();
    send_on_stream(":\n\n");
  }

  void send_on_stream(const std::string& text) {
    worker.out.clear();
    if (chunked_stream_) {
      constexpr std::string_view digits = "0123456789abcdef";
      char size[16];
      std::size_t count = 0;
      for (std::size_t left = text.size(); left > 0; left >>= 4) size[count++] = digits[left & 15];
      while (count > 0) worker.out += size[--count];
      worker.out += "\r\n";
    }
    worker.out += text;
    if (chunked_stream_) worker.out += "\r\n";
    flush();
  }

  // --- the end ----------------------------------------------------------------------------------------------------------

  /// The last answer was given.
  void end() {
    if (!linger_ || is_tls) return close();
    Error ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
    lingering_ = true;
    phase_ = Phase::discard;
    worker.set(*this, linger_s);
    begin_ = size_ = 0;
    read();
  }

  void close() {
    if (closed_) return;
    closed_ = true;
    const std::shared_ptr<AnyConnection> me = shared_from_this();
    drop_upload();
    Error ignored;
    if constexpr (is_tls) {
      // A word of farewell if it can be said at once; nobody waits for the answer.
      if (!writing_ && !shaking_) {
        auto self_ = self();
        stream_.async_shutdown([self_](const Error&) {});
      }
    }
    socket().shutdown(Socket::shutdown_both, ignored);
    socket().close(ignored);
    worker.remove(*this);
  }

  static constexpr double linger_s = 2, stream_pulse_s = 15;
  static constexpr std::uint64_t linger_max = 1 << 30;

  Stream stream_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0, begin_ = 0, size_ = 0;
  RequestParser parser_;
  std::size_t used_ = 0, length_ = 0;  // of the request at hand: head and what was looked at of its body; the body
  std::string body_;                   // put together from chunks
  std::string pending_;                // what could not be written at once, or waits to be kept
  std::unique_ptr<Upload> upload_;
  std::uint64_t left_ = 0, discarded_ = 0, position_ = 0;
  HarnessTime upload_over_ns_ = 0;
  Waiting waiting_;
  Phase phase_ = Phase::head;
  bool keep_alive_ = true, http11_ = true, bodiless_ = false, chunked_ = false, chunked_stream_ = false, subscribed_ = false;
  bool writing_ = false, holding_ = false, closing_ = false, linger_ = false, lingering_ = false, closed_ = false,
       shaking_ = false;
};

}  // namespace dueprocess::service
