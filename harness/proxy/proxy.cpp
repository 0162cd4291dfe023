#include "harness/proxy/proxy.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "harness/proxy/link.hpp"

namespace dueprocess {
namespace {

using namespace proxying;

constexpr std::chrono::seconds repeat_time_max{10};           // a doubled request's answer is waited for no longer
constexpr std::chrono::milliseconds pause_after_failure{20};  // of accepting: no more files, say

/// A request on its way a second time, on a connection of its own; the answer goes nowhere.
class Repeat : public std::enable_shared_from_this<Repeat> {
 public:
  Repeat(asio::io_context& loop, std::string request, std::size_t& at_work)
      : socket_(loop), timer_(loop), request_(std::move(request)), at_work_(at_work) {
    ++at_work_;
  }
  ~Repeat() { --at_work_; }
  Repeat(const Repeat&) = delete;
  Repeat& operator=(const Repeat&) = delete;

  void start(const tcp::resolver::results_type& service) {
    timer_.expires_after(repeat_time_max);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      if (const auto self = weak.lock(); self && !error) self->stop();
    });
    asio::async_connect(socket_, service,
                        [self = shared_from_this()](const boost::system::error_code& error, const tcp::endpoint&) {
                          if (error) return self->stop();
                          self->write();
                        });
  }

 private:
  void write() {
    answer_.expect_no_body(request_.starts_with("HEAD "));
    asio::async_write(socket_, asio::buffer(request_),
                      [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                        if (error) return self->stop();
                        self->request_.resize(4096);  // from now on a place for the answer
                        self->read();
                      });
  }
  void read() {
    socket_.async_read_some(asio::buffer(request_),
                            [self = shared_from_this()](const boost::system::error_code& error, std::size_t count) {
                              if (error || count == 0 || self->is_over({self->request_.data(), count})) return self->stop();
                              self->read();
                            });
  }
  bool is_over(std::string_view bytes) {
    bytes.remove_prefix(answer_.take(bytes));
    return answer_.at_start();
  }
  void stop() {
    boost::system::error_code ignored;
    timer_.cancel();
    socket_.close(ignored);
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  std::string request_;
  MessageBoundaries answer_{MessageBoundaries::Side::answers};
  std::size_t& at_work_;
};

}  // namespace

struct FaultProxy::Impl final : Hub {
  Impl(std::vector<FaultPlan> plans, const ProxyOptions& given) : options(given), board(std::move(plans), given.seed) {
    buffer.resize(64 * 1024);
  }
  ~Impl() override {
    if (!thread.joinable()) return;
    asio::post(loop, [this] { loop.stop(); });
    thread.join();
    links.clear();
  }

  // Hub
  Switchboard& switchboard() override { return board; }
  ProxyCounts& counts() override { return figures; }
  std::string& scratch() override { return buffer; }
  std::size_t doubled_bytes_max() const override { return options.doubled_bytes_max; }
  void closed(std::uint64_t link) override { links.erase(link); }
  void send_again(std::string request) override {
    if (repeats >= options.doubled_max) {
      ++figures.not_doubled;
      return;
    }
    ++figures.doubled;
    std::make_shared<Repeat>(loop, std::move(request), repeats)->start(service);
  }

  std::string listen() {
    boost::system::error_code error;
    tcp::resolver resolver{loop};
    service = resolver.resolve(options.host, std::to_string(options.port), error);
    if (error) return "the service " + options.host + " has no address: " + error.message();
    const tcp::endpoint here{asio::ip::address_v4::loopback(), options.listen_port};
    acceptor.open(here.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
    if (!error) acceptor.bind(here, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return "the proxy cannot listen on 127.0.0.1: " + error.message();
    listening_on = acceptor.local_endpoint(error).port();
    return {};
  }

  void accept() {
    acceptor.async_accept([this](const boost::system::error_code& error, tcp::socket client) {
      if (error == asio::error::operation_aborted) return;
      if (error) {
        resting.expires_after(pause_after_failure);
        resting.async_wait([this](const boost::system::error_code&) { accept(); });
        return;
      }
      take(std::move(client));
      accept();
    });
  }

  void take(tcp::socket client) {
    if (links.size() >= options.connections_max) {
      ++figures.turned_away;
      return;  // closed by its destructor
    }
    const std::uint64_t number = figures.connections++;
    const auto link = std::make_shared<Link>(*this, number, std::move(client));
    links.emplace(number, link);
    link->start(service);
  }

  void strike(std::size_t fault) {
    const FaultPlan& plan = board.plans()[fault];
    const Ending how = plan.kind == FaultKind::reset ? Ending::reset
                       : plan.kind == FaultKind::cut ? Ending::cut
                                                     : Ending::truncate;
    std::vector<std::shared_ptr<Link>> all;
    for (const auto& [number, link] : links) all.push_back(link);  // the list changes under way
    for (const auto& link : all) {
      board.count(fault);
      link->end(how, plan.of);
    }
  }

  /// Carries it out on the proxy's thread, and waits.
  template <class Work>
  void in_loop(Work&& carry_out) {
    if (!thread.joinable()) return carry_out();
    std::promise<void> done;
    asio::post(loop, [&] {
      carry_out();
      done.set_value();
    });
    done.get_future().wait();
  }

  ProxyOptions options;
  Switchboard board;
  ProxyCounts figures;
  std::string buffer;
  std::size_t repeats = 0;
  asio::io_context loop{1};
  std::unordered_map<std::uint64_t, std::shared_ptr<Link>> links;
  asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
  tcp::acceptor acceptor{loop};
  asio::steady_timer resting{loop};
  tcp::resolver::results_type service;
  std::uint16_t listening_on = 0;
  std::thread thread;
};

FaultProxy::FaultProxy(std::vector<FaultPlan> plans, const ProxyOptions& options)
    : impl_(std::make_unique<Impl>(std::move(plans), options)) {}
FaultProxy::~FaultProxy() = default;

std::string FaultProxy::start() {
  if (std::string problem = impl_->listen(); !problem.empty()) return problem;
  impl_->accept();
  impl_->thread = std::thread{[impl = impl_.get()] { impl->loop.run(); }};
  return {};
}

std::uint16_t FaultProxy::port() const { return impl_->listening_on; }
void FaultProxy::set(std::size_t fault, bool on) {
  impl_->in_loop([&] { impl_->board.set(fault, on); });
}
void FaultProxy::strike(std::size_t fault) {
  impl_->in_loop([&] { impl_->strike(fault); });
}

ProxyCounts FaultProxy::counts() const {
  ProxyCounts counts;
  impl_->in_loop([&] {
    counts = impl_->figures;
    counts.connections_open = impl_->links.size();
    counts.struck = impl_->board.struck();
  });
  return counts;
}

}  // namespace dueprocess
