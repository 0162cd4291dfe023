// Lists, history, payments, the feed.
#include <algorithm>

#include "harness/service/desk_impl.hpp"

namespace dueprocess::service {

/// As a party sees it: a look is an operation of the engine's like any other.
Answer Desk::Impl::look_at(std::uint64_t order, Instant now) {
  Operation op;
  op.kind = OperationKind::view_order;
  op.order = OrderId{order};
  op.by = slots[order - 1].buyer;
  Answer answer;
  engine->perform(op, now, answer);
  return answer;
}

OrderView Desk::Impl::view_of(std::uint64_t order, const Answer& answer) const {
  const Slot& slot = slots[order - 1];
  OrderView view;
  view.number = order;
  view.buyer = people.of(slot.buyer).name;
  view.seller = people.of(slot.seller).name;
  view.due_at = slot.due_at;
  view.price_cents = slot.price_cents;
  view.deadline = answer.deadline;
  view.completed_at = answer.completed_at;
  view.version = answer.version;
  view.state = answer.state;
  view.completed_by = answer.completed_by;
  view.late = answer.late;
  return view;
}

void Desk::Impl::list(const ListAsk& ask, ListTold& told) {
  const bool stamped = ask.at != never;
  told.told.now = stamped && options.virtual_clock ? ask.at : now_for(nullptr);
  if (ask.by == UserId::nobody) {
    if (!has(Bug::s04)) told.told.refusal = Refusal::unauthenticated;
    return;
  }
  if (stamped && (!options.virtual_clock || ask.at < clock)) {
    told.told.refusal = Refusal::invalid;
    told.told.detail = "Virtual-Time: not with this service's clock, or before what it was advanced to";
    return;
  }
  if (!options.virtual_clock && !options.sweeps) fire_by(told.told.now);

  const Person& person = people.of(ask.by);
  static const std::vector<std::uint32_t> none;
  const std::vector<std::uint32_t>&buys = ask.buys ? person.buys : none, &sells = ask.sells ? person.sells : none;
  const auto seen_at = [&](std::uint32_t order) {
    const Instant now = std::max(told.told.now, slots[order - 1].last);
    fire_own(OrderId{order}, now);
    return look_at(order, now);
  };
  // Nobody is buyer and seller of one order, so the two are merged without doubles.
  const bool all_count = !stamped && ask.status == OrderState::none;
  auto buy = buys.begin(), sell = sells.begin();
  if (all_count) {
    told.total = buys.size() + sells.size();
    buy = std::upper_bound(buys.begin(), buys.end(), ask.after);
    sell = std::upper_bound(sells.begin(), sells.end(), ask.after);
  }
  std::uint32_t last = 0;
  while (buy != buys.end() || sell != sells.end()) {
    const std::uint32_t order = sell == sells.end() || (buy != buys.end() && *buy < *sell) ? *buy++ : *sell++;
    if (stamped && slots[order - 1].placed_at > ask.at) continue;
    const bool on_page = order > ask.after && told.orders.size() < ask.limit;
    if (ask.status != OrderState::none || on_page) {
      const Answer answer = seen_at(order);
      if (ask.status != OrderState::none && answer.state != ask.status) continue;
      if (on_page) {
        told.orders.push_back(view_of(order, answer));
        last = order;
      }
    }
    if (!on_page && order > ask.after) told.next = last;
    if (all_count && told.next != 0) break;
    if (!all_count) ++told.total;
  }
}

void Desk::Impl::pieces(const PiecesAsk& ask, PiecesTold& told) {
  told.told.now = ask.at != never && options.virtual_clock ? ask.at : now_for(nullptr);
  told.next = ask.after;
  if (ask.by == UserId::nobody) {
    told.told.refusal = Refusal::unauthenticated;
    return;
  }
  const bool everything = ask.by == the_operator;
  const auto take = [&](Cursor cursor) {
    const Evidence& what = feed.at(cursor).what;
    told.pieces.push_back(
        {cursor, what, what.to == UserId::nobody ? std::string_view{} : std::string_view{people.of(what.to).name}});
    told.next = cursor;
  };
  const auto wanted = [&](const Evidence& what) {
    return ask.what == PiecesOf::feed ||
           what.kind == (ask.what == PiecesOf::history ? EvidenceKind::event : EvidenceKind::payment);
  };
  const Cursor until = journal ? feed.last() : shown.load(std::memory_order_relaxed);

  if (ask.order != OrderId::none || ask.what == PiecesOf::history) {
    Slot* const slot = slot_of(ask.order);
    if (!slot || !(everything || is_party(*slot, ask.by))) {
      told.told.refusal = Refusal::not_found;
      return;
    }
    if (!options.virtual_clock && !options.sweeps) fire_by(told.told.now);
    told.told.now = std::max(told.told.now, slot->last);
    fire_own(ask.order, told.told.now);
    for (Cursor cursor = slot->first_piece; cursor != 0; cursor = feed.at(cursor).next_of_order) {
      if (cursor <= ask.after || !wanted(feed.at(cursor).what)) continue;
      if (told.pieces.size() == ask.limit) {
        told.more = true;
        return;
      }
      take(cursor);
    }
    return;
  }

  // The feed is shown as far as it is kept; what an answer tells waits for that by itself.
  const Cursor end = ask.what == PiecesOf::feed && journal ? journal->kept_seen() : until;
  std::size_t scanned = 0;
  const auto visit = [&](Cursor cursor) {
    if (told.pieces.size() == ask.limit || ++scanned > scanned_max) {
      told.more = true;
      return false;
    }
    if (wanted(feed.at(cursor).what))
      take(cursor);
    else
      told.next = cursor;
    return true;
  };
  if (everything) {
    for (Cursor cursor = ask.after + 1; cursor != 0 && cursor <= end && visit(cursor); ++cursor) {
    }
    return;
  }
  const std::vector<Cursor>& sees = people.of(ask.by).sees;
  for (auto cursor = std::upper_bound(sees.begin(), sees.end(), ask.after);
       cursor != sees.end() && *cursor <= end && visit(*cursor); ++cursor) {
  }
}

void Desk::list(const ListAsk& ask, ListTold& told) {
  told.told.clear();
  told.orders.clear();
  told.total = told.next = 0;
  const std::lock_guard lock{impl_->mutex};
  impl_->list(ask, told);
  told.told.position = impl_->position;
}

void Desk::pieces(const PiecesAsk& ask, PiecesTold& told) {
  told.told.clear();
  told.pieces.clear();
  told.next = 0;
  told.more = false;
  const std::lock_guard lock{impl_->mutex};
  impl_->pieces(ask, told);
  // The feed shows nothing that is not kept, so it need not wait; the others may.
  if (ask.what != PiecesOf::feed) told.told.position = impl_->position;
}

bool Desk::is_news(UserId user, Cursor after) {
  const Cursor end = shown();
  if (end <= after || user == UserId::nobody) return false;
  if (is_operator(user)) return true;
  const std::lock_guard lock{impl_->mutex};
  const std::vector<Cursor>& sees = impl_->people.of(user).sees;
  const auto next = std::upper_bound(sees.begin(), sees.end(), after);
  return next != sees.end() && *next <= end;
}

}  // namespace dueprocess::service
