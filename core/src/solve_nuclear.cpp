// SPDX-License-Identifier: MIT
// Least nuclear norm: the interior-point method of nuclear_ipm.h, then a few Newton steps on the face that it
// found.
#include "nuclear_ipm.h"
#include "polish_nuclear.h"
#include "solvers.h"

namespace attention_svm {

namespace {

/// A reduced W and multipliers with the relative gap that they seem to prove.
struct Pair {
  Matrix W;
  Vector x;
  double gap = 1e300;
};

Pair pairAt(const ReducedProblem& problem, Matrix W, const Vector& x) {
  problem.enforceEqualities(W);
  Pair result;
  const Index K = problem.K;
  const double smallest = problem.values(W).head(K).cwiseQuotient(problem.target.head(K)).minCoeff();
  if (!(smallest > 0.0)) return result;
  result.W = W / smallest;
  result.x = x;
  const double primal = singularValues(result.W).sum();
  const double dual = x.head(K).dot(problem.target.head(K)) / singularValues(problem.combination(x))(0);
  result.gap = (primal - dual) / primal;
  return result;
}

}  // namespace

SvmSolution solveNuclear(ScaledProblem& problem, const SvmOptions& options) {
  // Feasibility does not depend on the norm, and a point inside saves the search for one.
  SvmOptions frobeniusOptions = options;
  frobeniusOptions.maxIterations = 0;
  const FrobeniusAnswer frobenius = solveFrobenius(problem, frobeniusOptions);
  if (!frobenius.solution.feasible) return frobenius.solution;

  const ReducedProblem reduced(problem);
  if (reduced.r1() == 1 || reduced.r2() == 1) {  // W has rank 1: both norms are the same
    SvmSolution same = certify(problem, frobenius.candidate, Norm::nuclear(), options);
    if (same.trusted()) return same;
    return certify(problem, sharpened(problem, frobenius.candidate), Norm::nuclear(), options);
  }

  NuclearIpm<double> ipm({reduced.U, reduced.V, reduced.target, reduced.K});
  const Matrix W = reduced.reduce(frobenius.candidate.W);
  const Vector x = reduced.gathered(frobenius.candidate.a, frobenius.candidate.b);
  ipm.start(W, x);

  Pair best;
  int iterations = 0, idle = 0;
  const int limit = options.maxIterations > 0 ? options.maxIterations : 100;
  // On to a tenth of the tolerance where rounding allows: that makes the rank plain to see.
  while (iterations < limit && idle < 3 && best.gap > 0.1 * options.tolerance && ipm.step()) {
    ++iterations;
    Pair now = pairAt(reduced, ipm.W(), ipm.multipliers());
    ++idle;
    if (now.gap < 0.5 * best.gap) idle = 0;
    if (now.gap < best.gap) best = std::move(now);
    if (best.gap > 1e-3) idle = 0;
  }

  if (best.gap > 0.1 * options.tolerance && best.gap < 1e-3) {
    Matrix sharper = best.W;
    Vector polished = best.x;
    polishNuclear(reduced, sharper, polished);
    Pair now = pairAt(reduced, sharper, polished);
    if (now.gap < best.gap) best = std::move(now);
  }
  if (best.gap > 1e299) {  // no step was possible: the Frobenius solution is a feasible point at least
    best.W = W;
    best.x = x;
  }
  Candidate candidate;
  candidate.iterations = iterations;
  candidate.W = reduced.lift(best.W);
  candidate.a = best.x.head(reduced.K).cwiseMax(0.0);
  candidate.b = reduced.equalityDual(best.x, problem.unit.J());
  SvmSolution solution = certify(problem, candidate, Norm::nuclear(), options);
  if (solution.trusted() || options.maxIterations > 0) return solution;
  SvmSolution second = solveNuclearPrecisely(problem, sharpened(problem, frobenius.candidate), options);
  return second.feasible && (!solution.feasible || second.gap < solution.gap) ? second : solution;
}

}  // namespace attention_svm
