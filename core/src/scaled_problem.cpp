// SPDX-License-Identifier: MIT
#include "scaled_problem.h"

#include <algorithm>
#include <cmath>

namespace attention_svm {

namespace {

constexpr int kNoExponent = -100000;  // of a zero row

/// e with largest entry of the row in [2^(e-1), 2^e).
int exponentOf(const Matrix& A, Index row) {
  const double largest = A.cols() > 0 ? A.row(row).cwiseAbs().maxCoeff() : 0.0;
  if (!(largest > 0.0)) return kNoExponent;
  int exponent = 0;
  std::frexp(largest, &exponent);
  return exponent;
}

void scaleRow(Matrix& A, Index row, int exponent) {
  if (A.size() == 0 || exponent == kNoExponent) return;
  if (std::abs(exponent) < 1000)
    A.row(row) *= std::ldexp(1.0, -exponent);
  else
    for (double& x : A.row(row)) x = std::ldexp(x, -exponent);
}

}  // namespace

ScaledProblem::ScaledProblem(const SvmProblem& problem) : original(problem), unit(problem) {
  std::vector<int> queryExponent;
  for (Index r = 0; r < unit.Z.rows(); ++r) {
    queryExponent.push_back(exponentOf(unit.Z, r));
    scaleRow(unit.Z, r, queryExponent.back());
  }
  const auto scaleRows = [&](Matrix& high, Matrix& low, const std::vector<Index>& query,
                             std::vector<int>& total) {
    for (Index k = 0; k < high.rows(); ++k) {
      const int own = exponentOf(high, k),
                other = queryExponent[static_cast<std::size_t>(query[static_cast<std::size_t>(k)])];
      scaleRow(high, k, own);
      scaleRow(low, k, own);
      total.push_back(own == kNoExponent || other == kNoExponent ? kNoExponent : own + other);
    }
  };
  scaleRows(unit.delta, unit.deltaLow, unit.query, exponent);
  scaleRows(unit.equalityDelta, unit.equalityDeltaLow, unit.equalityQuery, equalityExponent);
  for (int& e : equalityExponent)
    if (e == kNoExponent) e = 0;  // 0 = 0 holds for every W

  int lowest = 1 << 20, highest = -(1 << 20);
  for (std::size_t k = 0; k < exponent.size(); ++k) {
    if (exponent[k] == kNoExponent) {
      zero = static_cast<Index>(k);
      return;
    }
    lowest = std::min(lowest, exponent[k]);
    highest = std::max(highest, exponent[k]);
  }
  common = -lowest;
  if (lowest < -1010 || highest > 1010 || highest - lowest > 1010)
    refusal =
        "tokens and queries differ too much in size: the products of token differences and queries must lie "
        "within "
        "1e-300 and 1e300, and within 1e300 of each other";
  size.resize(unit.K());
  exactRight.resize(unit.K());
  for (Index k = 0; k < unit.K(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    size(k) = unit.delta.row(k).norm() * unit.Z.row(unit.query[at]).norm();
    exactRight(k) = std::ldexp(1.0, lowest - exponent[at]);
    if (unit.tokenSize.size() > 0)
      unit.tokenSize(k) = std::ldexp(unit.tokenSize(k),
                                     queryExponent[static_cast<std::size_t>(unit.query[at])] - exponent[at]);
  }
  raise(1e-12);
}

void ScaledProblem::raise(double lowest) {
  floor = lowest;
  right = exactRight.cwiseMax(lowest);
}

}  // namespace attention_svm
