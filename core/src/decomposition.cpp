// SPDX-License-Identifier: MIT
// W(k) ~ W_fin + R W_mm (paper, section 7; THEORY section 5).
#include <Eigen/QR>
#include <cstdio>

#include "attention_svm/kept_tokens.h"

namespace attention_svm {

namespace {

/// Least-norm W with eps_j^T W z_j = right_j: minimum-norm least squares over the J products.
Matrix leastNormSolution(const SvmProblem& problem, const Vector& right) {
  const Index d = problem.d;
  if (problem.J() == 0) return Matrix::Zero(d, d);
  Eigen::MatrixXd rows(problem.J(), d * d);
  for (Index j = 0; j < problem.J(); ++j) {
    const Matrix outer = problem.equalityDelta.row(j).transpose() *
                         problem.Z.row(problem.equalityQuery[static_cast<std::size_t>(j)]);
    rows.row(j) = outer.reshaped<Eigen::RowMajor>().transpose();
  }
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
  solver.setThreshold(1e-11);
  solver.compute(rows);
  const Vector W = solver.solve(right);
  return W.reshaped<Eigen::RowMajor>(d, d);
}

/// log(s_it / s_itau) in the order of the equalities: first kept token against each other one.
Vector logOdds(const AttentionModel& model, const KeptTokens& kept, Index count) {
  Vector result(count);
  Index j = 0;
  for (std::size_t r = 0; r < kept.size(); ++r) {
    const Vector& logS = model.logProbabilities(static_cast<Index>(r));
    for (std::size_t t = 1; t < kept[r].size(); ++t) result(j++) = logS(kept[r][0]) - logS(kept[r][t]);
  }
  return result;
}

std::string unsettledMessage(const KeptSets& kept) {
  const TokenConstraint& first = kept.unsettled.front();
  char between[80];
  std::snprintf(between, sizeof between, "%d probabilities lie between %g and %g",
                static_cast<int>(kept.unsettled.size()), kept.masked, kept.threshold);
  return "the kept tokens are not settled yet: " + std::string(between) + " (the first: sequence " +
         std::to_string(first.sequence + 1) + ", token " + std::to_string(first.token + 1) + "); train on";
}

/// R and the correlations, from W_mm and W_fin.
void compare(const Matrix& W, Decomposition& result) {
  const Matrix& Wmm = result.directional.W;
  if (result.directional.feasible && Wmm.squaredNorm() > 0.0)
    result.R = inner(W - result.finite, Wmm) / Wmm.squaredNorm();
  result.correlationDirectional = correlation(W, Wmm);
  result.correlationSvmEquivalent = correlation(W, result.finite + result.R * Wmm);
}

#ifdef ATTENTION_SVM_LIGHT
/// The page's copy leaves this to the worker.
Decomposition decomposeWords(const Trainer& trainer, double threshold) {
  Decomposition result;
  result.kept = keptTokens(trainer.model(), threshold);
  result.message = "the two parts of words are solved by the worker";
  return result;
}
#else
/// THEORY section 6d: what the theorem says, which does not depend on what training has kept.
Decomposition decomposeWords(const Trainer& trainer, double threshold) {
  const Words& words = *trainer.dataset().words;
  Decomposition result;
  result.kept = keptTokens(trainer.model(), threshold);
  result.directional = solveSvm(graphSvmProblem(trainer.dataset()).value(), Norm::frobenius());
  const CyclicSubspace subspace(words);
  const FinitePart finite = finitePart(words, subspace);
  result.finite = finite.W;
  result.finiteResidual = finite.residual;
  result.cyclic = subspace.project(trainer.W());
  result.feasible = result.directional.feasible && finite.converged;
  result.message = embeddingNote(words);
  if (result.message.empty() && !result.directional.trusted())
    result.message = "the Graph-SVM was not solved to its tolerance";
  else if (result.message.empty() && !finite.converged)
    result.message = "Newton's method for the finite part did not converge";
  compare(trainer.W(), result);
  return result;
}
#endif

}  // namespace

Decomposition decompose(const Trainer& trainer, double threshold) {
  const Dataset& dataset = trainer.dataset();
  if (dataset.words) return decomposeWords(trainer, threshold);
  Decomposition result;
  const QueryMode mode = trainer.options().queries;
  result.kept = keptTokens(trainer.model(), threshold);
  const SvmProblem problem = generalizedSvmProblem(dataset, result.kept.tokens, mode).value();
  result.directional = solveSvm(problem, Norm::frobenius());
  const Vector right = logOdds(trainer.model(), result.kept.tokens, problem.J());
  result.finite = leastNormSolution(problem, right);
  result.finiteResidual =
      problem.J() > 0 ? (problem.equalityValues(result.finite) - right).cwiseAbs().maxCoeff() : 0.0;

  const bool consistent = result.finiteResidual <= 1e-8 * (1.0 + right.cwiseAbs().sum());
  result.feasible = result.directional.feasible && consistent;
  if (!result.kept.settled)
    result.message = unsettledMessage(result.kept);
  else if (!result.directional.trusted())
    result.message = "the SVM of the kept tokens was not solved to its tolerance";
  else if (!result.directional.feasible)
    result.message = "no matrix separates kept and masked tokens";
  else if (!consistent)
    result.message = "no matrix gives the kept tokens their log-odds";

  compare(trainer.W(), result);
  const SvmSolution oneToken =
      solveSvm(svmProblem(dataset, trainer.selected(), mode).value(), Norm::frobenius());
  if (oneToken.feasible) result.correlationOneToken = correlation(trainer.W(), oneToken.W);
  return result;
}

std::string toText(const Decomposition& decomposition) {
  std::string text = toText(decomposition.kept);
  if (!decomposition.message.empty()) text += decomposition.message + "\n";
  char line[256];
  std::snprintf(line, sizeof line,
                "R %.6g, correlation: directional %.6f, SVM-equivalent %.6f, one token %s%.6f\n",
                decomposition.R, decomposition.correlationDirectional, decomposition.correlationSvmEquivalent,
                decomposition.correlationOneToken ? "" : "(infeasible) ",
                decomposition.correlationOneToken.value_or(0.0));
  return text + line + toText(decomposition.directional);
}

}  // namespace attention_svm
