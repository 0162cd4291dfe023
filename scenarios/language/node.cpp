#include "scenarios/language/node.hpp"

#include "scenarios/language/source.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

namespace dueprocess {
namespace {

struct PastLimit {
  TreeProblem problem;
};

bool means_nothing(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Builds the tree; throws PastLimit where a limit is passed, which ends yaml-cpp's work too.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const Source& source, std::uint32_t origin, const TreeLimits& limits)
      : source_(source), origin_(origin), limits_(limits) {}

  Node root;
  std::vector<TreeProblem> problems;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(make(Node::Kind::empty, mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw PastLimit{{at(mark), "an alias inside of what it names"}};
    count(mark, size_of(found->second));
    if (open_.size() + depth_of(found->second) > limits_.depth) throw PastLimit{{at(mark), "too deep"}};
    add(found->second);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    const bool quoted = tag == "!";
    check_tag(mark, tag);
    Node node = make(!quoted && means_nothing(value) ? Node::Kind::empty : Node::Kind::scalar, mark);
    node.text = value;
    node.quoted = quoted;
    leaf(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool key_next = true;
  };

  Place at(const YAML::Mark& mark) const {
    Place place = mark.is_null() ? Place{} : source_.place(static_cast<std::size_t>(mark.pos));
    place.origin = origin_;
    return place;
  }
  Node make(Node::Kind kind, const YAML::Mark& mark) {
    count(mark, 1);
    Node node;
    node.kind = kind;
    node.place = at(mark);
    return node;
  }
  void count(const YAML::Mark& mark, std::size_t more) {
    nodes_ += more;
    if (nodes_ > limits_.nodes)
      throw PastLimit{
          {at(mark), fmt::format("more than {} values in one scenario (aliases count as what they stand for)", limits_.nodes)}};
  }
  static std::size_t size_of(const Node& node) {
    std::size_t size = 1;
    for (const Node& key : node.keys) size += size_of(key);
    for (const Node& item : node.items) size += size_of(item);
    return size;
  }
  static std::size_t depth_of(const Node& node) {
    std::size_t depth = 0;
    for (const Node& item : node.items) depth = std::max(depth, depth_of(item));
    return depth + 1;
  }
  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:")) return;
    problems.push_back({at(mark), fmt::format("tags such as {} mean nothing here", tag)});
  }
  void leaf(Node node, YAML::anchor_t anchor) {
    if (anchor) anchors_[anchor] = node;
    add(std::move(node));
  }
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_tag(mark, tag);
    if (open_.size() >= limits_.depth) throw PastLimit{{at(mark), fmt::format("nested more than {} deep", limits_.depth)}};
    open_.push_back({make(kind, mark), anchor, true});
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.node.is_map()) merge(done.node);
    if (done.anchor) anchors_[done.anchor] = done.node;
    add(std::move(done.node));
  }
  void add(Node node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_list()) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key_next) {
      parent.node.keys.push_back(std::move(node));
      parent.key_next = false;
    } else {
      parent.node.items.push_back(std::move(node));
      parent.key_next = true;
    }
  }

  /// Checks the keys, drops duplicates, and takes in what merge keys (<<) name.
  void merge(Node& map) {
    Node result = map;
    result.keys.clear();
    result.items.clear();
    std::map<std::string, std::uint32_t, std::less<>> seen;  // key: its line
    std::vector<Node> sources;
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
      Node& key = map.keys[i];
      if (key.is_scalar() && key.text == "<<" && !key.quoted) {
        if (map.items[i].is_list())
          for (Node& source : map.items[i].items) sources.push_back(source);
        else
          sources.push_back(map.items[i]);
        continue;
      }
      if (!key.is_scalar()) {
        problems.push_back({key.place, "a key must be a word, not " + what_is(key)});
        continue;
      }
      if (const auto [it, fresh] = seen.emplace(key.text, key.place.line); !fresh) {
        problems.push_back({key.place, fmt::format("\"{}\" is given twice; first in line {}", key.text, it->second)});
        continue;
      }
      result.keys.push_back(std::move(key));
      result.items.push_back(std::move(map.items[i]));
    }
    for (const Node& source : sources) {
      if (!source.is_map()) {
        problems.push_back({source.place, "<< merges mappings, not " + what_is(source)});
        continue;
      }
      for (std::size_t i = 0; i < source.keys.size(); ++i) {
        if (!seen.emplace(source.keys[i].text, source.keys[i].place.line).second) continue;
        result.keys.push_back(source.keys[i]);
        result.items.push_back(source.items[i]);
      }
    }
    map = std::move(result);
  }

  const Source& source_;
  std::uint32_t origin_;
  const TreeLimits& limits_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
};

/// yaml-cpp's words, with a hint where they tell little.
std::string explain(const std::string& message) {
  std::string hint;
  if (message.find("end of map flow") != message.npos)
    hint = " (a { without its }, or a value that must be quoted)";
  else if (message.find("end of sequence flow") != message.npos)
    hint = " (a [ without its ])";
  else if (message.find("illegal map value") != message.npos)
    hint = " (a second colon in one line: quote the value, or check the indentation)";
  else if (message.find("end of map not found") != message.npos || message.find("end of sequence") != message.npos)
    hint = " (check the indentation)";
  else if (message == "bad file")
    hint = " (nested too deep)";
  return "not YAML: " + message + hint;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].text == key) return &items[i];
  return nullptr;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(static_cast<const Node*>(this)->find(key)); }

std::string what_is(const Node& node) {
  switch (node.kind) {
    case Node::Kind::empty:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  constexpr std::size_t shown_max = 60;
  return fmt::format("\"{}\"", node.text.size() <= shown_max ? node.text : node.text.substr(0, shown_max) + "...");
}

Tree read_tree(std::string_view text, std::uint32_t origin, const TreeLimits& limits) {
  Tree tree;
  if (text.size() > limits.bytes) {
    tree.problems.push_back(
        {{0, 0, origin}, fmt::format("{} bytes are too many for a scenario: at most {}", text.size(), limits.bytes)});
    return tree;
  }
  const Source source{text};
  tree.problems = source.problems(20);
  for (TreeProblem& problem : tree.problems) problem.place.origin = origin;
  if (!tree.problems.empty()) return tree;

  Builder builder{source, origin, limits};
  try {
    std::istringstream stream{source.text()};
    YAML::Parser parser{stream};
    parser.HandleNextDocument(builder);
    if (Builder rest{source, origin, limits}; parser.HandleNextDocument(rest) && !rest.root.is_empty())
      builder.problems.push_back({rest.root.place, "a second document: a scenario is one"});
  } catch (const PastLimit& past) {
    builder.problems.push_back(past.problem);
  } catch (const YAML::Exception& error) {
    Place place = error.mark.is_null() ? Place{} : source.place(static_cast<std::size_t>(error.mark.pos));
    place.origin = origin;
    builder.problems.push_back({place, explain(error.msg)});
  } catch (const std::exception& error) {  // yaml-cpp lets standard exceptions out of some corners
    builder.problems.push_back({{0, 0, origin}, fmt::format("not YAML: {}", error.what())});
  }
  tree.root = std::move(builder.root);
  tree.problems = std::move(builder.problems);
  return tree;
}

}  // namespace dueprocess
