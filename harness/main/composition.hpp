// What the program that contains the commands brings along.
#pragma once

#include <string>

#include "harness/main/load.hpp"
#include "harness/target/target.hpp"

namespace dueprocess {

struct Composition {
  TargetFactory target;                // empty: the built-in engine
  std::string program = "dueprocess";  // as commands that are shown for copying name it
};

/// Fits a loaded request to an engine in this process. False, told on standard error: it has faults, which need a live target, or
/// bugs, which cannot be seeded in an engine of the user's own.
bool compose(const Composition&, Loaded&);

}  // namespace dueprocess
