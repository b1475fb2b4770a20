// SPDX-License-Identifier: MIT
// How much of the largest margin, in each norm, each optimizer has at the last step (THEORY section 6c).
#include <cmath>

#include "attention_svm/margin_ratio.h"
#include "attention_svm/optimizers_and_norms.h"
#include "attention_svm/svm_solver.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

/// Largest margins of one selection; optimizers often select the same tokens.
struct Margins {
  Selection tokens;
  SvmProblem problem;
  std::vector<double> leastNorm;  ///< in each of the norms
};

/// Nothing where an SVM was not solved to its tolerance.
std::optional<Margins> marginsOf(const Dataset& dataset, const Selection& tokens) {
  Margins margins{tokens, svmProblem(dataset, tokens).value(), {}};
  for (const Norm& norm : comparedNorms()) {
    const SvmSolution svm = solveSvm(margins.problem, norm);
    if (svm.status != SvmStatus::Solved) return std::nullopt;
    margins.leastNorm.push_back(svm.norm);
  }
  return margins;
}

Trainer startOf(const ExperimentDraw& at, const Dataset& dataset, const ComparedOptimizer& compared) {
  TrainerOptions options = at.trainer(dataset).options();
  options.optimizer = compared.optimizer;
  options.parameterization = compared.parameterization;
  return Trainer::create(dataset, options).value();
}

bool draw(const ExperimentDraw& at, std::vector<double>& numbers) {
  const Dataset dataset = at.data();
  std::vector<Margins> known;
  std::size_t column = 0;
  for (const ComparedOptimizer& compared : comparedOptimizers()) {
    Trainer run = startOf(at, dataset, compared);
    run.step(at.spec.steps);
    if (!run.failure().empty()) return false;
    const Selection selected = run.selected();
    const Margins* margins = nullptr;
    for (const Margins& one : known)
      if (one.tokens == selected) margins = &one;
    if (margins == nullptr) {
      std::optional<Margins> found = marginsOf(dataset, selected);
      if (!found) return false;
      known.push_back(std::move(*found));
      margins = &known.back();
    }
    for (std::size_t k = 0; k < comparedNorms().size(); ++k)
      numbers[column++] = marginRatio(margins->problem, run.W(), comparedNorms()[k], margins->leastNorm[k]);
  }
  return true;
}

std::string fileName(const ComparedOptimizer& compared, const Norm& norm) {
  std::string text = compared.name;
  for (char& c : text)
    if (c == ' ') c = '-';
  return text + "_" + infoOf(norm).id;
}

}  // namespace

Experiment::Plan optimizersAndNormsPlan(const ExperimentSpec& spec) {
  Experiment::Plan plan;
  plan.frame = sweepFrame(spec, "margin / largest margin", false);
  plan.frame.x.clear();
  for (const Norm& norm : comparedNorms()) {
    plan.frame.x.push_back(static_cast<double>(plan.frame.x.size()) + 1.0);
    plan.frame.xLabels.emplace_back(infoOf(norm).name);
  }
  for (const ComparedOptimizer& compared : comparedOptimizers()) {
    for (std::size_t k = 0; k < comparedNorms().size(); ++k)
      plan.columns.push_back({fileName(compared, comparedNorms()[k]),
                              static_cast<int>(plan.frame.series.size()), static_cast<int>(k)});
    plan.frame.series.push_back(quantity(compared.name));
  }
  plan.frame.note =
      "min ⟨Aₖ, W⟩ / ‖W‖ at the last step as a share of the largest there is for the tokens that the run "
      "selects: 1 is the SVM of that norm. Steps of constant length, growing ones for K and Q. A draw enters "
      "when the SVMs of all its selections are solved in all norms. Spread: quartiles of the runs.";
  plan.draw = draw;
  return plan;
}

}  // namespace attention_svm
