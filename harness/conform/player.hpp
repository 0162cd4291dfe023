// Plays one sequence after the other on one engine, each an order from its placing until nothing happens any more, and has the
// oracle judge it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "harness/conform/deeds.hpp"
#include "harness/conform/rule_table.hpp"
#include "harness/oracle/oracle.hpp"

namespace dueprocess {

inline constexpr Duration conform_downtime = std::chrono::hours{2};  // of a restart

struct SequencePlayed {
  std::vector<Answer> answers;  // of the steps, in order; a restart has an empty one
  Answer last;                  // of the look after the last step
  Instant now = never;          // of that look
  std::uint32_t rules = 0;      // reached, as bits
  std::vector<Violation> violations;
};

/// What all sequences begin with.
struct Beginning {
  Instant placed = never, due = never;
  UserId seller{2}, buyer{3}, stranger{1};
  UserId user_of(Party party) const {
    return party == Party::seller ? seller : party == Party::buyer ? buyer : party == Party::stranger ? stranger : UserId::nobody;
  }
};

template <class Driven>
class Player {
 public:
  template <class... Parts>
  Player(const Policy& policy, const std::vector<Deed>& deeds, const Beginning& beginning, Parts&&... parts_of_the_engine)
      : policy_(policy), deeds_(deeds), beginning_(beginning), engine_(std::forward<Parts>(parts_of_the_engine)...) {}

  void play(std::span<const ConformStep> steps, SequencePlayed& played) {
    begin(steps);
    played.answers.clear();
    played.rules = 0;
    place();
    deadline_ = never;
    state_ = OrderState::in_progress;
    Operation before;
    Party by = Party::buyer;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const Deed& deed = deeds_[steps[k].deed];
      if (deed.kind == DeedKind::restart) {
        restart(steps[k].at, played);
        played.answers.emplace_back();
        continue;
      }
      reach(steps[k].at, played);
      const bool repeat = deed.kind == DeedKind::repeat;
      if (!repeat) {
        before = operation_of(deed, is_repeated(steps, k), k);
        by = deed.by;
      }
      seen_.operation = before;
      perform(steps[k].at, played);
      played.rules |= rules_reached(before, by, seen_.answer, steps[k].at, deadline_, state_, repeat);
      learn(seen_.answer);
      played.answers.push_back(seen_.answer);
      now_ = steps[k].at;
    }
    look(played);
    played.last = seen_.answer;
    played.now = now_;
    // Left alone: whatever is due happens. What fires without end would be found as what it is long before.
    for (unsigned fired = 0; engine_.next_timer() != never && fired < firings_max; ++fired) fire(played);
    look(played);
    oracle_->finish_all(never);
    played.violations.swap(tally_.violation_samples);
  }

 private:
  static constexpr unsigned firings_max = 64;
  static constexpr OrderId order_{1};

  void begin(std::span<const ConformStep> steps) {
    Instant down = never;
    for (const ConformStep& step : steps)
      if (deeds_[step.deed].kind == DeedKind::restart) down = step.at;
    std::unique_ptr<Oracle>& oracle = oracles_[down];
    if (!oracle) {
      OracleOptions options;
      if (down != never) options.downtimes.push_back({down, down + conform_downtime});
      oracle = std::make_unique<Oracle>(policy_, options, OrderRange{order_, 1}, tally_);
    }
    oracle_ = oracle.get();
    oracle_->reset({order_, 1});
    engine_.reset({order_, 1});
    tally_.violation_samples.clear();
  }

  /// By the next step, or the one after a restart.
  bool is_repeated(std::span<const ConformStep> steps, std::size_t k) const {
    const auto kind = [&](std::size_t i) { return i < steps.size() ? deeds_[steps[i].deed].kind : DeedKind::operation; };
    return kind(k + 1) == DeedKind::repeat || (kind(k + 1) == DeedKind::restart && kind(k + 2) == DeedKind::repeat);
  }

  void place() {
    Operation operation;
    operation.kind = OperationKind::place_order;
    operation.order = order_;
    operation.by = beginning_.buyer;
    operation.seller = beginning_.seller;
    operation.due_at = beginning_.due;
    operation.price_cents = 5'000;
    seen_.operation = operation;
    now_ = beginning_.placed;
    SequencePlayed ignored;
    perform(now_, ignored);
  }

  Operation operation_of(const Deed& deed, bool keyed, std::size_t k) const {
    Operation operation = deed.operation;
    operation.order = order_;
    operation.by = beginning_.user_of(deed.by);
    if (keyed) operation.key = KeyId{k + 1};
    return operation;
  }

  void perform(Instant at, SequencePlayed& played) {
    seen_.intended = seen_.sent = seen_.answered = at;
    engine_.perform(seen_.operation, at, seen_.answer);
    oracle_->observe(seen_);
    take_evidence(at, played);
  }
  void look(SequencePlayed& played) {
    seen_.operation = Operation{};
    seen_.operation.kind = OperationKind::view_order;
    seen_.operation.order = order_;
    seen_.operation.by = beginning_.buyer;
    reach(now_, played);
    perform(now_, played);
  }
  void reach(Instant at, SequencePlayed& played) {
    for (unsigned fired = 0; engine_.next_timer() <= at && fired < firings_max; ++fired) fire(played);
  }
  void fire(SequencePlayed& played) {
    now_ = engine_.next_timer();
    engine_.fire_next();
    take_evidence(now_, played);
  }
  /// At one instant it goes down before timers fire.
  void restart(Instant down, SequencePlayed& played) {
    reach(down - Duration{1}, played);
    now_ = down + conform_downtime;
    engine_.restart(down, now_);
    take_evidence(now_, played);
  }
  void take_evidence(Instant at, SequencePlayed& played) {
    for (const Evidence& evidence : engine_.evidence()) {
      oracle_->observe(evidence, at);
      played.rules |= rules_reached(evidence);
    }
    engine_.evidence().clear();
  }
  void learn(const Answer& answer) {
    if (answer.state == OrderState::none) return;
    state_ = answer.state;
    deadline_ = answer.deadline;
  }

  const Policy& policy_;
  const std::vector<Deed>& deeds_;
  const Beginning& beginning_;
  Driven engine_;
  Tally tally_;
  std::map<Instant, std::unique_ptr<Oracle>> oracles_;  // by when it goes down, which the oracle is told beforehand
  Oracle* oracle_ = nullptr;
  Observation seen_;
  Instant now_ = never, deadline_ = never;
  OrderState state_ = OrderState::none;
};

}  // namespace dueprocess
