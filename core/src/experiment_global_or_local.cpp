// SPDX-License-Identifier: MIT
// Which kind of optimum training reaches, over d, n or T (paper, section 5, global and local convergence).
#include "attention_svm/local_optimality.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Column : std::size_t { kGlobal, kLocal, kNeither, kFeasible };

bool draw(const ExperimentDraw& at, std::vector<double>& numbers) {
  const Dataset dataset = at.data();
  Trainer run = at.trainer(dataset);
  run.step(at.spec.steps);
  const LocalOptimality found = localOptimality(dataset, run.selected()).value();
  if (!found.solution.trusted()) return false;
  const bool global = found.locallyOptimal && found.global;
  numbers[kGlobal] = global ? 1.0 : 0.0;
  numbers[kLocal] = found.locallyOptimal && !global ? 1.0 : 0.0;
  numbers[kNeither] = found.locallyOptimal ? 0.0 : 1.0;
  const Selection best = optimalTokens(dataset).value().tokens;
  const bool feasible =
      found.global ? found.feasible : solveSvm(svmProblem(dataset, best).value(), Norm::frobenius()).feasible;
  numbers[kFeasible] = feasible ? 1.0 : 0.0;
  return true;
}

}  // namespace

Experiment::Plan globalOrLocalPlan(const ExperimentSpec& spec) {
  Experiment::Plan plan;
  plan.frame = sweepFrame(spec, "share of runs", false);
  plan.frame.series = {shareOf("global"), shareOf("only locally optimal"), shareOf("not locally optimal"),
                       shareOf("optimal tokens feasible")};
  plan.frame.note =
      "What the selection is at the last step. \"Not locally optimal\" counts selections without a feasible "
      "SVM and those that training has yet to leave. Bands: 95 % intervals of the shares.";
  plan.columns = {{"global", 0}, {"local", 1}, {"neither", 2}, {"feasible", 3}};
  plan.draw = draw;
  return plan;
}

}  // namespace attention_svm
