// The seller: takes a slot at his desk, works, delivers at the instant he meant to, and puts right what was refused.
//
//   start of work        drafts, evenly spread          uploads, seconds apart      target
//       |----------+----------+----------+--------------- open + u + u + last draft |
//                                                                                deliver
#pragma once

#include <algorithm>

#include "sim/market/play.hpp"

namespace dueprocess {

constexpr unsigned refusal_costs = 28;  // of tries_max: eight corrections, every mistake once and then some
inline constexpr std::int64_t oversize_min = 5'000'000'001;
inline constexpr std::int64_t oversize_span = 3'000'000'000;

/// Between two of the last steps: 2 to 4 s, the order's own.
inline std::int64_t step_us(OrderId order) {
  return 2'000'000 + static_cast<std::int64_t>((number(order) * 0x9E37'79B9'7F4A'7C15ull) >> 43);
}

inline void Market::Impl::ask_for_slot(Life& life, OrderId order, Instant now) {
  const bool modification = life.state == OrderState::in_revision;
  const SellerTraits& seller = seller_of(life);
  if (!modification) {
    if (plan.replays) {
      if (row_of(order).delivered != never) begin_work(life, order, now);
      return;
    }
    if (seller.abandons.possible() && seller.abandons.hit(draws(life, purpose::work, 0).u32(3))) return;
  }
  if (seller.parallel == 0 || plan.replays) return begin_work(life, order, now);
  Desk& desk = desk_of(life);
  if (desk.has_room(seller.parallel)) {
    desk.take_slot();
    life.set(flag::slot);
    begin_work(life, order, now);
  } else {
    life.set(flag::waiting);
    desk.wait(lives, order, modification);
  }
}

inline void Market::Impl::leave_slot(Life& life, Instant now) {
  if (!life.has(flag::slot)) return;
  life.clear(flag::slot);
  Desk& desk = desk_of(life);
  desk.free_slot();
  const OrderId order = desk.next(lives);
  if (order == OrderId::none) return;
  Life& next = lives.at(order);
  desk.take_slot();
  next.clear(flag::waiting);
  next.set(flag::slot);
  begin_work(next, order, now);
}

inline void Market::Impl::begin_work(Life& life, OrderId order, Instant now) {
  const SellerTraits& seller = seller_of(life);
  life.tries = 0;
  life.uploaded = 0;
  life.drafts = 0;
  life.files = 1;
  life.clear(flag::opens_draft | flag::uses_draft | flag::link | flag::confirm | flag::blank | flag::sample | flag::oversize);
  const bool modification = life.state == OrderState::in_revision;
  if (plan.replays && !modification) {
    life.target_us = std::max(us_of(now), us_of(row_of(order).delivered));
    return next_step(life, order, now);
  }
  const OrderDraws bits = draws(life, purpose::work, life.round);
  if (modification) {
    life.target_us = us_of(now) + std::max<std::int64_t>(0, seller.revises_after(bits.u64(0)));
  } else {
    std::int64_t from = us_of(now);
    if (seller.delivers.anchor == Anchor::due) from = life.due_us;
    if (seller.delivers.anchor == Anchor::start) from = us_of(plan.setup.starts);
    life.target_us = std::max(us_of(now), from + seller.delivers.distance(bits.u64(0), life.span_us()));
    life.drafts = seller.drafts.count(bits.u64(1), count_max);
  }
  life.files = seller.files.count(bits.u64(2), count_max);
  prepare_delivery(life);
  next_step(life, order, now);
}

/// What will be particular about this delivery, mistakes included.
inline void Market::Impl::prepare_delivery(Life& life) {
  const SellerTraits& seller = seller_of(life);
  if (seller.handy) {
    const OrderDraws bits = draws(life, purpose::work_habits, life.round);
    if (life.drafts > 0 && seller.opens_draft.hit(bits.u32(0))) life.set(flag::opens_draft);
    if (life.drafts > 0 && seller.delivers_draft.hit(bits.u32(1))) life.set(flag::uses_draft);
    if (seller.links.hit(bits.u32(2))) life.set(flag::link);
  }
  if (seller.hapless) {
    const OrderDraws bits = draws(life, purpose::mishaps, life.round);
    if (seller.forgets_file.hit(bits.u32(0))) {
      life.files = 0;
      life.clear(flag::link);
    }
    if (life.files > 0 && seller.oversize.hit(bits.u32(1))) life.set(flag::oversize);
    if (seller.blank_description.hit(bits.u32(2))) life.set(flag::blank);
    if (seller.work_sample.hit(bits.u32(3))) life.set(flag::sample);
  }
}

[[gnu::always_inline]] inline void Market::Impl::next_step(Life& life, OrderId order, Instant now) {
  const std::int64_t now_us = us_of(now), step = step_us(order);
  const std::int64_t last_draft = life.has(flag::uses_draft) ? 1 : 0;
  std::int64_t at = life.target_us;
  Act act = Act::deliver;
  if (life.drafts > last_draft) {
    act = Act::save_draft;
    const std::int64_t left = life.drafts - last_draft;
    at = now_us + (life.target_us - now_us) / (left + 1);
  } else if (life.has(flag::opens_draft)) {
    act = Act::open_draft;
    at -= step * (life.files + last_draft + 1);
  } else if (life.files > 0) {
    act = Act::upload;
    at -= step * (life.files + last_draft);
  } else if (last_draft != 0 && life.drafts > 0) {
    act = Act::save_last_draft;
    at -= step;
  }
  schedule(life, order, act, instant_at(std::max(now_us, at)));
}

[[gnu::always_inline]] inline void Market::Impl::fill_work(const Life& life, Operation& operation) const {
  operation.by = plan.seller_user(life.seller);
  switch (life.act) {
    case Act::save_draft:
    case Act::save_last_draft:
      operation.kind = OperationKind::save_draft;
      operation.text = life.act == Act::save_last_draft && life.has(flag::blank) ? TextId::blank : some_words;
      operation.attachments = life.uploaded;
      operation.links = life.has(flag::link) ? 1 : 0;
      break;
    case Act::open_draft:
      operation.kind = OperationKind::open_draft;
      break;
    case Act::upload: {
      operation.kind = OperationKind::upload;
      operation.text = some_words;
      const Amount& size = seller_of(life).file_size;
      const std::uint32_t index = (std::uint32_t{life.round} << 16) | life.files;
      if (life.has(flag::oversize))
        operation.bytes =
            oversize_min + static_cast<std::int64_t>(pick(draws(life, purpose::file_size, index).u32(0), oversize_span));
      else
        operation.bytes = size.constant() ? size(0) : size(draws(life, purpose::file_size, index).u64(0));
      break;
    }
    default:
      operation.kind = life.state == OrderState::in_revision ? OperationKind::deliver_modified : OperationKind::deliver;
      operation.content = life.has(flag::sample) ? Content::work_sample : Content::final_work;
      operation.confirm_no_file = life.has(flag::confirm);
      operation.use_draft = life.has(flag::uses_draft);
      if (operation.use_draft) break;
      operation.text = life.has(flag::blank) ? TextId::blank : some_words;
      operation.attachments = life.uploaded;
      operation.links = life.has(flag::link) ? 1 : 0;
      break;
  }
}

[[gnu::always_inline]] inline void Market::Impl::worked(Life& life, OrderId order, const Answer& answer, Instant now) {
  const bool taken = answer.outcome == Outcome::ok;
  const bool elsewhere = answer.state == OrderState::delivered || answer.state == OrderState::completed;
  if (life.act != Act::deliver) {
    if (elsewhere) {  // somebody else was quicker
      life.state = answer.state;
      return leave_slot(life, now);
    }
    if (life.act == Act::save_draft || life.act == Act::save_last_draft) --life.drafts;
    if (life.act == Act::open_draft) life.clear(flag::opens_draft);
    if (life.act == Act::upload) {
      --life.files;
      if (taken) ++life.uploaded;
      if (answer.refusal == Refusal::file_too_large) life.set(flag::link);  // sent another way
      life.clear(flag::oversize);
    }
    return next_step(life, order, now);
  }
  life.clear(flag::listed);
  if (!taken) return correct(life, order, answer, now);
  life.state = answer.state == OrderState::none ? OrderState::delivered : answer.state;
  if (life.round < 255) ++life.round;
  leave_slot(life, now);
  if (life.state == OrderState::delivered) review(life, order, answer.deadline, now);
}

inline void Market::Impl::correct(Life& life, OrderId order, const Answer& answer, Instant now) {
  const SellerTraits& seller = seller_of(life);
  const OrderDraws bits = draws(life, purpose::correction, life.sequence);
  bool mended = life.tries + refusal_costs < tries_max;
  switch (answer.refusal) {
    case Refusal::confirmation_required:
      life.set(seller.confirms_no_file.hit(bits.u32(0)) ? flag::confirm : flag::link);
      break;
    case Refusal::description_required:
      life.clear(flag::blank);
      break;
    case Refusal::not_final_work:
      life.clear(flag::sample);
      break;
    case Refusal::file_too_large:
    case Refusal::invalid:  // what he named is not there: without it
      life.uploaded = 0;
      life.set(flag::link);
      break;
    case Refusal::wrong_state:
      mended = mended && (answer.state == OrderState::in_progress || answer.state == OrderState::in_revision);
      if (answer.state != OrderState::none) life.state = answer.state;
      if (!mended) return leave_slot(life, now);  // it is delivered or over: nothing more to do for him
      break;
    default:
      mended = false;
  }
  if (!mended) return give_up(life, now);
  life.tries = static_cast<std::uint8_t>(life.tries + refusal_costs);
  life.clear(flag::uses_draft);  // what he puts right he writes anew
  schedule(life, order, Act::deliver, now + Duration{std::max<std::int64_t>(0, seller.corrects_after(bits.u64(1)))});
}

inline void Market::Impl::modification_requested(Life& life, OrderId order, Instant now) {
  life.state = OrderState::in_revision;
  ask_for_slot(life, order, now);
}

}  // namespace dueprocess
