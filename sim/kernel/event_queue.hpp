// The simulation's event queue: a priority queue of (instant, tie) pairs, smallest first.
//
// The order is total and mentions neither insertion, nor thread, nor memory: `tie` packs (class, entity, the entity's
// own sequence), so the same events come out in the same order however the run was cut up.
// Monotone: REQUIRES every pushed instant >= the last popped one, and before `never`. 16 bytes a pending event.
//
// A ladder queue. The nearest events lie sorted in a small array; all others lie unsorted in the buckets of rungs,
// each rung finer than the one above it and covering only what lies before the rest of that one:
//
//   near   |eeee|                                     sorted, at most near_max
//   rung 2      |  e |  e | ee |                      buckets of 2^shift microseconds, or of ties at one instant
//   rung 1                     |   eee  |   e    |
//   rung 0                                       |  ee e e    everything later
//          ----- limit of near ---- time -------------------------->
//
// When the array is empty the first bucket is sorted into it, or spread over a new rung if it holds too many: so an
// event is moved about three times, whether a thousand or ten million are pending, and a herd at one instant is no
// different from any crowd. With few events pending the array is all there is.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "sim/kernel/int128.hpp"
#include "sim/kernel/time.hpp"

namespace dueprocess {

struct Event {
  std::int64_t at_us = 0;
  std::uint64_t tie = 0;  // class : 4 | entity : 44 | sequence : 16

  static constexpr Event make(Instant at, std::uint32_t klass, std::uint64_t entity, std::uint32_t sequence) {
    return {us_of(at), (std::uint64_t{klass} << 60) | ((entity & 0xFFF'FFFF'FFFFull) << 16) | (sequence & 0xFFFF)};
  }
  constexpr Instant at() const { return instant_at(at_us); }
  constexpr std::uint32_t klass() const { return static_cast<std::uint32_t>(tie >> 60); }
  constexpr std::uint64_t entity() const { return (tie >> 16) & 0xFFF'FFFF'FFFFull; }
  constexpr std::uint32_t sequence() const { return static_cast<std::uint32_t>(tie & 0xFFFF); }
  friend constexpr auto operator<=>(const Event&, const Event&) = default;
};

class EventQueue {
 public:
  EventQueue();
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  bool empty() const { return near_count_ == 0; }
  std::size_t size() const { return near_count_ + far_count_; }

  /// REQUIRES: !empty().
  const Event& top() const {
    assert(!empty());
    return near_[near_count_ - 1];
  }
  void push(const Event& event) {
    assert(event.at_us >= now_us_ && event.at_us < us_of(never));
    if (key_of(event) < limit_) {
      if (near_count_ == near_max) [[unlikely]]
        return push_full(event);
      insert(event);
    } else {
      push_far(event);
    }
  }
  /// REQUIRES: !empty().
  void pop() {
    assert(!empty());
    now_us_ = near_[--near_count_].at_us;
    if (near_count_ == 0 && far_count_ != 0) refill();
  }
  /// pop() and push(event), a little cheaper. REQUIRES: !empty(), and event not before top()'s instant.
  void pop_push(const Event& event) {
    assert(!empty());
    now_us_ = near_[--near_count_].at_us;
    push(event);
  }
  /// A hint, for prefetching what events are about: shows, a bucket at a time and each about once, the events that come soon
  /// after the nearest ones. Those pushed when their time has nearly come are not shown. Cheap to call at every event.
  template <class Visit>
  void announce(Visit visit) {
    if (refilled_) [[unlikely]]
      announce_next_bucket(visit);
  }

  /// Forgets every event and the last popped instant; keeps the memory for the next use.
  void clear();
  /// As clear(), next to free for a queue that is empty and never held more than the nearest events.
  void rewind() {
    if (!empty() || depth_ != 1) return clear();
    now_us_ = std::numeric_limits<std::int64_t>::min();
  }

 private:
  static constexpr std::size_t near_max = 64;
  static constexpr std::size_t take_max = 32;  // a bucket of at most so many is sorted straight into the near array

  // (at, tie) as one integer: one comparison, without a branch on equal instants.
  using Key = Int128;
  static constexpr Key last_key = std::numeric_limits<std::int64_t>::max() * (Key{1} << 64);
  static Key key_of(std::int64_t at_us, std::uint64_t tie) {
    return static_cast<Key>((static_cast<UInt128>(static_cast<std::uint64_t>(at_us)) << 64) | tie);
  }
  static Key key_of(const Event& event) { return key_of(event.at_us, event.tie); }

  struct Chunk {
    static constexpr std::uint32_t capacity = 15;  // with the link: four cache lines
    Chunk* next;
    std::uint64_t unused;
    std::array<Event, capacity> events;
  };
  struct Bucket {
    Chunk* head = nullptr;                 // filled from the front; those behind it are full
    std::uint32_t fill = Chunk::capacity;  // of the head
    std::uint32_t count = 0;
  };
  struct Rung {
    Key start = 0;           // of bucket 0; what came in before it lies there too
    Key from = last_key;     // everything in this rung and those above is at or after it, everything below before
    unsigned shift = 0;      // a bucket is 2^shift wide
    bool by_tie = false;     // of one instant: buckets of ties
    bool equal = false;      // of one key
    std::size_t cursor = 0;  // the buckets before it are empty
    std::size_t count = 0;   // of buckets in use
    std::vector<Bucket> buckets;

    std::size_t bucket_of(const Event& event) const;
    Key edge_of(std::size_t bucket) const;  // where it begins
  };

  // One mispredicted branch at the end was measured to beat a branchless shift and a search beforehand
  // (docs/performance.md). REQUIRES: near_count_ < near_max.
  void insert(const Event& event) {
    const Key key = key_of(event);
    std::size_t place = near_count_++;
    for (; place > 0 && key_of(near_[place - 1]) < key; --place) near_[place] = near_[place - 1];
    near_[place] = event;
  }
  template <class Visit>
  void announce_next_bucket(Visit visit) {
    refilled_ = false;
    if (!announced_)
      for (std::size_t i = near_count_; i-- > 0;) visit(near_[i]);
    announced_ = false;
    const Rung& rung = deepest();
    std::size_t next = rung.cursor;
    while (next < rung.count && rung.buckets[next].count == 0) ++next;
    if (next == rung.count || rung.buckets[next].count > take_max) return;
    announced_ = true;
    std::uint32_t fill = rung.buckets[next].fill;
    for (const Chunk* chunk = rung.buckets[next].head; chunk != nullptr; chunk = chunk->next, fill = Chunk::capacity)
      for (std::uint32_t i = 0; i < fill; ++i) visit(chunk->events[i]);
  }
  void push_full(const Event&);
  void push_far(const Event&);
  void refill();
  void take(Bucket&);
  void spread(Bucket&);
  static std::pair<Key, Key> extremes_of(const Bucket&);
  Key end_of_cursor();
  Rung& hang_rung(std::size_t buckets);
  Rung& deepest() { return rungs_[depth_ - 1]; }
  void append(Bucket&, const Event&);
  void release(Chunk*);
  Chunk* new_chunk();

  std::array<Event, near_max> near_;  // descending: the next at near_count_ - 1
  std::size_t near_count_ = 0;
  bool refilled_ = false;   // since the last announcement
  bool announced_ = false;  // what the near array will be filled with next
  std::size_t far_count_ = 0;
  Key limit_ = last_key;  // of the near array: the deepest rung's from
  std::int64_t now_us_ = std::numeric_limits<std::int64_t>::min();

  std::size_t depth_ = 0;  // rungs in use; the first is one bucket without an end
  std::vector<Rung> rungs_;

  Chunk* free_ = nullptr;
  std::vector<std::unique_ptr<Chunk[]>> slabs_;
  std::size_t slab_size_ = 0;  // chunks in the last
};

}  // namespace dueprocess
