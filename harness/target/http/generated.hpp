// Bodies that are nowhere: pseudo-random bytes as a pure function of (seed, place), so that gigabytes can be sent, resent from
// any place and compared without being kept.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dueprocess::http {

/// The bytes [from, from + count) of the body with this seed.
void generate_bytes(std::uint64_t seed, std::uint64_t from, char* out, std::size_t count);

}  // namespace dueprocess::http
