// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "solvers.h"

namespace attention_svm {

SvmSolution unconstrainedSolution(const SvmProblem& problem) {
  SvmSolution solution;
  solution.status = SvmStatus::Solved;
  solution.feasible = true;
  solution.W = Matrix::Zero(problem.d, problem.d);
  solution.margin = std::numeric_limits<double>::infinity();
  solution.smallestConstraint = std::numeric_limits<double>::infinity();
  solution.dual = Vector(0);
  solution.equalityDual = Vector::Zero(problem.J());
  solution.singularValues = Vector::Zero(problem.d);
  return solution;
}

SvmSolution emptySolution(const SvmProblem& problem) {
  SvmSolution solution;
  solution.W = Matrix::Zero(problem.d, problem.d);
  solution.gap = 1.0;
  solution.dual = Vector::Zero(problem.K());
  solution.equalityDual = Vector::Zero(problem.J());
  solution.singularValues = Vector::Zero(problem.d);
  return solution;
}

namespace {

SvmSolution refused(const SvmProblem& problem, std::string why) {
  SvmSolution solution = emptySolution(problem);
  solution.message = std::move(why);
  return solution;
}

}  // namespace

std::string normProblem(const Norm& norm) {
  if (norm.kind != Norm::Kind::Lp || (norm.p >= kLowestP && norm.p <= kHighestP)) return {};
  char text[100];
  std::snprintf(text, sizeof text, "p: expected a number from %g to %g, found %.9g", kLowestP, kHighestP,
                norm.p);
  return text;
}

SvmSolution solveSvm(const SvmProblem& problem, const Norm& norm, const SvmOptions& options) {
  if (std::string why = normProblem(norm); !why.empty()) return refused(problem, std::move(why));
  if (problem.K() == 0) return unconstrainedSolution(problem);
  ScaledProblem scaled(problem);
  if (scaled.zero >= 0) return *certifyInfeasible(scaled, {}, {});
  if (!scaled.refusal.empty()) return refused(problem, scaled.refusal);
  return infoOf(norm).solve(norm, scaled, options);
}

std::string toText(const SvmSolution& solution) {
  char line[256];
  if (solution.status == SvmStatus::Infeasible) {
    std::snprintf(line, sizeof line,
                  "infeasible: a certificate a >= 0 with sum 1 has |sum a A| = %.1e of sum a |A|\n",
                  solution.certificateResidual);
    return line;
  }
  if (!solution.message.empty()) return "refused: " + solution.message + "\n";
  if (solution.status == SvmStatus::BoundedBelow) {
    std::snprintf(
        line, sizeof line,
        "undecided: no matrix was found that meets the constraints, and every one that does has norm at "
        "least %.6g\n",
        solution.lowerBound);
    return line;
  }
  std::snprintf(line, sizeof line,
                "%s\nnorm %.12g, margin %.6g\nrelative duality gap %.1e, smallest constraint %.15g\n"
                "rank %d, support %d, iterations %d\n",
                solution.status == SvmStatus::Solved ? "solved" : "not converged to the tolerance",
                solution.norm, solution.margin, solution.gap, solution.smallestConstraint,
                static_cast<int>(solution.rank), static_cast<int>(solution.support.size()),
                solution.iterations);
  return line;
}

}  // namespace attention_svm
