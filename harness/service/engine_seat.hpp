// The engine behind one small interface: with seeded bugs or without a trace of them, by what the service is started with.
#pragma once

#include <memory>
#include <vector>

#include "sim/engine/bugs.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess::service {

class EngineSeat {
 public:
  virtual ~EngineSeat() = default;
  virtual void perform(const Operation&, Instant now, Answer&) = 0;  // as perform_apart
  virtual void fire_own(OrderId, Instant now) = 0;
  virtual Refusal refusal_of_upload(const Operation&) const = 0;
  virtual Instant next_timer() const = 0;
  virtual void fire_next() = 0;
  virtual void restart(Instant down, Instant back) = 0;
  virtual std::vector<Evidence>& evidence() = 0;
};

std::unique_ptr<EngineSeat> make_engine(const Policy&, const BugSet&, std::uint64_t orders_max);

}  // namespace dueprocess::service
