// SPDX-License-Identifier: MIT
// The problem in span{delta_k, eps_j} x span{z}: every solution lives there (THEORY section 3), because
// replacing W by its projection changes no constraint and raises no unitarily invariant norm.
#pragma once

#include "scaled_problem.h"

namespace attention_svm {

/// Indices of linearly independent rows that span them all; `dependent` as below.
std::vector<Index> independentRows(const Matrix& rows, double dependent);

struct ReducedProblem {
  /// `dependent`: relative size below which a direction counts as rounding.
  explicit ReducedProblem(const ScaledProblem& scaled, double dependent = 1e-10);

  Matrix left;                  ///< d x r1, orthonormal columns
  Matrix right;                 ///< d x r2, orthonormal columns
  Vector target;                ///< s_k for inequalities, 0 for equalities
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
  /// The d x d matrix of a reduced one: <A_k, lift(M)> = values(M)_k.
  [[nodiscard]] Matrix lift(const Matrix& M) const;
  [[nodiscard]] Matrix reduce(const Matrix& W) const { return left.transpose() * W * right; }
  /// (a, b) of the problem to x, and back: equalities that depend on others have b = 0.
  [[nodiscard]] Vector gathered(const Vector& a, const Vector& b) const;
  [[nodiscard]] Vector equalityDual(const Vector& x, Index J) const;
  /// M minus its part in the span of the equalities, for which values become 0.
  void enforceEqualities(Matrix& M) const;
};

}  // namespace attention_svm
