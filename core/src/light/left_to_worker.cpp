// SPDX-License-Identifier: MIT
// In place of the solvers that the page leaves to its worker (core/CMakeLists.txt; isLightCore() in
// svm_solver.h).
#include "../solvers.h"
#include "attention_svm/kept_tokens.h"

namespace attention_svm {

namespace {

SvmSolution leftToTheWorker(const ScaledProblem& problem) {
  SvmSolution solution = emptySolution(problem.original);
  solution.message = "this norm is solved by the worker";
  return solution;
}

}  // namespace

bool isLightCore() { return true; }

SvmSolution solveNuclearPrecisely(const ScaledProblem& problem, const Candidate& /*start*/,
                                  const SvmOptions& /*options*/) {
  return leftToTheWorker(problem);
}
SvmSolution solveLp(ScaledProblem& problem, double /*p*/, const SvmOptions& /*options*/) {
  return leftToTheWorker(problem);
}
SvmSolution solveLinf(ScaledProblem& problem, const SvmOptions& /*options*/) {
  return leftToTheWorker(problem);
}
SvmSolution solveL1(ScaledProblem& problem, const SvmOptions& /*options*/) {
  return leftToTheWorker(problem);
}
SvmSolution solveSpectral(ScaledProblem& problem, const SvmOptions& /*options*/) {
  return leftToTheWorker(problem);
}

Decomposition decompose(const Trainer& trainer, double threshold) {
  Decomposition result;
  result.kept = keptTokens(trainer.model(), threshold);
  result.message = "the parts of W are solved by the worker";
  return result;
}

}  // namespace attention_svm
