#include "sim/kernel/random.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "catch.hpp"

namespace dueprocess {
namespace {

std::vector<std::uint32_t> words(const Draws& draws) { return {draws.u32(0), draws.u32(1), draws.u32(2), draws.u32(3)}; }

// A draw with counter and key as Philox names them.
Draws philox(std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3, std::uint32_t k0, std::uint32_t k1) {
  return Draws{(std::uint64_t{k1} << 32) | k0, (std::uint64_t{c1} << 32) | c0, c2, c3};
}

TEST_CASE("Blocks are Philox4x32-10's published known answers") {
  using Words = std::vector<std::uint32_t>;
  REQUIRE(words(philox(0, 0, 0, 0, 0, 0)) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t f = 0xffffffff;
  REQUIRE(words(philox(f, f, f, f, f, f)) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  REQUIRE(words(philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0)) ==
          Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("The 64-bit draws are the 32-bit ones in pairs") {
  const Draws draws{1, 2, 3, 4};
  REQUIRE(draws.u64(0) == ((std::uint64_t{draws.u32(1)} << 32) | draws.u32(0)));
  REQUIRE(draws.u64(1) == ((std::uint64_t{draws.u32(3)} << 32) | draws.u32(2)));
}

TEST_CASE("Every bit of seed, entity, purpose and index counts") {
  std::set<std::uint64_t> seen;
  seen.insert(Draws{0, 0, 0, 0}.u64(0));
  for (unsigned bit = 0; bit < 64; ++bit) {
    seen.insert(Draws{std::uint64_t{1} << bit, 0, 0, 0}.u64(0));
    seen.insert(Draws{0, std::uint64_t{1} << bit, 0, 0}.u64(0));
  }
  for (unsigned bit = 0; bit < 32; ++bit) {
    seen.insert(Draws{0, 0, std::uint32_t{1} << bit, 0}.u64(0));
    seen.insert(Draws{0, 0, 0, std::uint32_t{1} << bit}.u64(0));
  }
  REQUIRE(seen.size() == 1 + 2 * 64 + 2 * 32);
}

// How far a count of hits lies from what chance gives, in standard deviations.
double deviations(double hits, double trials, double probability) {
  return (hits - trials * probability) / std::sqrt(trials * probability * (1 - probability));
}

TEST_CASE("Neighbouring counters look unrelated: bits are even, and half of them change with any one step") {
  constexpr int blocks = 20'000;
  enum Step { entity, purpose, index, seed };
  for (const Step step : {entity, purpose, index, seed}) {
    std::vector<double> ones(64);
    double changed = 0;
    std::uint64_t last = 0;
    for (std::uint32_t i = 0; i < blocks; ++i) {
      const std::uint64_t word =
          Draws{step == seed ? i : 42u, step == entity ? i : 7u, step == purpose ? i : 1u, step == index ? i : 0u}.u64(1);
      for (unsigned bit = 0; bit < 64; ++bit) ones[bit] += static_cast<double>((word >> bit) & 1);
      if (i > 0) changed += std::popcount(word ^ last);
      last = word;
    }
    for (const double count : ones) REQUIRE(std::abs(deviations(count, blocks, 0.5)) < 4.5);
    REQUIRE(std::abs(deviations(changed, 64.0 * (blocks - 1), 0.5)) < 4.5);
  }
}

TEST_CASE("Draws of one entity for different purposes are independent") {
  // 16 x 16 cells of (first purpose, second purpose): chi-squared with 255 degrees of freedom, mean 255, deviation 22.6.
  constexpr int entities = 100'000;
  std::vector<double> cells(256);
  for (std::uint64_t entity = 0; entity < entities; ++entity)
    ++cells[(Draws{9, entity, 1, 0}.u32(0) >> 28) * 16 + (Draws{9, entity, 2, 0}.u32(0) >> 28)];
  double chi = 0;
  const double expected = entities / 256.0;
  for (const double seen : cells) chi += (seen - expected) * (seen - expected) / expected;
  REQUIRE(chi > 255 - 4.5 * 22.6);
  REQUIRE(chi < 255 + 4.5 * 22.6);
}

TEST_CASE("A chance of 0 never hits, of 1 always, and others by their exact threshold") {
  constexpr std::uint32_t highest = 0xFFFF'FFFF;
  REQUIRE_FALSE(Chance{}.hit(0));
  REQUIRE_FALSE(Chance{}.possible());
  REQUIRE(Chance::always().hit(highest));
  REQUIRE(Chance::ratio(1, 2).hit(0x7FFF'FFFF));
  REQUIRE_FALSE(Chance::ratio(1, 2).hit(0x8000'0000));
  REQUIRE(Chance::ratio(1, 3).hit(0x5555'5554));
  REQUIRE_FALSE(Chance::ratio(1, 3).hit(0x5555'5555));
  REQUIRE(Chance::ratio(1, 4).probability() == 0.25);
  REQUIRE(Chance::ratio(2, 4) == Chance::ratio(1, 2));
  constexpr std::uint64_t large = ~std::uint64_t{0};
  REQUIRE(Chance::ratio(large, large) == Chance::always());
}

}  // namespace
}  // namespace dueprocess
