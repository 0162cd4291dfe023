#include "harness/oracle/wall/search.hpp"

#include <algorithm>

namespace dueprocess::wall {
namespace {

constexpr std::size_t overlapping_max = 48;  // operations that may come next; more: over budget

OracleOptions timing_of(const Account& account, const WallOptions& options) {
  OracleOptions timing;
  timing.lateness_max = options.lateness_max;
  timing.recovery_bound = options.recovery_bound;
  timing.downtimes = account.downtimes;
  return timing;
}

}  // namespace

Search::Search(const Account& account, const Policy& policy, judging::ReviewClock& review, const WallOptions& options)
    : account_{account},
      policy_{policy},
      review_{review},
      options_{options},
      outages_{timing_of(account, options)},
      fuzz_us_{std::max<Us>(0, us_of(options.granularity) - 1)} {}

bool Search::explain(Breaks allowed, std::uint32_t steps_max) {
  allowed_ = allowed;
  gave_up_ = false;
  steps_end_ = steps_ + steps_max;
  instants_.clear();
  path_.clear();
  troubles_.clear();
  placed_.assign(account_.steps.size(), 0);
  event_used_.assign(account_.events.size(), 0);
  Standing start;
  for (const Step& step : account_.steps) start.left += step.optional ? 0 : 1;
  const bool explained = go_on(start);
  if (explained) settle_troubles();
  return explained;
}

Us Search::grace(Span deadline) const {
  const Us usual = std::clamp<Us>(us_of(options_.lateness_max), 0, far_us);
  if (!outages_.any()) return usual;
  const Us latest = clamped(us_of(outages_.latest(instant_at(deadline.high))));
  return std::max(usual, plus(latest, -deadline.low));
}

void Search::take_back(const Differences::Mark& mark, std::size_t placed, std::size_t troubles) {
  while (path_.size() > placed) {
    const Placed& last = path_.back();
    if (last.step != no_step) placed_[static_cast<std::size_t>(last.step)] = 0;
    if (last.event >= 0) event_used_[static_cast<std::size_t>(last.event)] = 0;
    path_.pop_back();
  }
  troubles_.resize(troubles);
  instants_.undo(mark);
}

bool Search::go_on(const Standing& from) {
  if (steps_ >= steps_end_) gave_up_ = true;
  if (gave_up_) return false;
  ++steps_;
  if (from.left == 0) {
    const auto mark = instants_.mark();
    const std::size_t troubles = troubles_.size();
    if (all_is_shown(from)) {
      end_ = from;
      return true;
    }
    take_back(mark, path_.size(), troubles);
  }

  // What may come next: whatever was sent before the first of the others was answered.
  std::uint32_t next[overlapping_max];
  std::size_t count = 0;
  HarnessTime soonest = never_ns;
  Us must_by = far_us, begins = far_us;
  std::uint32_t first = from.first;
  while (first < placed_.size() && placed_[first] != 0) ++first;
  for (std::uint32_t i = first; i < placed_.size() && account_.steps[i].sent <= soonest; ++i) {
    const Step& step = account_.steps[i];
    if (placed_[i] != 0 || (step.repeat && !is_allowed(Break::key))) continue;
    if (count == overlapping_max) {
      gave_up_ = true;
      return false;
    }
    next[count++] = i;
    if (step.optional) continue;
    soonest = std::min(soonest, step.answered);
    must_by = std::min(must_by, step.when.high);
    begins = std::min(begins, step.when.low);
  }

  Standing now = from;
  now.first = first;
  bool fits = false;
  // A look that fits, and delays nothing that may come after it, excludes nothing: no other order need be tried. One that tells
  // of an order late before its delivery does delay it: to after the due date.
  const bool may_delay = options_.tells.lateness && now.first_delivered == no_node && now.facts.due_at != never;
  const Us due = may_delay ? clamped(us_of(now.facts.due_at)) : 0;
  const auto delays_nothing = [&](const Step& step) {
    const bool delays = may_delay && step.seen->observation.answer.late && step.when.low <= due;
    return step.look && !step.optional && step.when.low <= begins && !delays;
  };
  for (std::size_t k = 0; k < count; ++k) {
    const Step& step = account_.steps[next[k]];
    if (!delays_nothing(step)) continue;
    const bool tells_version = options_.tells.versions && step.seen->observation.answer.version != 0;
    if (try_step(next[k], 0, now, fits)) return true;
    if (fits && tells_version) return false;
  }
  for (std::size_t k = 0; k < count; ++k) {
    const Step& step = account_.steps[next[k]];
    if (step.optional || step.when.low > must_by || delays_nothing(step)) continue;
    for (unsigned alternative = 0; alternative < alternatives(step); ++alternative)
      if (try_step(next[k], alternative, now, fits)) return true;
  }
  const bool either_instant =
      account_.frame == Frame::stamps && (grace(now.deadline_span) > 0 || is_allowed(Break::early) || is_allowed(Break::late));
  for (const unsigned alternative : {0U, 3U, 1U, 2U})
    if ((alternative == 0 || either_instant) && try_timer(alternative, now)) return true;
  for (std::size_t k = 0; k < count; ++k) {
    const Step& step = account_.steps[next[k]];
    if (!step.optional) continue;
    for (unsigned alternative = 0; alternative < alternatives(step); ++alternative)
      if (try_step(next[k], alternative, now, fits)) return true;
  }
  return false;
}

/// `fits`: it could be placed here without a trouble, whatever came of it afterwards.
bool Search::try_step(std::uint32_t i, unsigned alternative, const Standing& from, bool& fits) {
  fits = false;
  if (gave_up_) return false;
  const auto mark = instants_.mark();
  const std::size_t placed = path_.size(), troubles = troubles_.size();
  Standing now = from;
  placed_[i] = 1;
  if (happens(i, alternative, now)) {
    fits = troubles_.size() == troubles;
    if (!account_.steps[i].optional) --now.left;
    if (go_on(now)) return true;
  }
  placed_[i] = 0;
  take_back(mark, placed, troubles);
  return false;
}

bool Search::try_timer(unsigned alternative, const Standing& from) {
  if (gave_up_) return false;
  const OrderState state = from.facts.state;
  const bool may = state == OrderState::delivered ||
                   (is_allowed(Break::causeless) && (state == OrderState::in_progress || state == OrderState::in_revision));
  if (!may) return false;
  const auto mark = instants_.mark();
  const std::size_t placed = path_.size(), troubles = troubles_.size();
  Standing now = from;
  if (fires(alternative, now) && go_on(now)) return true;
  take_back(mark, placed, troubles);
  return false;
}

bool Search::fires(unsigned alternative, Standing& s) {
  const Here here;
  const Node node = instants_.add({});
  if (s.last != no_node && !instants_.at_least(node, s.last, 0)) return false;
  s.last = node;
  Placed& placed = path_.emplace_back();
  placed.node = node;
  placed.before = s.facts.state;
  placed.deadline_span = s.deadline_span;
  if (s.facts.state != OrderState::delivered && !broken(Break::causeless, s, here)) return false;
  const Standing before = s;
  s.completed = node;
  s.recorded_as_fired = (alternative & 1) != 0;
  s.facts.completed_by = CompletedBy::automatic;
  if (!begin(judging::Effect::automatic, OrderState::completed, here, s, (alternative & 2) != 0)) return false;
  if (before.facts.state != OrderState::delivered || before.deadline == no_node) return true;
  const Us late_us = plus(before.extended, grace(before.deadline_span));
  return require(Break::early, before, here, {node, before.deadline, before.extended}) &&
         require(Break::late, before, here, {before.deadline, node, -late_us});
}

bool Search::broken(Break what, const Standing& s, const Here& here) {
  if (!is_allowed(what)) return false;
  Trouble& t = troubles_.emplace_back();
  t.what = what;
  t.certain = true;
  t.step = here.step;
  t.evidence = here.evidence;
  t.place = path_.size();
  t.due = here.due;
  t.facts = s.facts;
  t.deadline = s.deadline_span;
  t.reviews = s.reviews;
  t.older_deadline = s.older_deadline;
  return true;
}

bool Search::require(Break what, const Standing& s, const Here& here, Constraint first, Constraint second) {
  if (!is_allowed(what)) return add(first) && add(second);
  broken(what, s, here);
  troubles_.back().certain = false;
  troubles_.back().first = first;
  troubles_.back().second = second;
  return true;
}

bool Search::add(const Constraint& c) {
  if (c.to == no_node && c.from == no_node) return true;
  if (c.from == no_node) return instants_.within(c.to, {clamped(c.weight), far_us});
  if (c.to == no_node) return instants_.within(c.from, {-far_us, clamped(-c.weight)});
  return instants_.at_least(c.to, c.from, clamped(c.weight));
}

/// What was passed over need not have been broken: each is held to, in turn, unless that contradicts.
void Search::settle_troubles() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < troubles_.size(); ++i) {
    const auto mark = instants_.mark();
    if (!troubles_[i].certain && add(troubles_[i].first) && add(troubles_[i].second)) continue;
    if (!troubles_[i].certain) instants_.undo(mark);
    if (kept != i) troubles_[kept] = troubles_[i];
    ++kept;
  }
  troubles_.resize(kept);
}

}  // namespace dueprocess::wall
