// The whole file as it is described; read.cpp makes a Scenario of it, schema.cpp the JSON Schema.
#pragma once

#include "scenarios/language/cases.hpp"
#include "scenarios/language/faults.hpp"
#include "scenarios/language/parts.hpp"
#include "scenarios/language/scenario.hpp"

namespace dueprocess {

struct RestartText {
  const Node* node = nullptr;
  TimePoint down, back;
  Duration length{0};
  bool has_length = false;
};

struct ClockStepText {
  const Node* node = nullptr;
  TimePoint at;
  Duration by{0};
};

/// The in-process engine's timers and its workers' clocks.
struct EngineText {
  const Node* sweep_node = nullptr;
  TimerPlan timers;  // its clock steps excepted
  std::vector<ClockStepText> clock_steps;
};
Mapping describe(EngineText&);
Mapping describe(TimerBounds&);

struct Document {
  std::string name, description;
  std::uint64_t seed = 1;
  std::optional<Instant> starts;
  const Node* starts_node = nullptr;
  TimePoint ends;
  Policy policy;
  TimerBounds tolerances;
  EngineText engine;
  OrdersText orders;
  SellersText sellers;
  BuyersText buyers;
  const Node *sellers_node = nullptr, *buyers_node = nullptr;
  std::vector<CaseText> cases;
  std::vector<RestartText> restarts;
  std::vector<FaultText> faults;
  std::vector<std::string> bugs;
  std::vector<Expectation> expectations;
};

Mapping describe(Document&);

}  // namespace dueprocess
