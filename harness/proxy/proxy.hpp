// A proxy on loopback between client and service, which makes of a good network a bad one.
//
//     client ──▶ 127.0.0.1:port() ──▶ [ requests: delayed, slowed, lost, doubled, cut off ] ──▶ service
//            ◀──                  ◀── [ answers:  delayed, slowed, lost, cut off          ] ◀──
//
// It passes bytes on as they come and looks into HTTP only far enough to see where messages begin and end; what is not HTTP is
// passed on as one endless message. What the service does (ends, resets, cannot be reached) is passed on likewise: a client is
// reset where the service resets, or is not there.
//
// Two messages of an exchange belong together by their place on the connection. A connection that lost a message is reset at the
// next one on it, for what followed would be out of step.
//
// Threads: it has one of its own; every call is safe from any other, and waits until it has been carried out.
// Bounds: connections at a time (more are closed at once, and counted), one piece of 64 KiB a way and connection; a request is
// doubled up to a length, and so many at a time; beyond that it is not, and counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/language/fault_plan.hpp"

namespace dueprocess {

struct ProxyOptions {
  std::string host;  // of the service, as name or address
  std::uint16_t port = 0;
  std::uint64_t seed = 1;
  std::uint16_t listen_port = 0;  // 0: any that is free
  std::size_t connections_max = 20'000;
  std::size_t doubled_bytes_max = 256 * 1024;
  std::size_t doubled_max = 256;  // at a time
};

struct ProxyCounts {
  std::uint64_t connections = 0, connections_open = 0;
  std::uint64_t turned_away = 0;  // more than connections_max
  std::uint64_t unreachable = 0;  // the service could not be connected to
  std::uint64_t requests = 0, answers = 0;
  std::uint64_t bytes_to_service = 0, bytes_to_client = 0;  // passed on; those of doubled requests apart
  std::uint64_t bytes_lost = 0;                             // taken and not passed on
  std::uint64_t doubled = 0, not_doubled = 0;               // requests sent twice; too long, too many, or not HTTP
  std::vector<std::uint64_t> struck;                        // by fault, in the order of the plan
};

class FaultProxy {
 public:
  /// Commands among the plans are not its business. Faults of the whole run are on from the start, the others are set.
  FaultProxy(std::vector<FaultPlan>, const ProxyOptions&);
  ~FaultProxy();  // closes every connection
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  /// What is wrong, or empty: it listens. Once.
  std::string start();
  std::uint16_t port() const;  // after start()

  /// A window begins or ends. Faults are named by their places in the plan.
  void set(std::size_t fault, bool on);
  /// cut, reset, truncate: every connection that is open now.
  void strike(std::size_t fault);
  ProxyCounts counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
