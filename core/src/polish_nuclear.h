// SPDX-License-Identifier: MIT
// Last digits of the nuclear-norm solution, where the interior-point method runs into rounding.
#pragma once

#include "reduced_problem.h"

namespace attention_svm {

/// W (r1 x r2) and x = (a, b) near the optimum. Guesses rank and active constraints from them and solves
/// the optimality conditions on that face by Newton's method. The result is only a candidate: the caller
/// keeps it when it proves a smaller gap.
void polishNuclear(const ReducedProblem& problem, Matrix& W, Vector& x);

}  // namespace attention_svm
