// SPDX-License-Identifier: MIT
// Differences of tokens with what rounding takes from them (SvmProblem::delta and deltaLow).
#pragma once

#include <utility>
#include <vector>

#include "attention_svm/linalg.h"
#include "double_double.h"

namespace attention_svm {

/// Row `one` of X less row `other`, exactly, to row k of high + low.
inline void putDifference(const Matrix& X, Index one, Index other, Index k, Matrix& high, Matrix& low) {
  for (Index c = 0; c < high.cols(); ++c) {
    const Double2 exact = twoSum(X(one, c), -X(other, c));
    high(k, c) = exact.hi;
    low(k, c) = exact.lo;
  }
}

/// The same for a list of pairs of rows.
inline void putDifferences(const Matrix& X, const std::vector<std::pair<Index, Index>>& pairs, Matrix& high,
                           Matrix& low) {
  high.resize(static_cast<Index>(pairs.size()), X.cols());
  low.resize(high.rows(), high.cols());
  for (std::size_t k = 0; k < pairs.size(); ++k)
    putDifference(X, pairs[k].first, pairs[k].second, static_cast<Index>(k), high, low);
}

}  // namespace attention_svm
