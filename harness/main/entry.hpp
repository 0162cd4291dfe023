// The command line of dueprocess over an engine of your own: the whole of a main().
//
//     int main(int argc, char** argv) {
//       return dueprocess::main_with_target(argc, argv, [](const dueprocess::Policy& policy) { return
//       std::make_unique<MyEngine>(policy); });
//     }
//
// `run`, `replay` and the rest do what they do in dueprocess itself, with your engine in the place of the built-in one
// (docs/own-engine.md). Bugs are seeded in the built-in engine alone: `--bug`, and a scenario with `bugs:`, are refused.
#pragma once

#include "harness/target/target.hpp"

namespace dueprocess {

#ifdef DUEPROCESS_SCENARIOS  // the package says where it was installed
inline constexpr const char* installed_scenarios = DUEPROCESS_SCENARIOS;
#else
inline constexpr const char* installed_scenarios = "";
#endif

/// Gives the process's exit code (docs/exit-codes.md); never throws. Without a factory: the built-in engine. Once a process.
/// `scenarios` is one more folder in which scenarios are found by name.
int main_with_target(int argc, char** argv, TargetFactory, const char* scenarios = installed_scenarios);

}  // namespace dueprocess
