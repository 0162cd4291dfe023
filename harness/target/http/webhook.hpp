// Receives webhooks: a small HTTP/1.1 server that hands the body of each POST to a sink.
//
//   WebhookReceiver hooks{loop, WebhookOptions{}, sink};
//   if (!hooks.problem().empty()) ...           // the address cannot be listened at
//   tell_the_service("http://127.0.0.1:" + std::to_string(hooks.port()) + "/hooks")
//
// Threads and ownership are the client's: everything on the loop's thread, loop and sink outlive the receiver.
// Bounds: `connections` at a time (one more waits to be accepted), heads, bodies and the time for a request; who is over one is
// answered 413, 431 or cut off, and counted. Anything but a POST is answered 405.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "harness/record/live.hpp"
#include "harness/target/http/run_clock.hpp"

namespace boost::asio {
class io_context;
}

namespace dueprocess::http {

struct WebhookOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any that is free
  std::size_t connections = 256;
  std::size_t head_bytes = 16 * 1024;
  std::size_t body_bytes = 1024 * 1024;
  HarnessTime request_timeout_ns = 30'000'000'000;  // from one request's end to the next one's
};

/// A call. What it points to lives until called() returns.
struct WebhookCall {
  std::string_view target{};
  std::string_view body{};
  std::string_view fields{};  // as they came, each with its \r\n
  HarnessTime seen_ns = 0;    // its last byte was taken in
  /// As Answer::field().
  std::string_view field(std::string_view name) const;
};

class WebhookSink {
 public:
  virtual ~WebhookSink() = default;
  /// The status to answer with: 200, or 401 for a signature that is not right, or whatever makes the service call again.
  virtual unsigned called(const WebhookCall&) = 0;
};

struct WebhookCounts {
  std::uint64_t calls = 0, refused = 0;       // handed to the sink; not
  std::uint64_t broken = 0, connections = 0;  // connections cut for what came over them or for its slowness; all of them
};

class WebhookReceiver {
 public:
  WebhookReceiver(boost::asio::io_context&, const WebhookOptions&, RunClock, WebhookSink&);
  ~WebhookReceiver();
  WebhookReceiver(const WebhookReceiver&) = delete;
  WebhookReceiver& operator=(const WebhookReceiver&) = delete;

  const std::string& problem() const;  // empty: it listens
  std::uint16_t port() const;
  const WebhookCounts& counts() const;
  void close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dueprocess::http
