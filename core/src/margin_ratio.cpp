// SPDX-License-Identifier: MIT
#include "attention_svm/margin_ratio.h"

#include <limits>

namespace attention_svm {

double marginRatio(const SvmProblem& problem, const Matrix& W, const Norm& norm, double leastNorm) {
  if (problem.K() == 0) return std::numeric_limits<double>::infinity();
  const double size = normValue(norm, W);
  return size > 0.0 ? problem.constraintValues(W).minCoeff() / size * leastNorm : 0.0;
}

}  // namespace attention_svm
