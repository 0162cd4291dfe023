#include "sim/kernel/event_queue.hpp"

#include <bit>

namespace dueprocess {
namespace {

constexpr std::size_t bucket_target = 16;  // events a bucket of a new rung should get
constexpr unsigned rung_bits_min = 3;
constexpr unsigned rung_bits_max = 10;  // more tails of buckets than this do not stay in the first-level cache
constexpr std::size_t slab_chunks_first = 16;
constexpr std::size_t slab_chunks_max = 4096;

// Differences are taken unsigned: they fit where the signed ones would not.
std::uint64_t distance(std::int64_t low, std::int64_t high) {
  return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
}
std::int64_t instant_of(Int128 key) { return static_cast<std::int64_t>(key >> 64); }
std::uint64_t tie_of(Int128 key) { return static_cast<std::uint64_t>(key); }

}  // namespace

std::size_t EventQueue::Rung::bucket_of(const Event& event) const {
  if (key_of(event) <= start) return 0;
  const std::uint64_t offset = by_tie ? event.tie - tie_of(start) : distance(instant_of(start), event.at_us);
  return std::min(static_cast<std::size_t>(offset >> shift), count - 1);
}

EventQueue::Key EventQueue::Rung::edge_of(std::size_t bucket) const {
  const Key past = static_cast<Key>(bucket) * (Key{1} << shift);
  if (by_tie) {
    const Key next_instant = key_of(instant_of(start) + 1, 0);
    return past < next_instant - start ? start + past : next_instant;
  }
  const Key instant = instant_of(start) + past;
  return instant >= std::numeric_limits<std::int64_t>::max() ? last_key : instant * (Key{1} << 64);
}

EventQueue::EventQueue() { hang_rung(1); }

EventQueue::Rung& EventQueue::hang_rung(std::size_t buckets) {
  if (++depth_ > rungs_.size()) rungs_.emplace_back();
  Rung& rung = deepest();
  rung.start = std::numeric_limits<Key>::min();
  rung.from = last_key;
  rung.shift = 63;
  rung.by_tie = rung.equal = false;
  rung.cursor = 0;
  rung.count = buckets;
  if (rung.buckets.size() < buckets) rung.buckets.resize(buckets);
  return rung;
}

void EventQueue::clear() {
  near_count_ = 0;
  now_us_ = std::numeric_limits<std::int64_t>::min();
  limit_ = last_key;
  for (; far_count_ != 0; --depth_) {
    Rung& rung = deepest();
    for (std::size_t i = rung.cursor; i < rung.count; ++i) {
      for (Chunk* chunk = rung.buckets[i].head; chunk != nullptr;) {
        Chunk* const next = chunk->next;
        release(chunk);
        chunk = next;
      }
      far_count_ -= rung.buckets[i].count;
      rung.buckets[i] = {};
    }
  }
  depth_ = 0;
  hang_rung(1);
}

EventQueue::Chunk* EventQueue::new_chunk() {
  if (free_ == nullptr) [[unlikely]] {
    slab_size_ = slabs_.empty() ? slab_chunks_first : std::min(2 * slab_size_, slab_chunks_max);
    slabs_.push_back(std::make_unique_for_overwrite<Chunk[]>(slab_size_));
    for (std::size_t i = slab_size_; i-- > 0;) release(&slabs_.back()[i]);
  }
  Chunk* const chunk = free_;
  free_ = chunk->next;
  return chunk;
}

void EventQueue::release(Chunk* chunk) {
  chunk->next = free_;
  free_ = chunk;
}

void EventQueue::append(Bucket& bucket, const Event& event) {
  if (bucket.fill == Chunk::capacity) {
    Chunk* const chunk = new_chunk();
    chunk->next = bucket.head;
    bucket.head = chunk;
    bucket.fill = 0;
  }
  bucket.head->events[bucket.fill++] = event;
  ++bucket.count;
  ++far_count_;
}

// The nearest rung whose range the event lies in: nearly always the first or second looked at.
void EventQueue::push_far(const Event& event) {
  const Key key = key_of(event);
  std::size_t r = depth_ - 1;
  while (r > 0 && key >= rungs_[r - 1].from) --r;
  Rung& rung = rungs_[r];
  append(rung.buckets[rung.bucket_of(event)], event);
  if (near_count_ == 0) refill();  // nothing was pending, or pop_push() took the last near one
}

// The far half goes back to where it came from: the deepest rung, which from now on begins with it.
void EventQueue::push_full(const Event& event) {
  constexpr std::size_t moved = near_max / 2;
  if (deepest().equal) hang_rung(1);
  Rung& rung = deepest();
  for (std::size_t i = 0; i < moved; ++i) {
    const std::size_t bucket = rung.bucket_of(near_[i]);
    rung.cursor = std::min(rung.cursor, bucket);
    append(rung.buckets[bucket], near_[i]);
  }
  limit_ = rung.from = key_of(near_[moved - 1]);
  std::copy(near_.begin() + moved, near_.begin() + near_max, near_.begin());
  near_count_ = near_max - moved;
  push(event);
}

void EventQueue::refill() {
  for (;;) {
    Rung& rung = deepest();
    while (rung.cursor < rung.count && rung.buckets[rung.cursor].count == 0) ++rung.cursor;
    if (rung.cursor == rung.count) {
      assert(depth_ > 1);
      --depth_;
      continue;
    }
    Bucket& bucket = rung.buckets[rung.cursor];
    if (bucket.count > take_max && !rung.equal) {
      spread(bucket);
      continue;
    }
    if (!rung.equal) {
      rung.from = end_of_cursor();
      ++rung.cursor;
    }
    take(bucket);
    limit_ = rung.from;
    refilled_ = true;
    return;
  }
}

// Where the range of the deepest rung's first bucket ends.
EventQueue::Key EventQueue::end_of_cursor() {
  const Rung& rung = deepest();
  if (rung.cursor + 1 < rung.count) return rung.edge_of(rung.cursor + 1);
  return depth_ == 1 ? last_key : rungs_[depth_ - 2].from;
}

// Sorts up to take_max events of the bucket into the empty near array: all of them, unless they are all equal.
void EventQueue::take(Bucket& bucket) {
  while (bucket.count > 0 && near_count_ < take_max) {
    Chunk* const chunk = bucket.head;
    while (bucket.fill > 0 && near_count_ < take_max) {
      insert(chunk->events[--bucket.fill]);
      --bucket.count;
      --far_count_;
    }
    if (bucket.fill > 0) return;
    bucket.head = chunk->next;
    bucket.fill = Chunk::capacity;
    release(chunk);
  }
}

// Hangs a new rung below, fit to what the bucket holds, and moves it there. Its end is the new beginning of the rung above.
// Events that are all equal cannot be told apart by any rung: theirs is of one bucket and taken in portions.
void EventQueue::spread(Bucket& bucket) {
  announced_ = false;
  Bucket moved = bucket;
  const auto [low, high] = extremes_of(moved);
  const bool by_tie = instant_of(low) == instant_of(high);
  const std::uint64_t span = by_tie ? tie_of(high) - tie_of(low) : distance(instant_of(low), instant_of(high));
  const unsigned wanted = static_cast<unsigned>(std::bit_width(moved.count / bucket_target));
  const unsigned bits = std::clamp(wanted, rung_bits_min, rung_bits_max);
  const unsigned span_bits = static_cast<unsigned>(std::bit_width(span));
  const unsigned shift = span_bits > bits ? span_bits - bits : 0;
  const Key end = end_of_cursor();

  bucket = {};
  far_count_ -= moved.count;
  Rung& rung = hang_rung(static_cast<std::size_t>(span >> shift) + 1);
  rung.start = by_tie ? low : key_of(instant_of(low), 0);
  rung.shift = shift;
  rung.by_tie = by_tie;
  rung.equal = low == high;
  if (rung.equal) rung.from = low;
  rungs_[depth_ - 2].from = std::min(end, rung.edge_of(rung.count));

  while (moved.head != nullptr) {
    Chunk* const chunk = moved.head;
    for (std::uint32_t i = 0; i < moved.fill; ++i) append(rung.buckets[rung.bucket_of(chunk->events[i])], chunk->events[i]);
    moved.head = chunk->next;
    moved.fill = Chunk::capacity;
    release(chunk);
  }
}

std::pair<EventQueue::Key, EventQueue::Key> EventQueue::extremes_of(const Bucket& bucket) {
  Key low = key_of(bucket.head->events[0]);
  Key high = low;
  std::uint32_t fill = bucket.fill;
  for (const Chunk* chunk = bucket.head; chunk != nullptr; chunk = chunk->next, fill = Chunk::capacity) {
    for (std::uint32_t i = 0; i < fill; ++i) {
      const Key key = key_of(chunk->events[i]);
      low = std::min(low, key);
      high = std::max(high, key);
    }
  }
  return {low, high};
}

}  // namespace dueprocess
