// One thread of the server: its event loop, its connections, its wheel of deadlines.
//
// Everything but wake() happens on the worker's own thread.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/service/server.hpp"
#include "harness/target/http/deadline_wheel.hpp"
#include "harness/target/http/run_clock.hpp"

namespace dueprocess::service {

using Loop = boost::asio::io_context;
using Tcp = boost::asio::ip::tcp;
// The concrete executor, not the one that stands for any: it costs two microseconds a request less.
using Socket = boost::asio::basic_stream_socket<Tcp, Loop::executor_type>;

class Worker;

class AnyConnection : public http::Deadline, public std::enable_shared_from_this<AnyConnection> {
 public:
  explicit AnyConnection(Worker& of) : worker{of} {}
  virtual ~AnyConnection() = default;
  virtual void start() = 0;
  virtual void over_time() = 0;   // its deadline has come
  virtual void look_again() = 0;  // there may be news, or more is kept
  virtual void stop() = 0;        // after the request at hand

  Worker& worker;
  std::size_t place = 0;  // among the worker's connections
};

class Worker {
 public:
  Worker(Desk&, const ServerOptions&, Journal*, ServerFacts&);

  void add(std::shared_ptr<AnyConnection>);
  void remove(AnyConnection&);
  /// It waits for news or for something to be kept.
  void wait(AnyConnection&);
  void unwait(AnyConnection&);
  bool is_kept(std::uint64_t position) const { return !journal || journal->kept() >= position; }
  void set(http::Deadline& deadline, double seconds) {
    wheel.set(deadline, clock.now() + static_cast<HarnessTime>(seconds * 1e9));
  }
  /// From any thread: whoever waits looks again.
  void wake();
  void stop();
  void tick();

  Loop loop{1};
  const ServerOptions& options;
  Journal* const journal;
  ThreadMetrics metrics;
  Handler handler;
  http::RunClock clock;
  http::DeadlineWheel wheel{0};
  std::string out;   // answers on their way out, of the connection at hand
  Reply reply;       // likewise
  std::string date;  // "Date: ...\r\n"
  bool stopping = false;
  std::atomic<std::size_t> connection_count{0};

 private:
  void wake_waiting();

  boost::asio::steady_timer timer_{loop};
  boost::asio::executor_work_guard<Loop::executor_type> work_{loop.get_executor()};
  std::vector<std::shared_ptr<AnyConnection>> connections_;
  std::vector<AnyConnection*> waiting_;
  std::atomic<bool> anybody_waits_{false}, waking_{false};
};

std::shared_ptr<AnyConnection> make_plain_connection(Worker&, Socket);

/// A certificate with its key.
class TlsIdentity {
 public:
  /// `problem`: why they cannot be used.
  TlsIdentity(const std::string& certificate, const std::string& key, std::string& problem);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;
  std::shared_ptr<AnyConnection> make_connection(Worker&, Socket);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
