#include "harness/live/deadline_reads.hpp"

#include <algorithm>
#include <array>
#include <utility>

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
bool DeadlineReads::pays(Review& review, std::size_t reads, HarnessTime now) {
  const std::int64_t full = std::int64_t{options_.reads_per_s} * billion;
  budget_ = std::min(full, budget_ + std::min<HarnessTime>(now - paid_until_, billion) * options_.reads_per_s);
  paid_until_ = now;
  const auto price = static_cast<std::int64_t>(reads) * billion;
  if (budget_ < price) return false;
  budget_ -= price;
  review.paid = static_cast<std::uint8_t>(reads);
  return true;
}

void DeadlineReads::give_back(Review& review) { budget_ += std::int64_t{std::exchange(review.paid, std::uint8_t{0})} * billion; }

void DeadlineReads::deadline(OrderId order, HarnessTime deadline, HarnessTime now) {
  Review& known = review(order);
  if (known.over) return;
  const bool same = known.deadline == deadline ||
                    (known.deadline != never_ns && deadline != never_ns && std::abs(known.deadline - deadline) < jitter);
  if (same) return;
  known.deadline = deadline;
  ++known.generation;
  give_back(known);
  if (deadline == never_ns || is_never_read(order)) return;
  std::uint32_t step = 0;
  while (step < steps.size() && deadline + steps[step] < now) ++step;
  if (step < steps.size()) reads_.push({deadline + steps[step], order, known.generation, step});
}

void DeadlineReads::completed(OrderId order) {
  Review& known = review(order);
  known.over = true;
  give_back(known);
}

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
  Review& known = reviews_[number(read.order)];
  if (known.paid == 0 && !pays(known, steps.size() - read.step, now)) {
    ++left_out_;
    return OrderId::none;
  }
  --known.paid;
  if (++read.step < steps.size()) {
    read.at = std::max(now, known.deadline + steps[read.step]);
    reads_.push(read);
  }
  return read.order;
}

}  // namespace dueprocess
