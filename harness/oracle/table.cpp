#include "harness/oracle/table.hpp"

#include <algorithm>
#include <utility>

namespace dueprocess::judging {

Table::Chunk* Table::take_chunk() {
  if (spare_.empty()) {
    owned_.push_back(std::make_unique<Chunk[]>(chunks_at_once));
    for (std::size_t i = chunks_at_once; i-- > 0;) spare_.push_back(&owned_.back()[i]);
  }
  Chunk* const chunk = spare_.back();
  spare_.pop_back();
  return chunk;
}

void Table::bury(OrderId id, Remains what_is_left) {
  const std::uint64_t index = range_.index_of(id);
  Slot& slot = slots_[index >> chunk_bits];
  Facts& order = slot.chunk->orders[index & (chunk_size - 1)];
  if (order.cold != 0) drop_cold(order);
  order.state = OrderState::none;
  order.flags = flag::finished;
  what_is_left.bits |= Remains::finished;
  remains_[index] = what_is_left;
  // The last chunk of the range may be shorter.
  const std::uint64_t orders_in_chunk = std::min(chunk_size, range_.count - (index & ~(chunk_size - 1)));
  if (++slot.finished < orders_in_chunk) return;
  spare_.push_back(slot.chunk);
  slot = {};
}

Cold& Table::cold(Facts& order) {
  if (order.cold == 0) {
    if (spare_colds_.empty()) {
      order.cold = static_cast<std::uint32_t>(colds_.size());
      colds_.emplace_back();
    } else {
      order.cold = spare_colds_.back();
      spare_colds_.pop_back();
    }
  }
  return colds_[order.cold];
}

Facts Table::fork(const Facts& order) {
  Facts copy = order;
  if (order.cold != 0) {
    copy.cold = 0;
    cold(copy);
    colds_[copy.cold] = colds_[order.cold];
  }
  return copy;
}

void Table::drop_cold(Facts& order) {
  if (order.cold == 0) return;
  colds_[order.cold].clear();
  spare_colds_.push_back(order.cold);
  order.cold = 0;
}

void Table::reset(OrderRange range) {
  range_ = range;
  for (const Slot& slot : slots_)
    if (slot.chunk != nullptr) spare_.push_back(slot.chunk);
  slots_.assign((range.count + chunk_size - 1) >> chunk_bits, Slot{});
  remains_.assign(range.count, Remains{});
  if (colds_.empty()) colds_.emplace_back();
  spare_colds_.clear();
  for (std::uint32_t i = static_cast<std::uint32_t>(colds_.size()); i-- > 1;) {
    colds_[i].clear();
    spare_colds_.push_back(i);
  }
}

}  // namespace dueprocess::judging
