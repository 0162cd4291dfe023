// The client's connections: opened as requests ask for them, kept, and each given to who waited longest.
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "harness/target/http/client_impl.hpp"

namespace dueprocess::http {

namespace {

using boost::asio::ip::tcp;

constexpr HarnessTime first_gate_ns = 10'000'000, longest_gate_ns = 1'000'000'000;

std::string words_of(int error) { return boost::system::system_category().message(error); }

/// What the loop holds while a connection waits.
struct Ready {
  boost::intrusive_ptr<Client::Impl> impl;
  Connection* connection;
  std::uint32_t generation;
  bool writable;

  void operator()(const boost::system::error_code&) {
    if (generation != connection->generation) return;  // of a socket closed since
    (writable ? connection->waits_writable : connection->waits_readable) = false;
    impl->woken(*connection, writable);
  }
};

}  // namespace

void Client::Impl::look_up() {
  boost::system::error_code error;
  tcp::resolver resolver{loop};
  const auto found = resolver.resolve(endpoint.host, std::to_string(endpoint.port), tcp::resolver::numeric_service, error);
  for (const auto& entry : found) addresses.push_back(entry.endpoint());
  if (error || addresses.empty()) problem = "no address of " + endpoint.host + ": " + error.message();
}

/// A request that is to be sent now.
void Client::Impl::serve(Exchange& exchange) {
  if (!idle_ones.empty()) return begin(take_idle(), exchange);
  exchange.place = Place::waiting;
  waiting.push(exchange);
  counts.waiting_max = std::max<std::uint64_t>(counts.waiting_max, waiting.size());
  wheel.set(exchange, clock.now() + options.wait_timeout_ns);
  ensure_tick();
  open_as_wanted();
}

void Client::Impl::open_as_wanted() {
  if (closed || gate.set()) return;
  const std::size_t at_a_time = failed_in_a_row > 0 ? 1 : options.connecting;
  while (open + connecting < options.connections && connecting < at_a_time && !gate.set() &&
         (connecting < waiting.size() || open + connecting < wanted))
    open_one();
  if (open + connecting >= wanted) wanted = 0;
}

void Client::Impl::open_one() {
  if (closed_ones.empty()) closed_ones.push_back(&connections.emplace_back(loop));
  Connection& connection = *closed_ones.back();
  closed_ones.pop_back();
  connection.state = Connection::State::connecting;
  connection.address = address;
  connection.tried = 0;
  ++connecting;
  open_next_address(connection);
}

void Client::Impl::open_next_address(Connection& connection) {
  const tcp::endpoint& to = addresses[connection.address];
  boost::system::error_code error;
  connection.state = Connection::State::connecting;
  connection.socket.open(to.protocol(), error);
  if (!error) connection.socket.native_non_blocking(true, error);
  if (!error) connection.socket.set_option(tcp::no_delay{true}, error);
  if (error) return address_failed(connection, Failure::no_connection, error.message());
  if (::connect(connection.socket.native_handle(), to.data(), static_cast<socklen_t>(to.size())) == 0)
    return connected(connection);
  if (errno != EINPROGRESS) return address_failed(connection, Failure::no_connection, words_of(errno));
  wheel.set(connection, clock.now() + options.connect_timeout_ns);
  ensure_tick();
  wait_for(connection, true);
}

void Client::Impl::connected(Connection& connection) {
  // Having once waited for it to be writable, the loop would be woken by every acknowledgement for as long as it knows the
  // socket.
  boost::system::error_code error;
  const tcp protocol = addresses[connection.address].protocol();
  const int descriptor = connection.socket.release(error);
  if (!error) connection.socket.assign(protocol, descriptor, error);
  if (!error) connection.socket.native_non_blocking(true, error);
  if (error) return address_failed(connection, Failure::no_connection, error.message());
  if (!tls) return ready(connection);
  connection.ssl = tls->open(connection.socket.native_handle());
  connection.state = Connection::State::shaking_hands;
  if (!connection.set()) wheel.set(connection, clock.now() + options.connect_timeout_ns);
  ensure_tick();
  shake_hands(connection);
}

void Client::Impl::shake_hands(Connection& connection) {
  SSL* const ssl = connection.ssl.get();
  const int result = SSL_do_handshake(ssl);
  if (result == 1) return ready(connection);
  const int error = SSL_get_error(ssl, result);
  if (error == SSL_ERROR_WANT_READ) return wait_for(connection, false);
  if (error == SSL_ERROR_WANT_WRITE) return wait_for(connection, true);
  // A service that goes away is none; one that is not who it should be, or does not speak TLS, will not be a moment later either.
  const bool gone = error == SSL_ERROR_SYSCALL || ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  address_failed(connection, gone ? Failure::no_connection : Failure::tls, tls_problem(ssl));
}

void Client::Impl::address_failed(Connection& connection, Failure failure, std::string why) {
  ++counts.connections_failed;
  wheel.clear(connection);
  connection.shut(false);
  if (++connection.tried < addresses.size()) {
    connection.address = (connection.address + 1) % addresses.size();
    return open_next_address(connection);
  }
  --connecting;
  closed_ones.push_back(&connection);
  could_not_open(failure, std::move(why));
}

/// The next try is made after a pause, whoever asks for it. Who waits is told if there is no connection at all that could serve
/// him.
void Client::Impl::could_not_open(Failure failure, std::string why) {
  ++failed_in_a_row;
  wanted = 0;
  if (!gate.set()) {
    wheel.set(gate, clock.now() + std::min(longest_gate_ns, first_gate_ns << std::min(failed_in_a_row - 1, 10U)));
    ensure_tick();
  }
  if (open > 0) return;
  for (std::size_t left = waiting.size(); left > 0 && !waiting.empty(); --left) {
    Exchange& exchange = waiting.first();
    waiting.remove(exchange);
    ++exchange.attempts;
    attempt_over(exchange, {.failure = failure, .unsent = true}, why);
  }
}

void Client::Impl::ready(Connection& connection) {
  wheel.clear(connection);
  --connecting, ++open;
  ++counts.connections;
  failed_in_a_row = 0;
  address = connection.address;
  wait_for(connection, false);
  next(connection);
  open_as_wanted();
}

/// A connection without a request: to who waits, or to the idle ones.
void Client::Impl::next(Connection& connection) {
  if (!waiting.empty()) {
    Exchange& exchange = waiting.first();
    waiting.remove(exchange);
    return begin(connection, exchange);
  }
  connection.state = Connection::State::idle;
  connection.idle_place = idle_ones.size();
  idle_ones.push_back(&connection);
}

Connection& Client::Impl::take_idle() {
  Connection& connection = *idle_ones.back();
  idle_ones.pop_back();
  return connection;
}

void Client::Impl::not_idle(Connection& connection) {
  Connection* const last = idle_ones.back();
  idle_ones[connection.idle_place] = last;
  last->idle_place = connection.idle_place;
  idle_ones.pop_back();
}

void Client::Impl::close_connection(Connection& connection, bool reset) {
  assert(connection.exchange == nullptr && connection.state != Connection::State::closed);
  switch (connection.state) {
    case Connection::State::idle:
      not_idle(connection);
      [[fallthrough]];
    case Connection::State::busy:
      --open;
      break;
    default:
      --connecting;
  }
  wheel.clear(connection);
  connection.shut(reset);
  closed_ones.push_back(&connection);
}

void Client::Impl::wait_for(Connection& connection, bool writable) {
  bool& waits = writable ? connection.waits_writable : connection.waits_readable;
  if (waits) return;
  waits = true;
  connection.socket.async_wait(writable ? Socket::wait_write : Socket::wait_read,
                               Ready{this, &connection, connection.generation, writable});
}

void Client::Impl::woken(Connection& connection, bool writable) {
  switch (connection.state) {
    case Connection::State::closed:
      return;
    case Connection::State::connecting: {
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(connection.socket.native_handle(), SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return address_failed(connection, Failure::no_connection, words_of(error));
      return connected(connection);
    }
    case Connection::State::shaking_hands:
      return shake_hands(connection);
    case Connection::State::idle:
    case Connection::State::busy:
      break;
  }
  // TLS may have to read before it can write, and the other way round: with it, either wakes both.
  const std::uint32_t generation = connection.generation;
  if (writable || connection.ssl != nullptr)
    if (connection.exchange != nullptr) write_more(connection);
  if (generation != connection.generation) return;
  if (!writable || connection.ssl != nullptr) read_more(connection);
}

}  // namespace dueprocess::http
