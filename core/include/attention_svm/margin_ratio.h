// SPDX-License-Identifier: MIT
// How much of the largest margin a trained W has (THEORY section 6c).
#pragma once

#include "attention_svm/norm.h"
#include "attention_svm/svm_problem.h"

namespace attention_svm {

/// min_k <A_k, W> leastNorm / N(W), with leastNorm the norm of the problem's SVM solution in N: at most 1,
/// and 1 exactly for a multiple of a solution. Unlike the direction it means something where solutions are
/// not unique. Negative while a constraint is violated; infinite without constraints, 0 for W = 0.
double marginRatio(const SvmProblem& problem, const Matrix& W, const Norm& norm, double leastNorm);

}  // namespace attention_svm
