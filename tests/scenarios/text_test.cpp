// Bytes that are no scenario: empty, enormous, torn, nested without end.
#include "reading.hpp"
#include "scenarios/language/describe.hpp"
#include "scenarios/language/node.hpp"
#include "scenarios/language/slurp.hpp"
#include "scenarios/language/source.hpp"

using namespace dueprocess;

TEST_CASE("an empty file is told as empty") {
  for (const auto* text : {"", "\n\n", "# only words\n", "---\n", "~\n"})
    CHECK(is_told(mistakes_of(text), "s.yaml: error: the file is empty"));
}

TEST_CASE("what is not text is told by its place") {
  CHECK(is_told(mistakes_of(std::string("name: a\0b\n", 10)), "s.yaml:1:8: error: a NUL byte"));
  CHECK(is_told(mistakes_of("name: a\nseed: \xff\n"), "s.yaml:2:7: error: byte 0xFF is not UTF-8"));
  CHECK(is_told(mistakes_of("name: \xc0\x80\n"), "byte 0xC0 is not UTF-8"));
  CHECK(is_told(mistakes_of("name: \xed\xa0\x80\n"), "byte 0xED is not UTF-8"));
  CHECK(is_told(mistakes_of("policy:\n\treview_period: 3d\n"), "s.yaml:2:1: error: a tab as indentation"));
  CHECK(is_told(mistakes_of("name: \x1b[1m\n"), "s.yaml:1:7: error: control character 0x1B"));
}

TEST_CASE("a byte order mark and Windows line ends are taken") {
  CHECK(scenario_of("\xEF\xBB\xBFname: x\r\n" + market("{arrive: 1/h}")).name == "x");
  CHECK(is_told(mistakes_of("\xEF\xBB\xBFname: x\r\nsed: 1\r\n"), "s.yaml:2:1: error: sed: unknown key"));
}

TEST_CASE("a syntax error is told with its place and a hint") {
  const auto told = mistakes_of("name: x\npolicy: {review_period: 3d\n");
  REQUIRE(told.size() == 1);
  CHECK(is_told(told, "not YAML: end of map flow not found (a { without its }"));
  CHECK(is_told(mistakes_of("a: b: c\n"), "s.yaml:1:5: error: not YAML: illegal map value"));
}

TEST_CASE("too much is refused before it costs anything") {
  CHECK(is_told(mistakes_of(std::string((4u << 20) + 1, ' ')), "bytes are too many for a scenario"));
  CHECK(is_told(mistakes_of(std::string(100'000, '[')), "nested more than 64 deep"));
  CHECK(is_told(mistakes_of("a: " + std::string(70, '[') + std::string(70, ']')), "nested more than 64 deep"));
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string from = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + from;
    for (int j = 0; j < 9; ++j) bomb += ", " + from;
    bomb += "]\n";
  }
  CHECK(is_told(mistakes_of(bomb), "more than 200000 values in one scenario"));
}

TEST_CASE("anchors, aliases and merge keys work, and own keys win") {
  const Tree tree = read_tree("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nmany: {<<: [{z: 1}, {z: 2, w: 3}]}\n");
  REQUIRE(tree.problems.empty());
  const Node& own = *tree.root.find("own");
  CHECK(own.find("x")->text == "1");
  CHECK(own.find("y")->text == "3");
  CHECK(tree.root.find("many")->find("z")->text == "1");
  CHECK(tree.root.find("many")->find("w")->text == "3");
  CHECK_FALSE(read_tree("a: &a [*a]\n").problems.empty());
  CHECK_FALSE(read_tree("<<: 3\n").problems.empty());
  CHECK_FALSE(read_tree("a: !python/object:os.system x\n").problems.empty());
  CHECK_FALSE(read_tree("a: 1\n---\nb: 2\n").problems.empty());
  CHECK(read_tree("a: 1\n...\n").problems.empty());
}

TEST_CASE("an anchor with a distribution is rewritten where it is a value and nowhere else") {
  const auto rewritten = [](std::string_view text) { return Source{text}.text(); };
  CHECK(rewritten("a: deadline + {uniform: [1, 2]}") == "a: {deadline: {uniform: [1, 2]}}");
  CHECK(rewritten("{a: due + {x: 1}, b: 2}") == "{a: {due: {x: 1}}, b: 2}");
  CHECK(rewritten("- placed + {x: {y: 1}}\n- b") == "- {placed: {x: {y: 1}}}\n- b");
  for (const auto* text : {"a: \"deadline + {uniform: [1, 2]}\"", "a: 'due + {x'", "# a: due + {x: 1}", "a: overdue + {x: 1}",
                           "a: due + 3d", "a: due + {x", "a: |\n  deadline + {x: 1}\nb: 1", "a: see due + {x: 1}"})
    CHECK(rewritten(text) == text);
}

TEST_CASE("any value anywhere is taken or told") {
  // Each place of a document with every key becomes each of these; of all pairs every eighth, for the time it takes.
  std::string text;
  REQUIRE(slurp(DUEPROCESS_EVERYTHING, 1u << 20, text).empty());
  const std::vector<std::string> values = {"",
                                           "0",
                                           "-1",
                                           "1e309",
                                           "99999999999999999999",
                                           "0us",
                                           "36525d",
                                           "-36525d",
                                           "1..0",
                                           "0..9",
                                           "{}",
                                           "[]",
                                           "[[]]",
                                           "[1]",
                                           "1/s",
                                           "1e9/s",
                                           "1900-01-01",
                                           "2200-12-31T23:59:59.999999Z",
                                           "0%",
                                           "100%",
                                           "unlimited",
                                           "\"\"",
                                           "{a: 1}",
                                           "due - 36525d",
                                           "999999999",
                                           "\"${\"",
                                           "0.000000001",
                                           "1000TB",
                                           "{exponential: {mean: 1}}",
                                           "{choice: {0: 1}}",
                                           "{normal: {mean: 1d, sd: 36525d}}"};
  std::vector<std::string> paths;
  const auto collect = [&paths](const auto& self, const Node& node, const std::string& path) -> void {
    if (!path.empty()) paths.push_back(path);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string name = node.is_map() ? node.keys[i].text : std::to_string(i);
      if (name.find('.') == name.npos) self(self, node.items[i], path.empty() ? name : path + "." + name);
    }
  };
  collect(collect, read_tree(text).root, "");
  CHECK(paths.size() > 150);
  std::size_t taken = 0, told = 0;
  for (std::size_t i = 0; i < paths.size(); ++i)
    for (std::size_t j = 0; j < values.size(); ++j) {
      if ((i + j) % 8 != 0) continue;
      ReadOptions options = sealed();
      options.overrides = {{paths[i], values[j]}};
      const ReadResult result = reading(text, options);
      (result.ok() ? taken : told) += 1;
      if (result.ok()) REQUIRE_FALSE(describe_scenario(result.scenario, 80).empty());
    }
  CHECK(taken > 30);
  CHECK(told > 300);
}
