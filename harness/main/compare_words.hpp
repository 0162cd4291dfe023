// The words of `dueprocess compare` on the command line.
#pragma once

#include <string>
#include <vector>

#include "harness/main/compare_request.hpp"

namespace CLI {
class App;
}

namespace dueprocess {

extern const char* const compare_examples;

struct CompareWords {
  void add_to(CLI::App&);
  /// Throws CLI::ValidationError.
  CompareRequest request() const;

  CompareRequest words;
  std::string allow_different;
  bool no_colour = false;
};

}  // namespace dueprocess
