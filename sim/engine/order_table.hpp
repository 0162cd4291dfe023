// The orders of a range, which may be millions of which few are alive: chunks of eight records, given memory when the first
// order of a chunk is placed, recycled when its last one is forgotten; so few that mostly all of them are alive. A look-up is two
// dependent loads. A record is made fresh when its order is placed, not with its chunk: in a cell of few orders most of a chunk
// is nobody's.
#pragma once

#include "sim/engine/require.hpp"
#include "sim/workflow/ids.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <type_traits>
#include <vector>

namespace dueprocess {

template <class Record>
class OrderTable {
 public:
  static constexpr std::uint64_t chunk_orders = 8;

  explicit OrderTable(OrderRange range) { reset(range); }

  /// Null: outside the range, or never made, or everything near it is forgotten. Not null says nothing: look at the record.
  Record* find(OrderId id) const {
    const std::uint64_t index = range_.index_of(id);  // below the range it wraps to something huge
    if (index >= range_.count) return nullptr;
    const Slot& slot = slots_[index / chunk_orders];
    return slot.has(index) ? &slot.chunk->records[index % chunk_orders] : nullptr;
  }

  /// Hint: the order will be looked at soon. Inlined in any case: a function that does no more than this has no effect that the
  /// compiler knows of, and calls to it are left out.
  [[gnu::always_inline]] void prefetch(OrderId id) const {
    if (const Record* record = find(id)) __builtin_prefetch(record, 1);
  }

  /// REQUIRES: in the range, and not forgotten.
  Record& find_or_make(OrderId id) {
    require(range_.contains(id), "an order outside the range");
    const std::uint64_t index = range_.index_of(id);
    Slot& slot = slots_[index / chunk_orders];
    if (!slot.chunk) [[unlikely]] {
      require(slot.forgotten == 0, "an order placed after it was forgotten");
      slot.chunk = some_chunk();
    }
    Record& record = slot.chunk->records[index % chunk_orders];
    if (!slot.has(index)) {
      slot.note_made(index);
      record = Record{};
    }
    return record;
  }

  void forget(OrderId id) {
    const std::uint64_t index = range_.index_of(id);
    if (index >= range_.count) return;
    Slot& slot = slots_[index / chunk_orders];
    if (!slot.chunk || (slot.has(index) && slot.chunk->records[index % chunk_orders].flags.forgotten)) return;
    slot.note_made(index);
    Record& record = slot.chunk->records[index % chunk_orders];
    record = Record{};
    record.flags.forgotten = true;
    if (++slot.forgotten < chunk_orders) return;
    free_.push_back(slot.chunk);
    slot.chunk = nullptr;
    slot.made = 0;
  }

  void reset(OrderRange range) {
    for (std::uint64_t c = 0; c < slot_count_; ++c)
      if (slots_[c].chunk) free_.push_back(slots_[c].chunk);
    range_ = range;
    slot_count_ = (range.count + chunk_orders - 1) / chunk_orders;
    if (slot_count_ <= slot_room_) {
      std::fill_n(slots_.get(), slot_count_, Slot{});
      return;
    }
    slots_.reset(static_cast<Slot*>(std::calloc(slot_count_, sizeof(Slot))));
    require(slots_ != nullptr, "no memory for so many orders");
    slot_room_ = slot_count_;
  }

  /// Every record there is, by rising order id.
  template <class Visit>
  void each(Visit visit) const {
    for (std::uint64_t c = 0; c < slot_count_; ++c)
      if (slots_[c].chunk)
        for (std::uint64_t i = 0; i < chunk_orders; ++i)
          if (slots_[c].has(i)) visit(range_.at(c * chunk_orders + i), slots_[c].chunk->records[i]);
  }

 private:
  static constexpr std::size_t chunks_at_once = 64;
  struct Chunk {
    Record records[chunk_orders];
  };
  struct Slot {
    Chunk* chunk = nullptr;
    std::uint8_t made = 0;  // a bit an order; none without a chunk
    std::uint8_t forgotten = 0;
    void note_made(std::uint64_t index) { made = static_cast<std::uint8_t>(made | 1u << (index % chunk_orders)); }
    bool has(std::uint64_t index) const { return (made >> (index % chunk_orders) & 1) != 0; }
  };

  struct FreeSlots {
    void operator()(Slot* slots) const { std::free(slots); }
  };
  static_assert(std::is_trivially_copyable_v<Slot>);

  Chunk* some_chunk() {
    if (free_.empty()) {
      owned_.push_back(std::make_unique<Chunk[]>(chunks_at_once));
      for (std::size_t i = chunks_at_once; i-- > 0;) free_.push_back(&owned_.back()[i]);
    }
    Chunk* const chunk = free_.back();
    free_.pop_back();
    return chunk;
  }

  OrderRange range_;
  // Zeroed by the system as it is touched, so that room for millions of orders costs nothing before there are any.
  std::unique_ptr<Slot[], FreeSlots> slots_;
  std::uint64_t slot_count_ = 0, slot_room_ = 0;
  std::vector<Chunk*> free_;
  std::vector<std::unique_ptr<Chunk[]>> owned_;
};

}  // namespace dueprocess
