// Events, notices and payments that are not exactly what is owed next (R4, N1-N4, M1-M4): matched with what is owed as well as
// can be, so that a wrong detail is found as that detail and not as one thing missing and another too many.
#include "harness/oracle/effects.hpp"
#include "harness/oracle/words.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace dueprocess::judging {
namespace {

constexpr std::uint8_t without(std::uint8_t owed_bits, std::uint8_t bits) { return static_cast<std::uint8_t>(owed_bits & ~bits); }

std::string addressee(const Facts& o, UserId user) {
  return fmt::format("user {} ({})", number(user),
                     user == o.buyer    ? "the buyer"
                     : user == o.seller ? "the seller"
                                        : "neither party");
}

bool is_event_of(const Outstanding& effect, const Evidence& e) {
  return (effect.owed & owed::event) != 0 && e.state == effect.state && e.from == effect.from;
}

}  // namespace

Outstanding Judge::last_effect(const Facts& o) {
  return {o.effect, o.from, o.state, o.owed, o.version, o.effect_at, told_deadline(o)};
}

/// The next effect came before all evidence of the last one was seen.
void Judge::set_aside(Facts& o) {
  const Outstanding effect = last_effect(o);
  table_.cold(o).outstanding.push_back(effect);
  o.owed = 0;
}

bool Judge::take_tolerated(Facts& o, std::uint8_t bit) {
  if ((o.flags & flag::tolerates) == 0) return false;
  Cold& cold = table_.cold(o);
  if ((cold.tolerated & bit) == 0) return false;
  cold.tolerated = without(cold.tolerated, bit);
  return true;
}

// ---------------------------------------------------------------------------------------------- events

void Judge::judge_odd_event(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  if (is_event_of(last_effect(o), e)) {
    judge_event_details(it, e, seen, last_effect(o));
    o.owed = without(o.owed, owed::event);
    return;
  }
  if (Cold* cold = table_.cold_if_any(o)) {
    for (std::size_t i = 0; i < cold->outstanding.size(); ++i) {
      if (!is_event_of(cold->outstanding[i], e)) continue;
      const Outstanding effect = cold->outstanding[i];
      cold->outstanding[i].owed = without(effect.owed, owed::event);
      return judge_event_details(it, e, seen, effect);
    }
    if (e.state == o.state && (o.flags & flag::tolerates) != 0 && (cold->tolerated & owed::event) != 0) {
      cold->tolerated = without(cold->tolerated, owed::event);
      o.version = e.version;
      return;
    }
  }
  if (e.state == OrderState::completed && e.completed_by == CompletedBy::automatic) {
    if (o.state != OrderState::delivered) return judge_completion_outside_review(it, e, seen);
    complete_automatically(it, e.at);
    judge_event_details(it, e, seen, last_effect(o));
    o.owed = without(o.owed, owed::event);
    return;
  }
  judge_causeless_event(it, e, seen);
}

void Judge::judge_event_details(Subject it, const Evidence& e, Instant seen, const Outstanding& expected) {
  Facts& o = it.o;
  const bool of_last = expected.version == o.version;
  if (e.version != expected.version) {
    report(it, seen, Invariant::A4, fmt::format("the event of version {}", expected.version), in_words(e));
    if (of_last) o.version = e.version;
  }
  if (e.deadline != expected.deadline && !(of_last && e.deadline == in_force(o))) {
    report(it, seen, Invariant::T5,
           fmt::format("event {} -> {} with deadline {}", name_of(expected.from), name_of(expected.state),
                       in_words(expected.deadline)),
           in_words(e));
    if (of_last) tell_deadline(o, e.deadline);
  }
  constexpr std::uint8_t notices = owed::to_buyer | owed::to_seller;
  const bool noticed_before = ((expected.owed ^ owed_by_effect_[static_cast<unsigned>(expected.effect)]) & notices) != 0;
  if (noticed_before && strict_sequence()) {
    report(it, seen, Invariant::R4,
           fmt::format("event {} -> {} before its notices", name_of(expected.from), name_of(expected.state)), in_words(e));
  }
  const bool by_timer = expected.effect == Effect::automatic;
  const CompletedBy by = by_timer                              ? CompletedBy::automatic
                         : expected.effect == Effect::accepted ? CompletedBy::buyer
                                                               : CompletedBy::nobody;
  if (e.completed_by != by || e.from != expected.from) {
    report(it, seen, Invariant::R4,
           fmt::format("event {} -> {}, completed by {}", name_of(expected.from), name_of(expected.state), name_of(by)),
           in_words(e));
  }
  // A completion that an answer told of first may be stamped by the sweep that came later.
  const bool by_later_sweep = by_timer && e.at > expected.at && e.at <= outages_.latest(o.deadline);
  if ((e.at != expected.at && !by_later_sweep) ||
      seen > moved(expected.at, by_later_sweep ? between(expected.at, seen) : options_.notice_bound)) {
    report(it, seen, Invariant::R4,
           fmt::format("event {} -> {} at {}", name_of(expected.from), name_of(expected.state), in_words(expected.at)),
           fmt::format("{}, seen {}", in_words(e), in_words(seen)));
  }
}

/// A transition that nobody asked for, or that was already told.
void Judge::judge_causeless_event(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  const Cold* cold = table_.cold_if_any(o);
  const bool after_last_operation = o.told_at == seen;
  Invariant broken = Invariant::R4;
  std::string expected =
      fmt::format("no event: nothing acknowledged leads from {} (version {}) to it", name_of(o.state), o.version);
  if (cold != nullptr && cold->replayed_at == seen) {
    broken = Invariant::A3;
    expected = "a repeated key has no second effect";
  } else if (after_last_operation && (o.last_kind == OperationKind::save_draft || o.last_kind == OperationKind::open_draft ||
                                      o.last_kind == OperationKind::upload)) {
    broken = Invariant::G2;
    expected = fmt::format("{} changes nothing", name_of(o.last_kind));
  } else if (after_last_operation && (o.flags & flag::file_refused) != 0 && is_delivery(o.last_kind)) {
    broken = Invariant::G3;
    expected = "a delivery without a file, a link or a confirmation is refused";
  } else if (o.state == OrderState::completed && e.state != OrderState::completed) {
    broken = Invariant::A1;
    expected = "the final state is never left";
  } else if (o.state == OrderState::completed) {
    broken = o.completed_by == CompletedBy::automatic && e.completed_by == CompletedBy::buyer ? Invariant::A2
             : e.version > o.version                                                          ? Invariant::A1
                                                                                              : Invariant::R4;
    expected = fmt::format("completed once, by {} at {}", name_of(o.completed_by), in_words(o.completed_at));
  }
  report(it, seen, broken, std::move(expected), in_words(e));
  if (e.version <= o.version) return;  // told twice: nothing new

  // The target's word: the effect was real.
  if (e.state == OrderState::completed) {
    complete(o, e.completed_by, e.at);
  } else if (e.state == OrderState::delivered && e.from != OrderState::delivered) {
    deliver(o, e.at);
    if (e.deadline != never) o.deadline = e.deadline;
  } else if (e.state == OrderState::delivered) {
    begin(o, Effect::extended, OrderState::delivered, e.at);
    if (e.deadline != never) o.deadline = e.deadline;
  } else if (e.state == OrderState::in_revision) {
    if (o.owed != 0) set_aside(o);
    o.previous_deadline = o.deadline;
    o.deadline = never;
    begin(o, Effect::modification, OrderState::in_revision, e.at);
  } else if (e.state != OrderState::none) {
    o.state = e.state;
  }
  o.version = e.version;
  tell_deadline(o, e.deadline);
  o.owed = without(o.owed, owed::event);
  tolerate(o);
}

// ---------------------------------------------------------------------------------------------- notices

void Judge::judge_odd_notice(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  const bool of_payment = e.notice == Notice::payment_processed;
  const std::uint8_t bit = e.to == o.buyer && !of_payment ? owed::to_buyer
                           : e.to == o.seller             ? (of_payment ? owed::paid_notice : owed::to_seller)
                                                          : 0;
  const auto is_of = [&](Effect effect) {
    return of_payment ? effect == Effect::accepted || effect == Effect::automatic
                      : notice_of[static_cast<unsigned>(effect)] == e.notice;
  };
  const auto wanted = [&](const Outstanding& effect) { return is_of(effect.effect) && (effect.owed & bit) != 0; };

  const Outstanding last = last_effect(o);
  const bool noticed_newer =
      o.owed != owed_by_effect_[static_cast<unsigned>(o.effect)] && (o.owed & (owed::to_buyer | owed::to_seller)) == 0;
  if (Cold* cold = table_.cold_if_any(o)) {
    for (std::size_t i = 0; i < cold->outstanding.size(); ++i) {
      // Two alike: the one whose version it bears.
      if (!wanted(cold->outstanding[i]) || (wanted(last) && e.version == last.version)) continue;
      const Outstanding effect = cold->outstanding[i];
      cold->outstanding[i].owed = without(effect.owed, bit);
      return judge_notice_details(it, e, seen, effect, !noticed_newer);
    }
  }
  if (of_payment && (o.owed & owed::payment) != 0 && bit != 0 && strict_sequence()) {
    report(it, seen, Invariant::N4, "no notice of a payment that was not made", in_words(e));
    o.owed = without(o.owed, owed::paid_notice);
    return;
  }
  if (wanted(last)) {
    o.owed = without(o.owed, bit);
    return judge_notice_details(it, e, seen, last, true);
  }
  const bool tolerated = (o.flags & flag::tolerates) != 0 && (of_payment || is_of(table_.cold(o).tolerated_effect));
  if (tolerated && take_tolerated(o, bit)) return;

  const auto notices = static_cast<std::uint8_t>(of_payment ? owed::paid_notice : owed::to_buyer | owed::to_seller);
  const bool to_wrong_party = is_of(o.effect) && (o.owed & notices) != 0;
  const std::uint8_t usual = owed_by_effect_[static_cast<unsigned>(o.effect)];
  if (to_wrong_party && (bit == 0 || (usual & bit) == 0)) {
    // The nearest owed one is the one that went astray.
    const auto astray = static_cast<std::uint8_t>(o.owed & notices & -(o.owed & notices));
    report(it, seen, Invariant::N1,
           fmt::format("notice \"{}\" to {}", name_of(e.notice), addressee(o, astray == owed::to_buyer ? o.buyer : o.seller)),
           fmt::format("to {}", addressee(o, e.to)));
    o.owed = without(o.owed, astray);
    return;
  }
  const bool seen_before = bit != 0 && (e.version < o.version || is_of(o.effect)) && (!of_payment || (o.flags & flag::paid) != 0);
  if (seen_before)
    return report(it, seen, Invariant::N2, fmt::format("notice \"{}\" to {} once", name_of(e.notice), addressee(o, e.to)),
                  "again: " + in_words(e));
  report(it, seen, Invariant::N4,
         fmt::format("no notice: nothing that happened to the order calls for it ({}, version {})", name_of(o.state), o.version),
         in_words(e));
}

void Judge::judge_notice_details(Subject it, const Evidence& e, Instant seen, const Outstanding& expected, bool in_sequence) {
  Facts& o = it.o;
  const Instant deadline = expected.state == OrderState::delivered ? expected.deadline : never;
  const bool rule_itself = expected.version == o.version && e.deadline == in_force(o);
  if (e.deadline != deadline && !rule_itself) {
    report(it, seen, Invariant::N3, fmt::format("notice \"{}\" with deadline {}", name_of(e.notice), in_words(deadline)),
           in_words(e));
  }
  const CompletedBy by = expected.effect == Effect::automatic ? CompletedBy::automatic : CompletedBy::buyer;
  if (e.notice == Notice::completed && e.completed_by != by) {
    report(it, seen, Invariant::N3, fmt::format("notice \"completed\" that names {}", name_of(by)), in_words(e));
  }
  if (e.version != expected.version) {
    report(it, seen, Invariant::A4, fmt::format("notice \"{}\" of version {}", name_of(e.notice), expected.version),
           fmt::format("version {}", e.version));
  }
  const Instant latest = std::max(e.at, seen);
  if (latest > moved(expected.at, options_.notice_bound) &&
      !(expected.effect == Effect::automatic && latest <= moved(outages_.latest(o.deadline), options_.notice_bound))) {
    report(it, seen, Invariant::N1,
           fmt::format("notice \"{}\" by {}", name_of(e.notice), in_words(moved(expected.at, options_.notice_bound))),
           fmt::format("at {}", in_words(latest)));
  } else if (e.at < expected.at) {
    report(it, seen, Invariant::N4, fmt::format("notice \"{}\" not before {}", name_of(e.notice), in_words(expected.at)),
           in_words(e));
  } else if (!in_sequence) {
    report(it, seen, Invariant::N1, fmt::format("notice \"{}\" of version {} in its place", name_of(e.notice), expected.version),
           "out of sequence: " + in_words(e));
  }
}

// ---------------------------------------------------------------------------------------------- payments

void Judge::judge_odd_payment(Subject it, const Evidence& e, Instant seen) {
  Facts& o = it.o;
  const bool again = (o.flags & flag::paid) != 0;
  pay(o, e);
  if (again) {
    report(it, seen, Invariant::M1, "one payment", "another: " + in_words(e));
    // Its notice may come or not.
    table_.cold(o).tolerated |= owed::paid_notice;
    o.flags |= flag::tolerates;
    return;
  }
  const bool expected = (o.owed & owed::payment) != 0;
  const bool too_soon =
      o.state != OrderState::completed || e.at < o.effect_at || (expected && (o.owed & owed::event) != 0 && strict_sequence());
  if (too_soon) {
    report(it, seen, Invariant::M4, fmt::format("no payment before completion ({})", name_of(o.state)), in_words(e));
    table_.cold(o).tolerated |= owed::paid_notice;
    o.flags |= flag::tolerates;
    o.owed = without(o.owed, owed::payment | owed::paid_notice);
  } else if (!expected) {
    take_tolerated(o, owed::payment);
  } else {
    o.owed = without(o.owed, owed::payment);
    const Instant due_by = moved(o.effect_at, options_.payment_bound);
    const Instant latest = std::max(e.at, seen);
    const bool excused = o.effect == Effect::automatic && latest <= moved(outages_.latest(o.deadline), options_.payment_bound);
    if (latest > due_by && !excused) report(it, seen, Invariant::M2, fmt::format("paid by {}", in_words(due_by)), in_words(e));
  }
  if (e.amount_cents != o.price_cents || e.to != o.seller) {
    report(it, seen, Invariant::M3,
           fmt::format("{}.{:02} to {}", o.price_cents / 100, o.price_cents % 100, addressee(o, o.seller)),
           fmt::format("{}, {}", in_words(e), addressee(o, e.to)));
  }
}

// ---------------------------------------------------------------------------------------------- orders that are not, or no
// longer

void Judge::judge_without_order(const Evidence& e, Instant seen) {
  Remains left;
  const bool ours = table_.range().contains(e.order);
  if (ours) left = table_.remains(e.order);
  const bool finished = left.has(Remains::finished), completed = left.has(Remains::by_buyer) || left.has(Remains::by_auto);
  const std::string so_far = !finished   ? "no such order"
                             : completed ? "the order's history is over: completed"
                                         : "the order's history is over";
  Invariant broken = Invariant::R4;
  switch (e.kind) {
    case EvidenceKind::payment:
      ++tally_->paid;
      tally_->paid_cents += e.amount_cents;
      broken = left.has(Remains::paid) ? Invariant::M1 : completed ? Invariant::M2 : Invariant::M4;
      if (ours) table_.remains(e.order).bits |= Remains::paid;
      break;
    case EvidenceKind::notification:
      broken = finished ? Invariant::N2 : Invariant::N4;
      break;
    case EvidenceKind::event:
      if (completed)
        broken = left.has(Remains::by_buyer) && e.completed_by == CompletedBy::automatic ? Invariant::A2 : Invariant::A1;
      break;
  }
  report(e.order, seen, broken, so_far, in_words(e));
}

}  // namespace dueprocess::judging
