// A target so plain that it can be checked by reading: it keeps the list of what was asked of an order and works everything out
// from the start each time it is asked again. It answers lawfully; what a lawful history must look like is what it says.
#pragma once

#include "harness/oracle/oracle.hpp"

#include <vector>

namespace dueprocess {

/// One thing that happened, as the oracle is shown it: an answered operation and what was seen of it, or only what was seen (the
/// timer).
struct Step {
  bool asked = false;
  Observation observation;
  Instant at = never;
  std::vector<Evidence> evidence;
};

class NaiveTarget {
 public:
  NaiveTarget(Policy policy, std::vector<Downtime> downtimes = {})
      : policy_{std::move(policy)}, downtimes_{std::move(downtimes)} {}

  /// The steps from where the last call left off up to this operation: timers that fired before, then the operation itself.
  std::vector<Step> ask(const Operation&, Instant now);
  /// The steps of timers that fire at or before `until`.
  std::vector<Step> wait(Instant until);
  Instant deadline(OrderId, Instant now) const;

  struct View {
    Operation placed;
    OrderState state = OrderState::none;
    CompletedBy by = CompletedBy::nobody;
    Instant deadline = never, completed_at = never, first_delivered = never, delivered = never;
    Duration granted_now{0}, granted_ever{0};
    std::uint32_t version = 0, extensions = 0, modifications = 0, uploads = 0;
    bool has_draft = false;
    Operation draft;
  };
  /// The order at an instant, timers due by then included, worked out from the beginning.
  View view(OrderId, Instant now) const;

 private:
  struct Done {
    Operation operation;
    Instant at;
  };
  struct Keyed {
    Operation operation;
    Answer answer;
  };
  Instant fires(Instant deadline) const;
  bool down(Instant now) const;
  Instant review_ends(Instant due, Instant delivered, Duration extended) const;
  Refusal refusal(const View&, const Operation&, Instant now) const;
  void tell(const View&, UserId, Instant now, Answer&) const;
  static std::vector<Evidence> shown(const View& before, const View& after, OrderId, Instant at);

  Policy policy_;
  std::vector<Downtime> downtimes_;
  std::vector<Done> done_;  // what was taken, in order
  std::vector<Keyed> keyed_;
  std::vector<OrderId> orders_;
  std::vector<OrderId> completed_;  // by the timer, and shown
};

}  // namespace dueprocess
