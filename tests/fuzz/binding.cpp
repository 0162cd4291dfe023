// Any bytes as a binding: mistakes are told and nothing else happens.
#include "scenarios/language/read_binding.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dueprocess;
  const ReadBinding read = read_binding(std::string{reinterpret_cast<const char*>(data), size}, "fuzz.yaml", false);
  for (const Mistake& mistake : read.mistakes)
    if (to_string(mistake).empty()) std::abort();
  if (read.ok() && !read.binding.of(OperationKind::place_order).supported) std::abort();
  return 0;
}
