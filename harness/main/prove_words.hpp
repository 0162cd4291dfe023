// The words of `dueprocess prove` on the command line.
#pragma once

#include <string>
#include <vector>

#include "harness/main/prove_request.hpp"

namespace CLI {
class App;
}

namespace dueprocess {

extern const char* const prove_examples;

struct ProveWords {
  void add_to(CLI::App&);
  /// Throws CLI::ValidationError.
  ProveRequest request() const;

  std::vector<std::string> scenarios, sets;
  std::string bugs = "all", seed, threads, at_least, json, junit;
  bool all_profiles = false, quiet = false, no_colour = false;
};

}  // namespace dueprocess
