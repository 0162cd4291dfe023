// The search for an explanation of what was seen of an order.
//
// It goes through the orders in which the operations may have come, the timer one of the players, and keeps along each the facts
// of the order (what guards ask for) and a system of difference constraints over the instants of the effects. Where operations do
// not overlap there is one order and no choice; where they do, the few orders of those few. Looks that fit are placed without a
// choice, as they exclude nothing. Operations without an answer are placed where they help, or nowhere.
//
//   s o---[sent, answered]---o deliver      D = max(due, t_deliver) + period        timer: D <= t <= D + L
//   s         o--[ ]--o view: delivered     t_view <= D + L
//   s                    o----[ ]----o accept: ok    t_accept < D      or: timer before it, and it is refused
//
// Each thing that could contradict is a Break. explain(none) asks for an explanation without any; with some allowed those are
// passed over and noted as troubles. So "which smallest set of breaks explains it" names what is wrong.
#pragma once

#include <vector>

#include "harness/oracle/facts.hpp"
#include "harness/oracle/guards.hpp"
#include "harness/oracle/review_clock.hpp"
#include "harness/oracle/wall/account.hpp"
#include "harness/oracle/wall/differences.hpp"

namespace dueprocess::wall {

/// Refusals that depend on the files handed over and on nothing that changes with time.
constexpr bool is_about_files(Refusal r) { return r == Refusal::file_too_large || r == Refusal::confirmation_required; }

/// What may be wrong, the likeliest first: of two that explain the same, the first is the one that is named.
enum class Break : std::uint8_t {
  early,           // the timer fired before D
  late,            // it had not fired by D + L
  after_deadline,  // an operation was taken at t >= D
  deadline,        // told, not the rule's
  completion,      // completed_by or completed_at
  lateness,        // the `late` flag
  key,             // a repeated key had a second effect
  outcome,         // taken though to be refused, refused though to be taken, or with another code
  version,
  state,
  causeless,  // the timer completed an order that is in no review
  event,      // with wrong details, or not when it happened
  event_missing,
  event_extra,
  notice_missing,
  notice_twice,
  notice_astray,
  notice_late,
  notice_content,
  notice_causeless,
  payment_twice,
  payment_missing,
  payment_late,
  payment_wrong,
  payment_early,
  identity,  // who is no party was told of the order
};
inline constexpr unsigned break_count = 26;
using Breaks = std::uint32_t;
constexpr Breaks bit(Break b) { return Breaks{1} << static_cast<unsigned>(b); }
inline constexpr Breaks all_breaks = (Breaks{1} << break_count) - 1;

inline constexpr int no_step = -1;  // the timer

/// One thing in its place: an operation, or the timer.
struct Placed {
  int step = no_step;
  int event = -1;  // of the account's
  Node node = no_node;
  judging::Effect effect = judging::Effect::none;
  OrderState before = OrderState::none;
  OrderState after = OrderState::none;
  std::uint32_t version = 0;  // after it
  Node deadline = no_node;    // after it: D = deadline + extended
  Us extended = 0;
  Span deadline_span;        // of D before it, if there was a review
  Span deadline_span_after;  // and after it
  bool hinges = false;       // on whether it came before D
};

/// to >= from + weight. Without `from`: to >= weight; without `to`: from <= -weight. Neither: nothing to constrain.
struct Constraint {
  Node to = no_node, from = no_node;
  Us weight = 0;
};

struct Trouble {
  Break what = Break::early;
  bool certain = false;  // else: the constraints below were passed over, and may hold all the same
  Constraint first, second;
  int step = no_step;
  const LiveEvidence* evidence = nullptr;
  std::size_t place = 0;  // in the path
  Refusal due = Refusal::none;
  judging::Facts facts;  // as they were
  Span deadline;         // D
  std::uint32_t reviews = 0;
  Span older_deadline;  // of the review before
};

/// Where a search stands: what is known of the order after the placed ones.
struct Standing {
  judging::Facts facts;
  Node last = no_node;      // nothing comes before it any more
  Node deadline = no_node;  // D = deadline + extended
  Us extended = 0;
  Span deadline_span;  // of D by the rules, narrowed by what was told
  Span older_deadline;
  Node first_delivered = no_node, completed = no_node;
  std::uint32_t reviews = 0;
  bool recorded_as_fired = false;  // completed_at is the instant the timer fired, not its deadline
  std::uint32_t left = 0;          // steps that are not optional
  std::uint32_t first = 0;         // all before are placed
};

class Search {
 public:
  /// All of it outlives the search.
  Search(const Account&, const Policy&, judging::ReviewClock&, const WallOptions&);

  bool explain(Breaks allowed) { return explain(allowed, options_.nodes_max); }
  bool explain(Breaks allowed, std::uint32_t steps_max);
  /// The last explain() ran out of steps: its answer means nothing.
  bool gave_up() const { return gave_up_; }
  std::uint32_t steps() const { return steps_; }  // of all

  // of the last explanation
  const std::vector<Placed>& path() const { return path_; }
  const std::vector<Trouble>& troubles() const { return troubles_; }
  const Standing& end() const { return end_; }
  const judging::Outages& outages() const { return outages_; }
  const WallOptions& options() const { return options_; }
  Us grace(Span deadline) const;  // how late a timer due then may fire

 private:
  struct Here {  // what is being placed, for a trouble
    int step = no_step;
    const LiveEvidence* evidence = nullptr;
    Refusal due = Refusal::none;
  };

  // search.cpp
  bool go_on(const Standing&);
  bool try_step(std::uint32_t step, unsigned alternative, const Standing&, bool& fits);
  bool try_timer(unsigned alternative, const Standing&);
  bool fires(unsigned alternative, Standing&);
  void take_back(const Differences::Mark&, std::size_t placed, std::size_t troubles);
  bool is_allowed(Break b) const { return (allowed_ & bit(b)) != 0; }
  bool broken(Break, const Standing&, const Here&);
  bool require(Break, const Standing&, const Here&, Constraint, Constraint = {});
  bool add(const Constraint&);
  void settle_troubles();

  // effects.cpp
  bool happens(std::uint32_t step, unsigned alternative, Standing&);
  bool is_placed_as_told(const Step&, const Here&, Standing&, bool& takes);
  bool is_answered_in_review(const Step&, const Here&, Standing&, judging::Role, Refusal& due);
  bool is_answered(const Step&, Here&, Standing&, judging::Role, bool& takes);
  bool take_effect(const Step&, const Here&, unsigned alternative, Standing&);
  bool opens_review(Node delivered, unsigned alternative, Standing&);
  bool begin(judging::Effect, OrderState to, const Here&, Standing&, bool event_at_firing);
  unsigned alternatives(const Step&) const;

  // telling.cpp
  bool tells(const Step&, const Here&, Standing&, judging::Role);
  bool tells_deadline(Instant told, const Here&, Standing&);
  bool tells_completion(const Answer&, const Here&, Standing&);
  void adopt(const Answer&, Standing&);
  Constraint not_before(Node node, Instant told) const;
  Constraint not_after(Node node, Instant told, Us later = 0) const;

  // evidence.cpp
  bool shows_event(Placed&, const Here&, Standing&, bool event_at_firing);
  bool all_is_shown(const Standing&);
  bool events_fit(const Standing&);
  bool notices_fit(const Standing&);
  bool payments_fit(const Standing&);
  void find_latest();
  bool comes_in_time(const Witness&, const Placed&, Us bound, Break before, Break after, const Standing&, const Here&);

  const Account& account_;
  const Policy& policy_;
  judging::ReviewClock& review_;
  const WallOptions& options_;
  judging::Outages outages_;
  Us fuzz_us_;  // stamps this near are equal

  Differences instants_;
  std::vector<Placed> path_;
  std::vector<Trouble> troubles_;
  std::vector<char> placed_, event_used_;
  std::vector<Us> latest_;  // by place in the path: it happened no later
  Standing end_;
  Breaks allowed_ = 0;
  std::uint32_t steps_ = 0, steps_end_ = 0;
  bool gave_up_ = false;
};

}  // namespace dueprocess::wall
