#include "harness/drive/lone_play.hpp"

namespace dueprocess {

void LonePlay::play(const std::vector<OrderId>& orders, const std::atomic<bool>* stop) {
  for (const OrderId order : orders) {
    if (stop && stop->load(std::memory_order_relaxed)) return;
    order_ = order;
    facts_ = judging::Facts{};
    engine_.begin(order);
    market_.play_lone(order, *this);
    engine_.end();
    judge_.finish(facts_, order, never);
  }
}

void LonePlay::perform_any(Instant now) {
  observation_.intended = observation_.sent = observation_.answered = now;
  engine_.perform(observation_.operation, now, observation_.answer);
  can_transition(observation_.operation.kind) ? judge_transition(now) : judge_any_quiet();
}

[[gnu::noinline]] void LonePlay::judge_transition(Instant now) {
  if (!can_transition(observation_.operation.kind)) __builtin_unreachable();
  judge_.observe(observation_, &facts_);
  if (!engine_.evidence().empty()) see(now);
}

[[gnu::noinline]] void LonePlay::judge_any_quiet() {
  if (can_transition(observation_.operation.kind)) __builtin_unreachable();
  judge_.observe(observation_, &facts_);
}

void LonePlay::fire_timer() {
  const Instant at = engine_.next_timer();
  engine_.fire_timer();
  ++tally_.timers_fired;
  see(at);
}

void LonePlay::see(Instant now) {
  const FewEvidence& seen = engine_.evidence();
  judge_.observe(std::span{seen.begin(), seen.end()}, now, facts_, order_);
  engine_.evidence().clear();
}

}  // namespace dueprocess
