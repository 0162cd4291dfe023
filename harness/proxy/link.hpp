// One connection through the proxy: client and service, and the two ways between them. Internal to the proxy, on its thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "harness/proxy/message_boundaries.hpp"
#include "harness/proxy/proxy.hpp"
#include "harness/proxy/switchboard.hpp"

namespace dueprocess::proxying {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// What a link needs of the proxy it belongs to, which outlives it.
class Hub {
 public:
  virtual ~Hub() = default;
  virtual Switchboard& switchboard() = 0;
  virtual ProxyCounts& counts() = 0;
  virtual std::string& scratch() = 0;  // for bytes just read; nobody keeps it over an asynchronous step
  virtual std::size_t doubled_bytes_max() const = 0;
  virtual void send_again(std::string request) = 0;
  virtual void closed(std::uint64_t link) = 0;
};

class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(Hub&, std::uint64_t number, tcp::socket client);
  /// Connects to the service, then passes bytes on until either side or a fault ends it.
  void start(const tcp::resolver::results_type& service);
  /// Ends it now, the way a fault does.
  void end(Ending, FaultOf);
  void close();

 private:
  /// One way: bytes are read from one socket, and stay here until the other has taken them.
  struct Way {
    Way(FaultOf which, tcp::socket& source, tcp::socket& sink, MessageBoundaries::Side side)
        : of(which), from(source), to(sink), boundaries(side), timer(source.get_executor()) {}
    FaultOf of;
    tcp::socket &from, &to;
    MessageBoundaries boundaries;
    asio::steady_timer timer;
    Treatment treatment;         // of the present message
    std::uint32_t exchange = 0;  // of the next message
    std::string held, doubled;
    std::size_t at = 0, piece = 0;  // in `held`: `piece` bytes from `at` on go on now
    std::size_t paced = 0;          // as long was the piece
    std::int64_t rate = 0;          // bytes a second of the present piece; 0: no limit
    bool begun = false;             // the present message was decided on
    bool doubling = false, lost = false, discarding = false, over = false;
  };

  void wait_for_bytes(Way&);
  void take_bytes(Way&);
  void advance(Way&);
  bool begin_message(Way&);
  void take_piece(Way&);
  void moved(Way&, std::size_t count);
  bool write_piece(Way&);
  bool piece_over(Way&);
  void message_over(Way&);
  void remember(Way&, std::string_view bytes);
  void pause(Way&, std::int64_t us);
  void end_of_stream(Way&);
  void truncate(Way&);
  void fail();
  void drop(bool reset);

  Hub& hub_;
  std::uint64_t number_;
  tcp::socket client_, service_;
  Way requests_, answers_;
  std::deque<bool> asked_for_no_body_;  // requests whose answers have not begun
  bool open_ = true;
};

}  // namespace dueprocess::proxying
