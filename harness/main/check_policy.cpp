#include "harness/main/check_policy.hpp"

#include <fmt/format.h>

#include "harness/main/output.hpp"
#include "scenarios/language/overrides.hpp"
#include "scenarios/language/parts.hpp"
#include "scenarios/language/slurp.hpp"

namespace dueprocess {
namespace {

bool tell(Reading& reading) {
  std::string text;
  for (const Mistake& mistake : reading.take_mistakes()) text += to_string(mistake) + "\n";
  print_error(text);
  return text.empty();
}

bool read_policy_file(const std::string& file, Policy& policy) {
  std::string text;
  if (const std::string problem = slurp(file, TreeLimits{}.bytes, text); !problem.empty()) {
    print_error(fmt::format("dueprocess: {}\n", problem));
    return false;
  }
  const ReadOptions options;
  Reading reading{file, options};
  const Tree tree = read_tree(text);
  for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
  if (tree.problems.empty()) {
    const Node* within = tree.root.is_map() ? tree.root.find("policy") : nullptr;  // a scenario
    policy = Policy{};
    describe(policy).read(reading, within ? *within : tree.root);
  }
  return tell(reading);
}

}  // namespace

bool change_policy(Policy& policy, const std::string& file, const std::vector<std::pair<std::string, std::string>>& overrides) {
  if (!file.empty() && !read_policy_file(file, policy)) return false;
  if (overrides.empty()) return true;
  ReadOptions options;
  options.overrides = overrides;
  Reading reading{"", options};
  Node root;
  apply_overrides(reading, root, overrides);
  if (root.is_map())
    Mapping{"what can be changed"}
        .key("policy", mapping([&policy] { return describe(policy); }), "the rules in force")
        .read(reading, root);
  return tell(reading);
}

std::string policy_problem(const Policy& policy) {
  if (policy.days == DayRule::calendar) return zone_problem(policy.zone);
  return {};
}

}  // namespace dueprocess
