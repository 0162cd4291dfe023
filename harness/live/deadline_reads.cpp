#include "harness/live/deadline_reads.hpp"

#include <algorithm>
#include <array>

namespace dueprocess {
namespace {

constexpr std::array<HarnessTime, 9> steps{-64 * ms_ns, -16 * ms_ns, -4 * ms_ns, -1 * ms_ns, 1 * ms_ns,
                                           4 * ms_ns,   16 * ms_ns,  64 * ms_ns, 256 * ms_ns};
constexpr std::uint32_t purpose_of_reading = 0x5245'0000;
constexpr std::int64_t billion = 1'000'000'000;
constexpr HarnessTime jitter = ms_ns / 2;  // a later answer tells the same deadline through another measured offset

}  // namespace

DeadlineReads::Review& DeadlineReads::review(OrderId order) {
  if (reviews_.size() <= number(order)) reviews_.resize(std::max<std::size_t>(number(order) + 1, reviews_.size() * 2));
  return reviews_[number(order)];
}

bool DeadlineReads::is_never_read(OrderId order) const {
  return options_.never_read.hit(Draws{options_.seed, number(order), purpose_of_reading, 0}.u32(0));
}

/// A bucket that holds a second's worth.
bool DeadlineReads::pays(HarnessTime now) {
  const std::int64_t full = std::int64_t{options_.reads_per_s} * billion;
  budget_ = std::min(full, budget_ + std::min<HarnessTime>(now - paid_until_, billion) * options_.reads_per_s);
  paid_until_ = now;
  constexpr auto price = static_cast<std::int64_t>(steps.size()) * billion;
  if (budget_ < price) return false;
  budget_ -= price;
  return true;
}

void DeadlineReads::deadline(OrderId order, HarnessTime deadline, HarnessTime now) {
  Review& known = review(order);
  if (known.over) return;
  const bool same = known.deadline == deadline ||
                    (known.deadline != never_ns && deadline != never_ns && std::abs(known.deadline - deadline) < jitter);
  if (same) return;
  known.deadline = deadline;
  ++known.generation;
  if (deadline == never_ns || is_never_read(order)) return;
  if (!pays(now)) {
    ++left_out_;
    return;
  }
  std::uint32_t step = 0;
  while (step < steps.size() && deadline + steps[step] < now) ++step;
  if (step < steps.size()) reads_.push({deadline + steps[step], order, known.generation, step});
}

void DeadlineReads::completed(OrderId order) { review(order).over = true; }

void DeadlineReads::drop_void() {
  while (!reads_.empty()) {
    const Review& known = review(reads_.top().order);
    if (!known.over && known.generation == reads_.top().generation) return;
    reads_.pop();
  }
}

HarnessTime DeadlineReads::next_at() {
  drop_void();
  return reads_.empty() ? never_ns : reads_.top().at;
}

OrderId DeadlineReads::next(HarnessTime now) {
  if (next_at() > now) return OrderId::none;
  Read read = reads_.top();
  reads_.pop();
  const OrderId order = read.order;
  if (++read.step < steps.size()) {
    read.at = std::max(now, reviews_[number(order)].deadline + steps[read.step]);
    reads_.push(read);
  }
  return order;
}

}  // namespace dueprocess
