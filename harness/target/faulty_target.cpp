#include "harness/target/faulty_target.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

constexpr std::uint32_t purpose_of_faults = 0x4641'0000;

}  // namespace

std::string_view name_of(TargetFault fault) {
  constexpr std::array<std::string_view, target_fault_count> names{"refuse", "lose_request", "lose_answer", "delay"};
  return names[static_cast<unsigned>(fault)];
}

FaultyTarget::FaultyTarget(std::unique_ptr<Target> inner, const TargetFaults& faults)
    : inner_(std::move(inner)), faults_(faults) {}

bool FaultyTarget::strikes(const Operation& operation) {
  ++operations_;
  const std::uint32_t index = sequences_[operation.order]++;
  const Draws draws{faults_.seed, number(operation.order), purpose_of_faults, index};
  if (operations_ != faults_.nth && !faults_.chance.hit(draws.u32(0))) return false;
  ++struck_;
  return true;
}

void FaultyTarget::perform(const Operation& operation, Instant now, Answer& answer) {
  if (!strikes(operation)) return inner_->perform(operation, now, answer);
  if (faults_.kind == TargetFault::lose_answer) inner_->perform(operation, now, answer);
  if (faults_.kind == TargetFault::delay) delayed_.emplace(now + faults_.delay, operation);
  answer = Answer{};
  answer.outcome = faults_.kind == TargetFault::refuse ? Outcome::refused : Outcome::info;
}

Instant FaultyTarget::next_timer() const {
  const Instant inner = inner_->next_timer();
  return delayed_.empty() ? inner : std::min(inner, delayed_.begin()->first);
}

void FaultyTarget::fire_next() {
  // At one instant the target's own timer goes first, as it does for operations that come in time.
  if (delayed_.empty() || inner_->next_timer() <= delayed_.begin()->first) return inner_->fire_next();
  const auto [at, operation] = *delayed_.begin();
  delayed_.erase(delayed_.begin());
  Answer nobody_hears;
  inner_->perform(operation, at, nobody_hears);
}

void FaultyTarget::restart(Instant down, Instant back) {
  delayed_.clear();
  inner_->restart(down, back);
}

void FaultyTarget::forget(OrderId order) {
  std::erase_if(delayed_, [order](const auto& waiting) { return waiting.second.order == order; });
  sequences_.erase(order);
  inner_->forget(order);
}

void FaultyTarget::reset(OrderRange orders) {
  delayed_.clear();
  sequences_.clear();
  inner_->reset(orders);
}

}  // namespace dueprocess
