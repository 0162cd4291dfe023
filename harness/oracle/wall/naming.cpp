#include "harness/oracle/wall/naming.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "harness/oracle/words.hpp"

namespace dueprocess::wall {

using judging::in_words;

namespace {

std::string words_of(Span span) {
  if (span.low <= -far_us / 2 && span.high >= far_us / 2) return "at an unknown instant";
  if (span.high >= far_us / 2) return "after " + in_words(instant_at(span.low));
  if (span.low <= -far_us / 2) return "by " + in_words(instant_at(span.high));
  if (span.low == span.high) return "at " + in_words(instant_at(span.low));
  return fmt::format("between {} and {}", in_words(instant_at(span.low)), in_words(instant_at(span.high)));
}
std::string deadline_words(Span deadline) {
  if (deadline.low == deadline.high) return in_words(instant_at(deadline.low));
  return deadline.low <= -far_us / 2 ? "unknown" : words_of(deadline);
}
std::string due_words(Refusal due) { return due == Refusal::none ? "ok" : in_words(Outcome::refused, due); }

constexpr bool is_identity(Refusal r) {
  return r == Refusal::unauthenticated || r == Refusal::not_found || r == Refusal::forbidden;
}
constexpr bool is_inert(OperationKind kind) {
  return kind == OperationKind::save_draft || kind == OperationKind::open_draft || kind == OperationKind::upload;
}

class Namer {
 public:
  Namer(const Trouble& trouble, OrderId order, const Account& account, const Search& search)
      : t_{trouble}, order_{order}, account_{account}, search_{search} {
    if (t_.step != no_step) {
      step_ = &account_.steps[static_cast<std::size_t>(t_.step)];
      op_ = &step_->seen->observation.operation;
      answer_ = &step_->seen->observation.answer;
    }
  }

  Violation name() {
    switch (t_.what) {
      case Break::early:
        return early();
      case Break::late:
        return late();
      case Break::after_deadline:
        return says(Invariant::G4,
                    fmt::format("{} {}, deadline {}: {}", asked(), when(), deadline_words(t_.deadline), due_words(t_.due)),
                    told());
      case Break::deadline:
        return says(told_by_inert() ? Invariant::G2
                    : came_back()   ? Invariant::T6
                    : in_revision() ? Invariant::T4
                                    : Invariant::T5,
                    fmt::format("{}: deadline {}", state(), deadline_expected()), told());
      case Break::completion:
        return completion();
      case Break::lateness:
        return says(Invariant::T5, fmt::format("late exactly if first delivered after {}", in_words(t_.facts.due_at)),
                    fmt::format("{} ({})", answer_ != nullptr && answer_->late ? "late" : "not late", when()));
      case Break::key:
        return says(Invariant::A3, fmt::format("{} under a key used before: no second effect", asked()), told());
      case Break::outcome:
        return says(outcome_broken(), fmt::format("{} {} in {}: {}", asked(), when(), state(), due_words(t_.due)), told());
      case Break::version:
        return says(told_by_inert() ? Invariant::G2 : Invariant::A4, fmt::format("{}: version {}", asked(), t_.facts.version),
                    told());
      case Break::state:
        return says(told_by_inert()                                                ? Invariant::G2
                    : t_.facts.state == OrderState::completed                      ? Invariant::A1
                    : answer_->version != 0 && answer_->version < t_.facts.version ? Invariant::A4
                                                                                   : Invariant::G1,
                    fmt::format("after {}: {}, version {}", asked(), state(), t_.facts.version), told());
      case Break::causeless:
        return causeless();
      default:
        return of_evidence();
    }
  }

 private:
  Violation says(Invariant invariant, std::string expected, std::string seen) const {
    Instant at = never;
    if (t_.evidence != nullptr && t_.evidence->evidence.at != never) {
      at = t_.evidence->evidence.at;
    } else if (answer_ != nullptr && answer_->stamp != never) {
      at = answer_->stamp;
    } else if (step_ != nullptr && step_->when.low > -far_us / 2) {
      at = instant_at(step_->when.low);
    } else if (t_.deadline.low > -far_us / 2) {
      at = instant_at(t_.deadline.low);
    }
    return {order_, at, invariant, std::move(expected), std::move(seen)};
  }

  std::string asked() const { return op_ != nullptr ? in_words(*op_) : "the timer"; }
  std::string when() const { return step_ != nullptr ? words_of(step_->when) : ""; }
  std::string state() const { return std::string{name_of(t_.facts.state)}; }
  std::string told() const {
    if (t_.evidence != nullptr) return in_words(t_.evidence->evidence);
    return answer_ != nullptr ? fmt::format("{}, {}", in_words(*answer_), when()) : "nothing";
  }
  bool told_by_inert() const { return op_ != nullptr && is_inert(op_->kind); }
  bool in_revision() const { return t_.facts.state == OrderState::in_revision; }
  std::string deadline_expected() const { return t_.facts.state == OrderState::delivered ? deadline_words(t_.deadline) : "none"; }

  /// A restart since the review began.
  bool came_back() const {
    const Span began = review_began();
    return search_.outages().any() && began.low > -far_us &&
           search_.outages().came_back_in(instant_at(began.low), instant_at(t_.deadline.high));
  }
  Span review_began() const {
    for (std::size_t i = t_.place; i-- > 0;) {
      const Placed& p = search_.path()[i];
      if (p.effect == judging::Effect::delivered) return account_.steps[static_cast<std::size_t>(p.step)].when;
    }
    return {};
  }

  /// When the timer was seen to have fired: after the last look before it, by the first after it.
  Span fired() const {
    const auto& path = search_.path();
    Span span;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Placed& p = path[i];
      if (p.step == no_step && p.event >= 0) {
        const Witness& w = account_.events[static_cast<std::size_t>(p.event)];
        span = both(span, both(w.at, {w.hidden_low, w.seen_high}));
      }
      if (p.step == no_step || account_.steps[static_cast<std::size_t>(p.step)].optional) continue;
      const Span when = account_.steps[static_cast<std::size_t>(p.step)].when;
      if (i + 1 < t_.place) span.low = std::max(span.low, when.low);
      if (i + 1 > t_.place) span.high = std::min(span.high, when.high);
    }
    return span;
  }
  std::string completion_told() const {
    for (const Placed& p : search_.path()) {
      if (p.step == no_step) continue;
      const Answer& a = account_.steps[static_cast<std::size_t>(p.step)].seen->observation.answer;
      if (a.completed_by == CompletedBy::automatic && a.completed_at != never) return ", told as " + in_words(a.completed_at);
    }
    return "";
  }

  Violation early() const {
    const bool of_older = t_.reviews > 1 && t_.older_deadline.low <= t_.older_deadline.high &&
                          !both(around_older(), fired()).empty() && fired().width() < far_us / 2;
    const Invariant broken = came_back()                ? Invariant::T6
                             : of_older                 ? Invariant::T4
                             : t_.facts.extensions != 0 ? Invariant::T3
                                                        : Invariant::T1;
    std::string expected = "completed by auto not before " + deadline_words(t_.deadline);
    if (broken == Invariant::T3) expected += fmt::format(", {} extension(s) in this review", t_.facts.extensions);
    if (broken == Invariant::T4) expected += ", the deadline of the review under way";
    return says(broken, std::move(expected), "completed by auto " + words_of(fired()) + completion_told());
  }
  Span around_older() const {
    const Us slack = search_.grace(t_.older_deadline);
    return {t_.older_deadline.low, plus(t_.older_deadline.high, slack)};
  }

  Violation late() const {
    const Span limit = moved(t_.deadline, search_.grace(t_.deadline));
    const std::string expected = "completed by auto by " + in_words(instant_at(limit.high));
    bool looked = false;  // between its delivery and the timer
    for (std::size_t i = std::min(t_.place, search_.path().size()); i-- > 0;) {
      const Placed& p = search_.path()[i];
      if (p.effect == judging::Effect::delivered) break;
      looked = looked || (p.step != no_step && !account_.steps[static_cast<std::size_t>(p.step)].optional);
    }
    const Invariant broken = came_back() ? Invariant::T6 : looked || t_.step != no_step ? Invariant::T2 : Invariant::R3;
    if (t_.step != no_step) return says(broken, expected, "still delivered: " + told());
    const bool fired_at_all = t_.place > 0 && t_.place <= search_.path().size() && search_.path()[t_.place - 1].step == no_step;
    return says(broken, expected,
                fired_at_all ? "completed by auto " + words_of(fired()) + completion_told() : "no completion by the last look");
  }

  Violation completion() const {
    const CompletedBy by = t_.facts.completed_by, told_by = answer_ != nullptr ? answer_->completed_by : by;
    const bool two = by != told_by && by != CompletedBy::nobody && told_by != CompletedBy::nobody;
    return says(two ? Invariant::A2 : Invariant::T5,
                by == CompletedBy::automatic ? "completed by auto, with its deadline " + deadline_words(t_.deadline)
                                             : fmt::format("{}, completed by {}", state(), name_of(by)),
                told());
  }

  Invariant outcome_broken() const {
    const Answer& a = *answer_;
    const bool taken = a.outcome == Outcome::ok;
    if (is_identity(t_.due) || is_identity(a.refusal)) return Invariant::G5;
    if (taken && t_.due == Refusal::wrong_state && t_.facts.state == OrderState::completed && can_transition(op_->kind))
      return op_->kind == OperationKind::accept && t_.facts.completed_by == CompletedBy::automatic ? Invariant::A2
                                                                                                   : Invariant::A1;
    if (t_.due == Refusal::wrong_state || a.refusal == Refusal::wrong_state) return Invariant::G1;
    if ((taken && is_about_files(t_.due)) || (t_.due == Refusal::none && is_about_files(a.refusal))) return Invariant::G3;
    const bool touches_draft = op_->kind == OperationKind::save_draft || op_->kind == OperationKind::open_draft ||
                               (is_delivery(op_->kind) && op_->use_draft);
    return touches_draft && (taken || t_.due == Refusal::none) ? Invariant::G2 : Invariant::G1;
  }

  Violation causeless() const {
    const bool drafted = (t_.facts.flags & judging::flag::drafted) != 0;
    const bool file = (t_.facts.flags & judging::flag::file_refused) != 0;
    return says(in_revision() ? Invariant::T4
                : drafted     ? Invariant::G2
                : file        ? Invariant::G3
                              : Invariant::T1,
                state() + ": no deadline is pending", "completed by auto " + words_of(fired()) + completion_told());
  }

  Violation extra_event() const {
    const Evidence& e = t_.evidence->evidence;
    const bool over = t_.facts.state == OrderState::completed, ends = e.state == OrderState::completed;
    const bool other_winner = over && ends && e.completed_by != t_.facts.completed_by;
    const bool moves = over && (!ends || e.version > t_.facts.version);
    const Invariant broken = other_winner ? Invariant::A2 : moves ? Invariant::A1 : Invariant::R4;
    return says(broken, fmt::format("no event: nothing leads from {} (version {}) to it", state(), t_.facts.version), told());
  }

  Violation of_evidence() const {
    const std::string what = op_ != nullptr ? asked() : "the timer's completion";
    switch (t_.what) {
      case Break::event:
        return says(Invariant::R4, fmt::format("an event {} -> {} of {} {}", name_of(t_.facts.from), state(), what, when()),
                    told());
      case Break::event_missing:
        return says(Invariant::R4, "an event of " + what + " " + when(), "none");
      case Break::event_extra:
        return extra_event();
      case Break::notice_missing:
        return says(Invariant::N2, "a notice of " + what + " " + when(), "none");
      case Break::notice_twice:
        return says(Invariant::N2, "this notice once", "again: " + told());
      case Break::notice_astray:
        return says(Invariant::N1, "this notice to the other party", told());
      case Break::notice_late:
        return says(Invariant::N1, "this notice in time after " + what + " " + when(), told());
      case Break::notice_content:
        return says(Invariant::N3, fmt::format("a notice of {} with what was true then", what), told());
      case Break::notice_causeless:
        return says(Invariant::N4, fmt::format("no such notice ({}, version {})", state(), t_.facts.version), told());
      case Break::payment_twice:
        return says(Invariant::M1, "one payment", "another: " + told());
      case Break::payment_missing:
        return says(Invariant::M2, "a payment after " + what + " " + when(), "none");
      case Break::payment_late:
        return says(Invariant::M2, "a payment in time after its completion", told());
      case Break::payment_wrong:
        return says(
            Invariant::M3,
            fmt::format("{}.{:02} to user {}", t_.facts.price_cents / 100, t_.facts.price_cents % 100, number(t_.facts.seller)),
            told());
      case Break::payment_early:
        return says(Invariant::M4, fmt::format("no payment before completion ({})", state()), told());
      default:
        return says(Invariant::G5, asked() + ": told nothing of the order", told());
    }
  }

  const Trouble& t_;
  OrderId order_;
  const Account& account_;
  const Search& search_;
  const Step* step_ = nullptr;
  const Operation* op_ = nullptr;
  const Answer* answer_ = nullptr;
};

}  // namespace

Violation named(const Trouble& trouble, OrderId order, const Account& account, const Search& search) {
  return Namer{trouble, order, account, search}.name();
}

Violation named_keys_differ(OrderId order, const Account& account) {
  const Observation& first = account.first_answer->observation;
  const Observation& other = account.other_answer->observation;
  return {order, other.answer.stamp, Invariant::A3,
          fmt::format("{}: the first answer again: {}", in_words(first.operation), in_words(first.answer)),
          in_words(other.answer)};
}

Violation named_stale(OrderId order, const Account& account) {
  // The look that tells the oldest version after a newer one was told.
  std::uint32_t newest = 0;
  const Step* stale = nullptr;
  for (const Step& step : account.steps) {
    const Answer& a = step.seen->observation.answer;
    if (step.look && a.version < newest && stale == nullptr) stale = &step;
    if (!step.optional) newest = std::max(newest, a.version);
  }
  if (stale == nullptr) return {order, never, Invariant::R1, "looks that show the order as it is", "one that shows it as it was"};
  const Answer& a = stale->seen->observation.answer;
  return {order, a.stamp, Invariant::R1, fmt::format("version {} or later, {}", newest, words_of(stale->when)), in_words(a)};
}

}  // namespace dueprocess::wall
