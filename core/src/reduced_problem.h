// The problem in span{delta_k, eps_j} x span{z}: every solution lives there (THEORY section 3), because
// replacing W by its projection changes no constraint and raises no unitarily invariant norm.
#pragma once

#include "attention_svm/svm_problem.h"

namespace attention_svm {

struct ReducedProblem {
  explicit ReducedProblem(const SvmProblem& problem);

  Matrix left;                  ///< d x r1, orthonormal columns
  Matrix right;                 ///< d x r2, orthonormal columns
  double scale = 1.0;           ///< the largest |A_k|_F, taken out of U
  Index K = 0;                  ///< inequalities; the rows K, K+1, ... of U are the independent equalities
  Matrix U;                     ///< (K + J') x r1
  Matrix V;                     ///< (K + J') x r2: row k of U times row k of V is the reduced A_k
  std::vector<Index> equality;  ///< J' indices of independent equalities of the problem

  [[nodiscard]] Index rows() const { return U.rows(); }
  [[nodiscard]] Index r1() const { return U.cols(); }
  [[nodiscard]] Index r2() const { return V.cols(); }
  /// sum_k x_k u_k v_k^T (r1 x r2)
  [[nodiscard]] Matrix combination(const Vector& x) const;
  /// u_k^T M v_k for all rows
  [[nodiscard]] Vector values(const Matrix& M) const;
  /// The d x d matrix of a reduced one, with the scale undone: <A_k, lift(M)> = values(M)_k.
  [[nodiscard]] Matrix lift(const Matrix& M) const;
  /// M minus its part in the span of the equalities, for which values become 0.
  void enforceEqualities(Matrix& M) const;
};

}  // namespace attention_svm
