// The orders of a cell by their ids: chunks of eight that have memory while one of their orders lives, so a range of millions of
// orders of which few are alive costs three bytes an order. Chunks are reused from cell to cell.
#pragma once

#include "harness/oracle/facts.hpp"

#include <memory>
#include <vector>

namespace dueprocess::judging {

/// What is left of a finished order: one byte.
struct Remains {
  std::uint8_t bits = 0;
  static constexpr std::uint8_t finished = 1, by_buyer = 2, by_auto = 4, paid = 8, violated = 16, unknown = 32;
  constexpr bool has(std::uint8_t bit) const { return (bits & bit) != 0; }
};

class Table {
 public:
  static constexpr std::uint64_t chunk_bits = 3, chunk_size = 1u << chunk_bits;

  explicit Table(OrderRange range) { reset(range); }

  const OrderRange& range() const { return range_; }

  /// nullptr: outside the range, or nothing was ever kept of it.
  Facts* find(OrderId id) {
    const std::uint64_t index = number(id) - number(range_.first);
    if (index >= range_.count) [[unlikely]]
      return nullptr;
    const Slot& slot = slots_[index >> chunk_bits];
    return slot.has(index) ? &slot.chunk->orders[index & (chunk_size - 1)] : nullptr;
  }
  /// REQUIRES: the range contains the id, and the order is not finished.
  Facts* make(OrderId id) {
    const std::uint64_t index = range_.index_of(id);
    Slot& slot = slots_[index >> chunk_bits];
    if (slot.chunk == nullptr) [[unlikely]]
      slot.chunk = take_chunk();
    Facts& order = slot.chunk->orders[index & (chunk_size - 1)];
    if (!slot.has(index)) {
      slot.made = static_cast<std::uint8_t>(slot.made | 1u << (index & (chunk_size - 1)));
      order = Facts{};
    }
    return &order;
  }
  void prefetch(OrderId id) const {
    const std::uint64_t index = number(id) - number(range_.first);
    if (index >= range_.count) return;
    const Chunk* chunk = slots_[index >> chunk_bits].chunk;
    if (chunk == nullptr) return;
    const auto* lines = reinterpret_cast<const char*>(&chunk->orders[index & (chunk_size - 1)]);
    __builtin_prefetch(lines, 1);
    __builtin_prefetch(lines + 64, 1);
  }

  Remains& remains(OrderId id) { return remains_[range_.index_of(id)]; }
  /// REQUIRES: the order was made and is not yet finished. Its facts are gone afterwards.
  void bury(OrderId id, Remains what_is_left);

  /// The order's rare facts, made when first asked for. Valid until the next call.
  Cold& cold(Facts& order);
  /// nullptr: none.
  Cold* cold_if_any(const Facts& order) { return order.cold != 0 ? &colds_[order.cold] : nullptr; }
  /// A copy of the order with rare facts of its own, to try something on; give them back with drop_cold.
  Facts fork(const Facts& order);
  void drop_cold(Facts& order);

  void reset(OrderRange range);

  template <class Visit>
  void for_each_living(Visit visit) {
    for (std::uint64_t index = 0; index < range_.count; ++index) {
      const Slot& slot = slots_[index >> chunk_bits];
      if (slot.made == 0)
        index |= chunk_size - 1;
      else if (slot.has(index) && slot.chunk->orders[index & (chunk_size - 1)].state != OrderState::none)
        visit(range_.at(index));
    }
  }

 private:
  static constexpr std::size_t chunks_at_once = 64;
  struct Chunk {
    Facts orders[chunk_size];  // those never made have what somebody else left
  };
  struct Slot {
    Chunk* chunk = nullptr;
    std::uint8_t made = 0;  // a bit an order; none without a chunk
    std::uint8_t finished = 0;
    bool has(std::uint64_t index) const { return (made >> (index & (chunk_size - 1)) & 1) != 0; }
  };
  Chunk* take_chunk();

  OrderRange range_;
  std::vector<Slot> slots_;
  std::vector<Chunk*> spare_;
  std::vector<std::unique_ptr<Chunk[]>> owned_;
  std::vector<Remains> remains_;
  std::vector<Cold> colds_;  // [0] stays empty
  std::vector<std::uint32_t> spare_colds_;
};

}  // namespace dueprocess::judging
