// The orders of a range, which may be millions of which few are alive: chunks of 64 records, allocated when the first
// order of a chunk is placed, recycled when its last one is forgotten. A look-up is two dependent loads.
#pragma once

#include "sim/engine/require.hpp"
#include "sim/workflow/ids.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace dueprocess {

template <class Record>
class OrderTable {
 public:
  static constexpr std::uint64_t chunk_orders = 64;

  explicit OrderTable(OrderRange range) { reset(range); }

  /// Null: outside the range, or nothing near it is alive. Not null says nothing: look at the record.
  Record* find(OrderId id) const {
    const std::uint64_t index = range_.index_of(id);  // below the range it wraps to something huge
    if (index >= range_.count) return nullptr;
    Chunk* const chunk = chunks_[index / chunk_orders].chunk;
    return chunk ? &chunk->records[index % chunk_orders] : nullptr;
  }

  /// Hint: the order will be looked at soon.
  void prefetch(OrderId id) const {
    if (const Record* record = find(id)) __builtin_prefetch(record, 1);
  }

  /// REQUIRES: in the range, and not forgotten.
  Record& find_or_make(OrderId id) {
    require(range_.contains(id), "an order outside the range");
    Slot& slot = chunks_[range_.index_of(id) / chunk_orders];
    if (!slot.chunk) [[unlikely]] {
      require(slot.forgotten == 0, "an order placed after it was forgotten");
      slot.chunk = fresh();
    }
    return slot.chunk->records[range_.index_of(id) % chunk_orders];
  }

  void forget(OrderId id) {
    Record* const record = find(id);
    if (!record || record->flags.forgotten) return;
    *record = Record{};
    record->flags.forgotten = true;
    Slot& slot = chunks_[range_.index_of(id) / chunk_orders];
    if (++slot.forgotten < chunk_orders) return;
    free_.push_back(slot.chunk);
    slot.chunk = nullptr;
  }

  void reset(OrderRange range) {
    for (const Slot& slot : chunks_)
      if (slot.chunk) free_.push_back(slot.chunk);
    range_ = range;
    chunks_.assign((range.count + chunk_orders - 1) / chunk_orders, Slot{});
  }

  /// Every record of the chunks there are, by rising order id.
  template <class Visit>
  void each(Visit visit) const {
    for (std::uint64_t c = 0; c < chunks_.size(); ++c)
      if (chunks_[c].chunk)
        for (std::uint64_t i = 0; i < chunk_orders; ++i) visit(range_.at(c * chunk_orders + i), chunks_[c].chunk->records[i]);
  }

 private:
  struct Chunk {
    Record records[chunk_orders];
  };
  struct Slot {
    Chunk* chunk = nullptr;
    std::uint32_t forgotten = 0;
  };

  Chunk* fresh() {
    if (free_.empty()) {
      owned_.push_back(std::make_unique<Chunk>());
      return owned_.back().get();
    }
    Chunk* const chunk = free_.back();
    free_.pop_back();
    *chunk = Chunk{};
    return chunk;
  }

  OrderRange range_;
  std::vector<Slot> chunks_;
  std::vector<Chunk*> free_;
  std::vector<std::unique_ptr<Chunk>> owned_;
};

}  // namespace dueprocess
