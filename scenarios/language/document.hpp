// The whole file as it is described; read.cpp makes a Scenario of it, schema.cpp the JSON Schema.
#pragma once

#include "scenarios/language/cases.hpp"
#include "scenarios/language/faults.hpp"
#include "scenarios/language/parts.hpp"

namespace dueprocess {

struct RestartText {
  const Node* node = nullptr;
  TimePoint down, back;
  Duration length{0};
  bool has_length = false;
};

struct Document {
  std::string name, description;
  std::uint64_t seed = 1;
  std::optional<Instant> starts;
  const Node* starts_node = nullptr;
  TimePoint ends;
  Policy policy;
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
