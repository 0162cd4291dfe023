#include "harness/oracle/wall/wall_oracle.hpp"

#include <algorithm>
#include <exception>
#include <unordered_map>
#include <vector>

#include "harness/oracle/keys.hpp"
#include "harness/oracle/review_clock.hpp"
#include "harness/oracle/words.hpp"

namespace dueprocess {
namespace {

/// The same seen again, apart from when: nothing changed between.
bool tells_the_same(const LiveObservation& a, const LiveObservation& b) {
  const auto is_look = [](const LiveObservation& o) {
    return o.observation.operation.kind == OperationKind::view_order && o.observation.answer.outcome == Outcome::ok &&
           o.observation.answer.version != 0;
  };
  if (!is_look(a) || !is_look(b) || a.observation.operation.by != b.observation.operation.by) return false;
  Answer x = a.observation.answer, y = b.observation.answer;
  x.stamp = y.stamp = never;
  return judging::same_answer(x, y);
}

}  // namespace

struct WallOracle::Impl {
  Impl(const Policy& rules, const WallOptions& declared, Tally& into, LiveTally& live_into)
      : policy{rules},
        options{declared},
        tally{into},
        live{live_into},
        review{rules},
        clock{declared.drift_ppm, declared.granularity} {}

  static constexpr std::uint8_t finished = 1, paid = 2, violated = 4, unknown = 8;

  OrderHistory* history_of(OrderId id) {
    if (remains.contains(number(id))) return nullptr;
    const auto [it, is_new] = open.try_emplace(number(id));
    if (is_new) {
      if (!spare.empty()) {
        it->second = std::move(spare.back());
        spare.pop_back();
      }
      it->second.order = id;
    }
    return &it->second;
  }
  bool is_full(OrderHistory& h) {
    if (h.operations.size() + h.evidence.size() < options.history_max) return false;
    h.overflowed = true;
    return true;
  }

  void observe(LiveObservation o) {
    const Operation& op = o.observation.operation;
    const Answer& a = o.observation.answer;
    constexpr HarnessTime within = HarnessTime{1} << 61;
    o.sent_ns = std::clamp(o.sent_ns, -within, within);
    o.answered_ns = std::clamp(o.answered_ns, o.sent_ns, within);
    count(op, a);
    // Under a key it may be an earlier answer again, its stamp included.
    if (a.stamp != never && a.outcome != Outcome::info && op.key == KeyId::none) clock.observe(a.stamp, o.sent_ns, o.answered_ns);
    if (op.kind == OperationKind::list_orders || op.order == OrderId::none) return;
    OrderHistory* h = history_of(op.order);
    if (h == nullptr) return;
    auto& all = h->operations;
    // Many equal looks in a row: the first and the last say it all.
    if (all.size() >= 2 && tells_the_same(all[all.size() - 2], all.back()) && tells_the_same(all.back(), o) &&
        all[all.size() - 2].answered_ns <= all.back().sent_ns && all.back().answered_ns <= o.sent_ns) {
      all.back() = o;
      return;
    }
    if (!is_full(*h)) all.push_back(o);
  }

  void count(const Operation& op, const Answer& a) {
    const auto kind = static_cast<unsigned>(op.kind);
    ++tally.operations[kind][static_cast<unsigned>(a.outcome)];
    if (a.outcome == Outcome::refused) ++tally.refusals[static_cast<unsigned>(a.refusal)];
    if (op.kind == OperationKind::upload && a.outcome == Outcome::ok && op.bytes > 0)
      tally.bytes_uploaded += static_cast<std::uint64_t>(op.bytes);
    if (a.stamp != never) note_instant(a.stamp);
  }
  void note_instant(Instant at) {
    tally.first = std::min(tally.first, at);
    tally.last = std::max(tally.last, at);
  }

  void observe(const LiveEvidence& e) {
    ++tally.evidence_seen;
    if (e.evidence.at != never) note_instant(e.evidence.at);
    if (OrderHistory* h = history_of(e.evidence.order)) {
      if (!is_full(*h)) h->evidence.push_back(e);
      return;
    }
    afterwards(e.evidence);
  }

  /// Of an order that was judged before.
  void afterwards(const Evidence& e) {
    if (e.kind != EvidenceKind::payment) return;
    std::uint8_t& left = remains[number(e.order)];
    ++tally.paid;
    tally.paid_cents += e.amount_cents;
    if ((left & paid) != 0) {
      tally.add_violation({e.order, e.at, Invariant::M1, "one payment", "another: " + judging::in_words(e)});
      if ((left & violated) == 0) {
        --((left & unknown) != 0 ? tally.orders_unknown : tally.orders_ok);
        ++tally.orders_violated;
        left |= violated;
      }
    }
    left |= paid;
  }

  void finish(OrderId id, HarnessTime last_look) {
    const auto it = open.find(number(id));
    if (it == open.end()) return;
    OrderHistory& h = it->second;
    h.last_look = last_look;
    OrderVerdict verdict;
    try {
      verdict = judge(h, policy, review, options, clock);
    } catch (const std::exception&) {
      verdict = {};
      verdict.verdict = Verdict::unknown;
      verdict.reason = UnknownReason::checker_failed;
    }
    count(verdict);
    if (verdict.verdict != Verdict::ok && on_trouble) on_trouble(h, verdict);
    std::uint8_t& left = remains[number(id)];
    left = static_cast<std::uint8_t>(finished | (verdict.payments > 0 ? paid : 0) |
                                     (verdict.verdict == Verdict::violated  ? violated
                                      : verdict.verdict == Verdict::unknown ? unknown
                                                                            : 0));
    h.operations.clear();
    h.evidence.clear();
    h.overflowed = false;
    if (spare.size() < 1024) spare.push_back(std::move(h));
    open.erase(it);
  }

  void count(const OrderVerdict& verdict) {
    tally.paid += verdict.payments;
    tally.paid_cents += verdict.paid_cents;
    for (const Violation& v : verdict.violations) tally.add_violation(v);
    tally.coverage.merge(verdict.coverage);
    switch (verdict.verdict) {
      case Verdict::ok:
        // Asked for in vain: there is no order to count.
        if (!verdict.placed) return;
        ++tally.orders_ok;
        break;
      case Verdict::unknown:
        ++tally.orders_unknown;
        ++live.unknown_because[static_cast<unsigned>(verdict.reason)];
        break;
      case Verdict::violated:
        ++tally.orders_violated;
        break;
    }
    if (!verdict.placed) return;
    ++tally.placed;
    switch (verdict.state) {
      case OrderState::in_progress:
        ++tally.open_in_progress;
        break;
      case OrderState::delivered:
        ++tally.open_delivered;
        break;
      case OrderState::in_revision:
        ++tally.open_in_revision;
        break;
      default:
        ++(verdict.completed_by == CompletedBy::automatic ? tally.completed_by_auto : tally.completed_by_buyer);
        break;
    }
    if (verdict.timer) count(*verdict.timer);
  }

  void count(const TimerSeen& timer) {
    if (!options.events) ++tally.timers_fired;  // else the drive counts them as their events come
    if (!timer.bracketed) return;
    live.resolution_us.record(us_of(timer.resolution));
    live.lateness_low_us.record(us_of(timer.lateness_low));
    live.lateness_high_us.record(us_of(timer.lateness_high));
    // What is certain: it was at least so late, or at least so early.
    const Duration late = std::max(Duration{0}, timer.lateness_low);
    if (timer.lateness_high < Duration{0}) {
      ++tally.early;
      tally.earliest_us = std::max(tally.earliest_us, -us_of(timer.lateness_high));
      return;
    }
    tally.lateness_us.record(us_of(late));
    ++tally.lateness_buckets[static_cast<unsigned>(bucket_of(late))];
  }

  void finish_all(HarnessTime last_look) {
    std::vector<std::uint64_t> ids;
    ids.reserve(open.size());
    for (const auto& [id, history] : open) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    for (const std::uint64_t id : ids) finish(OrderId{id}, last_look);
    const OffsetBounds offset = clock.latest();
    if (offset.known()) {
      live.offset_low_us = offset.low_us;
      live.offset_high_us = offset.high_us;
    }
    live.clock_steps += clock.steps() - steps_told;
    steps_told = clock.steps();
  }

  void down(HarnessTime from, HarnessTime to) {
    auto& all = options.downtimes;
    const HarnessSpan span{from, std::max(from, to)};
    all.insert(std::upper_bound(all.begin(), all.end(), span,
                                [](const HarnessSpan& a, const HarnessSpan& b) { return a.from < b.from; }),
               span);
    // Overlapping ones become one.
    std::size_t kept = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (all[i].from <= all[kept].to) {
        all[kept].to = std::max(all[kept].to, all[i].to);
      } else {
        all[++kept] = all[i];
      }
    }
    all.resize(kept + 1);
  }

  Policy policy;
  WallOptions options;
  Tally& tally;
  LiveTally& live;
  judging::ReviewClock review;
  ServiceClock clock;
  std::unordered_map<std::uint64_t, OrderHistory> open;
  std::vector<OrderHistory> spare;                          // their memory
  std::unordered_map<std::uint64_t, std::uint8_t> remains;  // of orders that were judged
  std::uint64_t steps_told = 0;
  std::function<void(const OrderHistory&, const OrderVerdict&)> on_trouble;
};

WallOracle::WallOracle(const Policy& policy, const WallOptions& options, Tally& tally, LiveTally& live)
    : impl_{std::make_unique<Impl>(policy, options, tally, live)} {}
WallOracle::~WallOracle() = default;
void WallOracle::observe(const LiveObservation& seen) { impl_->observe(seen); }
void WallOracle::observe(const LiveEvidence& seen) { impl_->observe(seen); }
void WallOracle::down(HarnessTime from, HarnessTime to) { impl_->down(from, to); }
void WallOracle::finish(OrderId id, HarnessTime last_look) { impl_->finish(id, last_look); }
void WallOracle::finish_all(HarnessTime last_look) { impl_->finish_all(last_look); }
const ServiceClock& WallOracle::service_clock() const { return impl_->clock; }
std::size_t WallOracle::open_orders() const { return impl_->open.size(); }
void WallOracle::on_trouble(std::function<void(const OrderHistory&, const OrderVerdict&)> call) {
  impl_->on_trouble = std::move(call);
}

}  // namespace dueprocess
