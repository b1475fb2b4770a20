// SPDX-License-Identifier: MIT
// Which kind of optimum training reaches, over d, n or T (paper, section 5, global and local convergence).
#include "attention_svm/local_optimality.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Series : std::size_t { kGlobal, kLocal, kNeither, kFeasible };

ExperimentResult frameFor(const ExperimentSpec& spec) {
  ExperimentResult frame = sweepFrame(spec, "share of runs", false);
  frame.series = {shareOf("global"), shareOf("only locally optimal"), shareOf("not locally optimal"),
                  shareOf("optimal tokens feasible")};
  frame.note =
      "What the selection is at the last step. \"Not locally optimal\" counts selections without a feasible "
      "SVM and those that training has yet to leave. Bands: 95 % intervals of the shares.";
  return frame;
}

class GlobalOrLocalPlan : public Experiment::Plan {
 public:
  explicit GlobalOrLocalPlan(const ExperimentSpec& spec)
      : Plan(spec, frameFor(spec), spec.values.size(), 1) {}

 private:
  bool draw(std::size_t cell, std::uint64_t seed) override {
    const Dataset dataset = data(cell, seed);
    Trainer run = trainer(dataset, seed);
    run.step(spec().steps);
    const LocalOptimality found = localOptimality(dataset, run.selected()).value();
    if (!found.solution.trusted()) return false;
    const bool global = found.locallyOptimal && found.global;
    add(kGlobal, cell, global ? 1.0 : 0.0);
    add(kLocal, cell, found.locallyOptimal && !global ? 1.0 : 0.0);
    add(kNeither, cell, found.locallyOptimal ? 0.0 : 1.0);
    const Selection best = optimalTokens(dataset).value().tokens;
    const bool feasible = found.global
                              ? found.feasible
                              : solveSvm(svmProblem(dataset, best).value(), Norm::frobenius()).feasible;
    add(kFeasible, cell, feasible ? 1.0 : 0.0);
    return true;
  }
};

}  // namespace

std::unique_ptr<Experiment::Plan> globalOrLocalPlan(const ExperimentSpec& spec) {
  return std::make_unique<GlobalOrLocalPlan>(spec);
}

}  // namespace attention_svm
