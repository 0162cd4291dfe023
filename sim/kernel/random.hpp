// Random bits by counter: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11),
// through Random123.
//
// There is no generator to carry about and no order of drawing to keep: a draw is a pure function of
// (seed, entity, purpose, index). So any thread may simulate any entity at any time and gets the same life.
//
//   Draws d{seed, entity, purpose, index};   one block: four 32-bit words
//   d.u32(0) .. d.u32(3), or d.u64(0), d.u64(1) (the same bits, paired)
//
// Two uses of the same (entity, purpose, index) see the same bits: give each decision its own purpose or index.
#pragma once

#include <Random123/philox.h>

#include <cstdint>

#include "sim/kernel/int128.hpp"

namespace dueprocess {

class Draws {
 public:
  /// All 64 bits of the entity and all 32 of purpose and index count.
  Draws(std::uint64_t seed, std::uint64_t entity, std::uint32_t purpose, std::uint32_t index) {
    const r123::Philox4x32::ctr_type counter{
        {static_cast<std::uint32_t>(entity), static_cast<std::uint32_t>(entity >> 32), purpose, index}};
    const r123::Philox4x32::key_type key{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    words_ = r123::Philox4x32{}(counter, key);
  }
  std::uint32_t u32(unsigned lane) const { return words_[lane]; }
  std::uint64_t u64(unsigned pair) const { return (std::uint64_t{words_[2 * pair + 1]} << 32) | words_[2 * pair]; }

 private:
  r123::Philox4x32::ctr_type words_;
};

/// A probability as an integer threshold: exact, and the same on every machine.
class Chance {
 public:
  constexpr Chance() = default;
  /// REQUIRES: 0 <= numerator <= denominator, denominator > 0.
  static constexpr Chance ratio(std::uint64_t numerator, std::uint64_t denominator) {
    Chance chance;
    chance.threshold_ = static_cast<std::uint64_t>((static_cast<UInt128>(numerator) << 32) / denominator);
    return chance;
  }
  static constexpr Chance always() { return ratio(1, 1); }
  constexpr bool hit(std::uint32_t bits) const { return bits < threshold_; }
  constexpr bool possible() const { return threshold_ != 0; }
  constexpr double probability() const { return static_cast<double>(threshold_) / 4294967296.0; }
  friend constexpr bool operator==(Chance, Chance) = default;

 private:
  std::uint64_t threshold_ = 0;  // of 2^32
};

}  // namespace dueprocess
