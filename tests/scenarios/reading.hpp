// A small language for tests of the reader.
#pragma once

#include "catch.hpp"
#include "scenarios/language/read.hpp"

#include <string>
#include <vector>

namespace dueprocess {

inline ReadOptions sealed() {
  ReadOptions options;
  options.environment = false;
  return options;
}

inline ReadResult reading(const std::string& text, const ReadOptions& options = sealed()) {
  return read_scenario(text, "s.yaml", options);
}

/// Every mistake as it is told.
inline std::vector<std::string> mistakes_of(const std::string& text, const ReadOptions& options = sealed()) {
  std::vector<std::string> told;
  for (const Mistake& mistake : reading(text, options).mistakes) told.push_back(to_string(mistake));
  return told;
}

/// REQUIRES: the text is right.
inline Scenario scenario_of(const std::string& text, const ReadOptions& options = sealed()) {
  ReadResult result = reading(text, options);
  for (const Mistake& mistake : result.mistakes) UNSCOPED_INFO(to_string(mistake));
  REQUIRE(result.ok());
  return std::move(result.scenario);
}

inline bool is_told(const std::vector<std::string>& told, const std::string& part) {
  for (const std::string& one : told)
    if (one.find(part) != one.npos) return true;
  for (const std::string& one : told) UNSCOPED_INFO(one);
  UNSCOPED_INFO("wanted: " << part);
  return false;
}

/// A market around one line of it.
inline std::string market(const std::string& orders, const std::string& rest = "") {
  return "ends: 14d\norders: " + orders + "\nsellers: {count: 10}\nbuyers: {count: 20}\n" + rest;
}
inline std::string sellers(const std::string& personas) {
  return "ends: 14d\norders: {arrive: 100/day}\nbuyers: {count: 20}\nsellers: {count: 10, personas: " + personas + "}\n";
}
inline std::string buyers(const std::string& personas) {
  return "ends: 14d\norders: {arrive: 100/day}\nsellers: {count: 20}\nbuyers: {count: 10, personas: " + personas + "}\n";
}
inline std::string steps(const std::string& lines) { return "cases:\n  - name: one\n    due: 2d\n    steps:\n" + lines; }

inline std::int64_t us(const std::string& words) {
  static constexpr std::int64_t second = 1'000'000;
  const std::int64_t number = std::stoll(words);
  switch (words.back()) {
    case 'd':
      return number * 86'400 * second;
    case 'h':
      return number * 3'600 * second;
    case 'm':
      return number * 60 * second;
    default:
      return number * second;
  }
}

}  // namespace dueprocess
