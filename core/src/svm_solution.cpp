#include <cmath>
#include <cstdio>
#include <limits>

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

namespace {

double largestConstraintNorm(const SvmProblem& problem) {
  double largest = 0.0;
  for (Index k = 0; k < problem.K(); ++k)
    largest = std::max(largest, problem.delta.row(k).norm() *
                                    problem.Z.row(problem.query[static_cast<std::size_t>(k)]).norm());
  return largest;
}

}  // namespace

SvmSolution infeasibleSolution(const SvmProblem& problem, const Vector& a, const Vector& b) {
  SvmSolution solution;
  solution.status = SvmStatus::Infeasible;
  solution.W = Matrix::Zero(problem.d, problem.d);
  solution.dual = Vector::Zero(problem.K());
  solution.equalityDual = Vector::Zero(problem.J());
  solution.singularValues = Vector::Zero(problem.d);
  const double sum = a.sum();
  solution.certificate = a / sum;
  solution.certificateEqualities = b / sum;
  const double scale = largestConstraintNorm(problem);
  const double residual = problem.combination(solution.certificate, solution.certificateEqualities).norm();
  solution.certificateResidual = scale > 0.0 ? residual / scale : 0.0;
  return solution;
}

void certify(SvmSolution& solution, const SvmProblem& problem, const Norm& norm, const SvmOptions& options) {
  Vector values = problem.constraintValues(solution.W);
  const double smallest = values.minCoeff();
  if (smallest > 0.0) {
    solution.W /= smallest;
    values /= smallest;
  }
  solution.feasible = smallest > 0.0;
  solution.smallestConstraint = values.minCoeff();
  solution.equalityResidual =
      problem.J() > 0 ? problem.equalityValues(solution.W).cwiseAbs().maxCoeff() : 0.0;
  solution.norm = normValue(norm, solution.W);
  solution.margin = solution.norm > 0.0 ? 1.0 / solution.norm : 0.0;
  // Weak duality: for every feasible W, sum a <= <sum a A + sum b E, W> <= |.|_dual |W|.
  const double bound = dualNormValue(norm, problem.combination(solution.dual, solution.equalityDual));
  solution.primalValue = solution.norm;
  solution.dualValue = bound > 0.0 ? solution.dual.sum() / bound : 0.0;
  solution.gap = solution.feasible
                     ? std::max(0.0, (solution.primalValue - solution.dualValue) / solution.primalValue)
                     : 1.0;
  solution.status =
      solution.feasible && solution.gap <= options.tolerance ? SvmStatus::Solved : SvmStatus::NotConverged;
  solution.support.clear();
  for (Index k = 0; k < problem.K(); ++k)
    if (values(k) <= 1.0 + options.supportThreshold)
      solution.support.push_back(problem.name[static_cast<std::size_t>(k)]);
  solution.singularValues = singularValues(solution.W);
  const double limit = options.rankThreshold * solution.singularValues(0);
  solution.rank = (solution.singularValues.array() > limit).count();
}

SvmSolution solveSvm(const SvmProblem& problem, const Norm& norm, const SvmOptions& options) {
  if (problem.K() == 0) return unconstrainedSolution(problem);
  return infoOf(norm).solve(norm, problem, options);
}

std::string toText(const SvmSolution& solution) {
  char line[256];
  if (solution.status == SvmStatus::Infeasible) {
    std::snprintf(line, sizeof line,
                  "infeasible: a certificate a >= 0 with sum 1 has |sum a A| = %.1e of the largest A\n",
                  solution.certificateResidual);
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
