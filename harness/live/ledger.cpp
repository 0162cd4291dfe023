#include "harness/live/ledger.hpp"

#include <algorithm>
#include <cassert>

namespace dueprocess {

void Ledger::reset(OrderRange orders) {
  orders_ = orders;
  observations_.clear();
  observed_ = 0;
  evidence_.clear();
  latest_.clear();
  settled_ = Instant::min();
}

void Ledger::observe(const Observation& observation) {
  assert(observations_.empty() || observations_.back().answered <= observation.answered);
  observations_.push_back(observation);
}

Ledger::Latest& Ledger::latest(OrderId order) {
  const std::uint64_t index = orders_.index_of(order);
  if (latest_.size() <= index) latest_.resize(std::max<std::size_t>(index + 1, std::min<std::size_t>(orders_.count, 2 * index)));
  return latest_[index];
}

void Ledger::witness(const Evidence& evidence) {
  Latest& before = latest(evidence.order);
  Seen seen{evidence.at == never ? settled_ : evidence.at, never, evidence, false, evidence.version};
  // A payment and its notice say nothing of the timer: they belong to what came before them.
  const bool tells = evidence.kind == EvidenceKind::event || evidence.completed_by != CompletedBy::nobody;
  seen.timer = tells ? evidence.completed_by == CompletedBy::automatic : before.timer && before.at == seen.at;
  if (seen.version == 0) seen.version = before.version;
  seen.at = std::max(seen.at, before.at);
  seen.seen = seen.at < settled_ ? settled_ : seen.at;
  before.at = seen.at;
  before.version = seen.version;
  before.timer = seen.timer;
  evidence_.push_back(seen);
}

bool Ledger::comes_before(const Seen& piece, const Observation& observation) {
  const std::uint32_t known = latest(piece.evidence.order).handed_on;
  if (piece.timer) return known + 1 >= piece.version;
  // Its own operation was handed on; or, if that was never answered, one that came after it is.
  return known >= piece.version ||
         (piece.evidence.order == observation.operation.order && piece.version < observation.answer.version);
}

void Ledger::settle(Instant through) {
  std::stable_sort(evidence_.begin(), evidence_.end(), [](const Seen& a, const Seen& b) { return a.at < b.at; });
  auto piece = evidence_.begin();
  if (history_) history_->in(orders_);
  const auto hand_on = [&] {
    oracle_.observe(piece->evidence, piece->seen);
    if (history_) history_->append(piece->evidence, piece->seen);
    Latest& now = latest(piece->evidence.order);
    now.handed_on = std::max(now.handed_on, piece->version);
    ++piece;
  };
  for (; observed_ < observations_.size() && observations_[observed_].answered <= through; ++observed_) {
    const Observation& observation = observations_[observed_];
    while (piece != evidence_.end() && piece->at < observation.answered) hand_on();
    // Of what has the same instant only some comes before, and of no order a later piece before an earlier one.
    const auto later = std::find_if(piece, evidence_.end(), [&](const Seen& seen) { return seen.at != observation.answered; });
    std::vector<OrderId> held_back;
    const auto before = std::stable_partition(piece, later, [&](const Seen& seen) {
      const OrderId order = seen.evidence.order;
      if (std::find(held_back.begin(), held_back.end(), order) == held_back.end() && comes_before(seen, observation)) return true;
      held_back.push_back(order);
      return false;
    });
    while (piece != before) hand_on();
    oracle_.observe(observation);
    if (history_) history_->append(observation);
    if (!orders_.contains(observation.operation.order)) continue;
    Latest& now = latest(observation.operation.order);
    now.handed_on = std::max(now.handed_on, observation.answer.version);
  }
  while (piece != evidence_.end() && piece->at <= through) hand_on();
  evidence_.erase(evidence_.begin(), piece);
  if (observed_ == observations_.size() || observed_ > observations_.size() / 2) {
    observations_.erase(observations_.begin(), observations_.begin() + static_cast<std::ptrdiff_t>(observed_));
    observed_ = 0;
  }
  settled_ = std::max(settled_, through);
}

Instant Ledger::middle() const {
  return observed_ == observations_.size() ? never : observations_[observed_ + (observations_.size() - observed_) / 2].answered;
}

}  // namespace dueprocess
