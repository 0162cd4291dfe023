// Any bytes: where messages end does not depend on the pieces in which they come, every byte belongs to one, and no more memory
// is kept than a line.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/proxy/message_boundaries.hpp"

namespace {

using dueprocess::MessageBoundaries;

std::vector<std::size_t> ends(MessageBoundaries::Side side, std::string_view bytes, std::size_t piece) {
  MessageBoundaries boundaries{side};
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view next = bytes.substr(at, piece);
    const std::size_t count = boundaries.take(next);
    assert(count > 0 && count <= next.size());
    at += count;
    if (boundaries.at_start()) found.push_back(at);
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto side = data[0] % 2 == 0 ? MessageBoundaries::Side::requests : MessageBoundaries::Side::answers;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto whole = ends(side, bytes, bytes.size());
  assert(ends(side, bytes, 1) == whole);
  assert(ends(side, bytes, std::size_t{data[1]} + 1) == whole);
  return 0;
}
