#include "harness/proxy/link.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <utility>

namespace dueprocess::proxying {
namespace {

constexpr std::size_t kept_max = 4096;         // memory an idle way keeps
constexpr std::size_t asked_max = 4096;        // pipelined requests whose kind is remembered
constexpr std::size_t drained_max = 1 << 20;   // bytes read and thrown away before a socket is closed in good order
constexpr std::int64_t beats_per_second = 20;  // of a throttled way

/// Closed so that the peer sees a reset.
void close_hard(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
}

/// Closed so that the peer sees the end of the stream: bytes left unread would make it a reset.
void close_softly(tcp::socket& socket, std::string& scratch) {
  boost::system::error_code error;
  socket.non_blocking(true, error);  // it may only just have been connected
  if (!error) socket.shutdown(tcp::socket::shutdown_send, error);
  for (std::size_t drained = 0; !error && drained < drained_max;) drained += socket.read_some(asio::buffer(scratch), error);
  socket.close(error);
}

}  // namespace

Link::Link(Hub& hub, std::uint64_t number, tcp::socket client)
    : hub_(hub),
      number_(number),
      client_(std::move(client)),
      service_(client_.get_executor()),
      requests_(FaultOf::requests, client_, service_, MessageBoundaries::Side::requests),
      answers_(FaultOf::answers, service_, client_, MessageBoundaries::Side::answers) {}

void Link::start(const tcp::resolver::results_type& service) {
  asio::async_connect(service_, service,
                      [self = shared_from_this()](const boost::system::error_code& error, const tcp::endpoint&) {
                        if (!self->open_) return;
                        if (error) {
                          ++self->hub_.counts().unreachable;
                          return self->drop(true);
                        }
                        boost::system::error_code ignored;
                        for (tcp::socket* socket : {&self->client_, &self->service_}) {
                          socket->set_option(tcp::no_delay{true}, ignored);
                          socket->non_blocking(true, ignored);
                        }
                        self->wait_for_bytes(self->requests_);
                        self->wait_for_bytes(self->answers_);
                      });
}

// --- one way ----------------------------------------------------------------------------------------------------------

void Link::wait_for_bytes(Way& way) {
  if (way.held.capacity() > kept_max) way.held = {};
  way.from.async_wait(tcp::socket::wait_read, [self = shared_from_this(), &way](const boost::system::error_code& error) {
    if (!self->open_) return;
    if (error) return self->fail();
    self->take_bytes(way);
  });
}

void Link::take_bytes(Way& way) {
  boost::system::error_code error;
  std::string& scratch = hub_.scratch();
  const std::size_t count = way.from.read_some(asio::buffer(scratch), error);
  if (error == asio::error::would_block) return wait_for_bytes(way);
  if (error == asio::error::eof) return end_of_stream(way);
  if (error) return fail();
  way.held.assign(scratch, 0, count);
  way.at = 0;
  advance(way);
}

/// Passes on what is held, piece by piece, until it must wait for something.
void Link::advance(Way& way) {
  while (open_) {
    if (way.at == way.held.size()) return wait_for_bytes(way);
    if (way.discarding) {
      hub_.counts().bytes_lost += way.held.size() - way.at;
      way.at = way.held.size();
      continue;
    }
    if (way.boundaries.at_start() && !way.begun && !begin_message(way)) return;
    if (way.treatment.ending != Ending::none && way.treatment.ending_after == 0) {
      end(way.treatment.ending, way.of);
      continue;
    }
    take_piece(way);
    if (way.treatment.vanishes || hub_.switchboard().all_vanish(way.of)) {
      way.lost = true;
      hub_.counts().bytes_lost += way.piece;
      moved(way, way.piece);
    } else if (!write_piece(way)) {
      return;
    }
    if (!piece_over(way)) return;
  }
}

/// False: it waits, or the connection is gone.
bool Link::begin_message(Way& way) {
  way.begun = true;
  if (way.lost) {
    drop(true);
    return false;
  }
  const bool request = way.of == FaultOf::requests;
  ++(request ? hub_.counts().requests : hub_.counts().answers);
  if (!request) {
    way.boundaries.expect_no_body(!asked_for_no_body_.empty() && asked_for_no_body_.front());
    if (!asked_for_no_body_.empty()) asked_for_no_body_.pop_front();
  }
  way.treatment = hub_.switchboard().of_message(way.of, number_, way.exchange++);
  way.doubling = way.treatment.twice;
  if (way.treatment.delay_us == 0) return true;
  pause(way, way.treatment.delay_us);
  return false;
}

/// As much of what is held as goes on at once: to the end of the message at most.
void Link::take_piece(Way& way) {
  std::size_t most = way.held.size() - way.at;
  const std::int64_t own = way.treatment.bytes_per_second, all = hub_.switchboard().bytes_per_second(way.of);
  way.rate = own == 0 ? all : all == 0 ? own : std::min(own, all);
  if (way.rate != 0) most = std::min(most, static_cast<std::size_t>(std::max<std::int64_t>(way.rate / beats_per_second, 1)));
  if (way.treatment.ending != Ending::none)
    most = static_cast<std::size_t>(std::min<std::uint64_t>(most, way.treatment.ending_after));
  const std::string_view bytes = std::string_view{way.held}.substr(way.at, most);
  way.piece = way.boundaries.take(bytes);
  way.paced = way.piece;
  if (way.doubling) remember(way, bytes.substr(0, way.piece));
}

void Link::moved(Way& way, std::size_t count) {
  way.at += count;
  way.piece -= count;
  if (way.treatment.ending != Ending::none) way.treatment.ending_after -= count;
}

/// False: the rest of the piece waits until there is room, or the connection is gone.
bool Link::write_piece(Way& way) {
  while (way.piece > 0) {
    boost::system::error_code error;
    const std::size_t count = way.to.write_some(asio::buffer(way.held.data() + way.at, way.piece), error);
    (way.of == FaultOf::requests ? hub_.counts().bytes_to_service : hub_.counts().bytes_to_client) += count;
    moved(way, count);
    if (!error) continue;
    if (error != asio::error::would_block) {
      fail();
      return false;
    }
    way.to.async_wait(tcp::socket::wait_write, [self = shared_from_this(), &way](const boost::system::error_code& failed) {
      if (!self->open_) return;
      if (failed) return self->fail();
      if (self->write_piece(way) && self->piece_over(way)) self->advance(way);
    });
    return false;
  }
  return true;
}

/// False: it waits, or the connection is gone.
bool Link::piece_over(Way& way) {
  if (way.boundaries.at_start()) message_over(way);
  if (!open_) return false;
  if (way.rate == 0 || way.discarding) return true;
  pause(way, static_cast<std::int64_t>(way.paced) * 1'000'000 / way.rate);
  return false;
}

void Link::message_over(Way& way) {
  way.begun = false;
  if (way.of == FaultOf::requests && asked_for_no_body_.size() < asked_max)
    asked_for_no_body_.push_back(way.boundaries.asks_for_no_body());
  if (way.doubling) hub_.send_again(std::exchange(way.doubled, {}));
  way.doubling = false;
  if (way.treatment.ending != Ending::none) end(way.treatment.ending, way.of);  // it was shorter than what was to get through
  way.treatment = {};
}

void Link::remember(Way& way, std::string_view bytes) {
  const bool endless = way.boundaries.is_endless();
  if (!endless && way.doubled.size() + bytes.size() <= hub_.doubled_bytes_max()) {
    way.doubled += bytes;
    return;
  }
  ++hub_.counts().not_doubled;
  way.doubled = {};
  way.doubling = false;
}

void Link::pause(Way& way, std::int64_t us) {
  way.timer.expires_after(std::chrono::microseconds{us});
  way.timer.async_wait([self = shared_from_this(), &way](const boost::system::error_code& error) {
    if (!error && self->open_) self->advance(way);
  });
}

void Link::end_of_stream(Way& way) {
  way.over = true;
  boost::system::error_code ignored;
  way.to.shutdown(tcp::socket::shutdown_send, ignored);
  if (requests_.over && answers_.over) drop(false);
}

// --- both ways --------------------------------------------------------------------------------------------------------

void Link::end(Ending how, FaultOf of) {
  if (!open_) return;
  if (how == Ending::truncate) {
    if (of != FaultOf::answers) truncate(requests_);
    if (of != FaultOf::requests) truncate(answers_);
  } else {
    drop(how == Ending::reset);
  }
}

/// The receiver sees the end; the sender goes on, and is read to nowhere.
void Link::truncate(Way& way) {
  boost::system::error_code ignored;
  way.to.shutdown(tcp::socket::shutdown_send, ignored);
  way.discarding = true;
  way.treatment = {};
}

/// What one side suffered the other is to see.
void Link::fail() { drop(true); }

void Link::close() { drop(true); }

void Link::drop(bool reset) {
  if (!std::exchange(open_, false)) return;
  requests_.timer.cancel();
  answers_.timer.cancel();
  for (tcp::socket* socket : {&client_, &service_}) {
    if (reset)
      close_hard(*socket);
    else
      close_softly(*socket, hub_.scratch());
  }
  hub_.closed(number_);
}

}  // namespace dueprocess::proxying
