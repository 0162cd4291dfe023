#include "harness/target/http/generated.hpp"

#include <algorithm>
#include <cstring>

namespace dueprocess::http {

namespace {

/// Eight bytes of the body: the counter mixed until neighbours have nothing in common (the finisher of SplitMix64).
std::uint64_t word(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t x = seed + (index + 1) * 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

void generate_bytes(std::uint64_t seed, std::uint64_t from, char* out, std::size_t count) {
  while (count > 0) {
    if (from % 8 == 0) {
      const std::size_t words = count / 8;
      for (std::size_t i = 0; i < words; ++i) {
        const std::uint64_t bits = word(seed, from / 8 + i);
        std::memcpy(out + 8 * i, &bits, 8);
      }
      out += 8 * words, from += 8 * words, count -= 8 * words;
      if (count == 0) return;
    }
    const std::uint64_t bits = word(seed, from / 8);
    const std::size_t skip = from % 8;
    const std::size_t now = std::min<std::size_t>(8 - skip, count);
    char bytes[8];
    std::memcpy(bytes, &bits, 8);
    std::memcpy(out, bytes + skip, now);
    out += now, from += now, count -= now;
  }
}

}  // namespace dueprocess::http
