#include "harness/main/check_policy.hpp"

#include "harness/main/output.hpp"
#include "scenarios/language/overrides.hpp"
#include "scenarios/language/parts.hpp"
#include "scenarios/language/read_policy.hpp"

namespace dueprocess {
namespace {

bool tell(const std::vector<Mistake>& mistakes) {
  std::string text;
  for (const Mistake& mistake : mistakes) text += to_string(mistake) + "\n";
  print_error(text);
  return text.empty();
}

}  // namespace

bool change_policy(Policy& policy, const std::string& file, const std::vector<std::pair<std::string, std::string>>& overrides) {
  if (!file.empty()) {
    policy = Policy{};
    if (!tell(read_policy_file(file, policy))) return false;
  }
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
  return tell(reading.take_mistakes());
}

std::string policy_problem(const Policy& policy) {
  if (policy.days == DayRule::calendar) return zone_problem(policy.zone);
  return {};
}

}  // namespace dueprocess
