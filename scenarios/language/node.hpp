// A scenario's text as a tree that remembers where everything stood. Knows YAML's shape and nothing of scenarios.
//
// Built from yaml-cpp's event stream, not from its nodes: events show duplicate keys, let aliases be counted before they
// are expanded, and give an exact place for each value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess {

struct Place {
  std::uint32_t line = 0, column = 0;  // 1-based; 0: the file as a whole
  std::uint32_t origin = 0;            // 0: the file; n: the n-th override
};

struct Node {
  enum class Kind : std::uint8_t { empty, scalar, list, map };
  Kind kind = Kind::empty;
  bool quoted = false;  // "…", '…' or a block: never a number, a flag or nothing
  std::string text;     // scalar
  Place place;
  std::vector<Node> keys;   // map: keys[i] names items[i]
  std::vector<Node> items;  // map, list

  bool is_map() const { return kind == Kind::map; }
  bool is_list() const { return kind == Kind::list; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_empty() const { return kind == Kind::empty; }
  const Node* find(std::string_view key) const;  // map: the value, or null
  Node* find(std::string_view key);
};

/// "a mapping", "a list", "\"text\"", "nothing": what stands there instead of what was expected.
std::string what_is(const Node&);

struct TreeProblem {
  Place place;
  std::string message;
};

struct Tree {
  Node root;
  std::vector<TreeProblem> problems;  // none: the tree is whole
};

struct TreeLimits {
  std::size_t bytes = 4u << 20;
  std::size_t depth = 64;
  std::size_t nodes = 200'000;  // after aliases
};

/// Never throws on bad text. Every place carries `origin`.
Tree read_tree(std::string_view text, std::uint32_t origin = 0, const TreeLimits& = {});

}  // namespace dueprocess
