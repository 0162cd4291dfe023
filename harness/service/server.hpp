// The HTTP/1.1 server around a desk: threads, connections, limits, the timers of real time, stopping.
//
//   Server server{desk, options};
//   if (!server.problem().empty()) ...   // the address cannot be listened at, the certificate cannot be read
//   tell(server.port());
//   server.run();                        // until SIGINT, SIGTERM or stop(); what is in flight is finished, within a bound
//
// One event loop a thread; a connection stays on its thread. Whatever waits has a deadline on its thread's wheel.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "harness/service/desk.hpp"
#include "harness/service/handler.hpp"
#include "harness/service/journal.hpp"

namespace dueprocess::service {

struct ServerLimits {
  std::size_t connections = 16'000;  // one more is answered with 503
  std::size_t head_bytes = 16 * 1024;
  double first_byte_s = 20;  // from the connection to its first byte, TLS included
  double head_s = 10;        // from a request's first byte to the end of its head
  double body_s = 30;        // to the end of a JSON body; of an upload: without progress
  double upload_s = 3600;    // to the end of an upload
  double idle_s = 120;       // between requests
  double write_s = 30;       // for an answer to be taken
  double stop_s = 5;         // for what is in flight when the service is stopped
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any that is free
  unsigned threads = 1;
  std::string certificate, key;  // PEM files; empty: no TLS
  ServerLimits limits;
  HandlerOptions handler;
  double sweep_s = 0;  // wall clock: timers fire only so often; 0: when they are due
  bool real_timers = false;
  bool handle_signals = true;
  std::function<void()> on_news;  // the feed has grown; with the desk's lock held
};

class Server final : public ServerFacts {
 public:
  /// `journal` may be null; both outlive the server. `facts` fills in what it does not know itself, for /metrics.
  Server(Desk&, ServerOptions, Journal* journal, std::function<void(ServiceFacts&)> facts = {});
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& problem() const;
  std::uint16_t port() const;
  void run();
  /// From any thread.
  void stop();
  /// The feed has grown, or more is kept. From any thread, also with the desk's lock held.
  void wake();

  std::uint64_t requests() const;
  std::string metrics() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
