// A small language for engine tests: one seller, one buyer, one stranger, a clock, and everything the engine let be seen.
//
//   Desk desk;                       seller 1, buyer 2, stranger 3; the clock stands at `start`
//   desk.place(start + 48h);         order 1
//   desk.at(start + 24h).deliver();  fires what is due, then asks
//   desk.at(...).view().state
#pragma once

#include "sim/engine/engine.hpp"

#include <chrono>
#include <vector>

namespace dueprocess::test {

using namespace std::chrono_literals;

inline constexpr Duration us{1};
inline constexpr Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
inline constexpr UserId seller{1}, buyer{2}, stranger{3};
inline constexpr TextId words{7};

template <class E>
class BasicDesk {
 public:
  explicit BasicDesk(const Policy& policy = {}, BugSet bugs = {}) : engine(policy, OrderRange{OrderId{1}, 1000}, bugs) {}

  /// Fires what is due by then, `t` included.
  BasicDesk& at(Instant t) {
    while (engine.next_timer() <= t) engine.fire_next();
    now = t;
    return *this;
  }
  BasicDesk& of(std::uint64_t order) {
    id = OrderId{order};
    return *this;
  }
  BasicDesk& with_key(std::uint64_t key) {
    next_key = KeyId{key};
    return *this;
  }
  void restart(Instant down, Instant back) {
    at(down - us);
    engine.restart(down, back);
    now = back;
  }

  Answer ask(Operation op) {
    if (op.order == OrderId::none && op.kind != OperationKind::list_orders) op.order = id;
    if (op.key == KeyId::none) op.key = std::exchange(next_key, KeyId::none);
    at(now);
    Answer answer;
    engine.perform(op, now, answer);
    return answer;
  }
  Answer ask(UserId by, OperationKind kind) {
    Operation op;
    op.by = by;
    op.kind = kind;
    return ask(op);
  }

  Answer place(Instant due, std::int64_t cents = 1000, UserId from = seller, UserId by = buyer) {
    Operation op;
    op.by = by;
    op.kind = OperationKind::place_order;
    op.seller = from;
    op.due_at = due;
    op.price_cents = cents;
    return ask(op);
  }
  Answer upload(std::int64_t bytes) {
    Operation op;
    op.by = seller;
    op.kind = OperationKind::upload;
    op.text = words;
    op.bytes = bytes;
    return ask(op);
  }
  /// Described, final, with a link.
  static Operation delivery(OperationKind kind = OperationKind::deliver) {
    Operation op;
    op.by = seller;
    op.kind = kind;
    op.text = words;
    op.links = 1;
    return op;
  }
  Answer deliver() { return ask(delivery()); }
  Answer deliver_modified() { return ask(delivery(OperationKind::deliver_modified)); }
  Answer save_draft(TextId text = words, std::uint16_t attachments = 0, std::uint16_t links = 0) {
    Operation op;
    op.by = seller;
    op.kind = OperationKind::save_draft;
    op.text = text;
    op.attachments = attachments;
    op.links = links;
    return ask(op);
  }
  Answer extend(Duration by) {
    Operation op;
    op.by = buyer;
    op.kind = OperationKind::extend_review;
    op.extend_by_us = us_of(by);
    return ask(op);
  }
  Answer accept() { return ask(buyer, OperationKind::accept); }
  Answer modify() { return ask(buyer, OperationKind::request_modification); }
  Answer view(UserId by = buyer) { return ask(by, OperationKind::view_order); }
  std::uint32_t list(UserId by) { return ask(by, OperationKind::list_orders).listed; }

  std::vector<Evidence>& seen() { return engine.evidence(); }
  std::size_t count(EvidenceKind kind) {
    std::size_t n = 0;
    for (const Evidence& e : seen()) n += e.kind == kind ? 1 : 0;
    return n;
  }
  std::size_t count(Notice notice, UserId to) {
    std::size_t n = 0;
    for (const Evidence& e : seen()) n += e.kind == EvidenceKind::notification && e.notice == notice && e.to == to ? 1 : 0;
    return n;
  }

  E engine;
  Instant now = start;
  OrderId id{1};
  KeyId next_key = KeyId::none;
};

using Desk = BasicDesk<Engine>;
using BuggyDesk = BasicDesk<SeededEngine>;

}  // namespace dueprocess::test
