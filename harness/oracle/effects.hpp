// What an acknowledged operation, or the timer, changes in the oracle's facts. Included where effects are applied; inline, as
// every lawful operation passes here.
#pragma once

#include "harness/oracle/digest.hpp"
#include "harness/oracle/judge.hpp"

namespace dueprocess::judging {

inline constexpr Duration long_review{(std::int64_t{1} << 31) * 1000 - 1000};  // 2^31 - 1 ms

[[gnu::always_inline]] inline void Judge::begin(Facts& o, Effect effect, OrderState to, Instant at) {
  if (o.owed != 0) [[unlikely]]
    set_aside(o);
  if (effect != Effect::extended) o.flags &= static_cast<std::uint16_t>(~flag::told_differs);
  o.from = o.state;
  o.state = to;
  o.effect = effect;
  o.effect_at = at;
  ++o.version;
  o.owed = owed_by_effect_[static_cast<unsigned>(effect)];
}

inline void Judge::place(Facts& o, const Operation& op, Instant now) {
  o.buyer = op.by;
  o.seller = op.seller;
  o.due_at = op.due_at;
  o.price_cents = op.price_cents;
  ++tally_->placed;
  begin(o, Effect::placed, OrderState::in_progress, now);
}

[[gnu::always_inline]] inline void Judge::deliver(Facts& o, Instant now) {
  if (o.first_delivered_at == never) {
    o.first_delivered_at = now;
    if (now > o.due_at) ++tally_->coverage.late_deliveries;
  } else {
    ++tally_->coverage.redeliveries;
  }
  o.delivered_at = now;
  o.deadline = clock_.deadline(o.due_at, now, policy_.extensions_carry_over ? o.extended : Duration{0});
  o.extensions = 0;
  o.uploads = 0;
  o.flags &= static_cast<std::uint16_t>(
      ~(flag::has_draft | flag::draft_blank | flag::drafted | flag::file_refused | flag::timing_found));
  if (clock_.crosses_offset_change(now, o.deadline)) ++tally_->coverage.dst_reviews;
  if (clock_.holds_leap_day(now, o.deadline)) ++tally_->coverage.leap_day_reviews;
  begin(o, Effect::delivered, OrderState::delivered, now);
}

inline void Judge::end_review(Facts& o, Instant at) {
  if (outages_.any() && outages_.touches(o.delivered_at, at)) ++tally_->coverage.reviews_over_restart;
}

inline void Judge::extend(Facts& o, Duration by, Instant now) {
  if (o.owed != 0) [[unlikely]]
    set_aside(o);  // with the deadline it was given
  const bool was_long = moved(o.delivered_at, long_review) < o.deadline;
  o.deadline = moved(o.deadline, by);
  o.extended = sum_of(o.extended, by);
  ++o.extensions;
  ++tally_->coverage.extensions;
  if (!was_long && moved(o.delivered_at, long_review) < o.deadline) ++tally_->coverage.long_extensions;
  if ((o.flags & flag::told_differs) != 0) [[unlikely]]
    move_told_deadline(o, by);
  begin(o, Effect::extended, OrderState::delivered, now);
}

[[gnu::always_inline]] inline void Judge::complete(Facts& o, CompletedBy by, Instant at) {
  if (o.state == OrderState::delivered) end_review(o, at);
  o.completed_by = by;
  o.completed_at = at;
  begin(o, by == CompletedBy::automatic ? Effect::automatic : Effect::accepted, OrderState::completed, at);
  // Paid too early: that was reported, and nothing more is owed.
  if ((o.flags & flag::paid) != 0) [[unlikely]]
    o.owed &= static_cast<std::uint8_t>(~(owed::payment | owed::paid_notice));
}

inline void Judge::complete_automatically(Subject it, Instant at) {
  Facts& o = it.o;
  if (at == o.deadline) [[likely]] {
    record_lateness(o.deadline, at);
  } else {
    judge_odd_instant(it, at);
  }
  if (outages_.any() && outages_.covers(o.deadline)) ++tally_->coverage.deadlines_in_downtime;
  if (!trying_) herds_.add(at, tally_->coverage);
  complete(o, CompletedBy::automatic, at);
}

inline void Judge::record_lateness(Instant deadline, Instant completed_at) {
  const Duration lateness = between(deadline, completed_at);
  tally_->lateness_us.record(us_of(lateness));
  ++tally_->lateness_buckets[static_cast<unsigned>(bucket_of(lateness))];
}

[[gnu::always_inline]] inline void Judge::apply(Facts& o, const Operation& op, Instant now) {
  switch (op.kind) {
    case OperationKind::save_draft:
      o.flags = static_cast<std::uint16_t>((o.flags & ~flag::draft_blank) | flag::has_draft | flag::drafted |
                                           (is_blank(op.text) ? flag::draft_blank : 0));
      o.draft_attachments = op.attachments;
      o.draft_links = op.links;
      break;
    case OperationKind::upload:
      ++o.uploads;
      tally_->bytes_uploaded += op.bytes > 0 ? static_cast<std::uint64_t>(op.bytes) : 0;
      break;
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      deliver(o, now);
      break;
    case OperationKind::accept:
      complete(o, CompletedBy::buyer, now);
      break;
    case OperationKind::request_modification:
      if (o.owed != 0) [[unlikely]]
        set_aside(o);
      end_review(o, now);
      if (o.modifications++ != 0) [[unlikely]]
        table_.cold(o).older_deadlines.push_back(o.previous_deadline);
      o.previous_deadline = o.deadline;
      o.deadline = never;
      begin(o, Effect::modification, OrderState::in_revision, now);
      break;
    case OperationKind::extend_review:
      extend(o, Duration{op.extend_by_us}, now);
      break;
    case OperationKind::place_order:
      place(o, op, now);
      break;
    default:
      break;
  }
}

inline void Judge::pay(Facts& o, const Evidence& e) {
  o.flags |= flag::paid;
  ++tally_->paid;
  tally_->paid_cents += e.amount_cents;
}

/// Does the answer tell of the order what is known of it?
[[gnu::always_inline]] inline void Judge::judge_told(Subject it, Asked asked, Role role) {
  Facts& o = it.o;
  const Answer& a = asked.answer;
  if (role == neither) [[unlikely]] {
    if (a.state != OrderState::none || a.version != 0 || a.deadline != never || a.completed_at != never)
      judge_odd_telling(it, asked, role);
    return;
  }
  const bool fits = (a.state == o.state) && (a.version == o.version) && (a.deadline == in_force(o)) &&
                    (a.completed_at == o.completed_at) && (a.completed_by == o.completed_by) &&
                    (a.late == is_late(o, asked.now)) && ((o.flags & flag::told_differs) == 0);
  if (!fits) [[unlikely]]
    judge_odd_telling(it, asked, role);
  if (can_transition(asked.op.kind)) {
    // C1: the same again at once, as of a double click.
    const std::uint32_t which = likeness(asked.op);
    if (o.last_operation == which && asked.op.key == KeyId::none && asked.now - o.told_at <= std::chrono::minutes{1})
      ++tally_->coverage.repeats_without_key;
    o.last_operation = which;
  }
  o.told_at = asked.now;
  o.last_kind = asked.op.kind;
}

}  // namespace dueprocess::judging
