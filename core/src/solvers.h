// The solvers behind solveSvm(), one file each, and what they share.
#pragma once

#include "attention_svm/svm_solver.h"

namespace attention_svm {

SvmSolution solveFrobenius(const SvmProblem& problem, const SvmOptions& options);
SvmSolution solveNuclear(const SvmProblem& problem, const SvmOptions& options);
SvmSolution solveLp(const SvmProblem& problem, double p, const SvmOptions& options);

/// K = 0: nothing to separate, W = 0.
SvmSolution unconstrainedSolution(const SvmProblem& problem);

/// The infeasible answer with certificate a (and b), scaled to sum a = 1.
SvmSolution infeasibleSolution(const SvmProblem& problem, const Vector& a, const Vector& b);

/// Completes a solution from W, dual and equalityDual: scales W to satisfy every constraint, computes the
/// primal value, the bound from the multipliers by weak duality, gap, support, singular values and status.
void certify(SvmSolution& solution, const SvmProblem& problem, const Norm& norm, const SvmOptions& options);

}  // namespace attention_svm
