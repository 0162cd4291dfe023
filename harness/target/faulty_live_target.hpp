// The faulty body of the live seam: wraps another and spoils some of its operations, the n-th or by seeded chance, as a network
// between harness and service would.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "harness/target/in_memory_target.hpp"
#include "harness/target/live_target.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {

enum class LiveFault : std::uint8_t {
  refuse,        // never leaves: refused without a code
  lose_request,  // sent, never arrives: no answer
  lose_answer,   // takes effect; the connection is reset before the answer
  delay,         // arrives later, and is answered
  overtake,      // given up at once; arrives later all the same
  duplicate,     // arrives twice, the second time without anybody waiting
};
inline constexpr unsigned live_fault_count = 6;
std::string_view name_of(LiveFault);

struct LiveFaults {
  LiveFault kind = LiveFault::lose_answer;
  std::uint64_t nth = 0;  // strikes the n-th operation, counted from 1; 0: by chance alone
  Chance chance;          // ... and each operation with this probability, drawn from (seed, order, its own sequence)
  std::uint64_t seed = 1;
  HarnessTime delay_ns = 1'000'000;
};

class FaultyLiveTarget final : public LiveTarget, private LiveSink {
 public:
  using MakeInner = std::function<std::unique_ptr<LiveTarget>(LiveSink&)>;
  FaultyLiveTarget(const MakeInner&, const LiveFaults&, LoopCalls, LiveSink&);
  ~FaultyLiveTarget() override;

  Abilities abilities() const override { return inner_->abilities(); }
  void open(Done done) override { inner_->open(std::move(done)); }
  void perform(const Asked&) override;
  void advance(Instant to, Advanced done) override { inner_->advance(to, std::move(done)); }
  void drain(Done done) override { inner_->drain(std::move(done)); }
  void forget(OrderId order) override { inner_->forget(order); }
  std::size_t in_flight() const override { return waiting_.size(); }
  void close(Done done) override { inner_->close(std::move(done)); }
  LiveTally take_transport_counts() override { return inner_->take_transport_counts(); }

  std::uint64_t operations() const { return operations_; }
  std::uint64_t struck() const { return struck_; }

 private:
  /// An operation that was asked for and not replied to: what becomes of the inner target's answer.
  struct Waiting {
    std::uint64_t ticket = 0;
    bool loses_answer = false;
  };
  void replied(std::uint64_t ticket, const LiveObservation&) override;
  void witnessed(const LiveEvidence& evidence) override { sink_.witnessed(evidence); }
  bool strikes(const Operation&);
  void pass_on(Asked, bool loses_answer);
  void send_unheard(Asked);
  void fail(const Asked&, Failure, Outcome);

  std::unique_ptr<LiveTarget> inner_;
  LiveFaults faults_;
  LoopCalls loop_;
  LiveSink& sink_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unordered_map<std::uint64_t, Waiting> waiting_;  // by the inner ticket; only looked up
  std::unordered_map<OrderId, std::uint32_t> sequences_;
  std::uint64_t tickets_ = 0, operations_ = 0, struck_ = 0;
};

}  // namespace dueprocess
