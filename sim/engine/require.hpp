// A programmer's error stops the program, in release builds too: a simulation that goes on after one proves nothing.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace dueprocess {

inline void require(bool holds, const char* what) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "dueprocess: engine used wrongly: %s\n", what);
  std::abort();
}

}  // namespace dueprocess
