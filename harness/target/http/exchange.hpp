// A request on its way through the client, all its attempts: from send() to answered().
#pragma once

#include <string>

#include "harness/target/http/client.hpp"
#include "harness/target/http/deadline_wheel.hpp"

namespace dueprocess::http {

struct Connection;

/// Where in its life it is; the wheel's deadline is that of the place.
enum class Place : std::uint8_t {
  unused,      // in the pool
  waiting,     // for a connection
  pausing,     // between two attempts
  on_its_way,  // on `connection`
  over,        // ended from inside a call of the owner's; the sink is yet to be told
};

/// What the wheel holds.
struct Timed : Deadline {
  enum class Kind : std::uint8_t { exchange, connection, gate };
  explicit Timed(Kind of) : kind{of} {}
  Kind kind;
};

struct Exchange : Timed {
  Exchange() : Timed{Kind::exchange} {}

  Exchange* next = nullptr;      // in the pool, or among the waiting
  Exchange* previous = nullptr;  // among the waiting
  Connection* connection = nullptr;
  Place place = Place::unused;

  std::uint64_t id = 0;
  std::string wire;  // the head, then Body::bytes; its memory is kept for the next request
  std::size_t head_size = 0;
  std::string tail;
  std::uint64_t generated = 0, seed = 0, abort_after = UINT64_MAX;
  bool replayable = false, streamed = false, ask_first = false, bodiless = false;
  HarnessTime timeout_ns = 0;
  unsigned attempts_most = 0;

  unsigned attempts = 0;    // begun
  std::uint64_t sent = 0;   // bytes of the current attempt that the system took
  bool sent_any = false;    // of any attempt
  HarnessTime sent_ns = 0;  // see Answer::sent_ns
  Failure failure = Failure::none;
  unsigned status = 0;  // of an answer that broke off
  std::string why;

  std::uint64_t size() const { return wire.size() + generated + tail.size(); }
};

/// First come, first served; with a way out of the middle.
class Waiting {
 public:
  bool empty() const { return first_ == nullptr; }
  std::size_t size() const { return size_; }
  Exchange& first() { return *first_; }

  void push(Exchange& exchange) {
    exchange.next = nullptr, exchange.previous = last_;
    (last_ == nullptr ? first_ : last_->next) = &exchange;
    last_ = &exchange;
    ++size_;
  }

  void remove(Exchange& exchange) {
    (exchange.previous == nullptr ? first_ : exchange.previous->next) = exchange.next;
    (exchange.next == nullptr ? last_ : exchange.next->previous) = exchange.previous;
    exchange.next = exchange.previous = nullptr;
    --size_;
  }

 private:
  Exchange* first_ = nullptr;
  Exchange* last_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace dueprocess::http
