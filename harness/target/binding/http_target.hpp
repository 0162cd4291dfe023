// A live service through a binding, as a target.
//
//   HttpTarget target{loop, endpoint, binding, options, clock, sink};
//   target.open([&](const std::string& problem) { ... target.perform(...) ... });
//
// What it keeps: a session a user (logged in when he first asks for something; many requests wait for one login; a 401 logs him
// in again, once a request); an entry an order (the service's id, the files uploaded since the last delivery), freed some time
// after forget(), when no evidence of the order is to come any more.
//
// What is asked of an order
//   that was placed                         goes out under the service's id
//   whose placing is still on its way       waits for it
//   whose placing was refused, or not asked goes out under an id that no order has: the service must say that it is not found
//   whose placing was not answered          cannot be asked: `refused` without a code, Failure::unsupported, counted as orphaned.
//                                           With keys the client tries the placing again, so this is rare
//
// Threads, ownership, failure: as LiveTarget and http::Client say. Nothing it tells has a password or a token in it, but what it
// gives to `trace`, which is for masking them.
#pragma once

#include "harness/target/http/client.hpp"
#include "harness/target/live_target.hpp"
#include "scenarios/language/binding.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess {

/// One call and its answer, for people to look at.
struct CallTrace {
  std::string_view what;  // an operation's name, "login", "clock: advance", ...
  std::string_view method, target, fields, body;
  std::uint64_t file_bytes = 0;  // besides
  const http::Answer* answer = nullptr;
  std::string_view understood;            // in words
  std::string_view lacks;                 // the binding's key for what could not be understood; empty: nothing
  std::vector<std::string_view> secrets;  // what of all this must not be shown
};

struct HttpTargetOptions {
  LiveClock clock = LiveClock::barrier;
  Instant starts = never;          // barrier, stamped: where a service's clock is set to; never: it is left alone
  std::string run;                 // {run}: the same for all targets of a run, and no other run's
  std::vector<std::string> texts;  // by TextId
  bool declared_uploads = false;   // sizes are told, bytes are not sent, if the binding knows how
  http::ClientOptions client;
  std::function<void(const CallTrace&)> trace;  // costs time; not set: nothing is traced
};

/// What happened beside what the sink was told.
struct HttpTargetCounts {
  std::uint64_t logins = 0, logins_failed = 0, logins_again = 0;
  std::uint64_t orphaned = 0;             // operations on orders whose placing was not answered
  std::uint64_t evidence_foreign = 0;     // of orders that are not this target's
  std::uint64_t evidence_unreadable = 0;  // items that the binding does not understand
  std::uint64_t evidence_unsigned = 0;    // webhooks without the right signature
  std::uint64_t pages = 0;
  std::string evidence_lacks;  // the binding's key for what the last unreadable item lacked
};

/// The service's clock as it was read on opening, and when.
struct ServiceTime {
  Instant stamp = never;  // never: the binding has no `clock.read`, or it told nothing
  HarnessTime sent_ns = 0, answered_ns = 0;
};

class HttpTarget final : public LiveTarget {
 public:
  /// The binding is copied into compiled form; it need not outlive this.
  HttpTarget(boost::asio::io_context&, const http::Endpoint&, const Binding&, HttpTargetOptions, http::RunClock, LiveSink&);
  ~HttpTarget() override;

  Abilities abilities() const override;
  void open(Done) override;
  void perform(const Asked&) override;
  void advance(Instant to, Advanced) override;
  void drain(Done) override;
  void forget(OrderId) override;
  std::size_t in_flight() const override;
  void close(Done) override;
  LiveTally take_transport_counts() override;

  const HttpTargetCounts& counts() const;
  ServiceTime service_time() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What a target of this binding can do.
Abilities abilities_of(const Binding&);

}  // namespace dueprocess
