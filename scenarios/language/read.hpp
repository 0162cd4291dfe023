// Reading a scenario: text in, Scenario or every mistake at once out. Nothing is printed here and nothing throws on bad input.
#pragma once

#include "scenarios/language/scenario.hpp"

#include <string>
#include <utility>
#include <vector>

namespace dueprocess {

enum class Severity : std::uint8_t { error, warning };

struct Mistake {
  Severity severity = Severity::error;
  std::string file;
  std::uint32_t line = 0, column = 0;  // 1-based; 0: the file as a whole, or an override
  std::string path;                    // "sellers.personas.late.share"
  std::string message;                 // what is wrong, what was expected, the nearest right name
};
std::string to_string(const Mistake&);  // "file:line:column: error: message"

struct ReadOptions {
  std::vector<std::pair<std::string, std::string>> overrides;  // --set path=value, in order; `DUEPROCESS_SET_...` come before
  bool environment = true;                                     // ${NAME} in values, and DUEPROCESS_SET_... when a file is read
  bool strict = false;                                         // a broken row of a replay file is an error
  std::string directory;  // relative paths in the scenario start here; empty: the scenario file's folder
};

struct ReadResult {
  Scenario scenario;              // meaningful only when ok()
  std::vector<Mistake> mistakes;  // in order of the file
  bool ok() const;                // no error among them
};

ReadResult read_scenario(const std::string& text, const std::string& file_name, const ReadOptions&);
/// An unreadable file is a mistake of line 0.
ReadResult read_scenario_file(const std::string& path, const ReadOptions&);
/// What the environment sets (DUEPROCESS_SET_ORDERS__SEED=7), in order of the names. read_scenario_file puts them before
/// options.overrides.
std::vector<std::pair<std::string, std::string>> overrides_from_environment();
/// JSON Schema (2020-12) of the scenario language, from the same description the reader uses.
std::string scenario_schema();

}  // namespace dueprocess
