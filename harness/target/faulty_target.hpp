// The faulty body of the seam: wraps another target and spoils some of its operations, the n-th or by seeded chance.
//
// Lost and late ones are what a network does to an honest service: whichever operation they strike, the verdict on an honest
// target is never "violated", and a test that strikes every operation in turn visits every failure point. A refusal without a
// reason takes a right away (G1 to G3), unless a downtime was declared: that, and only that, is to be found.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/target/target.hpp"
#include "sim/kernel/random.hpp"

namespace dueprocess {

enum class TargetFault : std::uint8_t {
  refuse,        // never reaches the target: refused without a code
  lose_request,  // never reaches the target: no answer
  lose_answer,   // takes effect: no answer
  delay,         // no answer; takes effect later
};
inline constexpr unsigned target_fault_count = 4;
std::string_view name_of(TargetFault);

struct TargetFaults {
  TargetFault kind = TargetFault::lose_answer;
  std::uint64_t nth = 0;  // strikes the n-th operation since the target was made, counted from 1; 0: by chance alone
  Chance chance;          // ... and each operation with this probability, drawn from (seed, order, its own sequence)
  std::uint64_t seed = 1;
  Duration delay = std::chrono::seconds{1};  // how much later a delayed operation takes effect
};

class FaultyTarget final : public Target {
 public:
  FaultyTarget(std::unique_ptr<Target> inner, const TargetFaults&);

  void perform(const Operation&, Instant now, Answer&) override;
  Instant next_timer() const override;
  void fire_next() override;
  /// What was delayed is lost with the process that held it.
  void restart(Instant down, Instant back) override;
  std::vector<Evidence>& evidence() override { return inner_->evidence(); }
  void forget(OrderId) override;
  void reset(OrderRange) override;

  std::uint64_t operations() const { return operations_; }  // since it was made
  std::uint64_t struck() const { return struck_; }

 private:
  bool strikes(const Operation&);

  std::unique_ptr<Target> inner_;
  TargetFaults faults_;
  std::multimap<Instant, Operation> delayed_;             // in order of time, then of asking
  std::unordered_map<OrderId, std::uint32_t> sequences_;  // operations of each order so far; only looked up
  std::uint64_t operations_ = 0, struck_ = 0;
};

}  // namespace dueprocess
