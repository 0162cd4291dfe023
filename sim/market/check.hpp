// A programmer's error stops the program, in release builds too.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace dueprocess {

inline void check(bool holds, const char* what) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "dueprocess: market used wrongly: %s\n", what);
  std::abort();
}

}  // namespace dueprocess
