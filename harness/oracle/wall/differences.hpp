// A small system of difference constraints that grows and shrinks along a search: is there an instant for each effect such that
// all of them hold?
//
//   low <= t <= high           a node: an instant, in microseconds of the service's clock
//   t_to >= t_from + weight    an edge; an upper bound is an edge the other way round
//
// What is kept is the least solution: every node as early as the others allow. It exists if and only if no node is pushed beyond
// its `high`, and then it is a solution. Adding an edge pushes along edges only what it must (Bellman-Ford from the changed
// node); a circle that keeps pushing is a contradiction. undo() takes back everything since a mark.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dueprocess::wall {

using Us = std::int64_t;
inline constexpr Us far_us = Us{1} << 60;  // beyond every instant there is: no bound

constexpr Us clamped(Us t) { return t > far_us ? far_us : t < -far_us ? -far_us : t; }
/// REQUIRES: both within far_us of 0.
constexpr Us plus(Us a, Us b) { return clamped(a + b); }

struct Span {
  Us low = -far_us, high = far_us;
  constexpr bool empty() const { return low > high; }
  constexpr Us width() const { return high - low; }
};
constexpr Span moved(Span s, Us by) { return {plus(s.low, by), plus(s.high, by)}; }
constexpr Span both(Span a, Span b) { return {a.low > b.low ? a.low : b.low, a.high < b.high ? a.high : b.high}; }
constexpr Span around(Us t, Us by) { return {plus(t, -by), plus(t, by)}; }

using Node = std::uint32_t;
inline constexpr Node no_node = UINT32_MAX;

class Differences {
 public:
  struct Mark {
    std::size_t nodes = 0, edges = 0, changes = 0;
  };

  Node add(Span);
  /// to >= from + weight. False: a contradiction; the system is of no use until it is undone.
  [[nodiscard]] bool at_least(Node to, Node from, Us weight);
  /// The node lies within the span too. False as above.
  [[nodiscard]] bool within(Node, Span);
  Us low(Node node) const { return nodes_[node].low; }
  Us high(Node node) const { return nodes_[node].high; }

  Mark mark() const { return {nodes_.size(), edges_.size(), changes_.size()}; }
  void undo(const Mark&);
  void clear() { undo({}); }

 private:
  static constexpr std::uint32_t no_edge = UINT32_MAX;
  struct Place {
    Us low, high;
    std::uint32_t first_edge = no_edge;
    std::uint32_t round = 0, pushes = 0;  // of the push under way: how often it joined the queue
    bool queued = false;
  };
  struct Edge {
    Node from, to;
    Us weight;
    std::uint32_t next;  // of the same `from`
  };
  struct Change {
    Node node;
    Us low, high;
  };
  bool raise(Node, Us low);

  std::vector<Place> nodes_;
  std::vector<Edge> edges_;
  std::vector<Change> changes_;
  std::vector<Node> pending_;
  std::uint32_t round_ = 0;
};

}  // namespace dueprocess::wall
