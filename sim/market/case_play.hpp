// A scripted case being played: its steps in the order of their instants, what each must see, and what was seen instead.
//
// Steps anchored at `placed`, `due` or `start` have their instants beforehand. One anchored at `delivered` or `deadline` gets
// it when all steps written before it have been played, from what the last answers told; if nobody told it by then, or the
// instant has passed, the step fails. Played in the order of (instant, place in the file).
//
// A step that must see payments or notices is looked at again once everything of its instant has been told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/market/market.hpp"
#include "sim/market/plan_impl.hpp"

namespace dueprocess {

class CasePlay {
 public:
  CasePlay(const MarketPlan::Impl& plan, std::uint32_t index);

  OrderId order() const { return order_; }
  Instant next_at() const { return next_at_; }  // never: over
  bool counts_next() const { return phase_ == Phase::counting; }
  /// Plays what is due at next_at(). True: the operation is to be performed.
  bool next(Operation& operation, std::vector<StepFailure>& failures);
  void learn(const Answer& answer, Instant now, std::vector<StepFailure>& failures);
  void learn(const Evidence& evidence);

 private:
  static constexpr std::size_t placing = ~std::size_t{0};
  enum class Phase : std::uint8_t { acting, looking, counting };

  const Step& step() const { return steps_[current_]; }
  std::optional<Instant> instant_of(const Moment& moment) const;
  bool knows_beforehand(const Step& step) const;
  Operation operation_of(const Step& step);
  Operation placing_operation() const;
  UserId user_of(Party party) const;
  bool shares_key_with_next(std::size_t index) const;
  void finish_step(Instant now, std::vector<StepFailure>& failures);
  void choose(Instant now, std::vector<StepFailure>& failures);
  void fail(std::size_t index, std::string expected, std::string seen, std::vector<StepFailure>& failures);
  void check_operation(const Answer& answer, std::vector<StepFailure>& failures);
  void check_order(const Answer& answer, std::vector<StepFailure>& failures);
  void check_counts(std::vector<StepFailure>& failures);

  const MarketPlan::Impl& plan_;
  const Case& case_;
  const std::vector<Step>& steps_;
  std::uint32_t index_;
  OrderId order_;
  std::vector<bool> played_;
  bool placed_played_ = false;
  bool failed_ = false;
  std::size_t current_ = placing;
  Phase phase_ = Phase::acting;
  Instant next_at_ = never;
  KeyId last_key_ = KeyId::none;
  Instant delivered_ = never, deadline_ = never;  // as last told
  std::uint64_t payments_ = 0, notices_to_buyer_ = 0, notices_to_seller_ = 0;
  std::int64_t paid_cents_ = 0;
};

}  // namespace dueprocess
