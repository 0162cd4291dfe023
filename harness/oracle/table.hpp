// The orders of a cell by their ids: chunks that exist while one of their orders lives, so a range of millions of orders
// of which few are alive costs a pointer a chunk and a byte an order. Chunks are reused from cell to cell.
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
  static constexpr std::uint64_t chunk_bits = 8, chunk_size = 1u << chunk_bits;

  explicit Table(OrderRange range) { reset(range); }

  const OrderRange& range() const { return range_; }

  /// nullptr: outside the range, or nothing was ever kept of it.
  Facts* find(OrderId id) {
    const std::uint64_t index = number(id) - number(range_.first);
    if (index >= range_.count) [[unlikely]]
      return nullptr;
    Chunk* chunk = chunks_[index >> chunk_bits].get();
    return chunk != nullptr && chunk->has(index) ? &chunk->orders[index & (chunk_size - 1)] : nullptr;
  }
  /// REQUIRES: the range contains the id, and the order is not finished.
  Facts* make(OrderId id) {
    const std::uint64_t index = range_.index_of(id);
    auto& chunk = chunks_[index >> chunk_bits];
    if (chunk == nullptr) [[unlikely]]
      chunk = take_chunk();
    Facts& order = chunk->orders[index & (chunk_size - 1)];
    if (!chunk->has(index)) {
      chunk->made[(index & (chunk_size - 1)) / 64] |= std::uint64_t{1} << (index % 64);
      order = Facts{};
    }
    return &order;
  }
  void prefetch(OrderId id) const {
    const std::uint64_t index = number(id) - number(range_.first);
    if (index >= range_.count) return;
    const Chunk* chunk = chunks_[index >> chunk_bits].get();
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
    for (std::uint64_t c = 0; c < chunks_.size(); ++c) {
      for (std::uint64_t i = 0; i < chunk_size && chunks_[c] != nullptr; ++i) {
        const std::uint64_t index = (c << chunk_bits) | i;
        if (i % 64 == 0 && chunks_[c]->made[i / 64] == 0) {
          i += 63;
          continue;
        }
        if (chunks_[c]->has(index) && chunks_[c]->orders[i].state != OrderState::none) visit(range_.at(index));
      }
    }
  }

 private:
  struct Chunk {
    Facts orders[chunk_size];  // those never made have what somebody else left
    std::uint64_t made[chunk_size / 64] = {};
    std::uint32_t finished = 0;
    bool has(std::uint64_t index) const { return (made[(index & (chunk_size - 1)) / 64] >> (index % 64) & 1) != 0; }
  };
  std::unique_ptr<Chunk> take_chunk();

  OrderRange range_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::vector<std::unique_ptr<Chunk>> spare_;
  std::vector<Remains> remains_;
  std::vector<Cold> colds_;  // [0] stays empty
  std::vector<std::uint32_t> spare_colds_;
};

}  // namespace dueprocess::judging
