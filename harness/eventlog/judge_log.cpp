#include "harness/eventlog/judge_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/oracle/review_clock.hpp"

namespace dueprocess {
namespace {

constexpr UserId usual_buyer{0xFFFF'FFFE}, usual_seller{0xFFFF'FFFD};  // of orders that do not say
constexpr std::int64_t usual_price_cents = 5'000;
constexpr Duration far_off = std::chrono::hours{24 * 36525};

/// One order's life as a target would have told it. Follows the log's word, whatever the rules say of it.
class Teller {
 public:
  Teller(const LogMapping& mapping, judging::ReviewClock& clock, Oracle& oracle, std::vector<TimelineEntry>* timeline)
      : mapping_(mapping), clock_(clock), oracle_(oracle), timeline_(timeline) {}

  void begin(OrderId id, const LoggedOrder& order) {
    id_ = id;
    buyer_ = order.buyer != UserId::nobody ? order.buyer : usual_buyer;
    seller_ = order.seller != UserId::nobody ? order.seller : usual_seller;
    price_ = order.price_cents != 0 ? order.price_cents : usual_price_cents;
    state_ = OrderState::none;
    by_ = CompletedBy::nobody;
    version_ = 0;
    deadline_ = first_delivered_ = completed_at_ = never;
    extended_ = Duration{0};
    paid_ = false;
    const LoggedEvent& first = order.events.front();
    const bool told = first.event == LogEvent::placed;
    const Instant placed = told ? first.at : std::min(first.at, order.due) - Duration{1};
    due_ = order.due != never ? order.due : placed + far_off;
    place(placed, told);
  }

  void tell(const LoggedEvent& event) {
    now_ = event.at;
    switch (event.event) {
      case LogEvent::placed:
        return;  // told at the beginning
      case LogEvent::delivered:
        return deliver(event);
      case LogEvent::modification_requested:
        deadline_ = never;
        ask(OperationKind::request_modification, event, buyer_);
        return answer(OrderState::in_revision, event, Notice::modification_requested, seller_);
      case LogEvent::extended:
        extended_ += Duration{event.amount};
        if (deadline_ != never) deadline_ += Duration{event.amount};
        ask(OperationKind::extend_review, event, buyer_);
        seen_.operation.extend_by_us = event.amount;
        return answer(OrderState::delivered, event, Notice::review_extended, seller_);
      case LogEvent::accepted:
        return accept(event);
      case LogEvent::auto_completed:
        return complete(event, CompletedBy::automatic);
      case LogEvent::completed:
        // Who did it is not told: before the deadline it can only have been the buyer.
        return state_ == OrderState::delivered && event.at >= deadline_ ? complete(event, CompletedBy::automatic) : accept(event);
      case LogEvent::paid:
        return pay(event.has_amount ? event.amount : price_, event.by != UserId::nobody ? event.by : seller_, true);
    }
  }

 private:
  void place(Instant at, bool told) {
    now_ = at;
    seen_ = {};
    seen_.operation.kind = OperationKind::place_order;
    seen_.operation.by = buyer_;
    seen_.operation.seller = seller_;
    seen_.operation.price_cents = price_;
    seen_.operation.due_at = due_;
    observe(OrderState::in_progress, never, told);
    show({.order = id_, .at = now_, .version = version_, .state = state_}, false);
  }

  void ask(OperationKind kind, const LoggedEvent& event, UserId usual) {
    seen_ = {};
    seen_.operation.kind = kind;
    seen_.operation.by = event.by != UserId::nobody ? event.by : usual;
  }
  void deliver(const LoggedEvent& event) {
    ask(state_ == OrderState::in_revision ? OperationKind::deliver_modified : OperationKind::deliver, event, seller_);
    seen_.operation.links = 1;
    seen_.operation.text = TextId::first_real;
    first_delivered_ = std::min(first_delivered_, event.at);
    deadline_ = clock_.deadline(due_, event.at, mapping_.policy.extensions_carry_over ? extended_ : Duration{0});
    answer(OrderState::delivered, event, Notice::delivered, buyer_);
  }
  void accept(const LoggedEvent& event) {
    ask(OperationKind::accept, event, buyer_);
    by_ = CompletedBy::buyer;
    completed_at_ = event.at;
    const OrderState from = state_;
    observe(OrderState::completed, never, true);
    show_completion(from, false);
  }
  void complete(const LoggedEvent&, CompletedBy by) {
    const OrderState from = state_;
    by_ = by;
    completed_at_ = now_;
    state_ = OrderState::completed;
    ++version_;
    show_completion(from, true);
  }

  /// What answers the operation and what is seen of its effect.
  void answer(OrderState to, const LoggedEvent& event, Notice notice, UserId addressee) {
    const OrderState from = state_;
    const Instant deadline = to == OrderState::delivered ? deadline_ : never;
    observe(to, event.deadline != never ? event.deadline : deadline, true);
    show({.order = id_, .at = now_, .deadline = deadline, .version = version_, .from = from, .state = to}, false);
    show({.order = id_,
          .at = now_,
          .deadline = deadline,
          .to = addressee,
          .version = version_,
          .kind = EvidenceKind::notification,
          .notice = notice},
         false);
  }
  void observe(OrderState to, Instant deadline, bool told) {
    state_ = to;
    ++version_;
    seen_.operation.order = id_;
    seen_.intended = seen_.sent = seen_.answered = seen_.answer.stamp = now_;
    seen_.answer.state = to;
    seen_.answer.version = version_;
    seen_.answer.deadline = deadline;
    seen_.answer.completed_at = completed_at_;
    seen_.answer.completed_by = by_;
    seen_.answer.late = std::min(first_delivered_, now_) > due_;
    oracle_.observe(seen_);
    if (timeline_ && told) timeline_->push_back({now_, seen_});
  }
  void show(const Evidence& evidence, bool told) {
    oracle_.observe(evidence, now_);
    if (timeline_ && told) timeline_->push_back({now_, evidence});
  }
  void show_completion(OrderState from, bool told) {
    show({.order = id_, .at = now_, .version = version_, .from = from, .state = OrderState::completed, .completed_by = by_},
         told);
    for (const UserId party : {buyer_, seller_})
      show({.order = id_,
            .at = now_,
            .to = party,
            .version = version_,
            .kind = EvidenceKind::notification,
            .notice = Notice::completed,
            .completed_by = by_},
           false);
    if (!mapping_.tells(LogEvent::paid)) pay(price_, seller_, false);
  }
  void pay(std::int64_t cents, UserId to, bool told) {
    show({.order = id_, .at = now_, .amount_cents = cents, .to = to, .version = version_, .kind = EvidenceKind::payment}, told);
    if (std::exchange(paid_, true)) return;
    show({.order = id_,
          .at = now_,
          .to = seller_,
          .version = version_,
          .kind = EvidenceKind::notification,
          .notice = Notice::payment_processed},
         false);
  }

  const LogMapping& mapping_;
  judging::ReviewClock& clock_;
  Oracle& oracle_;
  std::vector<TimelineEntry>* timeline_;
  // of the order
  OrderId id_ = OrderId::none;
  UserId buyer_ = UserId::nobody, seller_ = UserId::nobody;
  std::int64_t price_ = 0;
  Instant due_ = never, deadline_ = never, first_delivered_ = never, completed_at_ = never, now_ = never;
  Duration extended_{0};
  OrderState state_ = OrderState::none;
  CompletedBy by_ = CompletedBy::nobody;
  std::uint32_t version_ = 0;
  bool paid_ = false;
  Observation seen_;
};

class LogJudge {
 public:
  LogJudge(const LogMapping& mapping, const EventLog& log, const OracleOptions& options, std::vector<TimelineEntry>* timeline)
      : log_(log),
        clock_(mapping.policy),
        oracle_(mapping.policy, options, {}, outcome_.tally),
        teller_(mapping, clock_, oracle_, timeline) {
    outcome_.until = mapping.until.value_or(log.last == Instant::min() ? never : log.last);
    for (const Support& support : support_of(mapping)) judged_[static_cast<std::size_t>(support.invariant)] = support.judged;
  }

  void judge(std::size_t index) {
    const LoggedOrder& order = log_.orders[index];
    if (!order.problem.empty()) return;
    const OrderId id{index + 1};
    const auto found_before = outcome_.tally.violations_by;
    const std::uint64_t violated_before = outcome_.tally.orders_violated;
    const std::uint64_t out_of_place = found(Invariant::G1);
    ++outcome_.orders;
    oracle_.reset({id, 1});
    teller_.begin(id, order);
    std::size_t last = 0;
    for (; last < order.events.size() && found(Invariant::G1) == out_of_place; ++last) teller_.tell(order.events[last]);
    if (last < order.events.size()) ++outcome_.broken_off;
    oracle_.finish_all(outcome_.until);
    keep_what_was_told(order, id, found_before, violated_before);
  }
  LogOutcome& outcome() { return outcome_; }

 private:
  using Counts = std::array<std::uint64_t, invariant_count>;
  std::uint64_t found(Invariant invariant) const { return outcome_.tally.violations_by[static_cast<std::size_t>(invariant)]; }

  /// Drops findings that rest on what was filled in, and gives the others the order's name in the log.
  void keep_what_was_told(const LoggedOrder& order, OrderId id, const Counts& before, std::uint64_t violated_before) {
    Tally& tally = outcome_.tally;
    if (tally.violations_by == before) return;
    bool some_left = false;
    for (std::size_t i = 0; i < invariant_count; ++i) {
      if (!judged_[i]) tally.violations_by[i] = before[i];
      some_left |= tally.violations_by[i] != before[i];
    }
    std::erase_if(tally.violation_samples, [&](const Violation& found) {
      return found.order == id && !judged_[static_cast<std::size_t>(found.invariant)];
    });
    for (Violation& found : tally.violation_samples)
      if (found.order == id) found.seen += fmt::format(" ({} in the log, line {})", order.name, line_of(order, found.at));
    if (some_left || tally.orders_violated == violated_before) return;
    --tally.orders_violated;
    ++tally.orders_ok;
  }
  static std::uint32_t line_of(const LoggedOrder& order, Instant at) {
    std::uint32_t line = order.events.front().line;
    for (const LoggedEvent& event : order.events)
      if (event.at <= at) line = event.line;
    return line;
  }

  const EventLog& log_;
  LogOutcome outcome_;
  judging::ReviewClock clock_;
  Oracle oracle_;
  Teller teller_;
  std::array<bool, invariant_count> judged_{};
};

}  // namespace

LogOutcome judge_log(const LogMapping& mapping, const EventLog& log, const OracleOptions& options,
                     const std::atomic<bool>* stop) {
  LogJudge judge{mapping, log, options, nullptr};
  for (std::size_t i = 0; i < log.orders.size() && !judge.outcome().stopped; ++i) {
    judge.judge(i);
    judge.outcome().stopped = stop && stop->load(std::memory_order_relaxed);
  }
  return std::move(judge.outcome());
}

std::vector<TimelineEntry> trace_log(const LogMapping& mapping, const EventLog& log, const OracleOptions& options,
                                     OrderId order) {
  std::vector<TimelineEntry> timeline;
  if (order == OrderId::none || number(order) > log.orders.size()) return timeline;
  LogJudge judge{mapping, log, options, &timeline};
  judge.judge(number(order) - 1);
  insert_findings(timeline, judge.outcome().tally.violation_samples);
  return timeline;
}

}  // namespace dueprocess
