// A small language for market tests: a setup with few words, a service that keeps the rules in the plainest way, and the
// log of what was asked and answered.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "sim/market/market.hpp"

namespace dueprocess::stage {

inline constexpr std::int64_t second = 1'000'000, minute = 60 * second, hour = 3600 * second, day = 24 * hour;
inline const Instant starts = instant_at(1'772'409'600 * second);  // 2026-03-02T00:00:00Z
inline Instant at(std::int64_t after_starts) { return starts + Duration{after_starts}; }
inline Distribution always(std::int64_t value) { return Distribution::constant(value); }
inline Chance percent(unsigned value) { return Chance::ratio(value, 100); }
inline Moment after(Anchor anchor, Distribution amount) { return {anchor, false, std::move(amount)}; }

struct Entry {
  Instant at;
  Operation operation;
  Answer answer;
};

/// Keeps R3 to R18 as far as a market notices, completes lazily, remembers keys.
class Service {
 public:
  std::int64_t max_file_size = 5'000'000'000;
  std::uint32_t max_modifications = unlimited_count, max_extensions = unlimited_count;
  Instant down = never, back = never;
  /// May answer in the service's place.
  std::function<std::optional<Answer>(const Operation&, Instant)> instead;
  std::vector<Evidence> evidence;

  Answer perform(const Operation& operation, Instant now) {
    if (instead)
      if (const auto answer = instead(operation, now)) return *answer;
    if (now >= down && now < back) return refused(Refusal::none);
    if (operation.by == UserId::nobody) return refused(Refusal::unauthenticated);
    const auto key = std::pair{number(operation.by), number(operation.key)};
    if (operation.key != KeyId::none && keys_.contains(key)) return keys_.at(key);
    Answer answer = decide(operation, now);
    answer.stamp = now;
    if (operation.key != KeyId::none) keys_[key] = answer;
    return answer;
  }
  /// Completes what is due, as the timer of a service would.
  void run_timers(Instant now) {
    for (auto& [id, order] : orders_)
      if (order.state == OrderState::delivered && order.deadline <= now)
        complete(OrderId{id}, order, CompletedBy::automatic, order.deadline);
  }

 private:
  static constexpr std::uint32_t unlimited_count = 0xFFFF'FFFF;
  struct Order {
    UserId buyer, seller;
    Instant due = never, deadline = never, completed_at = never;
    std::int64_t price = 0;
    OrderState state = OrderState::none;
    CompletedBy by = CompletedBy::nobody;
    std::uint32_t version = 1, uploads = 0, modifications = 0, extensions = 0;
    bool late = false;
    std::optional<Operation> draft;
  };

  static Answer refused(Refusal refusal) {
    Answer answer;
    answer.outcome = Outcome::refused;
    answer.refusal = refusal;
    return answer;
  }
  static Answer tell(const Order& order, Refusal refusal = Refusal::none) {
    Answer answer;
    answer.outcome = refusal == Refusal::none ? Outcome::ok : Outcome::refused;
    answer.refusal = refusal;
    answer.deadline = order.deadline;
    answer.completed_at = order.completed_at;
    answer.version = order.version;
    answer.state = order.state;
    answer.completed_by = order.by;
    answer.late = order.late;
    return answer;
  }
  void notify(OrderId order, UserId to, Notice notice, Instant now) {
    Evidence seen;
    seen.order = order;
    seen.at = now;
    seen.kind = EvidenceKind::notification;
    seen.notice = notice;
    seen.to = to;
    evidence.push_back(seen);
  }
  void complete(OrderId id, Order& order, CompletedBy by, Instant now) {
    order.state = OrderState::completed;
    order.by = by;
    order.completed_at = now;
    order.deadline = never;
    ++order.version;
    notify(id, order.buyer, Notice::completed, now);
    notify(id, order.seller, Notice::completed, now);
    Evidence paid;
    paid.order = id;
    paid.kind = EvidenceKind::payment;
    paid.amount_cents = order.price;
    paid.to = order.seller;
    evidence.push_back(paid);
    notify(id, order.seller, Notice::payment_processed, now);
  }

  Answer decide(const Operation& operation, Instant now) {
    if (operation.kind == OperationKind::list_orders) return {};
    if (operation.kind == OperationKind::place_order) {
      if (operation.due_at <= now) return refused(Refusal::invalid);
      REQUIRE(!orders_.contains(number(operation.order)));
      Order& order = orders_[number(operation.order)];
      order.buyer = operation.by;
      order.seller = operation.seller;
      order.due = operation.due_at;
      order.price = operation.price_cents;
      order.state = OrderState::in_progress;
      return tell(order);
    }
    const auto found = orders_.find(number(operation.order));
    if (found == orders_.end()) return refused(Refusal::not_found);
    Order& order = found->second;
    const bool seller = operation.by == order.seller, buyer = operation.by == order.buyer;
    if (!seller && !buyer) return refused(Refusal::not_found);
    if (order.state == OrderState::delivered && order.deadline <= now)
      complete(operation.order, order, CompletedBy::automatic, order.deadline);
    const bool working = order.state == OrderState::in_progress || order.state == OrderState::in_revision;
    switch (operation.kind) {
      case OperationKind::view_order:
      case OperationKind::contact_support:
        return tell(order);
      case OperationKind::save_draft:
      case OperationKind::open_draft:
      case OperationKind::upload:
        if (!seller) return tell(order, Refusal::forbidden);
        if (!working) return tell(order, Refusal::wrong_state);
        if (operation.kind == OperationKind::upload) {
          if (operation.bytes > max_file_size) return tell(order, Refusal::file_too_large);
          ++order.uploads;
        }
        if (operation.kind == OperationKind::save_draft) {
          if (operation.attachments > order.uploads) return tell(order, Refusal::invalid);
          order.draft = operation;
        }
        if (operation.kind == OperationKind::open_draft && !order.draft) return tell(order, Refusal::invalid);
        return tell(order);
      case OperationKind::deliver:
      case OperationKind::deliver_modified: {
        if (!seller) return tell(order, Refusal::forbidden);
        const OrderState needed = operation.kind == OperationKind::deliver ? OrderState::in_progress : OrderState::in_revision;
        if (order.state != needed) return tell(order, Refusal::wrong_state);
        if (operation.use_draft && !order.draft) return tell(order, Refusal::invalid);
        const Operation& what = operation.use_draft ? *order.draft : operation;
        if (what.attachments > order.uploads) return tell(order, Refusal::invalid);
        if (operation.content != Content::final_work) return tell(order, Refusal::not_final_work);
        if (is_blank(what.text)) return tell(order, Refusal::description_required);
        if (what.attachments == 0 && what.links == 0 && !operation.confirm_no_file)
          return tell(order, Refusal::confirmation_required);
        if (order.state == OrderState::in_progress) order.late = now > order.due;
        order.state = OrderState::delivered;
        order.deadline = std::max(now, order.due) + std::chrono::hours{72};
        order.uploads = 0;
        order.extensions = 0;
        order.draft.reset();
        ++order.version;
        notify(operation.order, order.buyer, Notice::delivered, now);
        return tell(order);
      }
      default:
        break;
    }
    if (!buyer) return tell(order, Refusal::forbidden);
    if (order.state != OrderState::delivered) return tell(order, Refusal::wrong_state);
    if (operation.kind == OperationKind::accept) {
      complete(operation.order, order, CompletedBy::buyer, now);
    } else if (operation.kind == OperationKind::request_modification) {
      if (order.modifications == max_modifications) return tell(order, Refusal::limit_reached);
      ++order.modifications;
      ++order.version;
      order.state = OrderState::in_revision;
      order.deadline = never;
      notify(operation.order, order.seller, Notice::modification_requested, now);
    } else {
      if (operation.extend_by_us <= 0) return tell(order, Refusal::invalid);
      if (order.extensions == max_extensions) return tell(order, Refusal::limit_reached);
      ++order.extensions;
      ++order.version;
      order.deadline += Duration{operation.extend_by_us};
      notify(operation.order, order.seller, Notice::review_extended, now);
    }
    return tell(order);
  }

  std::map<std::uint64_t, Order> orders_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Answer> keys_;
};

/// Plays a market to its end, or for so many events.
inline std::vector<Entry> play(Market& market, Service& service, std::size_t events_max = 1'000'000) {
  std::vector<Entry> log;
  Instant before = Instant::min();
  for (std::size_t events = 0; market.next_at() != never; ++events) {
    REQUIRE(events < events_max);
    Entry entry{market.next_at(), {}, {}};
    REQUIRE(entry.at >= before);
    before = entry.at;
    if (service.evidence.capacity() == 0) service.evidence.reserve(16);
    if (!market.next(entry.operation)) continue;
    entry.answer = service.perform(entry.operation, entry.at);
    for (const Evidence& seen : service.evidence) market.learn(seen, entry.at);
    service.evidence.clear();
    market.learn(entry.operation, entry.answer, entry.at);
    log.push_back(entry);
  }
  return log;
}

/// All blocks as one cell.
inline std::vector<Entry> play_all(const MarketPlan& plan, Service& service) {
  Market market(plan, 0, plan.block_count());
  return play(market, service);
}

/// One seller, one buyer, `count` orders placed every `every` us, due in `due_in`; delivered at once, never answered.
inline MarketSetup plain(std::uint64_t count = 1, std::int64_t every = hour, std::int64_t due_in = 3 * day) {
  MarketSetup setup;
  setup.starts = starts;
  setup.sellers = setup.buyers = 1;
  setup.orders.count = count;
  setup.orders.process = ArrivalProcess::even;
  setup.orders.intensity = {{starts, starts + Duration{every * static_cast<std::int64_t>(count)}, 1.0}};
  setup.orders.due_in = always(due_in);
  SellerPersona seller;
  seller.name = "seller";
  seller.share = 1;
  seller.delivers = after(Anchor::placed, always(day));
  setup.seller_personas = {seller};
  BuyerPersona buyer;
  buyer.name = "buyer";
  buyer.share = 1;
  setup.buyer_personas = {buyer};
  return setup;
}

/// What was asked, in order; of one kind if told.
inline std::vector<OperationKind> kinds(const std::vector<Entry>& log) {
  std::vector<OperationKind> kinds;
  for (const Entry& entry : log) kinds.push_back(entry.operation.kind);
  return kinds;
}
inline std::vector<Entry> of_kind(const std::vector<Entry>& log, OperationKind kind) {
  std::vector<Entry> found;
  std::copy_if(log.begin(), log.end(), std::back_inserter(found),
               [&](const Entry& entry) { return entry.operation.kind == kind; });
  return found;
}
inline std::size_t count_of(const std::vector<Entry>& log, OperationKind kind, Refusal refusal) {
  return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const Entry& entry) {
    return entry.operation.kind == kind && entry.answer.outcome == Outcome::refused && entry.answer.refusal == refusal;
  }));
}

/// What happens to a service that keeps the rules.
inline std::vector<Entry> log_of(const MarketSetup& setup, std::uint64_t seed = 1) {
  const MarketPlan plan(setup, seed);
  Service service;
  return play_all(plan, service);
}
inline std::vector<Entry> log_of(const MarketSetup& setup, Service service) {
  const MarketPlan plan(setup, 1);
  return play_all(plan, service);
}

}  // namespace dueprocess::stage
