#include "scenarios/language/overrides.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>

namespace dueprocess {
namespace {

constexpr std::string_view prefix = "DUEPROCESS_SET_";

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// Goes to the place the path names, making mappings on the way; null when a mistake was told.
Node* reach(Reading& reading, Node& root, const std::vector<std::string>& parts, const Place& place) {
  Node* node = &root;
  std::string so_far;
  for (const std::string& part : parts) {
    if (part.empty()) {
      reading.error(place, "the path has an empty part");
      return nullptr;
    }
    if (node->is_list()) {
      const auto index = parse_count(part);
      if (!index.ok() || index.value >= node->items.size()) {
        reading.error(place, fmt::format("{} is a list of {}: \"{}\" is not one of 0 to {}", so_far, node->items.size(), part,
                                         node->items.size() - 1));
        return nullptr;
      }
      node = &node->items[index.value];
    } else {
      if (node->is_scalar()) {
        reading.error(place, fmt::format("{} is {}: nothing can be set inside of it", so_far, what_is(*node)));
        return nullptr;
      }
      if (node->is_empty()) {
        node->kind = Node::Kind::map;
        node->place = place;
      }
      if (Node* known = node->find(part)) {
        node = known;
      } else {
        Node key;
        key.kind = Node::Kind::scalar;
        key.text = part;
        key.place = place;
        Node value;
        value.place = place;
        node->keys.push_back(std::move(key));
        node->items.push_back(std::move(value));
        node = &node->items.back();
      }
    }
    so_far += (so_far.empty() ? "" : ".") + part;
  }
  return node;
}

}  // namespace

void apply_overrides(Reading& reading, Node& root, const std::vector<std::pair<std::string, std::string>>& overrides) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const auto& [path, value] = overrides[i];
    const Place place{0, 0, static_cast<std::uint32_t>(i + 1)};
    Tree tree = read_tree(value, place.origin);
    for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
    if (!tree.problems.empty()) continue;
    Node* node = reach(reading, root, parts_of(path), place);
    if (!node) continue;
    *node = std::move(tree.root);
    node->place = place;
  }
}

std::vector<std::pair<std::string, std::string>> overrides_from_environment() {
  std::vector<std::pair<std::string, std::string>> result;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (!text.starts_with(prefix) || equals == text.npos || equals == prefix.size()) continue;
    std::string name{text.substr(prefix.size(), equals - prefix.size())};
    const bool capitals = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
    std::string path;
    for (std::size_t at = 0; at < name.size(); ++at) {
      if (name.compare(at, 2, "__") == 0) {
        path += '.';
        ++at;
      } else {
        path += capitals && name[at] >= 'A' && name[at] <= 'Z' ? static_cast<char>(name[at] - 'A' + 'a') : name[at];
      }
    }
    result.emplace_back(std::move(path), text.substr(equals + 1));
  }
  std::ranges::sort(result);
  return result;
}

}  // namespace dueprocess
