// SPDX-License-Identifier: MIT
// What stays finite when words train (Li et al. 2024, section 4; THEORY section 6d): the words of one
// component are mixed in fixed shares.
#pragma once

#include <memory>

#include "attention_svm/priority_graph.h"

namespace attention_svm {

/// The cyclic subspace S = span{(e_i - e_j) e_k^T : i, j in one component of the graph of k}.
class CyclicSubspace {
 public:
  explicit CyclicSubspace(const Words& words);

  [[nodiscard]] Index dimension() const { return static_cast<Index>(basis_.size()); }
  /// The part of W (d x d) in S, orthogonal to the rest.
  [[nodiscard]] Matrix project(const Matrix& W) const;

 private:
  friend class FinitePartSolver;
  class Gram;
  /// (e_first - e_other) e_k^T
  struct Pair {
    Index query, first, other;
  };
  [[nodiscard]] Vector values(const Matrix& W) const;                      ///< <E_j, W> of the basis
  [[nodiscard]] Matrix withValues(const Vector& right) const;              ///< the W in S with these values
  [[nodiscard]] double product(const Pair& one, const Pair& other) const;  ///< <E_j, E_l>

  Matrix E_;
  std::vector<PriorityGraph> graphs_;
  std::vector<Pair> pairs_;           ///< that span S, graph by graph, component by component
  std::vector<std::size_t> basis_;    ///< those of them that do not depend on others before
  std::shared_ptr<const Gram> gram_;  ///< of the basis, factored
};

/// W_fin: the minimizer within S of the loss in which each sequence keeps only the words of its label's
/// component.
struct FinitePart {
  Matrix W;                ///< d x d, zero when S is {0}
  double residual = 0.0;   ///< Frobenius norm of that loss's gradient in S, at W
  int iterations = 0;      ///< steps of Newton's method
  bool converged = false;  ///< residual at most 1e-12
};
FinitePart finitePart(const Words& words, const CyclicSubspace& subspace);

/// The share with which W_fin mixes the words of a component, after the last word of its graph: the attention
/// on each of them when all of them occur once. One number for each word of the component; their sum is 1.
Vector mixingShares(const Words& words, const Matrix& Wfin, Index last, const std::vector<Index>& component);

}  // namespace attention_svm
