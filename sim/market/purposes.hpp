// What the market draws random bits for: one purpose a decision, so that no two decisions see the same bits.
#pragma once

#include <cstdint>

#include "sim/kernel/random.hpp"

namespace dueprocess {

namespace purpose {
enum : std::uint32_t {
  seller_persona = 0x4D41'0000,  // entity: seller / 4
  buyer_persona,                 // entity: buyer / 4
  spacing,                       // entity: block; index: draws / 4
  dealing,                       // entity: 0; keys of the permutation
  placing,                       // from here on the entity is the order
  work,                          // index: round
  work_habits,
  mishaps,
  file_size,  // index: round, file
  correction,
  review,    // index: review
  decision,  // index: decisions so far
  patience,
  listing,  // from here on the index is the order's own sequence
  double_click,
  seller_habits,
  buyer_habits,
  seller_looks,
  buyer_looks,
  intrusion,
};
}  // namespace purpose

/// 64 bits for a distribution out of one 32-bit lane: the lane leads, its neighbour fills in below.
inline std::uint64_t wide(const Draws& draws, unsigned lane) {
  return (std::uint64_t{draws.u32(lane)} << 32) | draws.u32((lane + 1) & 3);
}

/// An index below count from 32 bits. REQUIRES: count <= 2^32.
constexpr std::uint64_t pick(std::uint32_t bits, std::uint64_t count) { return (bits * count) >> 32; }

}  // namespace dueprocess
