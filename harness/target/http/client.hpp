// The harness's HTTP/1.1 client: bytes out, status, fields and body back. It knows nothing of operations.
//
//   RunClock clock;
//   Client client{loop, endpoint, ClientOptions{}, clock, sink};
//   if (!client.problem().empty()) ...                // the host has no address, the CA file cannot be read
//   client.send({.id = 7, .method = "POST", .target = "/v1/orders", .fields = "Content-Type: application/json\r\n", .body =
//   {.bytes = json}}); loop.run();                                       // sink.answered(Answer{.id = 7, ...})
//
// Threads: one client belongs to one event loop; every call is made on its thread and the sink is called on it. If that loop is
// run by one thread only, make it as io_context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE}: it then takes no locks.
// Ownership: loop and sink outlive the client. What a request points to is copied before send() returns; what an answer points
// to lives until answered() returns.
// Failure: nothing throws. Every request that send() took ends in exactly one answered(), never from inside send(), unless the
// client is destroyed first; time-outs bound when. The sink may send, cancel and close, but not destroy the client.
// Bounds: `connections` at a time, `in_flight` requests taken and unanswered (those that wait for a connection included). When
// the second is reached, send() takes nothing, says so and counts it. No port is used up: connections are kept, and after one
// could not be opened the next is tried after a pause.
//
// A connection carries one request at a time and is kept for the next. What the service says beyond its answer closes it, as does
// anything that is not HTTP. Redirects are answers like others. Addresses are looked up once, by the constructor, and tried in
// turn.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "harness/record/live.hpp"
#include "harness/target/http/endpoint.hpp"
#include "harness/target/http/retry.hpp"
#include "harness/target/http/run_clock.hpp"

namespace boost::asio {
class io_context;
}

namespace dueprocess::http {

struct TlsOptions {
  bool insecure = false;  // takes any certificate, of anybody
  std::string ca_file{};  // PEM; empty: the system's
};

struct ClientOptions {
  std::size_t connections = 64;                    // most at a time
  std::size_t in_flight = 20'000;                  // most requests taken and unanswered
  std::size_t connecting = 128;                    // most connections being opened at a time: a service's queue of them is short
  HarnessTime connect_timeout_ns = 5'000'000'000;  // for each address, TLS included
  HarnessTime answer_timeout_ns = 30'000'000'000;  // of an attempt; see Request::timeout_ns
  HarnessTime wait_timeout_ns = 60'000'000'000;    // for a connection to become free; then it ends as no_connection
  std::size_t head_bytes = 64 * 1024;              // most of an answer's status line and fields
  std::size_t body_bytes = 8 * 1024 * 1024;        // most of an answer's body; streamed ones have no bound
  RetryPolicy retry{};
  TlsOptions tls{};
  std::string fields{};    // header lines of every request, each with its \r\n: "User-Agent: ...\r\n"
  std::uint64_t seed = 0;  // of the waits between attempts
};

/// A body: `bytes`, then `generated` pseudo-random ones (generated.hpp), then `tail`.
struct Body {
  std::string_view bytes{};
  std::uint64_t generated = 0;
  std::uint64_t seed = 0;
  std::string_view tail{};
  /// An upload given up on purpose: after so many bytes of the body the connection is reset. It ends as `cut`.
  std::uint64_t abort_after = UINT64_MAX;
  /// Asks first (`Expect: 100-continue`) and sends the body when told to, or after a second without an answer.
  bool ask_first = false;
  std::uint64_t size() const { return bytes.size() + generated + tail.size(); }
};

struct Request {
  std::uint64_t id = 0;             // the caller's, given back
  std::string_view method = "GET";  // HEAD and CONNECT are not for this client
  std::string_view target{};        // path and query, escaped; the endpoint's base comes before it
  std::string_view fields{};        // further header lines, each with its \r\n. Host and Content-Length are the client's
  Body body{};
  /// May be sent again after some of it may have arrived: reads, and what carries an idempotency key.
  bool replayable = false;
  /// For one attempt: from the last byte sent to the answer's last; while sending, without progress. 0: as in the options.
  HarnessTime timeout_ns = 0;
  /// The body goes to Sink::arrived() as it comes; the time-out then counts from the last piece.
  bool streamed = false;
  /// Attempts; 0: as in the options.
  unsigned attempts = 0;
};

/// How a request ended.
struct Answer {
  std::uint64_t id = 0;
  unsigned status = 0;              // 0: none came. With a failure it is what an answer that broke off had begun with
  std::string_view body{};          // empty if streamed
  std::string_view head{};          // status line and fields as they came
  Failure failure = Failure::none;  // none: a whole answer, whatever its status
  std::string_view why{};           // of a failure, in words ("connection refused"); never anything of the request
  std::uint16_t attempts = 0;       // 0: never tried (closed while it waited)
  bool unsent = false;              // no byte of any attempt left: certainly no effect
  HarnessTime sent_ns = 0;          // first byte of the first attempt that sent any; if unsent, when it was given up
  HarnessTime answered_ns = 0;      // last byte of the last answer taken in, or when it was given up
  /// A field's value without the blanks around it, by its name whatever the case; empty: not there. Looks through the head.
  std::string_view field(std::string_view name) const;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void answered(const Answer&) = 0;
  /// A piece of a streamed answer's body. False: no more of it; the request ends, without a failure.
  virtual bool arrived(std::uint64_t /*id*/, unsigned /*status*/, std::string_view /*bytes*/) { return true; }
};

/// What went over the wire, since it was last taken.
struct Counts {
  std::uint64_t requests = 0;                           // answered, of any outcome
  std::uint64_t attempts = 0;                           // begun to be sent
  std::uint64_t retries = 0;                            // attempts but the first
  std::uint64_t bytes_sent = 0, bytes_received = 0;     // of HTTP, without TLS's own
  std::uint64_t connections = 0;                        // opened
  std::uint64_t connections_failed = 0;                 // could not be opened (an address each)
  std::uint64_t connections_stale = 0;                  // turned out closed by the service when next used
  std::uint64_t turned_away = 0;                        // not taken by send(): in_flight reached
  std::uint64_t surplus = 0;                            // connections closed for bytes beyond an answer
  std::uint64_t waiting_max = 0, in_flight_max = 0;     // at a time
  std::array<std::uint64_t, 6> statuses{};              // answers of attempts by class: 0 other, 1xx (final ones only) ... 5xx
  std::array<std::uint64_t, failure_count> failures{};  // requests by how they ended
};

class Client {
 public:
  Client(boost::asio::io_context&, const Endpoint&, const ClientOptions&, RunClock, Sink&);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Why it cannot work at all; empty: it can. REQUIRES of everything below: empty.
  const std::string& problem() const;

  /// False: `in_flight` is reached, nothing was taken.
  [[nodiscard]] bool send(const Request&);
  /// Ends a request that is on its way as `cut` (soon, not from inside this call). Nothing if there is none with this id. For the
  /// few that wait long: it looks through all of them.
  void cancel(std::uint64_t id);
  /// Opens connections until there are `count` (at most `connections`), as far as they can be opened.
  void connect(std::size_t count);
  /// Ends all requests as `cut` and closes all connections; send() takes nothing more.
  void close();

  std::size_t in_flight() const;    // taken and unanswered
  std::size_t waiting() const;      // of these, without a connection
  std::size_t connections() const;  // open
  const Counts& counts() const;
  Counts take_counts();  // and begins anew

  struct Impl;

 private:
  Impl* impl_;
};

}  // namespace dueprocess::http
