#include <algorithm>
#include <set>

#include "library.hpp"

using namespace dueprocess;

TEST_CASE("every shipped scenario is read without a mistake and runs clean") {
  const auto names = library::names();
  REQUIRE(names.size() >= 11);
  for (const std::string& name : names) {
    DYNAMIC_SECTION(name) {
      const ReadResult read = library::read(library::text_of(name), name, library::needs(name));
      REQUIRE(read.mistakes.empty());
      CHECK_FALSE(read.scenario.name.empty());
      CHECK_FALSE(read.scenario.description.empty());
      const Result result = library::play(read.scenario);
      INFO(library::findings(result));
      CHECK(result.verdict == RunVerdict::ok);
      CHECK(result.tally.cases_run == read.scenario.market.cases.size());
      CHECK(result.tally.actions_dropped == 0);
    }
  }
}

TEST_CASE("every shipped scenario begins with a comment that says what it is for, who is in it and how long it takes") {
  for (const std::string& name : library::names()) {
    const std::string text = library::text_of(name);
    const std::string header = text.substr(0, text.find("\n\n", text.find("# Takes")));
    INFO(name);
    CHECK(header.starts_with("# "));
    for (const char* part : {"# What for", "# Who", "# Takes"}) CHECK(header.find(part) != std::string::npos);
  }
}

TEST_CASE("the rules have a case each, and the cases say which rule is theirs") {
  std::set<std::string> rules;
  for (const std::string& name : library::names()) {
    if (!name.starts_with("rules")) continue;
    const ReadResult read = library::read(library::text_of(name), name, {});
    std::set<std::string> cases;
    for (const Case& played : read.scenario.market.cases) {
      rules.insert(played.name.substr(0, played.name.find(':')));
      CHECK(cases.insert(played.name).second);
    }
  }
  for (int rule = 1; rule <= 18; ++rule) CHECK(rules.count("R" + std::to_string(rule)) == 1);
}

TEST_CASE("the marketplace year has twenty million orders of eight events or more") {
  const ReadResult whole = library::read(library::text_of("marketplace-year"), "marketplace-year", {});
  REQUIRE(whole.ok());
  CHECK(whole.scenario.market.orders.count == 20'000'000);
  CHECK(whole.scenario.market.sellers == 100'000);
  CHECK(whole.scenario.market.buyers == 2'000'000);
  CHECK(whole.scenario.ends - whole.scenario.starts == std::chrono::hours{24 * 365});

  // As many orders a seller as in the whole year, so that those who work on few at once have as much to do.
  const library::Overrides part = {{"orders.arrive.count", "40000"}, {"sellers.count", "200"}, {"buyers.count", "4000"}};
  const ReadResult read = library::read(library::text_of("marketplace-year"), "marketplace-year", part);
  REQUIRE(read.ok());
  const Result result = library::play(read.scenario);
  CHECK(static_cast<double>(events_of(result.tally)) / static_cast<double>(result.tally.placed) >= 8.0);
}
