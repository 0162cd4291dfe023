#include "harness/main/compare_words.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <sstream>

namespace dueprocess {

const char* const compare_examples = R"(Examples:
  dueprocess run smoke --out out/base -q; dueprocess run smoke --bug B05 --out out/new -q
  dueprocess compare out/base out/new                           in virtual time any difference at all is found
  dueprocess run smoke --repeat 10 --out out/base --target http://127.0.0.1:8080 --speed 86400
  dueprocess compare out/base out/new --tolerances gate.yaml --markdown compare.md --junit compare.xml
  dueprocess compare base.json new.json --history base.ndjson.zst new.ndjson.zst
Exit codes: 0 same or better, 1 worse, 2 cannot tell, 64 the two are not comparable, 74 a file could not be written.
)";

void CompareWords::add_to(CLI::App& command) {
  command.add_option("BASE", words.base, "a result.json, or the folder of a run or of repeats (run --repeat)")
      ->type_name("")
      ->required();
  command.add_option("NEW", words.now, "what is held against it")->type_name("")->required();
  command.add_option("--tolerances", words.tolerances, "a YAML file: which figures, and how far each may move (docs/compare.md)")
      ->type_name("FILE");
  command
      .add_flag("--allow-different{all}", allow_different,
                "compare what was run with another =scenario,policy,seeds, or any of them")
      ->type_name("[=NAMES]");
  command.add_option("--history", words.histories, "the histories of both runs: the first order that differs is found in them")
      ->type_name("BASE NEW")
      ->expected(2);
  command.add_option("--markdown", words.markdown, "write it to FILE for a pull request")->type_name("FILE");
  command.add_option("--junit", words.junit, "write it to FILE as JUnit: a test for each figure")->type_name("FILE");
  command.add_option("--json", words.json, "write it to FILE as JSON")->type_name("FILE");
  command.add_flag("-q,--quiet", words.quiet, "no text: only the exit code, errors, and the files asked for");
  command.add_flag("--no-color,--no-colour", no_colour, "no colours");
}

CompareRequest CompareWords::request() const {
  CompareRequest request = words;
  std::istringstream names{allow_different};
  for (std::string name; std::getline(names, name, ',');) {
    if (name != "all" && name != "scenario" && name != "policy" && name != "seeds")
      throw CLI::ValidationError("--allow-different", fmt::format("expected scenario, policy, seeds or all, not \"{}\"", name));
    request.allow_different.push_back(name);
  }
  request.colour = !no_colour;
  return request;
}

}  // namespace dueprocess
