// SPDX-License-Identifier: MIT
#include "linear_program.h"

namespace attention_svm {

namespace {

/// In twice the precision: about a second.
bool smallEnough(const ScaledProblem& problem, Index variables) {
  const auto n = static_cast<double>(variables), D = static_cast<double>(problem.unit.d * problem.unit.d),
             K = static_cast<double>(problem.unit.K() + problem.unit.J());
  return n * n * n + n * D * K <= 4e6;
}

}  // namespace

SvmSolution solveByLinearProgram(ScaledProblem& problem, const Norm& norm, Index variables,
                                 const SvmOptions& options, ProgramSolver inDoubles,
                                 ProgramSolver precisely) {
  SvmOptions frobeniusOptions = options;
  frobeniusOptions.maxIterations = 0;
  const FrobeniusAnswer frobenius = solveFrobenius(problem, frobeniusOptions);
  if (!frobenius.solution.feasible) return frobenius.solution;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 200;
  const double enough = 1e-2 * options.tolerance;
  const auto certified = [&](ProgramSolver solve, const Candidate& start) {
    Proof proof = solve(problem, start, limit, enough);
    if (!(proof.gap < 1e299)) proof.candidate = start;  // a feasible point at least
    return certify(problem, proof.candidate, norm, options);
  };
  SvmSolution solution = certified(inDoubles, frobenius.candidate);
  if (solution.trusted() || options.maxIterations > 0 || !smallEnough(problem, variables)) return solution;
  SvmSolution second = certified(precisely, sharpened(problem, frobenius.candidate));
  return second.feasible && (!solution.feasible || second.gap < solution.gap) ? second : solution;
}

}  // namespace attention_svm
