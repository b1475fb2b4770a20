// SPDX-License-Identifier: MIT
// Distance to the SVM direction over the iterations, W beside (K, Q) (paper, section 5, local convergence).
#include <cmath>

#include "attention_svm/svm_solver.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

/// About 60 iterations from 1 to the last, evenly spaced on a logarithmic axis, 1, 3, 10, 30, ... among them.
std::vector<double> checkpoints(int steps) {
  std::vector<double> result;
  double round = 1.0, factor = 3.0;
  for (double at = 1.0; at < steps; at = std::max(at + 1.0, at * 1.13)) {
    if (at >= round) {
      at = round;
      round *= factor;
      factor = factor == 3.0 ? 10.0 / 3.0 : 3.0;
      round = std::round(round);
    }
    if (result.empty() || std::floor(at) > result.back()) result.push_back(std::floor(at));
  }
  result.push_back(steps);
  return result;
}

double meanLargestProbability(const AttentionModel& model) {
  const std::size_t rows = model.rows().size();
  double sum = 0.0;
  for (std::size_t r = 0; r < rows; ++r) sum += model.probabilities(static_cast<Index>(r)).maxCoeff();
  return sum / static_cast<double>(rows);
}

/// Writes the distances from `off` on and the largest probabilities from `largest` on. False: no feasible
/// SVM.
bool follow(Trainer run, const std::vector<double>& iterations, const Norm& norm, double* off,
            double* largest) {
  std::vector<Matrix> W;
  std::vector<double> probability;
  for (const double at : iterations) {
    run.step(static_cast<int>(at) - static_cast<int>(run.iteration()));
    W.push_back(run.W());
    probability.push_back(meanLargestProbability(run.model()));
  }
  const SvmSolution svm = solveSvm(svmProblem(run.dataset(), run.selected()).value(), norm);
  if (!svm.feasible || !svm.trusted()) return false;
  for (std::size_t k = 0; k < W.size(); ++k) {
    off[k] = oneMinusCorrelation(W[k], svm.W);
    largest[k] = probability[k];
  }
  return true;
}

bool draw(const ExperimentDraw& at, std::vector<double>& numbers) {
  const std::vector<double> iterations = checkpoints(at.spec.steps);
  const std::size_t size = iterations.size();
  double* const out = numbers.data();  // four series, one after the other
  const Dataset dataset = at.data();
  const bool withW =
      follow(at.trainer(dataset, Parameterization::W), iterations, Norm::frobenius(), out, out + 2 * size);
  const bool withFactors = follow(at.trainer(dataset, Parameterization::KQ), iterations, Norm::nuclear(),
                                  out + size, out + 3 * size);
  return withW && withFactors;
}

}  // namespace

Experiment::Plan localConvergencePlan(const ExperimentSpec& spec) {
  Experiment::Plan plan;
  plan.frame.xName = "iteration";
  plan.frame.yName = "1 − correlation";
  plan.frame.logY = true;
  plan.frame.x = checkpoints(spec.steps);
  plan.frame.series = {quantity("W to its Frobenius SVM"), quantity("(K, Q) to its nuclear SVM"),
                       quantity("largest probability, W", true),
                       quantity("largest probability, (K, Q)", true)};
  plan.frame.belowName = "probability";
  plan.frame.note =
      "Each run is compared with the SVM of the tokens that it has selected at the end. Runs whose selection "
      "has no feasible SVM are left out. Bands: quartiles of the runs.";
  const char* names[] = {"W_off", "KQ_off", "W_largest", "KQ_largest"};
  for (int series = 0; series < 4; ++series) addColumns(plan, names[series], series);
  plan.draw = draw;
  return plan;
}

}  // namespace attention_svm
