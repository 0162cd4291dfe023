// The built-in engine behind the seam that a user's own engine comes through.
#pragma once

#include "harness/target/target.hpp"
#include "sim/engine/engine.hpp"

namespace dueprocess {

template <bool Seeded>
class EngineAsTarget : public Target {
 public:
  explicit EngineAsTarget(const Policy& policy, BugSet bugs = {}) : engine_(policy, {}, bugs) {}

  void perform(const Operation& operation, Instant now, Answer& answer) override { engine_.perform(operation, now, answer); }
  Instant next_timer() const override { return engine_.next_timer(); }
  void fire_next() override { engine_.fire_next(); }
  void restart(Instant down, Instant back) override { engine_.restart(down, back); }
  std::vector<Evidence>& evidence() override { return engine_.evidence(); }
  void forget(OrderId order) override { engine_.forget(order); }
  void reset(OrderRange orders) override { engine_.reset(orders); }

 private:
  BasicEngine<Seeded> engine_;
};

}  // namespace dueprocess
