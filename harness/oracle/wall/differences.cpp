#include "harness/oracle/wall/differences.hpp"

namespace dueprocess::wall {

Node Differences::add(Span span) {
  nodes_.push_back({span.low, span.high});
  return static_cast<Node>(nodes_.size() - 1);
}

void Differences::undo(const Mark& mark) {
  while (changes_.size() > mark.changes) {
    const Change& change = changes_.back();
    nodes_[change.node].low = change.low;
    nodes_[change.node].high = change.high;
    changes_.pop_back();
  }
  while (edges_.size() > mark.edges) {
    nodes_[edges_.back().from].first_edge = edges_.back().next;
    edges_.pop_back();
  }
  nodes_.resize(mark.nodes);
}

bool Differences::at_least(Node to, Node from, Us weight) {
  edges_.push_back({from, to, weight, nodes_[from].first_edge});
  nodes_[from].first_edge = static_cast<std::uint32_t>(edges_.size() - 1);
  return raise(to, plus(nodes_[from].low, weight));
}

bool Differences::within(Node node, Span span) {
  Place& place = nodes_[node];
  if (span.high < place.high) {
    changes_.push_back({node, place.low, place.high});
    place.high = span.high;
    if (place.low > place.high) return false;
  }
  return raise(node, span.low);
}

// First in, first out: a node that joins the queue more often than there are nodes is pushed by itself, round a circle.
bool Differences::raise(Node start, Us low) {
  if (low <= nodes_[start].low) return true;
  ++round_;
  pending_.clear();
  const auto push = [&](Node node, Us to) {
    Place& place = nodes_[node];
    if (to > place.high) return false;
    changes_.push_back({node, place.low, place.high});
    place.low = to;
    if (place.round != round_) place.round = round_, place.pushes = 0, place.queued = false;
    if (place.queued) return true;
    place.queued = true;
    pending_.push_back(node);
    return ++place.pushes <= nodes_.size();
  };
  if (!push(start, low)) return false;
  for (std::size_t next = 0; next < pending_.size(); ++next) {
    const Node node = pending_[next];
    nodes_[node].queued = false;
    for (std::uint32_t e = nodes_[node].first_edge; e != no_edge; e = edges_[e].next) {
      const Us to = plus(nodes_[node].low, edges_[e].weight);
      if (to > nodes_[edges_[e].to].low && !push(edges_[e].to, to)) return false;
    }
  }
  return true;
}

}  // namespace dueprocess::wall
