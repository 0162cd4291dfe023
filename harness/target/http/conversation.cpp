// A request and its answer on a connection.
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>

#include "harness/target/http/client_impl.hpp"
#include "harness/target/http/generated.hpp"

namespace dueprocess::http {

namespace {

constexpr HarnessTime ask_timeout_ns = 1'000'000'000;  // for an answer to Expect: 100-continue
constexpr unsigned interim_most = 16;                  // 1xx answers before one answer
constexpr unsigned rounds_most = 16;                   // reads or writes at a time, lest one connection keeps the others waiting

}  // namespace

void Client::Impl::begin(Connection& connection, Exchange& exchange) {
  connection.state = Connection::State::busy;
  connection.exchange = &exchange;
  connection.parser.begin(options.head_bytes, exchange.streamed ? UINT64_MAX : options.body_bytes, exchange.bodiless);
  connection.asked = exchange.ask_first;
  connection.unwritable = connection.answer_begun = false;
  connection.interim = 0;
  exchange.connection = &connection;
  exchange.place = Place::on_its_way;
  exchange.sent = 0;
  ++exchange.attempts;
  ++counts.attempts;
  write_more(connection);
}

/// Gives the system as much as it takes. A failure is not the end: the service may have answered before it closed.
void Client::Impl::write_more(Connection& connection) {
  Exchange& exchange = *connection.exchange;
  const std::uint64_t until =
      std::min(connection.asked ? std::uint64_t{exchange.head_size} : exchange.size(), exchange.abort_after);
  if (connection.unwritable || (exchange.sent == until && until != exchange.abort_after)) return;
  const HarnessTime now = clock.now();
  for (unsigned round = 0; exchange.sent < until; ++round) {
    if (round == rounds_most) {
      wait_for(connection, true);
      break;
    }
    std::string_view piece;
    if (exchange.sent < exchange.wire.size()) {
      piece = std::string_view{exchange.wire}.substr(exchange.sent);
    } else if (const std::uint64_t from = exchange.sent - exchange.wire.size(); from < exchange.generated) {
      piece = {out.data(), static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), exchange.generated - from))};
      generate_bytes(exchange.seed, from, out.data(), piece.size());
    } else {
      piece = std::string_view{exchange.tail}.substr(from - exchange.generated);
    }
    const Io io =
        connection.write(piece.data(), static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), until - exchange.sent)));
    if (io.end != Io::End::some) {
      if (io.end == Io::End::blocked) wait_for(connection, true);
      if (io.end == Io::End::closed || io.end == Io::End::failed) connection.unwritable = true;
      break;
    }
    if (!exchange.sent_any) exchange.sent_ns = now;
    exchange.sent_any = true;
    exchange.sent += io.bytes;
    counts.bytes_sent += io.bytes;
  }
  if (exchange.sent == exchange.abort_after) {
    detach(connection);
    close_connection(connection, true);
    end(exchange, Failure::cut, "the upload was given up on purpose");
    return open_as_wanted();
  }
  wheel.set(exchange, now + (connection.asked ? ask_timeout_ns : exchange.timeout_ns));
  ensure_tick();
}

void Client::Impl::read_more(Connection& connection) {
  const std::uint32_t generation = connection.generation;
  for (unsigned round = 0; round < rounds_most; ++round) {
    const Io io = connection.read(in.data(), in.size());
    switch (io.end) {
      case Io::End::some:
        break;
      case Io::End::crossed:
        wait_for(connection, true);
        [[fallthrough]];
      case Io::End::blocked:
        return wait_for(connection, false);
      case Io::End::closed:
      case Io::End::failed:
        return lost(connection, io);
    }
    counts.bytes_received += io.bytes;
    take_in(connection, {in.data(), io.bytes});
    if (generation != connection.generation) return;
    // A socket that gave less than was asked for has no more; TLS may have.
    if (io.bytes < in.size() && connection.ssl == nullptr) return wait_for(connection, false);
  }
  boost::asio::post(loop, [self = boost::intrusive_ptr<Impl>{this}, &connection, generation] {
    if (generation == connection.generation) self->read_more(connection);
  });
}

/// Bytes that came. Whoever calls this looks at the connection's generation afterwards: it may be closed, and open again.
void Client::Impl::take_in(Connection& connection, std::string_view bytes) {
  if (connection.exchange == nullptr) {  // nobody asked
    ++counts.surplus;
    close_connection(connection);
    return open_as_wanted();
  }
  connection.answer_begun = true;
  const std::uint32_t generation = connection.generation;
  const bool passing = connection.rest.empty();  // else what is parsed moves away below us, and views of it do not last
  if (!passing) bytes = connection.rest.append(bytes);
  AnswerParser& parser = connection.parser;
  for (bool more = true; more;) {
    const AnswerParser::Step step = parser.take(bytes);
    bytes.remove_prefix(parser.used());
    switch (step) {
      case AnswerParser::Step::more:
        more = false;
        break;
      case AnswerParser::Step::head:
        if (parser.status() / 100 == 1)
          interim(connection);
        else if (passing)
          connection.head_view = parser.head();
        else
          connection.head = parser.head();
        break;
      case AnswerParser::Step::piece:
        piece(connection, parser.piece(), passing);
        break;
      case AnswerParser::Step::done:
        return whole(connection, bytes);
      case AnswerParser::Step::bad:
        return broken(connection, {.failure = Failure::garbage}, parser.why());
    }
    if (generation != connection.generation) return;
  }
  if (!connection.head_view.empty()) connection.head = connection.head_view;
  connection.body.append(connection.body_view);
  connection.head_view = connection.body_view = {};
  std::string rest{bytes};
  connection.rest.swap(rest);
}

void Client::Impl::interim(Connection& connection) {
  if (connection.parser.status() == 101)
    return broken(connection, {.failure = Failure::garbage}, "another protocol was not asked for");
  if (++connection.interim > interim_most)
    return broken(connection, {.failure = Failure::garbage}, "interim answers without end");
  const bool go_on = connection.asked && connection.parser.status() == 100;
  const Exchange& exchange = *connection.exchange;
  connection.parser.begin(options.head_bytes, exchange.streamed ? UINT64_MAX : options.body_bytes, exchange.bodiless);
  if (!go_on) return;
  connection.asked = false;
  write_more(connection);
}

void Client::Impl::piece(Connection& connection, std::string_view bytes, bool passing) {
  Exchange& exchange = *connection.exchange;
  if (exchange.streamed) {
    const std::uint32_t generation = connection.generation;
    wheel.set(exchange, clock.now() + exchange.timeout_ns);
    const unsigned status = connection.parser.status();
    const bool goes_on = sink->arrived(exchange.id, status, bytes);
    if (goes_on || generation != connection.generation) return;
    detach(connection);
    std::string head = connection.head.empty() ? std::string{connection.head_view} : connection.head;
    close_connection(connection);
    Answer answer{.status = status, .head = head};
    ++counts.statuses[status / 100 < 6 ? status / 100 : 0];
    wheel.clear(exchange);
    exchange.place = Place::over;
    tell(exchange, answer);
    return open_as_wanted();
  }
  if (passing && connection.body.empty() && connection.body_view.empty()) {
    connection.body_view = bytes;
    return;
  }
  connection.body.append(connection.body_view).append(bytes);
  connection.body_view = {};
}

Exchange& Client::Impl::detach(Connection& connection) {
  Exchange& exchange = *connection.exchange;
  connection.exchange = nullptr;
  exchange.connection = nullptr;
  return exchange;
}

/// A whole answer, whatever its status. The connection is given to the next request before anybody is told: that one waits.
void Client::Impl::whole(Connection& connection, std::string_view surplus) {
  const HarnessTime now = clock.now();
  Exchange& exchange = detach(connection);
  wheel.clear(exchange);
  Answer answer{.status = connection.parser.status(), .answered_ns = now};
  ++counts.statuses[answer.status / 100 < 6 ? answer.status / 100 : 0];
  ++connection.answers;
  if (!surplus.empty()) ++counts.surplus;

  std::string head, body;  // the connection's own are the next answer's
  answer.head = connection.head_view, answer.body = connection.body_view;
  if (!connection.head.empty()) {
    head.swap(connection.head);
    body.swap(connection.body);
    if (!connection.body_view.empty()) body.append(connection.body_view);
    answer.head = head, answer.body = body;
  } else if (!connection.body.empty()) {
    body.swap(connection.body);
    answer.body = body;
  }
  connection.head_view = connection.body_view = {};
  if (!connection.rest.empty()) connection.rest.clear();

  if (connection.parser.keeps_alive() && exchange.sent == exchange.size() && surplus.empty()) {
    next(connection);
  } else {
    close_connection(connection);
    open_as_wanted();
  }

  if (answer.status >= 400) {
    Attempt attempt{.status = answer.status, .retry_after_ns = read_retry_after(answer.field("Retry-After"))};
    if (const std::optional<HarnessTime> wait = wait_before_next(exchange, attempt)) return pause(exchange, *wait);
  }
  exchange.place = Place::over;
  tell(exchange, answer);
}

/// No whole answer, and there will be none.
void Client::Impl::broken(Connection& connection, Attempt attempt, std::string why) {
  Exchange& exchange = detach(connection);
  if (connection.parser.head_done() && connection.parser.status() >= 200) exchange.status = connection.parser.status();
  wheel.clear(exchange);
  close_connection(connection);
  attempt_over(exchange, attempt, std::move(why));
  open_as_wanted();
}

/// The other side closed, or the connection failed.
void Client::Impl::lost(Connection& connection, const Io& io) {
  if (connection.exchange == nullptr) {
    close_connection(connection);
    return open_as_wanted();
  }
  AnswerParser& parser = connection.parser;
  if (io.end == Io::End::closed && parser.head_done() && parser.take_end() == AnswerParser::Step::done)
    return whole(connection, {});
  Attempt attempt{.failure = Failure::cut, .unsent = connection.exchange->sent == 0};
  attempt.stale = connection.answers > 0 && !connection.answer_begun;
  if (attempt.stale) ++counts.connections_stale;
  std::string why = connection.answer_begun ? "closed within the answer" : "closed before the answer";
  if (io.end == Io::End::failed) why = io.error != 0 ? boost::system::system_category().message(io.error) : "TLS broke off";
  broken(connection, attempt, std::move(why));
}

}  // namespace dueprocess::http
