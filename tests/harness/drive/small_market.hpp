// Markets for the tests of the drive, small enough to play in milliseconds and varied enough to meet every rule.
#pragma once

#include <stdexcept>
#include <string>

#include "scenarios/language/read.hpp"

namespace dueprocess {

inline Scenario scenario_from(const std::string& text) {
  ReadResult read = read_scenario(text, "test.yaml", {});
  std::string mistakes;
  for (const Mistake& mistake : read.mistakes) mistakes += to_string(mistake) + "\n";
  if (!read.ok()) throw std::runtime_error(mistakes);
  return read.scenario;
}

/// Every persona there is, on both sides; sellers with little capacity, so that some deliveries are late.
inline std::string varied_market(const std::string& more = "") {
  return R"(
name: varied market
seed: 11
starts: 2026-03-02T00:00:00Z
ends: 28d
orders:
  arrive: {rate: 100/day, shape: weekday}
  due_in: {choice: {1d: 50%, 3d: 30%, 7d: 20%}}
sellers:
  count: 12
  personas:
    punctual: {share: 30%, delivers_after: {fraction_of_due: {triangular: [0.2, 0.7, 1.0]}}, lists: 30%, drafts: 0..3,
               files: {count: 1..4, size: {lognormal: {median: 20MB, p95: 2GB}}}}
    late:     {share: 20%, like: late, parallel: 2}
    careless: {share: 20%, like: careless}
    drafter:  {share: 10%, like: draft_saver}
    clicker:  {share: 10%, like: double_clicker}
    intruder: {share: 10%, like: intruder}
buyers:
  count: 300
  personas:
    prompt:   {share: 20%, like: prompt}
    silent:   {share: 20%, like: silent}
    picky:    {share: 15%, like: picky}
    extender: {share: 15%, like: extender}
    hugger:   {share: 10%, like: last_minute}
    clicker:  {share: 10%, like: double_clicker}
    seeker:   {share: 5%, like: support_seeker}
    intruder: {share: 5%, like: intruder}
)" + more;
}

}  // namespace dueprocess
