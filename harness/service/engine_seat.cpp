#include "harness/service/engine_seat.hpp"

#include "sim/engine/engine.hpp"

namespace dueprocess::service {
namespace {

template <bool Seeded>
class Seat final : public EngineSeat {
 public:
  Seat(const Policy& policy, const BugSet& bugs, std::uint64_t orders_max)
      : engine_(policy, OrderRange{OrderId{1}, orders_max}, bugs) {}
  void perform(const Operation& operation, Instant now, Answer& answer) override {
    engine_.perform_apart(operation, now, answer);
  }
  void fire_own(OrderId order, Instant now) override { engine_.fire_own(order, now); }
  Refusal refusal_of_upload(const Operation& operation) const override { return engine_.refusal_of_upload(operation); }
  Instant next_timer() const override { return engine_.next_timer(); }
  void fire_next() override { engine_.fire_next(); }
  void restart(Instant down, Instant back) override { engine_.restart(down, back); }
  std::vector<Evidence>& evidence() override { return engine_.evidence(); }

 private:
  BasicEngine<Seeded> engine_;
};

}  // namespace

std::unique_ptr<EngineSeat> make_engine(const Policy& policy, const BugSet& bugs, std::uint64_t orders_max) {
  if (bugs.none()) return std::make_unique<Seat<false>>(policy, bugs, orders_max);
  return std::make_unique<Seat<true>>(policy, bugs, orders_max);
}

}  // namespace dueprocess::service
