// The shipped scenarios against the seeded bugs: each must be found by one of them.
#include <map>
#include <string_view>

#include "library.hpp"

using namespace dueprocess;

TEST_CASE("each seeded bug is found by one of the shipped scenarios") {
  const char* const names[] = {"rules",          "rules-due-date",   "rules-delivery", "rules-calendar",  "rules-limits",
                               "rules-restarts", "deadline-huggers", "smoke",          "marketplace-week"};
  std::map<std::string, Scenario> scenarios;
  for (const char* name : names) {
    library::Overrides overrides;
    // One bug strikes one timer in ten thousand.
    if (std::string_view{name} == "marketplace-week") overrides = {{"orders.arrive.rate", "10000/day"}};
    ReadResult read = library::read(library::text_of(name), name, overrides);
    REQUIRE(read.ok());
    scenarios.emplace(name, std::move(read.scenario));
  }
  for (const BugInfo& bug : all_bugs()) {
    bool found = false;
    for (const char* name : names) {
      BugSet seeded;
      seeded.set(static_cast<std::size_t>(bug.bug));
      if (library::play(scenarios.at(name), seeded).verdict == RunVerdict::violated) {
        found = true;
        break;
      }
    }
    INFO(bug.id << ": " << bug.what << "; needs " << bug.needs);
    CHECK(found);
  }
}
