// Histories that were written once and are kept for ever: what a version could read, every later one reads, with the same
// verdict. expected.txt has a line for each: name, judged ok / violated / unknown, then findings by id ("-": none), then how it
// ends.
#include "catch.hpp"
#include "harness/history/check.hpp"

#include <fstream>
#include <set>
#include <sstream>

using namespace dueprocess;

namespace {

const std::string folder = DUEPROCESS_GOLDEN_HISTORIES;

std::string verdict_of(const std::string& name) {
  HistoryReader reader{folder + "/" + name};
  if (!reader.problem().empty()) return reader.problem();
  CheckOptions options;
  options.policy = reader.header().policy;
  options.tolerances = reader.header().tolerances;
  const CheckOutcome checked = check_history(reader, options);
  const Tally& tally = checked.tally;
  std::ostringstream out;
  out << tally.orders_ok << ' ' << tally.orders_violated << ' ' << tally.orders_unknown << ' ';
  std::string findings;
  for (unsigned i = 0; i < invariant_count; ++i)
    if (tally.violations_by[i] != 0)
      findings += (findings.empty() ? "" : ",") + std::string{name_of(static_cast<Invariant>(i))} + ":" +
                  std::to_string(tally.violations_by[i]);
  out << (findings.empty() ? "-" : findings) << ' ';
  out << (!checked.facts.cut_off.empty() ? "incomplete"
          : checked.facts.broken > 0     ? "torn"
          : checked.facts.altered        ? "altered"
                                         : "whole");
  return out.str();
}

}  // namespace

TEST_CASE("every golden history has its verdict") {
  std::ifstream expected{folder + "/expected.txt"};
  std::size_t seen = 0;
  for (std::string line; std::getline(expected, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.find(' ');
    const std::string name = line.substr(0, space);
    INFO(name);
    CHECK(verdict_of(name) == line.substr(line.find_first_not_of(' ', space)));
    ++seen;
  }
  CHECK(seen >= 10);
}
