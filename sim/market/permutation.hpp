// A keyed bijection of [0, count): deals the numbers of a whole market to its blocks without a table.
//
// Four Feistel rounds over the next even number of bits; what falls outside is sent through again (cycle walking), less
// than four times on average.
#pragma once

#include <cstdint>

#include "sim/market/purposes.hpp"

namespace dueprocess {

class Permutation {
 public:
  Permutation(std::uint64_t seed, std::uint64_t count) : count_(count) {
    while ((std::uint64_t{1} << (2 * half_bits_)) < count) ++half_bits_;
    const Draws draws(seed, 0, purpose::dealing, 0);
    for (unsigned round = 0; round < 4; ++round) keys_[round] = draws.u32(round);
  }
  /// REQUIRES: value < count.
  std::uint64_t operator()(std::uint64_t value) const {
    do value = once(value);
    while (value >= count_);
    return value;
  }

 private:
  std::uint64_t once(std::uint64_t value) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = value >> half_bits_, right = value & mask;
    for (const std::uint32_t key : keys_) {
      std::uint64_t mixed = (right ^ key) * 0x9E37'79B9'7F4A'7C15ull;
      mixed = (mixed ^ (mixed >> 29)) * 0xBF58'476D'1CE4'E5B9ull;
      const std::uint64_t next = left ^ ((mixed >> 32) & mask);
      left = right;
      right = next;
    }
    return (left << half_bits_) | right;
  }

  std::uint64_t count_;
  unsigned half_bits_ = 1;
  std::uint32_t keys_[4];
};

}  // namespace dueprocess
