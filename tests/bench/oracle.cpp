// What judging costs: lives of 14 to 16 observations and pieces of evidence, of many orders at once, each order at another point
// of its life. The items are copied from templates as they are needed, as a target would build them; `copying` is the price of
// that alone.
#include <benchmark/benchmark.h>

#include <vector>

#include "harness/oracle/oracle.hpp"

namespace {

using namespace dueprocess;
using std::chrono::hours;

constexpr Instant day_0 = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2};
constexpr UserId seller{1}, buyer{2};

struct Item {
  bool asked = false;
  Observation observation;
  Evidence evidence;
  Instant at = never;
};

/// A lawful life of order 1: placed, a draft, two files, delivered, looked at, completed by the buyer or by the timer, paid.
class Life {
 public:
  explicit Life(bool silent_buyer) {
    ask(hours{0}, OperationKind::place_order, buyer, [](Operation& op) {
      op.seller = seller;
      op.due_at = day_0 + hours{48};
      op.price_cents = 5000;
    });
    effect(OrderState::in_progress, never);
    ask(hours{5}, OperationKind::save_draft, seller, [](Operation& op) { op.text = TextId{3}; });
    ask(hours{20}, OperationKind::upload, seller, [](Operation& op) { op.bytes = 20'000'000; });
    ask(hours{21}, OperationKind::upload, seller, [](Operation& op) { op.bytes = 30'000'000; });
    ask(
        hours{22}, OperationKind::deliver, seller, [](Operation& op) { op.attachments = 2, op.text = TextId{4}; },
        OrderState::delivered);
    effect(OrderState::delivered, day_0 + hours{120});
    notice(Notice::delivered, buyer);
    ask(hours{30}, OperationKind::view_order, buyer, [](Operation&) {});
    if (silent_buyer) {
      now_ = day_0 + hours{120};
      by_ = CompletedBy::automatic;
    } else {
      by_ = CompletedBy::buyer;
      completed_at_ = day_0 + hours{70};
      ask(
          hours{70}, OperationKind::accept, buyer, [](Operation&) {}, OrderState::completed);
    }
    effect(OrderState::completed, never);
    notice(Notice::completed, buyer);
    notice(Notice::completed, seller);
    Evidence paid = evidence(EvidenceKind::payment);
    paid.to = seller;
    paid.amount_cents = 5000;
    show(paid);
    notice(Notice::payment_processed, seller);
  }
  std::vector<Item> items;

 private:
  template <class Fill>
  void ask(Duration when, OperationKind kind, UserId by, Fill fill, OrderState to = OrderState::none) {
    now_ = day_0 + when;
    Item item;
    item.asked = true;
    item.at = now_;
    Observation& o = item.observation;
    o.operation.kind = kind;
    o.operation.by = by;
    o.operation.order = OrderId{1};
    fill(o.operation);
    o.intended = o.sent = o.answered = o.answer.stamp = now_;
    if (kind == OperationKind::place_order) to = OrderState::in_progress;
    o.answer.state = to == OrderState::none ? state_ : to;
    o.answer.version = version_ + (to == OrderState::none ? 0 : 1);
    o.answer.deadline = o.answer.state == OrderState::delivered ? day_0 + hours{120} : never;
    o.answer.completed_by = by_;
    o.answer.completed_at = completed_at_;
    items.push_back(item);
  }
  Evidence evidence(EvidenceKind kind) const {
    Evidence e;
    e.kind = kind;
    e.order = OrderId{1};
    e.at = now_;
    e.version = version_;
    e.deadline = deadline_;
    return e;
  }
  void show(const Evidence& e) {
    Item item;
    item.evidence = e;
    item.at = now_;
    items.push_back(item);
  }
  void effect(OrderState to, Instant deadline) {
    ++version_;
    deadline_ = deadline;
    Evidence e = evidence(EvidenceKind::event);
    e.from = state_;
    e.state = state_ = to;
    e.completed_by = by_;
    show(e);
  }
  void notice(Notice what, UserId to) {
    Evidence e = evidence(EvidenceKind::notification);
    e.notice = what;
    e.to = to;
    e.completed_by = by_;
    show(e);
  }
  Instant now_ = day_0, deadline_ = never, completed_at_ = never;
  OrderState state_ = OrderState::none;
  CompletedBy by_ = CompletedBy::nobody;
  std::uint32_t version_ = 0;
};

void shift(Instant& t, Duration by) {
  if (t != never) t += by;
}

template <class Observe, class See>
void give(const Item& item, OrderId order, Duration by, const Observe& observe, const See& see) {
  if (item.asked) {
    Observation o = item.observation;
    o.operation.order = order;
    shift(o.operation.due_at, by);
    shift(o.answer.deadline, by);
    shift(o.answer.completed_at, by);
    shift(o.answer.stamp, by);
    o.sent = o.intended = o.answered = o.answered + by;
    observe(o);
  } else {
    Evidence e = item.evidence;
    e.order = order;
    e.at += by;
    shift(e.deadline, by);
    see(e);
  }
}

/// Plays the lives of a cell round about, each order at a point of its own, an operation and all that is seen of it at a time as
/// a target gives them. The number of items.
template <class Observe, class See>
std::uint64_t play(const Life (&lives)[2], OrderRange range, const Observe& observe, const See& see) {
  std::uint64_t items = 0;
  std::vector<std::uint8_t> next(range.count);
  for (std::uint64_t round = 0; round < 2 * 8; ++round) {
    for (std::uint64_t i = 0; i < range.count; ++i) {
      const std::uint64_t draw = (i + 1) * 0x9E3779B97F4A7C15ull;
      const Life& life = lives[draw >> 63];
      if (round < ((draw >> 50) & 7)) continue;
      const Duration by{static_cast<std::int64_t>(draw >> 24)};
      std::size_t at = next[i];
      if (at == life.items.size()) continue;
      do {
        give(life.items[at], range.at(i), by, observe, see);
        ++items;
        ++at;
      } while (at < life.items.size() && !life.items[at].asked && life.items[at].at == life.items[at - 1].at);
      next[i] = static_cast<std::uint8_t>(at);
    }
  }
  return items;
}

void oracle_lives(benchmark::State& state) {
  const Life lives[2] = {Life{false}, Life{true}};
  const OrderRange range{OrderId{1}, static_cast<std::uint64_t>(state.range(0))};
  Tally tally;
  Oracle oracle{{}, {}, range, tally};
  std::int64_t items = 0, orders = 0;
  for (auto _ : state) {
    oracle.reset(range);
    items += static_cast<std::int64_t>(play(
        lives, range, [&](const Observation& o) { oracle.observe(o); }, [&](const Evidence& e) { oracle.observe(e, e.at); }));
    oracle.finish_all(never);
    orders += static_cast<std::int64_t>(range.count);
  }
  if (tally.violations_total() != 0 || tally.orders_ok != static_cast<std::uint64_t>(orders))
    state.SkipWithError("a lawful life was blamed");
  state.SetItemsProcessed(items);
  state.counters["ns/item"] =
      benchmark::Counter(static_cast<double>(items) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["ns/order"] =
      benchmark::Counter(static_cast<double>(orders) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(oracle_lives)->Arg(64)->Arg(1000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void copying(benchmark::State& state) {
  const Life lives[2] = {Life{false}, Life{true}};
  const OrderRange range{OrderId{1}, static_cast<std::uint64_t>(state.range(0))};
  std::int64_t items = 0;
  for (auto _ : state) {
    items += static_cast<std::int64_t>(play(
        lives, range,
        [&](const Observation& o) {
          benchmark::DoNotOptimize(&o);
          benchmark::ClobberMemory();
        },
        [&](const Evidence& e) {
          benchmark::DoNotOptimize(&e);
          benchmark::ClobberMemory();
        }));
  }
  state.SetItemsProcessed(items);
  state.counters["ns/item"] =
      benchmark::Counter(static_cast<double>(items) * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(copying)->Arg(64)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
