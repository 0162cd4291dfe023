// For check_schema.py.
//   print_scenario --schema         the schema
//   print_scenario --tree < YAML    the text as JSON, the way an editor's YAML reader would see it
//   print_scenario < YAML           "ok", or the mistakes; exit 1 when there are errors
//   print_scenario --binding ...    the same for bindings
#include "scenarios/language/inlet.hpp"
#include "scenarios/language/read.hpp"
#include "scenarios/language/read_binding.hpp"

#include <iostream>
#include <iterator>
#include <regex>

using namespace dueprocess;

namespace {

/// YAML 1.2's core schema: what a plain scalar is.
std::string json_of(const Node& node) {
  static const std::regex number{R"([-+]?(0|[1-9][0-9]*)(\.[0-9]+)?)"};
  switch (node.kind) {
    case Node::Kind::empty:
      return "null";
    case Node::Kind::scalar:
      if (!node.quoted && (node.text == "true" || node.text == "false")) return node.text;
      if (!node.quoted && std::regex_match(node.text, number)) return node.text[0] == '+' ? node.text.substr(1) : node.text;
      return json_quoted(node.text);
    case Node::Kind::list: {
      std::string text = "[";
      for (const Node& item : node.items) text += (text.size() > 1 ? "," : "") + json_of(item);
      return text + "]";
    }
    case Node::Kind::map: {
      std::string text = "{";
      for (std::size_t i = 0; i < node.keys.size(); ++i)
        text += (i ? "," : "") + json_quoted(node.keys[i].text) + ":" + json_of(node.items[i]);
      return text + "}";
    }
  }
  return "null";
}

}  // namespace

int main(int argc, char** argv) {
  const bool binding = argc > 1 && std::string{argv[1]} == "--binding";
  if (binding) ++argv, --argc;
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "--schema") {
    std::cout << (binding ? binding_schema() : scenario_schema());
    return 0;
  }
  const std::string text{std::istreambuf_iterator<char>{std::cin}, std::istreambuf_iterator<char>{}};
  if (what == "--tree") {
    const Tree tree = read_tree(text);
    std::cout << json_of(tree.root) << "\n";
    return tree.problems.empty() ? 0 : 1;
  }
  if (binding) {
    const ReadBinding result = read_binding(text, "b.yaml", false);
    for (const Mistake& mistake : result.mistakes) std::cout << to_string(mistake) << "\n";
    return result.ok() ? 0 : 1;
  }
  ReadOptions options;
  options.environment = false;
  if (argc > 1) options.directory = what;
  const ReadResult result = read_scenario(text, "s.yaml", options);
  for (const Mistake& mistake : result.mistakes) std::cout << to_string(mistake) << "\n";
  if (result.ok()) std::cout << "ok\n";
  return result.ok() ? 0 : 1;
}
