// The in-memory body of the live seam: synchronous targets in this process behind a clock and a loop, so that everything that
// drives a live service is tested without one, and what a drive itself costs can be measured.
//
//   barrier   one target; its clock is moved by advance() alone
//   stamped   a target for each range of orders, each on the clock of its own requests; advance() moves them all up
//   wall      one target on a real clock; timers that are due fire when anything is asked or looked at
//
// Each operation that changes something carries an idempotency key of its own, as through a binding that has keys.
//
// Threads: a service is shared by one target a thread, and locks. Ownership: the service outlives its targets, and what the loop
// was given to call does not outlive the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "harness/target/live_target.hpp"
#include "harness/target/target.hpp"

namespace dueprocess {

/// What an in-memory target needs of the loop it belongs to.
struct LoopCalls {
  std::function<void(std::function<void()>)> post;                  // calls it soon, from the loop
  std::function<void(HarnessTime, std::function<void()>)> call_at;  // ... at that time
  std::function<HarnessTime()> now;
};

struct InMemoryOptions {
  LiveClock clock = LiveClock::barrier;
  Policy policy;                   // wall: with its periods already divided by the speed
  TargetFactory engine;            // REQUIRES: set
  std::vector<OrderRange> ranges;  // stamped: those that share nothing; else one with all orders
  Instant wall_zero = never;       // wall: what the service's clock shows at the harness's time 0
  HarnessTime answers_after_ns = 0;
  HarnessTime pushes_every_ns = 0;  // wall: evidence comes by itself so often; 0: only by drain()
  bool tells_next_deadline = true;
  bool shows_evidence = true;
  std::uint32_t operations = (1u << operation_kind_count) - 1;  // what it can do, a bit a kind
};

class InMemoryService {
 public:
  explicit InMemoryService(const InMemoryOptions&);

  const InMemoryOptions& options() const { return options_; }
  /// `at`: stamped, the request's instant; wall, the real one; barrier: not looked at.
  void perform(const Operation&, Instant at, Answer&);
  /// Fires what is due by `to`. False: the clock is past it.
  [[nodiscard]] bool advance(Instant to, Instant& next_deadline);
  /// Everything since `cursor`, which moves on. Wall: fires what is due at `now` first.
  void look(std::uint64_t& cursor, Instant now, std::vector<Evidence>& seen);
  /// The process died and is back: wall only.
  void restart(Instant down, Instant back);

 private:
  struct Part {
    OrderRange orders;
    std::unique_ptr<Target> target;
    Instant clock = Instant::min();
  };
  Part& part_of(OrderId);
  void fire_due(Part&, Instant now);
  void keep_evidence(Part&);

  InMemoryOptions options_;
  std::mutex mutex_;
  std::vector<Part> parts_;
  std::vector<Evidence> log_;
  Instant clock_ = Instant::min();
  std::uint64_t keys_ = 0;
};

class InMemoryTarget final : public LiveTarget {
 public:
  InMemoryTarget(InMemoryService&, LoopCalls, LiveSink&);
  ~InMemoryTarget() override;

  Abilities abilities() const override;
  void open(Done) override;
  void perform(const Asked&) override;
  void advance(Instant to, Advanced) override;
  void drain(Done) override;
  void forget(OrderId) override {}
  std::size_t in_flight() const override { return in_flight_; }
  void close(Done) override;
  LiveTally take_transport_counts() override;

 private:
  void carry_out(const Asked&, HarnessTime sent);
  void look();
  void push();
  Instant service_now() const;

  InMemoryService& service_;
  LoopCalls loop_;
  LiveSink& sink_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what was posted before the end does nothing after it
  std::uint64_t cursor_ = 0;
  HarnessTime looked_ns_ = 0;
  std::size_t in_flight_ = 0;
  LiveTally counts_;
};

}  // namespace dueprocess
