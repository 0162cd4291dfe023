#include "harness/target/http/client.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <charconv>

#include "harness/target/http/client_impl.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess::http {

namespace {

constexpr std::size_t scratch_bytes = 64 * 1024;
constexpr std::size_t kept_wire_bytes = 64 * 1024;  // a request's memory beyond this is given back
constexpr std::uint32_t pause_purpose = 0x48545450;

void append_number(std::string& text, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
  text.append(digits, end);
}

/// While one of the owner's calls runs, nothing is told to the sink.
class InsideCall {
 public:
  explicit InsideCall(bool& inside) : inside_{inside}, before_{inside} { inside_ = true; }
  ~InsideCall() { inside_ = before_; }
  InsideCall(const InsideCall&) = delete;
  InsideCall& operator=(const InsideCall&) = delete;

 private:
  bool& inside_;
  bool before_;
};

}  // namespace

Client::Impl::Impl(boost::asio::io_context& on, const Endpoint& to, const ClientOptions& with, RunClock by, Sink& into)
    : loop{on},
      endpoint{to},
      options{with},
      clock{by},
      sink{&into},
      wheel{by.now()},
      timer{on},
      in(scratch_bytes),
      out(scratch_bytes) {
  assert(options.connections > 0 && options.in_flight > 0 && options.connecting > 0);
  common = " HTTP/1.1\r\nHost: " + endpoint.authority() + "\r\n" + options.fields;
  if (endpoint.tls) tls.emplace(options.tls, endpoint.host, problem);
  if (problem.empty()) look_up();
}

// ---- a request ----

bool Client::Impl::send(const Request& request) {
  if (closed || in_flight >= options.in_flight) {
    ++counts.turned_away;
    return false;
  }
  Exchange& exchange = take_unused();
  render(request, exchange);
  counts.in_flight_max = std::max<std::uint64_t>(counts.in_flight_max, ++in_flight);
  serve(exchange);
  return true;
}

void Client::Impl::render(const Request& request, Exchange& exchange) {
  assert(std::ranges::none_of(request.target, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; }));
  exchange.id = request.id;
  exchange.replayable = request.replayable;
  exchange.streamed = request.streamed;
  exchange.bodiless = request.method == "HEAD";
  exchange.timeout_ns = request.timeout_ns > 0 ? request.timeout_ns : options.answer_timeout_ns;
  exchange.attempts_most = request.attempts > 0 ? request.attempts : options.retry.attempts;
  exchange.generated = request.body.generated;
  exchange.seed = request.body.seed;
  exchange.tail = request.body.tail;
  exchange.ask_first = request.body.ask_first && request.body.size() > 0;

  std::string& wire = exchange.wire;
  wire.assign(request.method).append(1, ' ').append(endpoint.base).append(request.target).append(common);
  const std::uint64_t size = request.body.size();
  if (size > 0 || (request.method != "GET" && request.method != "HEAD" && request.method != "DELETE")) {
    wire.append("Content-Length: ");
    append_number(wire, size);
    wire.append("\r\n");
  }
  if (exchange.ask_first) wire.append("Expect: 100-continue\r\n");
  wire.append(request.fields).append("\r\n");
  exchange.head_size = wire.size();
  wire.append(request.body.bytes);
  exchange.abort_after = request.body.abort_after < size ? exchange.head_size + request.body.abort_after : UINT64_MAX;
}

Exchange& Client::Impl::take_unused() {
  if (unused == nullptr) return exchanges.emplace_back();
  Exchange& exchange = *unused;
  unused = exchange.next;
  exchange.next = nullptr;
  return exchange;
}

void Client::Impl::give_back(Exchange& exchange) {
  if (exchange.wire.capacity() > kept_wire_bytes) exchange.wire = std::string{};
  exchange.tail.clear();
  exchange.why.clear();
  exchange.place = Place::unused;
  exchange.failure = Failure::none;
  exchange.attempts = exchange.status = 0;
  exchange.sent = 0, exchange.sent_ns = 0;
  exchange.sent_any = false;
  exchange.next = unused;
  unused = &exchange;
}

// ---- how attempts and requests end ----

std::optional<HarnessTime> Client::Impl::wait_before_next(const Exchange& exchange, Attempt& attempt) const {
  if (closed) return std::nullopt;
  attempt.number = exchange.attempts;
  attempt.replayable = exchange.replayable;
  RetryPolicy policy = options.retry;
  policy.attempts = exchange.attempts_most;
  return wait_before_retry(policy, attempt, Draws{options.seed, exchange.id, pause_purpose, exchange.attempts}.u32(0));
}

/// The exchange is in no one's hands any more.
void Client::Impl::attempt_over(Exchange& exchange, Attempt attempt, std::string why) {
  if (const std::optional<HarnessTime> wait = wait_before_next(exchange, attempt))
    pause(exchange, *wait);
  else
    end(exchange, attempt.failure, std::move(why));
}

void Client::Impl::pause(Exchange& exchange, HarnessTime wait) {
  ++counts.retries;
  exchange.status = 0;
  if (wait == 0) return serve(exchange);
  exchange.place = Place::pausing;
  wheel.set(exchange, clock.now() + wait);
  ensure_tick();
}

void Client::Impl::end(Exchange& exchange, Failure failure, std::string why) {
  wheel.clear(exchange);
  exchange.failure = failure;
  exchange.why = std::move(why);
  exchange.place = Place::over;
  if (!inside_call) {
    Answer answer{.status = exchange.status};
    return tell(exchange, answer);
  }
  exchange.next = nullptr;
  if (over_first == nullptr) boost::asio::post(loop, [self = boost::intrusive_ptr<Impl>{this}] { self->tell_those_over(); });
  (over_first == nullptr ? over_first : over_last->next) = &exchange;
  over_last = &exchange;
}

void Client::Impl::tell_those_over() {
  // What ends meanwhile begins a new list, with a handler of its own.
  Exchange* exchange = over_first;
  over_first = over_last = nullptr;
  while (exchange != nullptr) {
    Exchange& ended = *exchange;
    exchange = exchange->next;
    Answer answer{.status = ended.status};
    tell(ended, answer);
  }
}

/// `answer` has status, head and body, and the time if that is known.
void Client::Impl::tell(Exchange& exchange, Answer& answer) {
  --in_flight;
  ++counts.requests;
  ++counts.failures[static_cast<unsigned>(exchange.failure)];
  if (sink != nullptr) {
    if (answer.answered_ns == 0) answer.answered_ns = clock.now();
    answer.id = exchange.id;
    answer.failure = exchange.failure;
    answer.why = exchange.why;
    answer.attempts = static_cast<std::uint16_t>(exchange.attempts);
    answer.unsent = !exchange.sent_any;
    answer.sent_ns = exchange.sent_any ? exchange.sent_ns : answer.answered_ns;
    sink->answered(answer);
  }
  give_back(exchange);
}

void Client::Impl::cancel(std::uint64_t id) {
  for (Exchange& exchange : exchanges) {
    if (exchange.id != id || exchange.place == Place::unused || exchange.place == Place::over) continue;
    if (exchange.place == Place::waiting) waiting.remove(exchange);
    if (exchange.place == Place::on_its_way) {
      Connection& connection = *exchange.connection;
      detach(connection);
      close_connection(connection);
    }
    end(exchange, Failure::cut, "cancelled");
    open_as_wanted();
    return;
  }
}

void Client::Impl::close() {
  closed = true;
  for (Connection& connection : connections)
    if (connection.state != Connection::State::closed) {
      if (connection.exchange != nullptr) detach(connection);
      close_connection(connection);
    }
  while (!waiting.empty()) waiting.remove(waiting.first());
  for (Exchange& exchange : exchanges)
    if (exchange.place != Place::unused && exchange.place != Place::over) end(exchange, Failure::cut, "closed");
  wheel.clear(gate);
  timer.cancel();
}

void Client::Impl::leave() {
  sink = nullptr;
  const InsideCall inside{inside_call};
  close();
}

// ---- time ----

void Client::Impl::ensure_tick() {
  if (ticking || wheel.empty() || closed) return;
  ticking = true;
  timer.expires_after(std::chrono::nanoseconds{DeadlineWheel::tick_ns});
  timer.async_wait([self = boost::intrusive_ptr<Impl>{this}](const boost::system::error_code&) { self->tick(); });
}

void Client::Impl::tick() {
  ticking = false;
  if (closed) return;
  wheel.advance(clock.now(), [this](Deadline& deadline) { time_over(static_cast<Timed&>(deadline)); });
  ensure_tick();
}

void Client::Impl::time_over(Timed& timed) {
  switch (timed.kind) {
    case Timed::Kind::gate:
      return open_as_wanted();
    case Timed::Kind::connection:
      return address_failed(static_cast<Connection&>(timed), Failure::no_connection, "the connection was not opened in time");
    case Timed::Kind::exchange:
      break;
  }
  Exchange& exchange = static_cast<Exchange&>(timed);
  if (exchange.place == Place::waiting) {
    waiting.remove(exchange);
    end(exchange, Failure::no_connection, "no connection became free in time");
  } else if (exchange.place == Place::pausing) {
    serve(exchange);
  } else if (exchange.connection->asked) {
    exchange.connection->asked = false;
    write_more(*exchange.connection);
  } else {
    broken(*exchange.connection, {.failure = Failure::timed_out, .unsent = exchange.sent == 0}, "no whole answer in time");
  }
}

// ---- the client ----

Client::Client(boost::asio::io_context& loop, const Endpoint& endpoint, const ClientOptions& options, RunClock clock, Sink& sink)
    : impl_{new Impl{loop, endpoint, options, clock, sink}} {
  intrusive_ptr_add_ref(impl_);
}

Client::~Client() {
  impl_->leave();
  intrusive_ptr_release(impl_);
}

const std::string& Client::problem() const { return impl_->problem; }

bool Client::send(const Request& request) {
  const InsideCall inside{impl_->inside_call};
  return impl_->send(request);
}

void Client::cancel(std::uint64_t id) {
  const InsideCall inside{impl_->inside_call};
  impl_->cancel(id);
}

void Client::connect(std::size_t count) {
  const InsideCall inside{impl_->inside_call};
  impl_->wanted = std::min(count, impl_->options.connections);
  impl_->open_as_wanted();
}

void Client::close() {
  const InsideCall inside{impl_->inside_call};
  impl_->close();
}

std::size_t Client::in_flight() const { return impl_->in_flight; }
std::size_t Client::waiting() const { return impl_->waiting.size(); }
std::size_t Client::connections() const { return impl_->open; }
const Counts& Client::counts() const { return impl_->counts; }

Counts Client::take_counts() {
  const Counts taken = impl_->counts;
  impl_->counts = Counts{};
  impl_->counts.in_flight_max = impl_->in_flight;
  impl_->counts.waiting_max = impl_->waiting.size();
  return taken;
}

std::string_view Answer::field(std::string_view name) const { return find_field(head, name); }

}  // namespace dueprocess::http
