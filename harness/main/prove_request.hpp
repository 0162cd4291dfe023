// What `dueprocess prove` is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dueprocess {

struct ProveRequest {
  std::vector<std::string> scenarios;  // paths or names; empty: every shipped profile that runs in process
  std::vector<std::pair<std::string, std::string>> overrides;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> bugs;  // ids; empty: all
  bool all_profiles = false;      // each bug in each profile, to its end
  unsigned threads = 0;           // 0: as many as there are processors
  unsigned at_least_percent = 100;
  std::string json, junit;  // files; empty: none
  bool colour = true;
  bool progress = true;
  bool quiet = false;
};

}  // namespace dueprocess
