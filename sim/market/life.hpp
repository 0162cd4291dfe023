// The life of one order as its actors carry it on: one cache line, and a table of the orders that are alive.
//
// An order has at most one main event pending (the seller's while there is work to do, the buyer's in review), and now
// and then others beside it. It is over when no event is pending and it does not wait for its seller.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/kernel/time.hpp"
#include "sim/workflow/ids.hpp"
#include "sim/workflow/order.hpp"

namespace dueprocess {

/// What the main event will do.
enum class Act : std::uint8_t { none, place, save_draft, open_draft, upload, save_last_draft, deliver, accept, modify, extend };

namespace flag {
enum : std::uint16_t {
  waiting = 1,             // in his seller's line
  opens_draft = 2,         // still to do before this delivery
  uses_draft = 4,          // the delivery will name the draft
  link = 8,                // the delivery carries a link
  confirm = 16,            // ... confirms that there is no file
  blank = 32,              // careless: no description
  sample = 64,             // careless: declared as a sample
  oversize = 128,          // careless: its next file is too large
  no_modify = 256,         // the buyer was told that there are no more modifications
  no_extend = 512,         // ... no more extensions in this review
  listed = 1024,           // has decided whether to list the orders before the main operation
  unanswered = 2048,       // the last main operation came to nothing (target down): it will be tried again
  slot = 4096,             // takes one of his seller's slots
  scripted_answer = 8192,  // the buyer answers as in the replayed file
};
}  // namespace flag

struct alignas(64) Life {
  std::int64_t placed_us = 0;
  std::int64_t due_us = 0;
  std::uint64_t key = 0;  // of its random bits
  union {
    std::int64_t target_us = 0;  // at work: when the delivery is meant to be made
    OrderId next_in_line;        // waiting: the order behind this one
  };
  std::uint32_t seller = 0, buyer = 0;  // 0-based
  std::uint32_t repeats = 0;            // head of its list of repeats, 0: none
  std::uint16_t sequence = 0;           // of its latest event
  std::uint16_t main_sequence = 0;      // the main event that counts; another one found pending is void
  std::uint16_t flags = 0;
  std::uint8_t drafts = 0, files = 0;                  // still to do before this delivery
  std::uint8_t pending = 0;                            // events in the queue
  std::uint8_t tries = 0;                              // patience used up since something last went well, of tries_max
  std::uint8_t seller_persona = 0, buyer_persona = 0;  // Casting::too_many: to be looked up
  std::uint8_t decisions = 0;                          // in this review: the buyer's next draw
  std::uint8_t uploaded = 0;                           // since the last delivery
  std::uint8_t round = 0;                              // deliveries so far
  std::uint8_t rounds_left = 0;                        // modifications the buyer is set on
  std::uint8_t extensions_left = 0;                    // in this review
  std::uint8_t seller_looks = 0, buyer_looks = 0;      // still to come
  Act act : 4 = Act::none;
  OrderState state : 4 = OrderState::none;  // as answers told it

  bool has(std::uint16_t flags_asked) const { return (flags & flags_asked) != 0; }
  void set(std::uint16_t flags_wanted) { flags = static_cast<std::uint16_t>(flags | flags_wanted); }
  void clear(std::uint16_t flags_unwanted) { flags = static_cast<std::uint16_t>(flags & ~flags_unwanted); }
  std::int64_t span_us() const { return due_us - placed_us; }
};

/// Lives by order id, in chunks of eight neighbours. A chunk has memory from its first order's beginning to its last one's end;
/// memory goes round, so that what is alive lies close together: neighbours are a block's, and the eight of them are placed
/// within days where 64 would be within weeks.
class LifeTable {
 public:
  void reset(OrderRange orders) {
    for (Chunk& chunk : chunks_)
      if (chunk.lives) free_.push_back(chunk.lives);
    orders_ = orders;
    chunks_.assign((orders.count + chunk_size - 1) / chunk_size, Chunk{});
    for (Chunk& chunk : chunks_) chunk.unfinished = chunk_size;
    if (const std::uint64_t rest = orders.count % chunk_size) chunks_.back().unfinished = static_cast<std::uint8_t>(rest);
  }

  /// REQUIRES: never opened before.
  Life& open(OrderId order) {
    const std::uint64_t index = orders_.index_of(order);
    Chunk& chunk = chunks_[index / chunk_size];
    if (!chunk.lives) chunk.lives = memory();
    chunk.open = static_cast<std::uint8_t>(chunk.open | bit(index));
    Life& life = chunk.lives->at_index[index % chunk_size];
    life = Life{};
    return life;
  }
  /// REQUIRES: open.
  Life& at(OrderId order) {
    const std::uint64_t index = orders_.index_of(order);
    return chunks_[index / chunk_size].lives->at_index[index % chunk_size];
  }
  const Life& at(OrderId order) const {
    const std::uint64_t index = orders_.index_of(order);
    return chunks_[index / chunk_size].lives->at_index[index % chunk_size];
  }
  bool is_open(OrderId order) const {
    if (!orders_.contains(order)) return false;
    const std::uint64_t index = orders_.index_of(order);
    return (chunks_[index / chunk_size].open & bit(index)) != 0;
  }
  void close(OrderId order) {
    const std::uint64_t index = orders_.index_of(order);
    Chunk& chunk = chunks_[index / chunk_size];
    chunk.open = static_cast<std::uint8_t>(chunk.open & ~bit(index));
    if (--chunk.unfinished == 0) {
      free_.push_back(chunk.lives);
      chunk.lives = nullptr;
    }
  }
  void prefetch(OrderId order) const {
    if (!orders_.contains(order)) return;
    const std::uint64_t index = orders_.index_of(order);
    if (const Lives* lives = chunks_[index / chunk_size].lives) __builtin_prefetch(&lives->at_index[index % chunk_size], 1);
  }

 private:
  static constexpr std::uint64_t chunk_size = 8, chunks_at_once = 64;
  struct Lives {
    std::array<Life, chunk_size> at_index;
  };
  struct Chunk {
    Lives* lives = nullptr;
    std::uint8_t open = 0;  // a bit an order
    std::uint8_t unfinished = 0;
  };
  static constexpr std::uint8_t bit(std::uint64_t index) { return static_cast<std::uint8_t>(1u << (index % chunk_size)); }

  Lives* memory() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<Lives[]>(chunks_at_once));
      for (std::size_t i = chunks_at_once; i-- > 0;) free_.push_back(&all_.back()[i]);
    }
    Lives* lives = free_.back();
    free_.pop_back();
    return lives;
  }

  OrderRange orders_;
  std::vector<Chunk> chunks_;
  std::vector<Lives*> free_;
  std::vector<std::unique_ptr<Lives[]>> all_;
};

static_assert(sizeof(Life) == 64);

}  // namespace dueprocess
