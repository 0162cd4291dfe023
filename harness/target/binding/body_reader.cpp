#include "harness/target/binding/body_reader.hpp"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

namespace dueprocess::binding {
namespace {

namespace json = boost::json;
using std::size_t;

constexpr size_t depth_max = 64;
constexpr int none = -1;

/// Names on the way to what is wanted. Node 0 is the body.
struct Tree {
  struct Node {
    std::vector<std::pair<std::string, int>> next;
    std::vector<unsigned> wanted;  // what is told here
    bool is_list = false;          // the list of items
  };
  std::vector<Node> nodes{1};

  int step(int node, std::string_view name) const {
    if (node == none) return none;
    for (const auto& [key, target] : nodes[static_cast<size_t>(node)].next)
      if (key == name) return target;
    return none;
  }

  int add(std::string_view pointer) {
    int node = 0;
    while (!pointer.empty()) {
      const size_t end = std::min(pointer.find('/', 1), pointer.size());
      std::string name;
      for (size_t i = 1; i < end; ++i) {
        const bool escaped = pointer[i] == '~' && i + 1 < end;
        name += escaped ? (pointer[i + 1] == '0' ? '~' : '/') : pointer[i];
        i += escaped;
      }
      pointer.remove_prefix(end);
      int next = step(node, name);
      if (next == none) {
        next = static_cast<int>(nodes.size());
        nodes.emplace_back();
        nodes[static_cast<size_t>(node)].next.emplace_back(std::move(name), next);
      }
      node = next;
    }
    return node;
  }
};

/// Text by its place in the arena, which may move while it grows.
struct Kept {
  Found found;
  size_t begin = 0, length = 0;
};

}  // namespace

struct BodyReader::Impl {
  // What boost::json::basic_parser calls. Its parts of strings and numbers are put together here.
  struct Handler {
    static constexpr size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX, max_key_size = SIZE_MAX,
                            max_string_size = SIZE_MAX;
    Tree body, element;
    std::vector<Kept> found, items;
    std::string arena;
    const std::function<void()>* item = nullptr;

    struct Level {
      int node = none;          // in the tree in force
      bool in_element = false;  // which tree that is
      bool is_list = false;
      bool holds_items = false;
      std::uint32_t count = 0;
    };
    std::array<Level, depth_max + 2> levels;
    size_t depth = 0;
    int next = 0;  // the node of the value that comes, within the innermost object
    bool whole_is_item = false;
    size_t text_begin = 0;
    bool gathering = false;
    std::string key;

    struct Spot {
      int node = none;
      bool in_element = false;
      bool begins_element = false;
    };

    void begin_body() {
      for (Kept& one : found) one = {};
      for (Kept& one : items) one = {};
      arena.clear();
      depth = 0;
      gathering = false;
      key.clear();
    }

    /// Where the value that begins now stands.
    Spot spot() {
      if (depth == 0) return {0, false, false};
      Level& top = levels[depth - 1];
      if (top.holds_items) {
        ++top.count;
        return {0, true, true};
      }
      if (!top.is_list) return {next, top.in_element, false};
      const std::uint32_t index = top.count++;
      if (top.node == none) return {none, top.in_element, false};
      std::array<char, 12> digits;
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), index).ptr;
      const Tree& tree = top.in_element ? element : body;
      return {tree.step(top.node, {digits.data(), static_cast<size_t>(end - digits.data())}), top.in_element, false};
    }

    const Tree::Node* node_of(const Spot& at) const {
      return at.node == none ? nullptr : &(at.in_element ? element : body).nodes[static_cast<size_t>(at.node)];
    }

    void keep(const Spot& at, Found value, size_t begin, size_t length) {
      if (const Tree::Node* node = node_of(at))
        for (const unsigned wanted : node->wanted) (at.in_element ? items : found)[wanted] = {value, begin, length};
    }

    void end_element() {
      if (item && *item) (*item)();
      for (Kept& one : items) one = {};
    }

    bool begin(bool list) {
      Spot at = spot();
      if (at.begins_element)
        for (Kept& one : items) one = {};
      Found value;
      value.kind = list ? Found::Kind::list : Found::Kind::object;
      keep(at, value, 0, 0);
      const Tree::Node* node = node_of(at);
      Level& level = levels[depth++];
      level = {at.node, at.in_element, list, false, 0};
      if (!at.in_element && node && node->is_list) {
        if (list) {
          level.holds_items = true;
        } else {  // one object instead of a list of them
          level.node = 0;
          level.in_element = true;
          whole_is_item = true;
        }
      }
      return true;
    }

    void end(bool list) {
      const Level level = levels[--depth];
      if (list && !level.holds_items && level.node != none) {
        const Tree& tree = level.in_element ? element : body;
        for (const unsigned wanted : tree.nodes[static_cast<size_t>(level.node)].wanted)
          (level.in_element ? items : found)[wanted].found.elements = level.count;
      }
      if (list && level.holds_items)
        for (const unsigned wanted : body.nodes[static_cast<size_t>(level.node)].wanted)
          found[wanted].found.elements = level.count;
      if (depth > 0 && levels[depth - 1].holds_items) return end_element();
      if (whole_is_item && level.in_element && (depth == 0 || !levels[depth - 1].in_element)) {
        whole_is_item = false;
        end_element();
      }
    }

    void scalar(Found value, size_t begin, size_t length) {
      const Spot at = spot();
      keep(at, value, begin, length);
      if (at.begins_element) end_element();
    }

    void gather(json::string_view part) {
      if (!gathering) {
        gathering = true;
        text_begin = arena.size();
      }
      arena.append(part.data(), part.size());
    }
    void gathered(Found::Kind kind, json::string_view last) {
      gather(last);
      gathering = false;
      const size_t begin = text_begin;
      Found value;
      value.kind = kind;
      scalar(value, begin, arena.size() - begin);
    }

    using error = json::error_code;
    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_object_begin(error&) { return begin(false); }
    bool on_object_end(size_t, error&) { return end(false), true; }
    bool on_array_begin(error&) { return begin(true); }
    bool on_array_end(size_t, error&) { return end(true), true; }
    bool on_key_part(json::string_view part, size_t, error&) { return key.append(part.data(), part.size()), true; }
    bool on_key(json::string_view last, size_t, error&) {
      const Level& top = levels[depth - 1];
      if (top.node == none) {
        next = none;
      } else {
        const Tree& tree = top.in_element ? element : body;
        if (key.empty()) {
          next = tree.step(top.node, {last.data(), last.size()});
        } else {
          key.append(last.data(), last.size());
          next = tree.step(top.node, key);
        }
      }
      key.clear();
      return true;
    }
    bool on_string_part(json::string_view part, size_t, error&) { return gather(part), true; }
    bool on_string(json::string_view last, size_t, error&) { return gathered(Found::Kind::text, last), true; }
    bool on_number_part(json::string_view part, error&) { return gather(part), true; }
    bool on_int64(std::int64_t, json::string_view last, error&) { return gathered(Found::Kind::number, last), true; }
    bool on_uint64(std::uint64_t, json::string_view last, error&) { return gathered(Found::Kind::number, last), true; }
    bool on_double(double, json::string_view last, error&) { return gathered(Found::Kind::number, last), true; }
    bool on_bool(bool flag, error&) {
      Found value;
      value.kind = Found::Kind::flag;
      value.flag = flag;
      return scalar(value, 0, 0), true;
    }
    bool on_null(error&) {
      Found value;
      value.kind = Found::Kind::null;
      return scalar(value, 0, 0), true;
    }
    bool on_comment_part(json::string_view, error&) { return true; }
    bool on_comment(json::string_view, error&) { return true; }
  };

  static json::parse_options options() {
    json::parse_options all;
    all.max_depth = depth_max;
    return all;
  }
  json::basic_parser<Handler> parser{options()};
};

BodyReader::BodyReader(std::vector<std::string> wanted, bool has_items, std::string list, std::vector<std::string> items)
    : impl_(std::make_unique<Impl>()) {
  Impl::Handler& handler = impl_->parser.handler();
  const auto fill = [](Tree& tree, const std::vector<std::string>& pointers) {
    for (unsigned i = 0; i < pointers.size(); ++i) tree.nodes[static_cast<size_t>(tree.add(pointers[i]))].wanted.push_back(i);
  };
  fill(handler.body, wanted);
  fill(handler.element, items);
  if (has_items) handler.body.nodes[static_cast<size_t>(handler.body.add(list))].is_list = true;
  handler.found.resize(wanted.size());
  handler.items.resize(items.size());
}

BodyReader::~BodyReader() = default;
BodyReader::BodyReader(BodyReader&&) noexcept = default;
BodyReader& BodyReader::operator=(BodyReader&&) noexcept = default;

bool BodyReader::read(std::string_view body, const std::function<void()>& item) {
  Impl::Handler& handler = impl_->parser.handler();
  handler.begin_body();
  handler.item = &item;
  handler.whole_is_item = false;
  impl_->parser.reset();
  json::error_code error;
  const size_t taken = impl_->parser.write_some(false, body.data(), body.size(), error);
  const bool whole = !error && taken <= body.size() && body.find_first_not_of(" \t\r\n", taken) == std::string_view::npos &&
                     impl_->parser.done();
  if (!whole) handler.begin_body();
  return whole;
}

namespace {

Found shown(const Kept& kept, const std::string& arena) {
  Found found = kept.found;
  if (found.kind == Found::Kind::text || found.kind == Found::Kind::number)
    found.text = std::string_view{arena}.substr(kept.begin, kept.length);
  if (found.kind == Found::Kind::flag) found.text = found.flag ? "true" : "false";
  return found;
}

}  // namespace

Found BodyReader::found(std::size_t wanted) const {
  const Impl::Handler& handler = impl_->parser.handler();
  return shown(handler.found[wanted], handler.arena);
}
Found BodyReader::item(std::size_t wanted) const {
  const Impl::Handler& handler = impl_->parser.handler();
  return shown(handler.items[wanted], handler.arena);
}

}  // namespace dueprocess::binding
