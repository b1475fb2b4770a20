// SPDX-License-Identifier: MIT
// How well each of three directions describes W trained under an MLP head (paper, section 7; THEORY sections
// 5 and 8). Data, head and the draws that enter are those of the paper's program.
#include <algorithm>
#include <cmath>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/random.h"
#include "experiment_plan.h"

namespace attention_svm {

namespace {

enum Column : std::size_t { kEquivalent, kDirectional, kOneToken, kSeveral, kLargestMasked, kNegativeLabel };

constexpr int kBetweenPoints = 100;  // iterations, as in the published figure

bool overIterations(const ExperimentSpec& spec) { return spec.over == SweepVariable::Iteration; }

/// 1, 101, 201, ... and the last
std::vector<double> iterations(int steps) {
  std::vector<double> result;
  for (int at = 1; at < steps; at += kBetweenPoints) result.push_back(at);
  result.push_back(steps);
  return result;
}

/// h(o) = 1^T relu(V^T o), V a Gaussian d x d matrix with |V|_F = 1. The outputs add up: only a label -1
/// gives a sequence something to balance.
MlpHead publishedHead(Index d, Random& random) {
  MlpHead head;
  head.output = Vector::Ones(d);
  head.hidden.resize(d, d);
  double squares = 0.0;
  for (double& weight : head.hidden.reshaped()) {
    weight = random.normal();
    squares += weight * weight;
  }
  head.hidden /= std::sqrt(squares);
  return head;
}

bool anyMasked(const KeptSets& kept, Index tokens) {
  return std::any_of(kept.tokens.begin(), kept.tokens.end(), [tokens](const std::vector<Index>& row) {
    return static_cast<Index>(row.size()) < tokens;
  });
}

bool severalKept(const KeptSets& kept) {
  return std::any_of(kept.tokens.begin(), kept.tokens.end(),
                     [](const std::vector<Index>& row) { return row.size() > 1; });
}

bool draw(const ExperimentDraw& at, std::vector<double>& numbers) {
  Dataset dataset = at.data();
  const bool negativeLabel = dataset.y.minCoeff() < 0.0;
  if (!overIterations(at.spec)) numbers[kNegativeLabel] = negativeLabel ? 1.0 : 0.0;
  if (!negativeLabel) return false;
  Random random = at.random();
  dataset.head = publishedHead(dataset.d(), random);
  Trainer run = at.trainer(dataset);
  std::vector<Matrix> path;
  for (const double next : iterations(at.spec.steps)) {
    run.step(static_cast<int>(next) - static_cast<int>(run.iteration()));
    if (overIterations(at.spec)) path.push_back(run.W());
  }
  const KeptSets kept = keptTokens(run.model());
  if (!kept.settled || !anyMasked(kept, dataset.length(0))) return false;
  const Decomposition parts = decompose(run);
  if (!parts.feasible || !parts.directional.trusted()) return false;
  const SvmSolution oneToken = solveSvm(svmProblem(dataset, run.selected()).value(), Norm::frobenius());
  if (!oneToken.feasible || !oneToken.trusted()) return false;
  const Matrix directions[] = {parts.finite + parts.R * parts.directional.W, parts.directional.W, oneToken.W};
  if (overIterations(at.spec)) {
    for (std::size_t s = 0; s < 3; ++s)
      for (std::size_t k = 0; k < path.size(); ++k)
        numbers[s * path.size() + k] = oneMinusCorrelation(path[k], directions[s]);
    return true;
  }
  for (std::size_t s = 0; s < 3; ++s) numbers[s] = oneMinusCorrelation(run.W(), directions[s]);
  numbers[kSeveral] = severalKept(kept) ? 1.0 : 0.0;
  numbers[kLargestMasked] = kept.largestMasked;
  return true;
}

}  // namespace

Experiment::Plan severalTokensPlan(const ExperimentSpec& spec) {
  Experiment::Plan plan;
  plan.frame = sweepFrame(spec, "1 − correlation", true);
  plan.frame.series = {quantity("W_fin + R W_mm"), quantity("W_mm alone"), quantity("SVM of one token")};
  plan.frame.note =
      "As in the paper's program the head is 1ᵀ relu(Vᵀo) with a Gaussian V of length 1, and a run enters "
      "when "
      "a label is −1, no probability lies between 1e-6 and 1e-3, some lie below, and its SVMs are feasible: "
      "at "
      "d = 10 one draw in sixty. Where every sequence keeps one token the three directions are the same. "
      "Lines: medians, bands: quartiles of the runs.";
  const char* names[] = {"equivalent", "directional", "one_token"};
  if (overIterations(spec)) {
    plan.frame.x = iterations(spec.steps);
    for (int s = 0; s < 3; ++s) addColumns(plan, names[s], s);
  } else {
    plan.frame.series.push_back(shareOf("runs in which several tokens stay", true));
    plan.frame.scatterName = "largest masked probability";
    plan.columns = {{names[0], 0},       {names[1], 1},      {names[2], 2},
                    {"several_kept", 3}, {"largest_masked"}, {"negative_label"}};
    plan.scatter = kLargestMasked;
  }
  plan.mostDraws = 200;
  plan.draw = draw;
  return plan;
}

}  // namespace attention_svm
