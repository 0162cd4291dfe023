// The shipped scenarios as the tests play them: read from the tree, the two that cannot run as they are given what they need.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "harness/drive/run.hpp"
#include "reports/result.hpp"
#include "scenarios/language/read.hpp"

namespace dueprocess::library {

using Overrides = std::vector<std::pair<std::string, std::string>>;

inline std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator{DUEPROCESS_LIBRARY})
    if (entry.path().extension() == ".yaml") found.push_back(entry.path().stem().string());
  std::sort(found.begin(), found.end());
  return found;
}

inline std::string path_of(const std::string& name) { return std::string{DUEPROCESS_LIBRARY} + "/" + name + ".yaml"; }

inline std::string text_of(const std::string& name) {
  std::ifstream file{path_of(name)};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What a scenario needs to be played here: orders to replay, and a year of a size for tests.
inline Overrides needs(const std::string& name) {
  if (name == "real-orders") return {{"orders.replay.file", DUEPROCESS_HERE "/orders.csv"}};
  if (name == "marketplace-year") return {{"orders.arrive.count", "20000"}, {"sellers.count", "1000"}, {"buyers.count", "5000"}};
  return {};
}

inline ReadResult read(const std::string& text, const std::string& name, Overrides overrides) {
  ReadOptions options;
  options.overrides = std::move(overrides);
  options.environment = false;
  options.directory = DUEPROCESS_LIBRARY;
  ReadResult result = read_scenario(text, name + ".yaml", options);
  for (const Mistake& mistake : result.mistakes) UNSCOPED_INFO(to_string(mistake));
  return result;
}

inline Result play(const Scenario& scenario, const BugSet& bugs = {}) {
  RunOptions options;
  options.bugs = bugs;
  return make_result(scenario, {}, run(scenario, options).tally, {});
}

inline std::string findings(const Result& result) {
  std::ostringstream text;
  for (const std::string& reason : result.reasons) text << reason << '\n';
  for (const FailedStep& step : result.failed_steps)
    text << "line " << step.line << ", " << step.name << ": expected " << step.expected << ", seen " << step.seen << '\n';
  for (const JudgedExpectation& expectation : result.expectations)
    if (expectation.held == false)
      text << "line " << expectation.line << ": " << expectation.text << ": " << expectation.actual << '\n';
  for (const Violation& violation : result.tally.violation_samples)
    text << name_of(violation.invariant) << " order " << number(violation.order) << ": expected " << violation.expected
         << ", seen " << violation.seen << '\n';
  return text.str();
}

}  // namespace dueprocess::library
