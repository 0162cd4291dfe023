// What `dueprocess compare` is asked.
#pragma once

#include <string>
#include <vector>

namespace dueprocess {

struct CompareRequest {
  std::string base, now;                     // result files, or folders of repeats
  std::string tolerances;                    // YAML; empty: the usual ones
  std::vector<std::string> allow_different;  // scenario, policy, seeds; all
  std::vector<std::string> histories;        // BASE's and NEW's; empty: none
  std::string markdown, junit, json;         // files; empty: none
  bool colour = true;
  bool quiet = false;
};

}  // namespace dueprocess
