// What the market draws random bits for: one purpose a decision, so that no two decisions see the same bits.
//
// Two levels, both by counter. What many orders share, and an order's first traits, come from Philox (Draws); that block also
// yields the order's key. All later bits of the order are a mix (SplitMix64's finalizer) of key, purpose and index: a
// fifth of the cost, and still a pure function of (seed, order, purpose, index).
#pragma once

#include <cstdint>

#include "sim/kernel/random.hpp"

namespace dueprocess {

namespace purpose {
enum : std::uint32_t {
  seller_persona = 0x4D41'0000,  // by Draws: the key from which sellers are cast
  buyer_persona,                 // ... and buyers
  spacing,                       // entity: block; index: draws / 4
  dealing,                       // keys of the permutation
  placing,                       // entity: order
  work,                          // from here on by OrderDraws; index: round
  work_habits,
  mishaps,
  file_size,  // index: round, file
  patience,   // index: review
  decision,   // index: review, decision
  seller_habits,
  buyer_habits,
  seller_looks,
  buyer_looks,
  intrusion,
  correction,  // from here on the index is the order's own sequence
  listing,
  double_click,
};
}  // namespace purpose

/// Mixes 64 bits so that each depends on all.
constexpr std::uint64_t mixed(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xBF58'476D'1CE4'E5B9ull;
  bits = (bits ^ (bits >> 27)) * 0x94D0'49BB'1331'11EBull;
  return bits ^ (bits >> 31);
}

/// One order's bits for one decision: up to sixteen draws of 64 bits, each as long as it is asked for. Two uses of the same
/// (purpose, index, draw) see the same bits.
class OrderDraws {
 public:
  constexpr OrderDraws(std::uint64_t key, std::uint32_t what, std::uint32_t index)
      : key_(key), at_((std::uint64_t{what - purpose::work} << 40) | (std::uint64_t{index} << 4)) {}
  /// The key of an order, from the block of its first traits.
  static std::uint64_t key_of(const Draws& first) { return mixed(first.u64(0) + mixed(first.u64(1))); }

  constexpr std::uint64_t u64(unsigned draw) const { return mixed(key_ + (at_ | draw) * 0x9E37'79B9'7F4A'7C15ull); }
  constexpr std::uint32_t u32(unsigned draw) const { return static_cast<std::uint32_t>(u64(draw) >> 32); }

 private:
  std::uint64_t key_, at_;
};

/// 64 bits for a distribution out of one 32-bit lane: the lane leads, its neighbour fills in below.
inline std::uint64_t wide(const Draws& draws, unsigned lane) {
  return (std::uint64_t{draws.u32(lane)} << 32) | draws.u32((lane + 1) & 3);
}

/// An index below count from 32 bits. REQUIRES: count <= 2^32.
constexpr std::uint64_t pick(std::uint32_t bits, std::uint64_t count) { return (bits * count) >> 32; }

}  // namespace dueprocess
