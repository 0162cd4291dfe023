// The judge of one cell's orders. The path that every lawful observation takes is short; each kind of
// finding has a file of its own, entered only when something does not fit:
//
//   lawful.hpp      what every lawful observation passes
//   outcomes.cpp    taken or refused against the rules (G1-G5, A1-A3); what answers tell (T5, T6, A4, G2)
//   timing.cpp      completion by the timer (T1-T4, T6, F1), and operations after a deadline whose timer was not seen (T2, G4)
//   evidence.cpp    events, notices and payments that are not the ones owed (R4, N1-N4, M1-M4)
//   retries.cpp     idempotency keys (A3), and operations without an answer
//   ending.cpp      what is still owed when an order's history is over (T2, M2, N2, R4), the verdict
//
// After a finding the judge takes the target's word for the order's state, version and told deadline, so that one bug gives few
// findings. The deadline by the rules it keeps: a completion is always held to that.
#pragma once

#include "harness/oracle/facts.hpp"
#include "harness/oracle/guards.hpp"
#include "harness/oracle/herds.hpp"
#include "harness/oracle/keys.hpp"
#include "harness/oracle/oracle.hpp"
#include "harness/oracle/review_clock.hpp"
#include "harness/oracle/table.hpp"

#include <array>
#include <iterator>
#include <span>
#include <string>

#define DUEPROCESS_COLD [[gnu::cold, gnu::noinline]]

namespace dueprocess::judging {

class Judge {
 public:
  Judge(const Policy&, const OracleOptions&, OrderRange, Tally&);

  void observe(const Observation&);
  void observe(const Evidence&, Instant seen);
  void observe(std::span<const Evidence>, Instant seen);
  void finish(OrderId, Instant horizon);
  // The same for a lone order, whose facts the caller keeps: fresh at its beginning, and of no use after finish(). The range
  // contains the order. (lawful.hpp)
  void observe(const Observation&, Facts*);
  void observe(const Evidence&, Instant seen, Facts*);
  void observe(std::span<const Evidence> of_this_order, Instant seen, Facts&, OrderId);
  void finish(Facts&, OrderId, Instant horizon);
  void finish_all(Instant horizon);
  void reset(OrderRange);
  void prefetch(OrderId id) const { table_.prefetch(id); }

 private:
  /// One order, whose facts may be a copy that something is tried on.
  struct Subject {
    Facts& o;
    OrderId id;
  };
  /// One answered operation on it.
  struct Asked {
    const Operation& op;
    const Answer& answer;
    Instant now;
  };

  // judge.cpp: the lawful path
  DUEPROCESS_COLD void observe_with_care(const Observation&, Facts*);
  void judge(Subject, Asked);
  void judge_known(Subject, Asked);
  void judge_place(Subject, Asked);
  void judge_placing(Subject, Asked);
  void judge_told(Subject, Asked, Role);
  void judge(Subject, const Evidence&, Instant seen);
  void judge_piece(Subject, const Evidence&, Instant seen);
  bool take_all(std::span<const Evidence>, Instant seen, Facts&, OrderId);
  void judge_event(Subject, const Evidence&, Instant seen);
  void judge_notice(Subject, const Evidence&, Instant seen);
  void judge_payment(Subject, const Evidence&, Instant seen);
  void note_boundary(const Facts&, const Operation&, Role, Instant now);
  void pay(Facts&, const Evidence&);

  // effects.cpp: what an acknowledged operation changes
  void apply(Facts&, const Operation&, Instant now);
  void begin(Facts&, Effect, OrderState to, Instant at);
  void place(Facts&, const Operation&, Instant now);
  void deliver(Facts&, Instant now);
  void end_review(Facts&, Instant at);
  void extend(Facts&, Duration by, Instant now);
  void complete(Facts&, CompletedBy, Instant at);
  void complete_automatically(Subject, Instant at);
  DUEPROCESS_COLD void set_aside(Facts&);
  DUEPROCESS_COLD void move_told_deadline(Facts&, Duration by);

  // outcomes.cpp
  DUEPROCESS_COLD void judge_wrong_outcome(Subject, Asked, Role, Refusal due);
  DUEPROCESS_COLD void judge_odd_telling(Subject, Asked, Role);
  DUEPROCESS_COLD void judge_without_order(OrderId, Asked);
  DUEPROCESS_COLD void judge_second_place(Subject, Asked);
  DUEPROCESS_COLD void judge_told_deadline(Subject, Asked);
  DUEPROCESS_COLD void judge_told_completion(Subject, Asked);
  Invariant broken_by(const Facts&, Asked, Role, Refusal due) const;
  void adopt(Facts&, const Answer&);
  void tell_deadline(Facts&, Instant told);
  Instant told_deadline(const Facts&);
  void tolerate(Facts&);
  bool is_down(const Answer&, Instant now) const;

  // timing.cpp
  DUEPROCESS_COLD void judge_overdue(Subject, Asked, Role);
  DUEPROCESS_COLD void judge_odd_instant(Subject, Instant completed_at);
  DUEPROCESS_COLD void complete_as_told(Subject, Asked);
  DUEPROCESS_COLD void judge_completion_outside_review(Subject, const Evidence&, Instant seen);
  bool is_older_deadline(const Facts&, Instant);
  void record_lateness(Instant deadline, Instant completed_at);

  // evidence.cpp
  DUEPROCESS_COLD void judge_without_order(const Evidence&, Instant seen);
  DUEPROCESS_COLD void judge_odd_event(Subject, const Evidence&, Instant seen);
  DUEPROCESS_COLD void judge_event_details(Subject, const Evidence&, Instant seen, const Outstanding& expected);
  DUEPROCESS_COLD void judge_odd_notice(Subject, const Evidence&, Instant seen);
  DUEPROCESS_COLD void judge_notice_details(Subject, const Evidence&, Instant seen, const Outstanding& expected,
                                            bool in_sequence);
  DUEPROCESS_COLD void judge_odd_payment(Subject, const Evidence&, Instant seen);
  DUEPROCESS_COLD void judge_causeless_event(Subject, const Evidence&, Instant seen);
  bool take_tolerated(Facts&, std::uint8_t bit);
  Outstanding last_effect(const Facts&);

  // retries.cpp
  DUEPROCESS_COLD void judge_replay(OrderId, Facts*, Asked, KeyRecord&);
  DUEPROCESS_COLD void judge_retry(Subject, Asked, Instant first_sent);
  DUEPROCESS_COLD void remember_key(Facts*, Asked);
  DUEPROCESS_COLD void note_unanswered(Subject, const Operation&, Instant sent);
  DUEPROCESS_COLD void judge_uncertain(Subject, Asked);
  DUEPROCESS_COLD void judge_uncertain(Subject, const Evidence&, Instant seen);
  template <class Judgement>
  void settle(Subject, Instant now, const Judgement&);
  template <class Prepare, class Judgement>
  bool fits(Subject, const Prepare&, const Judgement&);
  void give_up(Facts&);

  // ending.cpp
  DUEPROCESS_COLD void report(Subject, Instant at, Invariant, std::string expected, std::string seen);
  DUEPROCESS_COLD void report(OrderId, Instant at, Invariant, std::string expected, std::string seen);
  DUEPROCESS_COLD void judge_still_owed(Subject, const Outstanding&, Instant horizon);
  DUEPROCESS_COLD void judge_never_completed(Subject, Instant horizon);
  DUEPROCESS_COLD void end_with_care(Subject, Instant horizon);
  Remains end(Facts&, OrderId, Instant horizon);

  void note_instant(Instant at) {
    if (at < tally_->first) tally_->first = at;
    if (at > tally_->last) tally_->last = at;
  }
  bool strict_sequence() const { return options_.notice_bound == Duration{0} && options_.payment_bound == Duration{0}; }

  Policy policy_;
  OracleOptions options_;
  Tally* tally_;
  Table table_;
  ReviewClock clock_;
  Outages outages_;
  std::array<std::uint8_t, std::size(owed::by_effect)> owed_by_effect_{};  // as far as the target gives it
  Keys keys_;
  Herds herds_;
  // trying: findings are counted, not reported
  bool trying_ = false;
  std::uint64_t findings_ = 0;
};

}  // namespace dueprocess::judging

namespace dueprocess {

struct Oracle::Impl : judging::Judge {
  using Judge::Judge;
};

}  // namespace dueprocess
