#include "scenarios/language/read_policy.hpp"

#include "scenarios/language/parts.hpp"
#include "scenarios/language/slurp.hpp"

namespace dueprocess {

std::vector<Mistake> read_policy(const std::string& text, const std::string& file_name, Policy& policy) {
  const ReadOptions options;
  Reading reading{file_name, options};
  const Tree tree = read_tree(text);
  for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
  if (tree.problems.empty()) {
    // A scenario has a policy among other things; a policy has no key of that name.
    const Node* const inner = tree.root.is_map() ? tree.root.find("policy") : nullptr;
    if (tree.root.is_empty())
      reading.error(Place{}, "the file is empty");
    else
      describe(policy).read(reading, inner ? *inner : tree.root);
  }
  return reading.take_mistakes();
}

std::vector<Mistake> read_policy_file(const std::string& path, Policy& policy) {
  std::string text;
  if (const std::string problem = slurp(path, TreeLimits{}.bytes, text); !problem.empty())
    return {{Severity::error, path, 0, 0, {}, problem}};
  return read_policy(text, path, policy);
}

}  // namespace dueprocess
