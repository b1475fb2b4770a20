// SPDX-License-Identifier: MIT
// Rank of the two solutions over d, n or T (paper, section 5; THEORY section 8, the traps of the rank
// figure).
#include "attention_svm/svm_solver.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Column : std::size_t { kFrobenius, kNuclear, kAsPublished, kFeasible };

constexpr double kPublishedGap = 1e-4;        // about what a general-purpose solver stops at
constexpr double kPublishedThreshold = 1e-7;  // singular values above it were counted

bool draw(const ExperimentDraw& at, std::vector<double>& numbers) {
  const Dataset dataset = at.data();
  const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
  const SvmSolution frobenius = solveSvm(problem, Norm::frobenius());
  if (!frobenius.trusted()) return false;
  numbers[kFeasible] = frobenius.feasible ? 1.0 : 0.0;
  if (!frobenius.feasible) return false;
  const SvmSolution nuclear = solveSvm(problem, Norm::nuclear());
  if (!nuclear.trusted()) return false;
  numbers[kFrobenius] = static_cast<double>(frobenius.rank);
  numbers[kNuclear] = static_cast<double>(nuclear.rank);
  SvmOptions loose;
  loose.tolerance = kPublishedGap;
  const SvmSolution published = solveSvm(problem, Norm::nuclear(), loose);
  numbers[kAsPublished] =
      static_cast<double>((published.singularValues.array() > kPublishedThreshold).count());
  return true;
}

}  // namespace

Experiment::Plan rankPlan(const ExperimentSpec& spec) {
  Experiment::Plan plan;
  plan.frame = sweepFrame(spec, "rank", false);
  plan.frame.series = {quantity("W_mm"), quantity("W*_mm"), quantity("W*_mm solved loosely"),
                       shareOf("feasible draws", true)};
  plan.frame.note =
      "Ranks over feasible draws only; the share of these stands below them. Rank: singular values above "
      "1e-6 of the largest, at a gap of 1e-9. \"Solved loosely\": the nuclear SVM stopped at a gap of 1e-4 "
      "and singular values above 1e-7 counted, which is how an almost full rank comes about.";
  plan.columns = {{"frobenius", 0}, {"nuclear", 1}, {"nuclear_loose", 2}, {"feasible", 3}};
  plan.mostDraws = 5;
  plan.draw = draw;
  return plan;
}

}  // namespace attention_svm
