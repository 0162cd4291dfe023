// A user's target with the face of the built-in engine, so that one drive fits both; held to its protocol at every call.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/target/target.hpp"

namespace dueprocess {

/// One thread. Whatever goes wrong in the target comes out as a TargetProblem.
class TargetEngine {
 public:
  TargetEngine(const TargetFactory& factory, const Policy& policy) {
    guarded([&] { target_ = factory(policy); });
    if (!target_) throw TargetProblem{"the target's factory made nothing"};
  }

  void perform(const Operation& operation, Instant now, Answer& answer) {
    now_ = now;
    answer = Answer{};
    guarded([&] { target_->perform(operation, now, answer); });
  }
  Instant next_timer() const {
    guarded([&] { next_ = target_->next_timer(); });
    if (next_ < now_)
      throw TargetProblem{"the target's next timer lies " + std::to_string(us_of(now_ - next_)) +
                          " us before the present instant"};
    return next_;
  }
  void fire_next() {
    now_ = next_;  // as it was told last
    guarded([&] { target_->fire_next(); });
  }
  void restart(Instant down, Instant back) {
    now_ = back;
    guarded([&] { target_->restart(down, back); });
  }
  std::vector<Evidence>& evidence() { return target_->evidence(); }
  void forget(OrderId order) {
    guarded([&] { target_->forget(order); });
  }
  void reset(OrderRange orders) {
    now_ = Instant::min();
    guarded([&] { target_->reset(orders); });
  }
  void prefetch(OrderId) const {}

 private:
  template <class Call>
  static void guarded(Call&& call) {
    try {
      std::forward<Call>(call)();
    } catch (const TargetProblem&) {
      throw;
    } catch (const std::exception& problem) {
      throw TargetProblem{std::string{"the target: "} + problem.what()};
    } catch (...) {
      throw TargetProblem{"the target threw something that is no exception"};
    }
  }

  std::unique_ptr<Target> target_;
  Instant now_ = Instant::min();
  mutable Instant next_ = never;
};

}  // namespace dueprocess
