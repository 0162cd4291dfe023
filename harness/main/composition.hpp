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

/// Puts the target in a loaded request's place of the built-in engine; false, told on standard error: bugs cannot be seeded in
/// it.
bool compose(const Composition&, Loaded&);

}  // namespace dueprocess
