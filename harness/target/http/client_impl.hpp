// The client's inside, in three parts: client.cpp (requests and how they end), pool.cpp (connections and who gets them),
// conversation.cpp (a request and its answer on a connection).
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "harness/target/http/client.hpp"
#include "harness/target/http/connection.hpp"

namespace dueprocess::http {

/// Lives as long as the client or a handler that the loop still holds: a count without locks, all on one thread.
struct Client::Impl {
  Impl(boost::asio::io_context&, const Endpoint&, const ClientOptions&, RunClock, Sink&);

  // client.cpp
  bool send(const Request&);
  void render(const Request&, Exchange&);
  void cancel(std::uint64_t id);
  void close();
  void leave();  // the owner is gone: nobody is told anything more
  Exchange& take_unused();
  void give_back(Exchange&);
  void attempt_over(Exchange&, Attempt, std::string why);
  std::optional<HarnessTime> wait_before_next(const Exchange&, Attempt&) const;
  void end(Exchange&, Failure, std::string why);
  void tell(Exchange&, Answer&);
  void tell_those_over();
  void pause(Exchange&, HarnessTime wait);
  void ensure_tick();
  void tick();
  void time_over(Timed&);

  // pool.cpp
  void look_up();
  void serve(Exchange&);
  void open_as_wanted();
  void open_one();
  void open_next_address(Connection&);
  void connected(Connection&);
  void shake_hands(Connection&);
  void address_failed(Connection&, Failure, std::string why);
  void could_not_open(Failure, std::string why);
  void ready(Connection&);
  void close_connection(Connection&, bool reset = false);
  void next(Connection&);
  Connection& take_idle();
  void not_idle(Connection&);
  void wait_for(Connection&, bool writable);
  void woken(Connection&, bool writable);

  // conversation.cpp
  void begin(Connection&, Exchange&);
  void write_more(Connection&);
  void read_more(Connection&);
  void take_in(Connection&, std::string_view bytes);
  void interim(Connection&);
  void piece(Connection&, std::string_view bytes, bool passing);
  Exchange& detach(Connection&);
  void whole(Connection&, std::string_view surplus);
  void broken(Connection&, Attempt, std::string why);
  void lost(Connection&, const Io&);

  boost::asio::io_context& loop;
  Endpoint endpoint;
  ClientOptions options;
  RunClock clock;
  Sink* sink;
  std::string problem;
  std::string common;  // the lines that all requests have
  Counts counts;
  unsigned references = 0;
  bool closed = false;

  std::deque<Exchange> exchanges;  // all of them; they stay where they are
  Exchange* unused = nullptr;
  Waiting waiting;
  Exchange* over_first = nullptr;  // ended from inside a call; to be told
  Exchange* over_last = nullptr;
  bool inside_call = false;
  std::size_t in_flight = 0;

  std::optional<TlsContext> tls;
  std::vector<boost::asio::ip::tcp::endpoint> addresses;
  std::size_t address = 0;             // the one that worked last
  std::deque<Connection> connections;  // all of them
  std::vector<Connection*> closed_ones, idle_ones;
  std::size_t open = 0, connecting = 0, wanted = 0;  // wanted: by connect()
  Timed gate{Timed::Kind::gate};                     // set: no connection is opened before it is over
  unsigned failed_in_a_row = 0;

  DeadlineWheel wheel;
  boost::asio::steady_timer timer;
  bool ticking = false;

  std::vector<char> in, out;  // of whoever reads or writes just now
};

inline void intrusive_ptr_add_ref(Client::Impl* impl) { ++impl->references; }
inline void intrusive_ptr_release(Client::Impl* impl) {
  if (--impl->references == 0) delete impl;
}

}  // namespace dueprocess::http
