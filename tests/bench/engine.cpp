// The engine alone, ns an event (an operation or a timer that fires), everything it lets be seen thrown away at once.
//
//   small_cell/N    a cell with N orders alive, which stays in cache: the shape of a run
//   global_cell/N   one cell with N orders alive; its operations come in random order, as a market's would, and the
//                   caller names the orders of coming operations to prefetch(), as a driver that knows its queue can
//
// A block of orders is placed in one virtual day, worked on in the second, delivered in the third, decided on in the
// fourth; those nobody decides on (or only to extend) are completed by their timers three or four days later. So a good four
// blocks are alive at any time. About seven events a life.

#include <benchmark/benchmark.h>

#include "sim/engine/engine.hpp"

using namespace dueprocess;

namespace {

class Market {
 public:
  explicit Market(std::uint64_t block) : block_(block), engine_(Policy{}, OrderRange{OrderId{1}, block * days_max}) {
    while (block_ >> bits_ > 1) ++bits_;
  }

  /// To the steady state.
  void warm_up() {
    for (std::uint64_t i = 0; i <= forgotten_at; ++i) day();
  }

  /// When the range of orders is used up a new cell begins, as in a run.
  void day() {
    if (tick_ == block_ * days_max) {
      engine_.reset(OrderRange{OrderId{1}, block_ * days_max});
      tick_ = 0;
      now_ = Instant{};
    }
    for (std::uint64_t i = 0; i < block_; ++i) tick();
  }

  /// One order of each age takes its next step.
  void tick() {
    const std::uint64_t age = tick_ / block_, place = tick_ % block_;
    now_ += Duration{us_of(std::chrono::hours{24}) / static_cast<std::int64_t>(block_)};
    for (std::uint64_t stage = 1; stage <= 3 && age >= stage; ++stage) engine_.prefetch(order_at(age, place + ahead, stage));
    if (age >= forgotten_at) engine_.prefetch(order_at(age, place + ahead, forgotten_at));
    place_order(OrderId{1 + tick_});
    if (age >= 1) work_on(order_at(age, place, 1));
    if (age >= 2) ask(deliver_, order_at(age, place, 2));
    if (age >= 3) decide_on(order_at(age, place, 3));
    if (age >= forgotten_at) engine_.forget(order_at(age, place, forgotten_at));
    ++tick_;
  }

  bool all_is_well() const { return refused_ == 0; }
  std::uint64_t events() const { return events_; }

 private:
  static constexpr std::uint64_t ahead = 6;
  static constexpr std::uint64_t forgotten_at = 9;
  static constexpr std::uint64_t days_max = 64;

  // Each stage goes through the block in an order of its own. (An odd factor and a shift are bijections of 0 .. 2^k - 1.)
  OrderId order_at(std::uint64_t age, std::uint64_t place, std::uint64_t stage) const {
    const std::uint64_t mask = block_ - 1;
    std::uint64_t i = place & mask;
    i = (i * (0x9E37'79B1u + 2 * stage)) & mask;
    i ^= i >> (bits_ / 2 + 1);
    i = (i * 0x85EB'CA6Bu) & mask;
    return OrderId{1 + (age - stage) * block_ + i};
  }

  void place_order(OrderId id) {
    place_.due_at = now_ + std::chrono::hours{24 + number(id) * 7919 % 48};
    place_.by = UserId{static_cast<std::uint32_t>(10 + number(id) % 1000)};
    ask(place_, id);
  }

  void work_on(OrderId id) {
    ask(draft_, id);
    ask(upload_, id);
    ask(upload_, id);
  }

  // The buyer of an order is known by its number.
  void decide_on(OrderId id) {
    const auto buyer = UserId{static_cast<std::uint32_t>(10 + number(id) % 1000)};
    view_.by = accept_.by = modify_.by = extend_.by = buyer;
    ask(view_, id);
    switch (number(id) * 0x9E37'79B1u >> 8 & 7) {
      case 0:
        ask(modify_, id);
        ask(redeliver_, id);
        break;
      case 1:
        ask(extend_, id);
        break;
      case 2:
      case 3:
      case 4:
        ask(accept_, id);
        break;
      default:
        break;  // silent
    }
  }

  void ask(Operation& op, OrderId id) {
    while (engine_.next_timer() <= now_) {
      engine_.fire_next();
      ++events_;
    }
    op.order = id;
    engine_.perform(op, now_, answer_);
    refused_ += answer_.outcome != Outcome::ok ? 1 : 0;
    engine_.evidence().clear();
    ++events_;
  }

  static Operation of(OperationKind kind) {
    Operation op;
    op.kind = kind;
    op.by = op.seller = UserId{1};
    op.text = TextId{7};
    op.price_cents = 100;
    if (kind == OperationKind::extend_review) op.extend_by_us = us_of(std::chrono::hours{24});
    return op;
  }
  static Operation with_link(Operation op) {
    op.links = 1;
    return op;
  }

  std::uint64_t block_;
  unsigned bits_ = 0;
  Engine engine_;
  std::uint64_t tick_ = 0, events_ = 0, refused_ = 0;
  Instant now_{};
  Answer answer_;
  Operation place_ = of(OperationKind::place_order), draft_ = with_link(of(OperationKind::save_draft)),
            upload_ = of(OperationKind::upload), deliver_ = with_link(of(OperationKind::deliver)),
            view_ = of(OperationKind::view_order), accept_ = of(OperationKind::accept),
            modify_ = of(OperationKind::request_modification), redeliver_ = with_link(of(OperationKind::deliver_modified)),
            extend_ = of(OperationKind::extend_review);
};

std::uint64_t power_of_two_below(std::uint64_t n) {
  std::uint64_t power = 1;
  while (power * 2 <= n) power *= 2;
  return power;
}

void run(benchmark::State& state) {
  Market market(power_of_two_below(static_cast<std::uint64_t>(state.range(0)) / 4));
  market.warm_up();
  const std::uint64_t before = market.events();
  for (auto _ : state) market.day();
  if (!market.all_is_well()) state.SkipWithError("an operation was refused: not the lives that were to be measured");
  const auto events = static_cast<double>(market.events() - before);
  state.counters["per_event"] = benchmark::Counter(events, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void small_cell(benchmark::State& state) { run(state); }
void global_cell(benchmark::State& state) { run(state); }

}  // namespace

BENCHMARK(small_cell)->Arg(4)->Arg(50)->Arg(1000);
BENCHMARK(global_cell)->Arg(30'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
