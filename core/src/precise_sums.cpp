// SPDX-License-Identifier: MIT
#include "precise_sums.h"

namespace attention_svm {

PreciseMatrix::PreciseMatrix(const Matrix& high, const Matrix& low)
    : PreciseMatrix(high.rows(), high.cols()) {
  for (Index k = 0; k < high.size(); ++k)
    entries[static_cast<std::size_t>(k)] = {high.data()[k], low.size() > 0 ? low.data()[k] : 0.0};
}

Matrix PreciseMatrix::high() const {
  Matrix result(rows, cols);
  for (Index k = 0; k < result.size(); ++k) result.data()[k] = entries[static_cast<std::size_t>(k)].hi;
  return result;
}

Matrix PreciseMatrix::low() const {
  Matrix result(rows, cols);
  for (Index k = 0; k < result.size(); ++k) result.data()[k] = entries[static_cast<std::size_t>(k)].lo;
  return result;
}

PreciseVector precise(const Vector& high, const Vector& low) {
  PreciseVector result(static_cast<std::size_t>(high.size()));
  for (Index k = 0; k < high.size(); ++k)
    result[static_cast<std::size_t>(k)] = {high(k), low.size() > 0 ? low(k) : 0.0};
  return result;
}

Vector high(const PreciseVector& x) {
  Vector result(static_cast<Index>(x.size()));
  for (std::size_t k = 0; k < x.size(); ++k) result(static_cast<Index>(k)) = x[k].hi;
  return result;
}

Vector low(const PreciseVector& x) {
  Vector result(static_cast<Index>(x.size()));
  for (std::size_t k = 0; k < x.size(); ++k) result(static_cast<Index>(k)) = x[k].lo;
  return result;
}

Double2 preciseDifference(const SvmProblem& problem, Index row, Index c) {
  const bool equality = row >= problem.K();
  const Matrix& high = equality ? problem.equalityDelta : problem.delta;
  const Matrix& low = equality ? problem.equalityDeltaLow : problem.deltaLow;
  const Index r = equality ? row - problem.K() : row;
  return {high(r, c), low.size() > 0 ? low(r, c) : 0.0};
}

namespace {

Index queryOfRow(const SvmProblem& problem, Index row) {
  return row < problem.K() ? problem.query[static_cast<std::size_t>(row)]
                           : problem.equalityQuery[static_cast<std::size_t>(row - problem.K())];
}

}  // namespace

PreciseVector preciseValues(const SvmProblem& problem, const PreciseMatrix& W) {
  const Index d = problem.d, R = problem.Z.rows();
  PreciseMatrix WZ(R, d);  // row r is W z_r
  for (Index r = 0; r < R; ++r)
    for (Index i = 0; i < d; ++i)
      for (Index j = 0; j < d; ++j) WZ(r, i) += W(i, j) * Double2(problem.Z(r, j));
  PreciseVector values(static_cast<std::size_t>(problem.K() + problem.J()));
  for (Index k = 0; k < problem.K() + problem.J(); ++k) {
    const Index q = queryOfRow(problem, k);
    for (Index c = 0; c < d; ++c)
      values[static_cast<std::size_t>(k)] += preciseDifference(problem, k, c) * WZ(q, c);
  }
  return values;
}

PreciseMatrix preciseCombination(const SvmProblem& problem, const PreciseVector& x) {
  const Index d = problem.d, R = problem.Z.rows();
  PreciseMatrix sums(R, d);  // of x_k delta_k over the constraints of each query
  for (Index k = 0; k < static_cast<Index>(x.size()); ++k) {
    const Double2& weight = x[static_cast<std::size_t>(k)];
    if (weight.hi == 0.0) continue;
    const Index q = queryOfRow(problem, k);
    for (Index c = 0; c < d; ++c) sums(q, c) += weight * preciseDifference(problem, k, c);
  }
  PreciseMatrix result(d, d);
  for (Index r = 0; r < R; ++r)
    for (Index i = 0; i < d; ++i) {
      if (sums(r, i).hi == 0.0) continue;
      for (Index j = 0; j < d; ++j) result(i, j) += sums(r, i) * Double2(problem.Z(r, j));
    }
  return result;
}

}  // namespace attention_svm
