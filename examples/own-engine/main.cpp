// The command line of dueprocess, driving this engine instead of its own:   own-engine run rules
#include "engine.hpp"
#include "harness/main/entry.hpp"

int main(int argc, char** argv) {
  return dueprocess::main_with_target(
      argc, argv, [](const dueprocess::Policy& policy) { return std::make_unique<own_engine::Engine>(policy); });
}
