// SPDX-License-Identifier: MIT
#include "attention_svm/priority_graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "exact_difference.h"

namespace attention_svm {

namespace {

using Edge = std::pair<Index, Index>;

/// Strongly connected components (Tarjan 1972), without recursion: a text may have thousands of words.
class Components {
 public:
  explicit Components(const std::vector<Edge>& edges) {
    for (const Edge& edge : edges) {
      nodes_[edge.first].to.push_back(edge.second);
      nodes_[edge.second];
    }
    for (const auto& entry : nodes_) visit(entry.first);
    std::sort(found_.begin(), found_.end());
  }

  std::vector<std::vector<Index>> take() { return std::move(found_); }

 private:
  struct Node {
    std::vector<Index> to;
    std::size_t nextEdge = 0;
    int order = -1, low = -1;
    bool onStack = false;
  };

  void visit(Index root) {
    if (nodes_[root].order >= 0) return;
    std::vector<Index> path{root};
    enter(root);
    while (!path.empty()) {
      Node& node = nodes_[path.back()];
      if (node.nextEdge < node.to.size()) {
        const Index to = node.to[node.nextEdge++];
        const Node& other = nodes_[to];
        if (other.order < 0) {
          enter(to);
          path.push_back(to);
        } else if (other.onStack) {
          node.low = std::min(node.low, other.order);
        }
        continue;
      }
      const Index done = path.back();
      path.pop_back();
      if (!path.empty()) nodes_[path.back()].low = std::min(nodes_[path.back()].low, node.low);
      if (node.low == node.order) close(done);
    }
  }

  void enter(Index word) {
    Node& node = nodes_[word];
    node.order = node.low = count_++;
    node.onStack = true;
    stack_.push_back(word);
  }

  /// Everything above `root` on the stack is its component.
  void close(Index root) {
    std::vector<Index> component;
    do {
      component.push_back(stack_.back());
      nodes_[stack_.back()].onStack = false;
      stack_.pop_back();
    } while (component.back() != root);
    std::sort(component.begin(), component.end());
    found_.push_back(std::move(component));
  }

  std::map<Index, Node> nodes_;
  std::vector<Index> stack_;
  std::vector<std::vector<Index>> found_;
  int count_ = 0;
};

/// An edge with the place where a sequence shows it.
using EdgesOfLast = std::map<Index, std::map<Edge, TokenConstraint>>;

EdgesOfLast edgesOf(const Words& words) {
  EdgesOfLast edges;
  for (std::size_t i = 0; i < words.sequences.size(); ++i) {
    const std::vector<Index>& sequence = words.sequences[i];
    std::map<Edge, TokenConstraint>& ofLast = edges[sequence.back()];
    for (std::size_t t = 0; t < sequence.size(); ++t)
      if (sequence[t] != words.next[i])
        ofLast.try_emplace({words.next[i], sequence[t]},
                           TokenConstraint{static_cast<Index>(i), 0, static_cast<Index>(t)});
  }
  return edges;
}

PriorityGraph graphOf(Index last, const std::map<Edge, TokenConstraint>& edges) {
  PriorityGraph graph;
  graph.last = last;
  for (const auto& entry : edges) graph.edges.push_back(entry.first);
  graph.components = Components(graph.edges).take();
  return graph;
}

/// Collects the constraints of the Graph-SVM, then makes matrices of them.
class GraphSvm {
 public:
  explicit GraphSvm(const Words& words) : words_(words) {}

  void add(Index last, const std::map<Edge, TokenConstraint>& edges) {
    const PriorityGraph graph = graphOf(last, edges);
    const auto query = static_cast<Index>(queries_.size());
    queries_.push_back(last);
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (const auto& [edge, name] : edges) {
      const std::size_t from = graph.componentOf(edge.first), to = graph.componentOf(edge.second);
      if (from == to || !seen.insert({from, to}).second) continue;
      problem_.query.push_back(query);
      problem_.name.push_back(name);
      inequalities_.push_back(edge);
    }
    for (const std::vector<Index>& component : graph.components)
      for (std::size_t j = 1; j < component.size(); ++j) {
        problem_.equalityQuery.push_back(query);
        equalities_.emplace_back(component.front(), component[j]);
      }
  }

  SvmProblem finish() {
    problem_.d = words_.E.cols();
    problem_.Z.resize(static_cast<Index>(queries_.size()), problem_.d);
    for (std::size_t q = 0; q < queries_.size(); ++q)
      problem_.Z.row(static_cast<Index>(q)) = words_.E.row(queries_[q]);
    putDifferences(words_.E, inequalities_, problem_.delta, problem_.deltaLow);
    putDifferences(words_.E, equalities_, problem_.equalityDelta, problem_.equalityDeltaLow);
    problem_.equalityRight = Vector::Zero(problem_.J());
    problem_.tokenSize.resize(problem_.K());
    for (std::size_t k = 0; k < inequalities_.size(); ++k)
      problem_.tokenSize(static_cast<Index>(k)) =
          words_.E.row(inequalities_[k].first).norm() + words_.E.row(inequalities_[k].second).norm();
    return std::move(problem_);
  }

 private:
  const Words& words_;
  SvmProblem problem_;
  std::vector<Index> queries_;
  std::vector<Edge> inequalities_, equalities_;
};

}  // namespace

std::size_t PriorityGraph::componentOf(Index word) const {
  std::size_t c = 0;
  while (c < components.size() && !std::binary_search(components[c].begin(), components[c].end(), word)) ++c;
  return c;
}

std::vector<PriorityGraph> priorityGraphs(const Words& words) {
  std::vector<PriorityGraph> graphs;
  for (const auto& [last, edges] : edgesOf(words)) graphs.push_back(graphOf(last, edges));
  return graphs;
}

std::vector<std::size_t> rankedComponents(const PriorityGraph& graph) {
  std::vector<std::set<std::size_t>> above(graph.components.size());
  for (const Edge& edge : graph.edges) {
    const std::size_t from = graph.componentOf(edge.first), to = graph.componentOf(edge.second);
    if (from != to) above[to].insert(from);
  }
  std::vector<std::size_t> ranked;
  while (ranked.size() < above.size())
    for (std::size_t c = 0; c < above.size(); ++c) {
      const bool placed = std::find(ranked.begin(), ranked.end(), c) != ranked.end();
      if (placed || !above[c].empty()) continue;
      for (std::set<std::size_t>& rest : above) rest.erase(c);
      ranked.push_back(c);
      break;
    }
  return ranked;
}

Result<SvmProblem> graphSvmProblem(const Dataset& dataset) {
  if (!dataset.words) return Error{"Graph-SVM: expected a dataset of words"};
  GraphSvm svm(*dataset.words);
  for (const auto& [last, edges] : edgesOf(*dataset.words)) svm.add(last, edges);
  return svm.finish();
}

}  // namespace attention_svm
