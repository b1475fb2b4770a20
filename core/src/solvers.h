// SPDX-License-Identifier: MIT
// The solvers behind solveSvm(), one file each, and what they share. They work on constraints of equal size
// and hand over candidates; what is true of a candidate is found by certify() alone, from the data.
#pragma once

#include <optional>

#include "scaled_problem.h"

namespace attention_svm {

/// What a solver found, in scaled units. The low parts are what rounding took from W and the multipliers:
/// empty, or of the same shape, where doubles are not enough.
struct Candidate {
  Matrix W, WLow;  ///< d x d
  Vector a, aLow;  ///< K multipliers
  Vector b, bLow;  ///< J multipliers
  int iterations = 0;
};

/// Least Frobenius norm, and the decision about feasibility for every norm.
struct FrobeniusAnswer {
  SvmSolution solution;
  Candidate candidate;  ///< unless infeasible
};
FrobeniusAnswer solveFrobenius(ScaledProblem& problem, const SvmOptions& options);
SvmSolution solveNuclear(ScaledProblem& problem, const SvmOptions& options);
SvmSolution solveLp(ScaledProblem& problem, double p, const SvmOptions& options);
SvmSolution solveLinf(ScaledProblem& problem, const SvmOptions& options);
SvmSolution solveL1(ScaledProblem& problem, const SvmOptions& options);
SvmSolution solveSpectral(ScaledProblem& problem, const SvmOptions& options);

/// Least Frobenius norm in twice the precision, from a set of constraints to start with. `infeasible` is set
/// where the combination of the constraints by the multipliers vanishes to the rounding of doubles.
Candidate solveFrobeniusPrecisely(const ScaledProblem& problem, const std::vector<Index>& start,
                                  bool& infeasible);

/// The same from the constraints that `candidate` has as active ones.
Candidate sharpened(const ScaledProblem& problem, const Candidate& candidate);

/// K = 0: nothing to separate, W = 0.
SvmSolution unconstrainedSolution(const SvmProblem& problem);

/// An answer without a W: everything zero, gap 1.
SvmSolution emptySolution(const SvmProblem& problem);

/// The one place where a solution gets its proof. From the candidate and the data: scales W to satisfy every
/// constraint, computes the primal value, the bound from the multipliers by weak duality, gap, support,
/// singular values and status; in twice the precision where doubles would cancel. Undoes the scaling.
SvmSolution certify(const ScaledProblem& problem, const Candidate& candidate, const Norm& norm,
                    const SvmOptions& options);

/// The one place where a certificate of infeasibility is accepted: its residual, recomputed from the data in
/// twice the precision, must be what the rounding of tokens and queries explains. Nothing otherwise.
std::optional<SvmSolution> certifyInfeasible(const ScaledProblem& problem, const Vector& a, const Vector& b);

}  // namespace attention_svm
