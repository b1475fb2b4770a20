// SPDX-License-Identifier: MIT
// Rank of the two solutions over d, n or T (paper, section 5; THEORY section 8, the traps of the rank
// figure).
#include "attention_svm/svm_solver.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Series : std::size_t { kFrobenius, kNuclear, kAsPublished, kFeasible };

constexpr double kPublishedGap = 1e-4;        // about what a general-purpose solver stops at
constexpr double kPublishedThreshold = 1e-7;  // singular values above it were counted

ExperimentResult frameFor(const ExperimentSpec& spec) {
  ExperimentResult frame = sweepFrame(spec, "rank", false);
  frame.series = {quantity("W_mm"), quantity("W*_mm"), quantity("W*_mm solved loosely"),
                  shareOf("feasible draws", true)};
  frame.note =
      "Ranks over feasible draws only; the share of these stands below them. Rank: singular values above "
      "1e-6 of the largest, at a gap of 1e-9. \"Solved loosely\": the nuclear SVM stopped at a gap of 1e-4 "
      "and singular values above 1e-7 counted, which is how an almost full rank comes about.";
  return frame;
}

class RankPlan : public Experiment::Plan {
 public:
  explicit RankPlan(const ExperimentSpec& spec) : Plan(spec, frameFor(spec), spec.values.size(), 5) {}

 private:
  bool draw(std::size_t cell, std::uint64_t seed) override {
    const Dataset dataset = data(cell, seed);
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    const SvmSolution frobenius = solveSvm(problem, Norm::frobenius());
    add(kFeasible, cell, frobenius.feasible ? 1.0 : 0.0);
    if (!frobenius.feasible || !frobenius.trusted()) return false;
    const SvmSolution nuclear = solveSvm(problem, Norm::nuclear());
    if (!nuclear.trusted()) return false;
    add(kFrobenius, cell, static_cast<double>(frobenius.rank));
    add(kNuclear, cell, static_cast<double>(nuclear.rank));
    SvmOptions loose;
    loose.tolerance = kPublishedGap;
    const SvmSolution published = solveSvm(problem, Norm::nuclear(), loose);
    add(kAsPublished, cell,
        static_cast<double>((published.singularValues.array() > kPublishedThreshold).count()));
    return true;
  }
};

}  // namespace

std::unique_ptr<Experiment::Plan> rankPlan(const ExperimentSpec& spec) {
  return std::make_unique<RankPlan>(spec);
}

}  // namespace attention_svm
