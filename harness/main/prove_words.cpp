#include "harness/main/prove_words.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <utility>

#include "harness/main/option_words.hpp"

namespace dueprocess {

const char* const prove_examples = R"(Examples:
  dueprocess prove                                      every shipped profile until each bug is found
  dueprocess prove my.yaml                              would my scenario have caught them, and what does it lack?
  dueprocess prove my.yaml smoke --bugs B05,B07,B74
  dueprocess prove --all-profiles --json proof.json     every bug in every profile, each invariant that fires
  dueprocess prove my.yaml --at-least 80 --junit prove.xml
Exit codes: 0 nothing found without a bug, and every bug found (or --at-least so many percent); 1 not so; 64 bad usage or scenario.
)";

namespace {

std::vector<std::string> prove_ids(const std::string& text) {
  std::vector<std::string> ids;
  std::string id;
  for (const char c : text + ",") {
    if (c != ',') {
      id += c;
      continue;
    }
    if (id.empty()) throw CLI::ValidationError("--bugs", fmt::format("expected ids such as B01a,B05 or all, not \"{}\"", text));
    ids.push_back(std::exchange(id, {}));
  }
  return ids;
}

}  // namespace

void ProveWords::add_to(CLI::App& command) {
  command.add_option("SCENARIO", scenarios, "scenario files, or names of shipped ones; none: all shipped that run in process")
      ->type_name("");
  command.add_option("--bugs", bugs, "ids, with commas between them (dueprocess bugs lists them); default: all")
      ->type_name("IDS");
  command.add_option("--set", sets, "change one value of every scenario: path=value; may be given again")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command.add_option("--seed", seed, "instead of the scenarios' seeds")->type_name("N");
  command.add_flag("--all-profiles", all_profiles, "each bug in each scenario to its end, not only until the first finds it");
  command.add_option("--at-least", at_least, "so many percent of the bugs are enough; default: 100")->type_name("PERCENT");
  command.add_option("--json", json, "write the matrix to FILE; - is standard output, instead of the text")->type_name("FILE");
  command.add_option("--junit", junit, "write it to FILE as JUnit: a test for each bug")->type_name("FILE");
  command.add_option("--threads", threads, "threads that hunt; default: one a processor. The result is the same with any number")
      ->type_name("N");
  command.add_flag("-q,--quiet", quiet, "no text and no progress: only the exit code, errors, and the files asked for");
  command.add_flag("--no-color,--no-colour", no_colour, "no colours");
}

ProveRequest ProveWords::request() const {
  ProveRequest request;
  request.scenarios = scenarios;
  for (const std::string& set : sets) request.overrides.push_back(assignment(set));
  if (!seed.empty()) request.seed = whole_number<std::uint64_t>("--seed", seed, 0, UINT64_MAX);
  if (bugs != "all") request.bugs = prove_ids(bugs);
  request.all_profiles = all_profiles;
  if (!threads.empty()) request.threads = whole_number<unsigned>("--threads", threads, 1, threads_max);
  if (!at_least.empty()) request.at_least_percent = whole_number<unsigned>("--at-least", at_least, 0, 100);
  request.json = json;
  request.junit = junit;
  request.colour = !no_colour;
  request.quiet = quiet;
  request.progress = !quiet;
  return request;
}

}  // namespace dueprocess
