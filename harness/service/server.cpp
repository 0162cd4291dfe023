#include "harness/service/server.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <thread>

#include "harness/service/worker.hpp"

namespace dueprocess::service {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;

constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 1\r\nConnection: close\r\n"
    "Content-Length: 118\r\n\r\n"
    R"({"type":"about:blank","title":"Service Unavailable","status":503,"code":"unavailable","detail":"too many connections"})";
static_assert(too_many.size() - too_many.find("\r\n\r\n") - 4 == 118, "its Content-Length");

}  // namespace

struct Server::Impl {
  Impl(Server& server, Desk& d, ServerOptions o, Journal* j, std::function<void(ServiceFacts&)> f)
      : desk(d), options(std::move(o)), facts(std::move(f)) {
    if (!options.certificate.empty()) {
      identity = std::make_unique<TlsIdentity>(options.certificate, options.key, problem);
      if (!problem.empty()) return;
    }
    for (unsigned i = 0; i < options.threads; ++i) workers.push_back(std::make_unique<Worker>(desk, options, j, server));
    Loop& first = workers.front()->loop;
    acceptor.emplace(first);
    pause.emplace(first);
    timer.emplace(first);
    last_call.emplace(first);
    signals.emplace(first);
    listen();
  }

  void listen() {
    Error error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
      problem = "\"" + options.address + "\" is no address to listen at";
      return;
    }
    const Tcp::endpoint where{address, options.port};
    acceptor->open(where.protocol(), error);
    if (!error) acceptor->set_option(Tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor->bind(where, error);
    if (!error) acceptor->listen(4096, error);
    if (error) {
      problem = "cannot listen at " + options.address + ":" + std::to_string(options.port) + ": " + error.message();
      return;
    }
    port = acceptor->local_endpoint(error).port();
  }

  // --- connections ------------------------------------------------------------------------------------------------------

  std::size_t connections() const {
    std::size_t count = 0;
    for (const auto& worker : workers) count += worker->connection_count.load(std::memory_order_relaxed);
    return count;
  }

  void accept() {
    Worker& worker = *workers[turn++ % workers.size()];
    acceptor->async_accept(worker.loop.get_executor(), [this, &worker](const Error& error, Socket socket) {
      if (stopping) return;
      if (error) {
        // No more descriptors, most likely: connections that end give some back.
        pause->expires_after(std::chrono::milliseconds{50});
        pause->async_wait([this](const Error& cancelled) {
          if (!cancelled && !stopping) accept();
        });
        return;
      }
      if (connections() >= options.limits.connections)
        refuse(std::move(socket));
      else
        hand_over(worker, std::move(socket));
      accept();
    });
  }

  void hand_over(Worker& worker, Socket socket) {
    if (&worker == workers.front().get()) return worker.add(make(worker, std::move(socket)));
    asio::post(worker.loop, [this, &worker, socket = std::move(socket)]() mutable {
      if (worker.stopping) return;
      worker.add(make(worker, std::move(socket)));
    });
  }

  std::shared_ptr<AnyConnection> make(Worker& worker, Socket socket) {
    return identity ? identity->make_connection(worker, std::move(socket)) : make_plain_connection(worker, std::move(socket));
  }

  /// In one go: whoever does not take it at once does without. TLS has no words before the hand-shake.
  void refuse(Socket socket) {
    workers.front()->metrics.refused_connections.add();
    Error ignored;
    socket.non_blocking(true, ignored);
    if (!identity) {
      socket.write_some(asio::buffer(too_many.data(), too_many.size()), ignored);
      socket.shutdown(Socket::shutdown_send, ignored);
      // What the client has said already is taken off, lest a reset overtakes the answer.
      char heard[4096];
      socket.read_some(asio::buffer(heard), ignored);
    }
    socket.close(ignored);
  }

  // --- the timers of real time --------------------------------------------------------------------------------------------

  void fire() {
    if (stopping) return;
    const Instant next = desk.fire_due();
    constexpr auto longest = std::chrono::microseconds{1'000'000};  // the machine's clock may be set meanwhile
    auto wait = longest;
    if (options.sweep_s > 0)
      wait = std::chrono::microseconds{static_cast<std::int64_t>(options.sweep_s * 1e6)};
    else if (next != never)
      wait = std::clamp<std::chrono::microseconds>(next - desk.counts().now, std::chrono::microseconds{0}, longest);
    timer->expires_after(wait);
    timer->async_wait([this](const Error& error) {
      if (!error) fire();
    });
  }

  // --- stopping ----------------------------------------------------------------------------------------------------------

  /// On the first worker's thread.
  void stop() {
    if (stopping) return;
    stopping = true;
    Error ignored;
    acceptor->close(ignored);
    signals->cancel(ignored);
    pause->cancel();
    timer->cancel();
    for (const auto& worker : workers) asio::post(worker->loop, [&w = *worker] { w.stop(); });
    last_call->expires_after(std::chrono::microseconds{static_cast<std::int64_t>(options.limits.stop_s * 1e6)});
    last_call->async_wait([this](const Error& error) {
      if (error) return;
      for (const auto& worker : workers) worker->loop.stop();
    });
    stop_last_call_when_idle();
  }

  /// The bound is only for those that do not end by themselves.
  void stop_last_call_when_idle() {
    pause->expires_after(std::chrono::milliseconds{10});
    pause->async_wait([this](const Error&) {
      if (connections() == 0)
        last_call->cancel();
      else
        stop_last_call_when_idle();
    });
  }

  Desk& desk;
  const ServerOptions options;
  std::function<void(ServiceFacts&)> facts;
  std::string problem;
  std::uint16_t port = 0;
  std::unique_ptr<TlsIdentity> identity;
  std::vector<std::unique_ptr<Worker>> workers;
  std::optional<asio::basic_socket_acceptor<Tcp, Loop::executor_type>> acceptor;
  std::optional<asio::steady_timer> pause, timer, last_call;
  std::optional<asio::signal_set> signals;
  std::size_t turn = 0;
  bool stopping = false;
};

Server::Server(Desk& desk, ServerOptions options, Journal* journal, std::function<void(ServiceFacts&)> facts)
    : impl_(std::make_unique<Impl>(*this, desk, std::move(options), journal, std::move(facts))) {}
Server::~Server() = default;

const std::string& Server::problem() const { return impl_->problem; }
std::uint16_t Server::port() const { return impl_->port; }

void Server::run() {
  Impl& impl = *impl_;
  Worker& first = *impl.workers.front();
  impl.desk.on_news([this] {
    wake();
    if (impl_->options.on_news) impl_->options.on_news();
  });
  if (impl.options.real_timers) {
    http::sharpen_timers();
    impl.desk.on_earlier_timer([&impl, &first] { boost::asio::post(first.loop, [&impl] { impl.fire(); }); });
    boost::asio::post(first.loop, [&impl] { impl.fire(); });
  }
  if (impl.options.handle_signals) {
    impl.signals->add(SIGINT);
    impl.signals->add(SIGTERM);
    impl.signals->async_wait([&impl](const boost::system::error_code& error, int) {
      if (!error) impl.stop();
    });
  }
  impl.accept();
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < impl.workers.size(); ++i) threads.emplace_back([&worker = *impl.workers[i]] { worker.loop.run(); });
  first.loop.run();
  for (std::thread& thread : threads) thread.join();
  impl.desk.on_news({});
  impl.desk.on_earlier_timer({});
}

void Server::stop() {
  boost::asio::post(impl_->workers.front()->loop, [this] { impl_->stop(); });
}

void Server::wake() {
  for (const auto& worker : impl_->workers) worker->wake();
}

std::uint64_t Server::requests() const {
  std::uint64_t count = 0;
  for (const auto& worker : impl_->workers)
    for (const auto& action : worker->metrics.requests)
      for (const Counter& requests : action) count += requests.get();
  return count;
}

std::string Server::metrics() {
  ServiceFacts told;
  told.desk = impl_->desk.counts();
  if (impl_->facts) impl_->facts(told);
  std::vector<const ThreadMetrics*> threads;
  for (const auto& worker : impl_->workers) threads.push_back(&worker->metrics);
  return metrics_text(threads, told);
}

}  // namespace dueprocess::service
