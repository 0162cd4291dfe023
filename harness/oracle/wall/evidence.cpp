// What the target lets be seen beside its answers: events at the effects they tell of, as the search goes; notices and payments,
// and whatever is missing or too many, once all operations are placed.
#include <algorithm>

#include "harness/oracle/wall/search.hpp"

namespace dueprocess::wall {

using judging::Effect;
namespace owed = judging::owed;

namespace {

struct Expected {
  std::size_t place = 0;  // in the path
  Notice notice = Notice::delivered;
  UserId to = UserId::nobody;
  bool seen = false;
};

CompletedBy winner_of(const Placed& p) {
  return p.effect == Effect::automatic  ? CompletedBy::automatic
         : p.effect == Effect::accepted ? CompletedBy::buyer
                                        : CompletedBy::nobody;
}
Us bound_of(Duration bound) { return std::clamp<Us>(us_of(bound), 0, far_us); }

}  // namespace

/// The event of the effect just placed, if there is one. That it is missing can only be said at the end.
bool Search::shows_event(Placed& placed, const Here& here, Standing& s, bool event_at_firing) {
  if (!options_.events) return true;
  const auto& events = account_.events;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Evidence& e = events[i].seen->evidence;
    const bool of_this = e.version != 0 ? e.version == placed.version : e.state == placed.after && e.from == placed.before;
    if (event_used_[i] != 0 || !of_this) continue;
    event_used_[i] = 1;
    placed.event = static_cast<int>(i);
    break;
  }
  if (placed.event < 0 && is_allowed(Break::version)) {
    const auto like = [&](const Witness& w) {
      return w.seen->evidence.state == placed.after && w.seen->evidence.from == placed.before;
    };
    for (std::size_t i = 0; i < events.size() && placed.event < 0; ++i) {
      if (event_used_[i] != 0 || !like(events[i])) continue;
      event_used_[i] = 1;
      placed.event = static_cast<int>(i);
      broken(Break::version, s, {here.step, events[i].seen, here.due});
      placed.version = s.facts.version = events[i].seen->evidence.version;
    }
  }
  if (placed.event < 0) return true;
  const Witness& w = events[static_cast<std::size_t>(placed.event)];
  const Evidence& e = w.seen->evidence;
  const Here it{here.step, w.seen, here.due};
  const bool tells_winner = options_.tells.completed_by && placed.after == OrderState::completed;
  const bool fits = e.state == placed.after && e.from == placed.before && (!tells_winner || e.completed_by == winner_of(placed));
  if (!fits) return broken(Break::event, s, it);
  if (options_.tells.deadlines && !tells_deadline(e.deadline, it, s)) return false;

  const Us bound = bound_of(options_.notice_bound);
  if (!require(Break::event, s, it, {no_node, placed.node, -w.seen_high}, {placed.node, no_node, plus(w.hidden_low, -bound)}))
    return false;
  if (account_.frame != Frame::stamps || e.at == never) return true;
  const bool at_deadline = placed.effect == Effect::automatic && !event_at_firing && s.deadline != no_node;
  const Node node = at_deadline ? s.deadline : placed.node;
  const Us base = at_deadline ? s.extended : 0;
  return require(Break::event, s, it, {node, no_node, plus(w.at.low, -base)}, {no_node, node, -plus(w.at.high, -base)});
}

/// No later than this did each placed thing happen: what comes after it bounds it.
void Search::find_latest() {
  latest_.assign(path_.size(), far_us);
  Us bound = far_us;
  for (std::size_t i = path_.size(); i-- > 0;) {
    const Placed& p = path_[i];
    if (p.step != no_step) bound = std::min(bound, account_.steps[static_cast<std::size_t>(p.step)].when.high);
    // In a review, and so before the timer had to fire.
    if (p.before == OrderState::delivered && !is_allowed(Break::late))
      bound = std::min(bound, plus(p.deadline_span.high, grace(p.deadline_span)));
    if (p.event >= 0) bound = std::min(bound, account_.events[static_cast<std::size_t>(p.event)].seen_high);
    latest_[i] = bound;
  }
}

bool Search::all_is_shown(const Standing& s) {
  find_latest();
  return events_fit(s) && notices_fit(s) && payments_fit(s);
}

bool Search::events_fit(const Standing& s) {
  if (!options_.events) return true;
  const Us bound = bound_of(options_.notice_bound);
  for (std::size_t i = 0; i < path_.size(); ++i) {
    const Placed& p = path_[i];
    const bool missing = p.effect != Effect::none && p.event < 0 && plus(latest_[i], bound) < account_.last_look.low;
    if (missing && !broken(Break::event_missing, s, {p.step, nullptr, Refusal::none})) return false;
  }
  for (std::size_t i = 0; i < event_used_.size(); ++i)
    if (event_used_[i] == 0 && !broken(Break::event_extra, s, {no_step, account_.events[i].seen, Refusal::none})) return false;
  // Events are seen without looking at the order: none by now, and the timer did not fire.
  const bool pending = s.facts.state == OrderState::delivered && s.deadline != no_node;
  const Us by = plus(plus(s.deadline_span.high, grace(s.deadline_span)), bound);
  return !pending || by >= account_.last_look.low || broken(Break::late, s, {});
}

/// A piece of evidence of an effect: neither before it nor too long after it. What a timer does may be stamped with its deadline.
bool Search::comes_in_time(const Witness& w, const Placed& p, Us bound, Break before, Break after, const Standing& s,
                           const Here& here) {
  const bool timer = p.effect == Effect::automatic && p.deadline != no_node;
  const bool early = timer && is_allowed(Break::early);  // then its deadline says nothing about when it was
  const Constraint not_before_it =
      timer && !early ? Constraint{no_node, p.deadline, -plus(w.at.high, -p.extended)} : Constraint{no_node, p.node, -w.at.high};
  const Us latest_cause = std::max(early ? -far_us : plus(w.at.low, -bound), plus(w.hidden_low, -bound));
  return require(before, s, here, not_before_it, {no_node, p.node, -w.seen_high}) &&
         require(after, s, here, {p.node, no_node, latest_cause});
}

bool Search::notices_fit(const Standing& s) {
  if (!options_.notices) return true;
  std::vector<Expected> expected;
  for (std::size_t i = 0; i < path_.size(); ++i) {
    const Placed& p = path_[i];
    const std::uint8_t wanted = owed::by_effect[static_cast<unsigned>(p.effect)];
    const Notice notice = judging::notice_of[static_cast<unsigned>(p.effect)];
    if ((wanted & owed::to_buyer) != 0) expected.push_back({i, notice, s.facts.buyer});
    if ((wanted & owed::to_seller) != 0) expected.push_back({i, notice, s.facts.seller});
    const bool paid = !options_.payments || !account_.payments.empty();
    if ((wanted & owed::paid_notice) != 0 && paid) expected.push_back({i, Notice::payment_processed, s.facts.seller});
  }
  const auto find = [&](const Evidence& e, bool any_version, bool any_party, bool seen) {
    return std::find_if(expected.begin(), expected.end(), [&](const Expected& x) {
      return x.seen == seen && x.notice == e.notice && (any_party || x.to == e.to) &&
             (any_version || e.version == 0 || e.version == path_[x.place].version);
    });
  };
  const Us bound = plus(bound_of(options_.notice_bound), bound_of(options_.payment_bound));
  std::vector<const Witness*> odd;
  for (const Witness& w : account_.notices) {
    const Evidence& e = w.seen->evidence;
    auto it = find(e, false, false, false);
    if (it == expected.end()) {
      odd.push_back(&w);
      continue;
    }
    it->seen = true;
    const Placed& p = path_[it->place];
    const Here here{p.step, w.seen, Refusal::none};
    const Us late_by = e.notice == Notice::payment_processed ? bound : bound_of(options_.notice_bound);
    if (!comes_in_time(w, p, late_by, Break::notice_causeless, Break::notice_late, s, here)) return false;
    const bool names_winner = options_.tells.completed_by && e.notice == Notice::completed;
    if (names_winner && e.completed_by != winner_of(p) && !broken(Break::notice_content, s, here)) return false;
    if (!options_.tells.deadlines || e.notice == Notice::payment_processed) continue;
    const bool pending = p.after == OrderState::delivered && p.deadline != no_node;
    if (pending != (e.deadline != never)) {
      if (!broken(Break::notice_content, s, here)) return false;
    } else if (pending) {
      const Instant base = instant_at(plus(clamped(us_of(e.deadline)), -p.extended));
      if (!require(Break::notice_content, s, here, not_before(p.deadline, base), not_after(p.deadline, base))) return false;
    }
  }
  for (const Witness* w : odd) {
    const Evidence& e = w->seen->evidence;
    const Here here{no_step, w->seen, Refusal::none};
    Break what = Break::notice_causeless;
    if (const auto other_version = find(e, true, false, false); other_version != expected.end()) {
      other_version->seen = true;
      what = Break::notice_content;
    } else if (const auto astray = find(e, false, true, false); astray != expected.end()) {
      astray->seen = true;
      what = Break::notice_astray;
    } else if (find(e, false, false, true) != expected.end()) {
      what = Break::notice_twice;
    }
    if (!broken(what, s, here)) return false;
  }
  return std::all_of(expected.begin(), expected.end(), [&](const Expected& x) {
    const Us by = plus(latest_[x.place], x.notice == Notice::payment_processed ? bound : bound_of(options_.notice_bound));
    return x.seen || by >= account_.last_look.low ||
           broken(Break::notice_missing, s, {path_[x.place].step, nullptr, Refusal::none});
  });
}

bool Search::payments_fit(const Standing& s) {
  if (!options_.payments) return true;
  const auto completion =
      std::find_if(path_.begin(), path_.end(), [](const Placed& p) { return winner_of(p) != CompletedBy::nobody; });
  const Us bound = bound_of(options_.payment_bound);
  bool first = true;
  for (const Witness& w : account_.payments) {
    const Evidence& e = w.seen->evidence;
    const Here here{no_step, w.seen, Refusal::none};
    if (!first && !broken(Break::payment_twice, s, here)) return false;
    const bool wrong = e.amount_cents != s.facts.price_cents || e.to != s.facts.seller;
    if (wrong && !broken(Break::payment_wrong, s, here)) return false;
    if (completion == path_.end()) {
      if (s.facts.state != OrderState::completed && !broken(Break::payment_early, s, here)) return false;
    } else if (first && !comes_in_time(w, *completion, bound, Break::payment_early, Break::payment_late, s, here)) {
      return false;
    }
    first = false;
  }
  if (!account_.payments.empty() || completion == path_.end()) return true;
  const Us by = plus(latest_[static_cast<std::size_t>(completion - path_.begin())], bound);
  return by >= account_.last_look.low || broken(Break::payment_missing, s, {completion->step, nullptr, Refusal::none});
}

}  // namespace dueprocess::wall
