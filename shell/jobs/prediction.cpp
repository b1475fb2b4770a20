// SPDX-License-Identifier: MIT
#include "prediction.h"

namespace attention_svm::shell {

namespace {

/// Constraints up to which a solve fits into a frame, and beyond which it takes minutes.
constexpr Index kQuickNuclear = 50, kQuickDecomposition = 60;
constexpr Index kMostConstraints = 6000, kMostOtherNorm = 900;
constexpr Index kQuickSize = 100;      // dimensions; the singular values of W take d^3 steps
constexpr Index kQuickDimension = 24;  // the generalized SVM works with d^2 numbers for each kept token

bool linear(const Trainer& trainer) { return std::holds_alternative<LinearHead>(trainer.dataset().head); }

Index constraintCount(const Trainer& trainer) {
  return static_cast<Index>(constraintsOf(trainer.dataset(), trainer.options().queries));
}

std::string excessOf(const Trainer& trainer) {
  return svmExcess(trainer.dataset(), trainer.options().queries, trainer.options().budget);
}

Prediction at(const Trainer& trainer, const Selection& selection) {
  Prediction result;
  result.selection = selection;
  result.atIteration = static_cast<double>(trainer.iteration());
  return result;
}

/// Beyond, a solve takes minutes.
Index mostConstraints(const Norm& norm) {
  return norm.kind == Norm::Kind::Frobenius ? kMostConstraints : kMostOtherNorm;
}

}  // namespace

std::vector<Prediction::Solved> Prediction::solutions() const {
  std::vector<Solved> all;
  if (!ready()) return all;
  all.push_back({Norm::frobenius(), &optimality.solution});
  for (const NormSolution& other : others) all.push_back({other.norm, &other.solution});
  return all;
}

const SvmSolution* Prediction::in(Norm::Kind kind) const {
  for (const Solved& solved : solutions())
    if (solved.norm.kind == kind) return solved.solution;
  return nullptr;
}

PredictionCost predictionCost(const Trainer& trainer, const Norm& named) {
  const Index K = constraintCount(trainer);
  if (trainer.dataset().words && isLightCore()) return PredictionCost::Long;
  if (K > kMostConstraints || !excessOf(trainer).empty()) return PredictionCost::TooLong;
  if (trainer.dataset().d() > kQuickSize) return PredictionCost::Long;
  if (!linear(trainer))
    return K <= kQuickDecomposition && trainer.dataset().d() <= kQuickDimension ? PredictionCost::Quick
                                                                                : PredictionCost::Long;
  if (isLightCore() && named.kind != Norm::Kind::Frobenius && named.kind != Norm::Kind::Nuclear)
    return PredictionCost::Long;
  // The nuclear solution is shown beside the other one also where the theory does not name it.
  if (K <= kQuickNuclear) return PredictionCost::Quick;
  const bool frobenius = named.kind == Norm::Kind::Frobenius;
  return frobenius && K <= kQuickConstraints ? PredictionCost::Partly : PredictionCost::Long;
}

Prediction refusedPrediction(const Trainer& trainer, const Selection& selection) {
  Prediction result = at(trainer, selection);
  const Index K = constraintCount(trainer);
  result.tooLarge = K > kMostConstraints
                        ? "The SVM of this data has " + std::to_string(K) + " constraints, more than the " +
                              std::to_string(kMostConstraints) +
                              " that the page solves; choose smaller n or T."
                        : "The SVM is not solved: " + excessOf(trainer) + ".";
  return result;
}

Prediction pendingPrediction(const Trainer& trainer, const Selection& selection) {
  Prediction result = at(trainer, selection);
  result.solving = true;
  return result;
}

Prediction predictPartly(const Trainer& trainer, const Selection& selection) {
  Prediction result = at(trainer, selection);
  result.optimality = localOptimality(trainer.dataset(), selection, trainer.options().queries).value();
  return result;
}

Prediction predict(const Trainer& trainer, const Selection& selection, const Norm& named,
                   const std::vector<Norm>& more) {
  Prediction result = at(trainer, selection);
  const QueryMode mode = trainer.options().queries;
  const SvmProblem problem = svmProblem(trainer.dataset(), selection, mode).value();
  if (!linear(trainer)) {
    result.optimality.solution = solveSvm(problem, Norm::frobenius());
    result.optimality.feasible = result.optimality.solution.feasible;
    result.decomposition = decompose(trainer);
    return result;
  }
  result = predictPartly(trainer, selection);
  std::vector<Norm> norms{Norm::nuclear(), named};
  norms.insert(norms.end(), more.begin(), more.end());
  for (const Norm& norm : norms)
    if (result.in(norm.kind) == nullptr && problem.K() <= mostConstraints(norm))
      result.others.push_back({norm, solveSvm(problem, norm)});
  return result;
}

}  // namespace attention_svm::shell
