// SPDX-License-Identifier: MIT
// The three sums over constraints that everything is judged by, in twice the precision.
#pragma once

#include <vector>

#include "attention_svm/svm_problem.h"
#include "double_double.h"

namespace attention_svm {

/// d x d (or any other) numbers, row by row.
struct PreciseMatrix {
  Index rows = 0, cols = 0;
  std::vector<Double2> entries;

  PreciseMatrix(Index r, Index c) : rows(r), cols(c), entries(static_cast<std::size_t>(r * c)) {}
  PreciseMatrix(const Matrix& high, const Matrix& low);
  Double2& operator()(Index r, Index c) { return entries[static_cast<std::size_t>(r * cols + c)]; }
  const Double2& operator()(Index r, Index c) const {
    return entries[static_cast<std::size_t>(r * cols + c)];
  }
  [[nodiscard]] Matrix high() const;
  [[nodiscard]] Matrix low() const;
};

using PreciseVector = std::vector<Double2>;

PreciseVector precise(const Vector& high, const Vector& low = {});
Vector high(const PreciseVector& x);
Vector low(const PreciseVector& x);

/// <A_k, W> for all k, then <E_j, W> for all j.
PreciseVector preciseValues(const SvmProblem& problem, const PreciseMatrix& W);
/// sum x_k A_k + sum x_(K+j) E_j; x of K + J numbers.
PreciseMatrix preciseCombination(const SvmProblem& problem, const PreciseVector& x);
/// delta_k (or eps_j, for K + j) as it is.
Double2 preciseDifference(const SvmProblem& problem, Index row, Index c);

}  // namespace attention_svm
