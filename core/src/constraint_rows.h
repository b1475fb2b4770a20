// SPDX-License-Identifier: MIT
// Constraints as rows of numbers, for the methods that work entry by entry.
#pragma once

#include "double_double_eigen.h"
#include "solvers.h"

namespace attention_svm {

/// Rows vec(A_k) of length 1 with their right sides, and an orthonormal basis of the vec(E_j). d^2 columns.
template <class Real>
struct ConstraintRows {
  using Square = SquareOf<Real>;
  using Column = VectorOf<Real>;

  explicit ConstraintRows(const ScaledProblem& scaled);

  Index d = 0;
  Square A;                     ///< K x d^2
  Vector length;                ///< K: |A_k|_F of the scaled problem
  Column right;                 ///< K: s_k / |A_k|_F
  Square E;                     ///< J' x d^2, orthonormal rows that span the equalities
  Square equalityFactor;        ///< J' x J', lower: the chosen vec(E_j) are this times E
  std::vector<Index> equality;  ///< J' equalities of the problem, linearly independent
  Index J = 0;                  ///< equalities of the problem

  [[nodiscard]] Index K() const { return A.rows(); }
  [[nodiscard]] Index entries() const { return A.cols(); }
  /// w minus its part in the span of the equalities.
  [[nodiscard]] Column projected(Column w) const;
  /// min_k <A_k, w> / right_k
  [[nodiscard]] Real smallest(const Column& w) const { return (A * w).cwiseQuotient(right).minCoeff(); }
  /// W, K multipliers of the rows of A and J' of those of E, as what certify() takes.
  [[nodiscard]] Candidate candidate(const Column& w, const Column& a, const Column& b) const;
  /// Back: K + J' multipliers.
  [[nodiscard]] Column multipliers(const ScaledProblem& scaled, const Candidate& from) const;
};

extern template struct ConstraintRows<double>;
extern template struct ConstraintRows<Double2>;

}  // namespace attention_svm
