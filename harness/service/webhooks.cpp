#include "harness/service/webhooks.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "harness/service/render.hpp"
#include "harness/target/http/client.hpp"
#include "harness/target/http/signature.hpp"

namespace dueprocess::service {
namespace {

constexpr std::uint32_t pieces_a_call = 100;
constexpr std::chrono::milliseconds first_wait{100}, longest_wait{30'000}, last_words{2'000};

http::ClientOptions client_options() {
  http::ClientOptions options;
  options.connections = 1;
  options.in_flight = 1;
  options.answer_timeout_ns = 10'000'000'000;
  options.body_bytes = 1024 * 1024;
  options.fields = "Content-Type: application/json\r\nUser-Agent: dueprocess\r\n";
  return options;
}

}  // namespace

struct Webhooks::Impl final : http::Sink {
  Impl(Desk& d, UserId who, const std::string& url, std::string with) : desk(d), the_operator(who), secret(std::move(with)) {
    const std::optional<http::Endpoint> read = http::read_endpoint(url, problem_text);
    if (!read) return;
    endpoint = *read;
    client = std::make_unique<http::Client>(loop, endpoint, client_options(), http::RunClock{}, *this);
    problem_text = client->problem();
  }

  void next() {
    if (calling || pausing) return;
    const Cursor end = desk.shown();
    waiting = end - std::min(end, done);
    if (waiting > waiting_max) {
      overflow += waiting - waiting_max;
      done = end - waiting_max;
      waiting = waiting_max;
    }
    if (waiting == 0) {
      if (stopping) finish();
      return;
    }
    PiecesAsk ask;
    ask.by = the_operator;
    ask.after = done;
    ask.limit = pieces_a_call;
    desk.pieces(ask, told);
    body.clear();
    append_pieces(body, told, "events");
    signature.clear();
    if (!secret.empty()) signature = "X-Dueprocess-Signature: sha256=" + http::hmac_sha256_hex(secret, body) + "\r\n";
    http::Request request;
    request.id = ++calls;
    request.method = "POST";
    request.target = endpoint.base.empty() ? "/" : "";
    request.fields = signature;
    request.body.bytes = body;
    request.attempts = 1;
    calling = client->send(request);
  }

  void answered(const http::Answer& answer) override {
    calling = false;
    if (answer.failure == Failure::none && answer.status / 100 == 2) {
      done = told.next;
      sent += told.pieces.size();
      wait = first_wait;
      return next();
    }
    ++failed;
    if (stopping) return finish();
    pausing = true;
    pause.expires_after(wait);
    wait = std::min(2 * wait, longest_wait);
    pause.async_wait([this](const boost::system::error_code&) {
      pausing = false;
      if (!over) next();
    });
  }

  /// On the loop's thread.
  void stop() {
    stopping = true;
    limit.expires_after(last_words);
    limit.async_wait([this](const boost::system::error_code& error) {
      if (!error) finish();
    });
    if (pausing) return finish();
    next();
  }

  void finish() {
    if (over) return;
    over = true;
    client->close();
    pause.cancel();
    limit.cancel();
    work.reset();
  }

  Desk& desk;
  const UserId the_operator;
  const std::string secret;
  std::string problem_text;
  boost::asio::io_context loop{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor()};
  boost::asio::steady_timer pause{loop}, limit{loop};
  http::Endpoint endpoint;
  std::unique_ptr<http::Client> client;
  PiecesTold told;
  std::string body, signature;
  std::uint64_t calls = 0;
  Cursor done = 0;
  std::chrono::milliseconds wait = first_wait;
  bool calling = false, pausing = false, stopping = false, over = false;
  std::atomic<bool> waking{false};
  std::atomic<std::uint64_t> sent{0}, failed{0}, overflow{0}, waiting{0};
  std::thread thread;
};

Webhooks::Webhooks(Desk& desk, UserId the_operator, const std::string& url, std::string secret)
    : impl_(std::make_unique<Impl>(desk, the_operator, url, std::move(secret))) {}
Webhooks::~Webhooks() { stop(); }

const std::string& Webhooks::problem() const { return impl_->problem_text; }

void Webhooks::start(Cursor after) {
  impl_->done = after;
  impl_->thread = std::thread{[this] { impl_->loop.run(); }};
  wake();
}

void Webhooks::wake() {
  if (impl_->waking.exchange(true)) return;
  boost::asio::post(impl_->loop, [impl = impl_.get()] {
    impl->waking.store(false);
    if (!impl->over) impl->next();
  });
}

void Webhooks::stop() {
  if (!impl_->thread.joinable()) return;
  boost::asio::post(impl_->loop, [impl = impl_.get()] { impl->stop(); });
  impl_->thread.join();
}

void Webhooks::tell(ServiceFacts& facts) const {
  facts.has_webhook = true;
  facts.webhooks_sent = impl_->sent;
  facts.webhooks_failed = impl_->failed;
  facts.webhooks_overflow = impl_->overflow;
  facts.webhooks_waiting = impl_->waiting;
}

}  // namespace dueprocess::service
