// From a request to a scenario that can be run: found, read, changed as asked, its bugs known. Problems are told on standard
// error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/main/command_line.hpp"
#include "reports/result.hpp"
#include "scenarios/language/scenario.hpp"
#include "sim/engine/bugs.hpp"

namespace dueprocess {

struct Loaded {
  Scenario scenario;
  RunSettings settings;
  BugSet bugs;
};

/// Nothing: what was wrong has been told; the caller ends with ExitCode::usage.
std::optional<Loaded> load(const ScenarioRequest&);

/// Where a scenario is: a file of that path, else a shipped scenario of that name.
struct ScenarioPlace {
  std::string path;                // empty: nowhere
  std::vector<std::string> tried;  // in order
  std::vector<std::string> names;  // the shipped scenarios that were seen on the way, sorted
};
ScenarioPlace find_scenario(const std::string& scenario, const std::vector<std::string>& folders);
/// The folders of shipped scenarios: of the working directory, of this installation, and the one that was added.
std::vector<std::string> scenario_folders();
/// For all the process, before its first command; empty: none.
void add_scenario_folder(std::string);

}  // namespace dueprocess
