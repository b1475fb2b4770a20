// SPDX-License-Identifier: MIT
// Which words outrank which (Li et al. 2024, section 3; THEORY section 6d), and the Graph-SVM.
#pragma once

#include <utility>
#include <vector>

#include "attention_svm/svm_problem.h"

namespace attention_svm {

/// The token-priority graph of one last word k. Its nodes are the words with an edge.
struct PriorityGraph {
  Index last = 0;  ///< k
  /// y -> x: some sequence that ends in k has the next word y and holds x, another word. Ascending, each
  /// once.
  std::vector<std::pair<Index, Index>> edges;
  /// Strongly connected components: the words of each ascending, components by their first word. A path leads
  /// from one to another at most one way.
  std::vector<std::vector<Index>> components;

  /// The component that holds the word; components.size() when the word is no node.
  [[nodiscard]] std::size_t componentOf(Index word) const;
};

/// One graph for each word in which a sequence ends, ascending. Time grows with edges and words.
std::vector<PriorityGraph> priorityGraphs(const Words& words);

/// Components from the highest priority to the lowest: no edge leads to an earlier one. Of those that may
/// come next, the one whose first word is lowest.
std::vector<std::size_t> rankedComponents(const PriorityGraph& graph);

/// least |W|  with  (e_i - e_j)^T W e_k  = 0 for words i, j of one component of the graph of k,
///                                      >= 1 for an edge i -> j between two components.
/// One inequality for each pair of components, named by a sequence with that edge and the place of j in it;
/// the equalities are those of each component's first word with every other one. Only for words: else an
/// error.
Result<SvmProblem> graphSvmProblem(const Dataset& dataset);

}  // namespace attention_svm
