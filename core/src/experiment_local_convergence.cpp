// SPDX-License-Identifier: MIT
// Distance to the SVM direction over the iterations, W beside (K, Q) (paper, section 5, local convergence).
#include <cmath>

#include "attention_svm/svm_solver.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

/// About 60 iterations from 1 to the last, evenly spaced on a logarithmic axis.
std::vector<double> checkpoints(int steps) {
  std::vector<double> result;
  for (double at = 1.0; at < steps; at = std::max(at + 1.0, at * 1.13))
    if (result.empty() || std::floor(at) > result.back()) result.push_back(std::floor(at));
  result.push_back(steps);
  return result;
}

ExperimentResult frameFor(const ExperimentSpec& spec) {
  ExperimentResult frame;
  frame.xName = "iteration";
  frame.yName = "1 − correlation";
  frame.logY = true;
  frame.x = checkpoints(spec.steps);
  frame.series = {quantity("W to its Frobenius SVM"), quantity("(K, Q) to its nuclear SVM"),
                  quantity("largest probability, W", true), quantity("largest probability, (K, Q)", true)};
  frame.belowName = "probability";
  frame.note =
      "Each run is compared with the SVM of the tokens that it has selected at the end. Runs whose selection "
      "has no feasible SVM are left out. Bands: quartiles of the runs.";
  return frame;
}

class LocalConvergencePlan : public Experiment::Plan {
 public:
  explicit LocalConvergencePlan(const ExperimentSpec& spec) : Plan(spec, frameFor(spec), 1, 1) {}

 private:
  bool draw(std::size_t, std::uint64_t seed) override {
    const Dataset dataset = data(0, seed);
    const bool withW = follow(dataset, seed, Parameterization::W, 0, Norm::frobenius());
    const bool withFactors = follow(dataset, seed, Parameterization::KQ, 1, Norm::nuclear());
    return withW && withFactors;
  }

  bool follow(const Dataset& dataset, std::uint64_t seed, Parameterization parameterization,
              std::size_t series, const Norm& norm) {
    Trainer run = trainer(dataset, seed, parameterization);
    std::vector<Matrix> W;
    std::vector<double> largest;
    for (const double at : checkpoints(spec().steps)) {
      run.step(static_cast<int>(at) - static_cast<int>(run.iteration()));
      W.push_back(run.W());
      double sum = 0.0;
      for (Index r = 0; r < dataset.n(); ++r) sum += run.model().probabilities(r).maxCoeff();
      largest.push_back(sum / static_cast<double>(dataset.n()));
    }
    const SvmSolution svm = solveSvm(svmProblem(dataset, run.selected()).value(), norm);
    if (!svm.feasible || !svm.trusted()) return false;
    for (std::size_t k = 0; k < W.size(); ++k) {
      add(series, k, oneMinusCorrelation(W[k], svm.W));
      add(series + 2, k, largest[k]);
    }
    return true;
  }
};

}  // namespace

std::unique_ptr<Experiment::Plan> localConvergencePlan(const ExperimentSpec& spec) {
  return std::make_unique<LocalConvergencePlan>(spec);
}

}  // namespace attention_svm
