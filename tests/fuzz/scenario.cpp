// Any bytes as a scenario: mistakes are told and nothing else happens. What is right can be described.
#include "scenarios/language/describe.hpp"
#include "scenarios/language/read.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dueprocess;
  ReadOptions options;
  options.environment = false;
  options.directory = "/nowhere";
  const ReadResult result = read_scenario(std::string{reinterpret_cast<const char*>(data), size}, "fuzz.yaml", options);
  for (const Mistake& mistake : result.mistakes)
    if (to_string(mistake).empty()) std::abort();
  if (result.ok() && describe_scenario(result.scenario, 80).empty()) std::abort();
  return 0;
}
