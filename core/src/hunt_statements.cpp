// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/local_optimality.h"
#include "attention_svm/margin_ratio.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/tokens.h"
#include "hunt_statement.h"

namespace attention_svm {

namespace {

constexpr int kSteps = 4000;         // of the first look at a training
constexpr int kLongSteps = 64000;    // after which what has not come is said not to come
constexpr double kSaturated = 1e-6;  // off the selected tokens; below it training hardly ever turns back
constexpr double kRounding = 1e-13;  // of 1 - correlation: below it nothing can be compared

std::string text(const char* format, double a, double b = 0.0, double c = 0.0) {
  char buffer[240];
  std::snprintf(buffer, sizeof buffer, format, a, b, c);
  return buffer;
}

std::string tokensText(const Selection& tokens) {
  std::string all;
  for (const Index t : tokens) all += (all.empty() ? "" : " ") + std::to_string(t + 1);
  return all;
}

/// d >= max(T - 1, n), where random data can be separated; small enough that thousands of draws are quick.
HuntCase feasibleRegime(Random& random, std::uint64_t seed, HeadKind head = HeadKind::Linear) {
  RandomDatasetSpec spec;
  spec.n = 1 + random.below(5);
  spec.T = 2 + random.below(5);
  spec.d = std::max<Index>({spec.T - 1, spec.n, 2}) + random.below(3);  // in d = 1 unit tokens are all +-1
  spec.seed = seed;
  spec.head = head;
  HuntCase at;
  at.dataset = randomDataset(spec).value();
  at.training.seed = seed;
  return at;
}

HuntCase plainDraw(Random& random, std::uint64_t seed) { return feasibleRegime(random, seed); }

/// Trains until the selection is `wanted` and has nearly all attention, or for so many steps.
bool arrives(Trainer& trainer, const Selection& wanted, long steps) {
  while (trainer.iteration() < steps && trainer.failure().empty()) {
    trainer.step(static_cast<int>(std::min<long>(1000, steps - trainer.iteration())));
    if (trainer.selected() == wanted && trainer.unsaturated() < kSaturated) return true;
  }
  return trainer.selected() == wanted;
}

/// By how much the score of a support token exceeds that of the selected one, relative to the scores;
/// negative where none does.
double excess(const Dataset& dataset, const LocalOptimality& found) {
  double size = 1e-300, worst = -1.0;
  const std::vector<Vector> all = scores(dataset).value();
  for (const Vector& gamma : all) size = std::max(size, gamma.cwiseAbs().maxCoeff());
  for (const ScoreViolation& at : found.violations)
    worst = std::max(worst, (at.supportScore - at.selectedScore) / size);
  return worst;
}

Judgement judgeLocalOptimality(const HuntCase& at, int patience) {
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  Judgement judged;
  LocalOptimality found;
  for (int round = 0; round < 6 * patience; ++round) {
    trainer.step(kSteps);
    found = localOptimality(at.dataset, trainer.selected()).value();
    if (found.locallyOptimal) break;
  }
  judged.applies =
      trainer.failure().empty() && !found.undecidedByTie() && (!found.feasible || found.solution.trusted());
  judged.fails = judged.applies && !found.locallyOptimal;
  judged.badness = static_cast<double>(trainer.iteration());
  judged.evidence =
      "After " + std::to_string(trainer.iteration()) + " steps training selects tokens " +
      tokensText(trainer.selected()) +
      (found.locallyOptimal ? ", a locally optimal selection." : ", which is not locally optimal.");
  return judged;
}

Judgement judgeSettles(const HuntCase& at, int patience) {
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  trainer.step(kSteps);
  const Selection early = trainer.selected();
  const LocalOptimality found = localOptimality(at.dataset, early).value();
  Judgement judged;
  judged.applies = trainer.failure().empty() && found.feasible && found.solution.trusted();
  judged.badness = excess(at.dataset, found);
  judged.evidence = "Tokens " + tokensText(early) + " are selected at step 4000 and at step ";
  if (judged.applies && !found.locallyOptimal)  // what is locally optimal stays, but for ties
    while (!judged.fails && trainer.iteration() < static_cast<long>(kLongSteps) * patience) {
      trainer.step(500);
      judged.fails = trainer.selected() != early;
    }
  if (judged.fails)
    judged.evidence = "At step 4000 training selects tokens " + tokensText(early) +
                      text(" with all but %.0e of the attention",
                           found.feasible ? std::max(trainer.unsaturated(), 1e-300) : 1.0) +
                      "; by step " + std::to_string(trainer.iteration()) + " it has gone over to " +
                      tokensText(trainer.selected()) + ".";
  else
    judged.evidence += std::to_string(trainer.iteration()) + ".";
  return judged;
}

/// Training to the optimal tokens, which a condition promises.
Judgement judgeGlobal(const HuntCase& at, bool conditionHolds, int patience) {
  Judgement judged;
  const OptimalTokens best = optimalTokens(at.dataset).value();
  if (!conditionHolds) return judged;
  const SvmSolution svm = solveSvm(svmProblem(at.dataset, best.tokens).value(), Norm::frobenius());
  judged.applies = svm.feasible && svm.status == SvmStatus::Solved;
  if (!judged.applies) return judged;
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  const bool arrived = arrives(trainer, best.tokens, static_cast<long>(kLongSteps) * patience);
  judged.fails = trainer.failure().empty() && !arrived;
  judged.badness = static_cast<double>(trainer.iteration());
  judged.evidence = "After " + std::to_string(trainer.iteration()) + " steps training selects tokens " +
                    tokensText(trainer.selected()) + "; the optimal ones are " + tokensText(best.tokens) +
                    ".";
  if (judged.fails) {
    const LocalOptimality found = localOptimality(at.dataset, trainer.selected()).value();
    if (found.undecidedByTie())
      judged.evidence +=
          " All support tokens of that selection score below it or the same: those that score the same "
          "exert no force.";
    else if (found.locallyOptimal)
      judged.evidence += " That selection is locally optimal.";
    const long tokens = svmProblem(at.dataset, best.tokens).value().K();
    judged.evidence += " Of the SVM of the optimal tokens " + std::to_string(svm.support.size()) + " of " +
                       std::to_string(tokens) + " others are support tokens.";
  }
  return judged;
}

bool hasUniqueBest(const Dataset& dataset) {
  const OptimalTokens best = optimalTokens(dataset).value();
  return best.ties.empty();
}

Judgement judgeConditionA(const HuntCase& at, int patience) {
  const Trainer start = Trainer::create(at.dataset, at.training).value();
  const GlobalConditions conditions = globalConditions(at.dataset, start.W(), at.training.loss).value();
  return judgeGlobal(at, conditions.equalScores && !conditions.nothingToCompare && conditions.tiedRows == 0,
                     patience);
}

/// With v the first axis all scores but the optimal ones are equal to the last bit.
void makeScoresEqual(HuntCase& at) {
  Dataset& dataset = at.dataset;
  dataset.head = LinearHead{Vector::Unit(dataset.d(), 0)};
  const Selection best = optimalTokens(dataset).value().tokens;
  for (Index i = 0; i < dataset.n(); ++i) {
    Matrix& X = dataset.X[static_cast<std::size_t>(i)];
    for (Index t = 0; t < X.rows(); ++t)
      X(t, 0) = dataset.y(i) * (t == best[static_cast<std::size_t>(i)] ? 1.0 : 0.2);
  }
}

HuntCase drawConditionA(Random& random, std::uint64_t seed) {
  HuntCase at = feasibleRegime(random, seed);
  makeScoresEqual(at);
  return at;
}

Judgement judgeConditionB(const HuntCase& at, int patience) {
  const Trainer start = Trainer::create(at.dataset, at.training).value();
  const GlobalConditions conditions = globalConditions(at.dataset, start.W(), at.training.loss).value();
  return judgeGlobal(
      at, conditions.gradientPointsToOptimal && !conditions.nothingToCompare && conditions.tiedRows == 0,
      patience);
}

/// From zero, where the condition holds more often.
HuntCase drawConditionB(Random& random, std::uint64_t seed) {
  HuntCase at = feasibleRegime(random, seed);
  at.training.W0 = Matrix::Zero(at.dataset.d(), at.dataset.d());
  return at;
}

Judgement judgeFeasible(const HuntCase& at, int) {
  Judgement judged;
  Index longest = 1;
  for (const Matrix& X : at.dataset.X) longest = std::max(longest, X.rows());
  judged.applies = at.dataset.d() >= std::max(longest - 1, at.dataset.n()) && hasUniqueBest(at.dataset);
  if (!judged.applies) return judged;
  const SvmSolution svm =
      solveSvm(svmProblem(at.dataset, optimalTokens(at.dataset).value().tokens).value(), Norm::frobenius());
  judged.fails = svm.status == SvmStatus::Infeasible;
  judged.applies = judged.fails || svm.feasible;
  judged.badness = svm.feasible ? svm.norm : svm.lowerBound;
  judged.evidence = judged.fails
                        ? text("No matrix separates the optimal tokens: residual of the certificate %.1e.",
                               svm.certificateResidual)
                        : text("Least norm %.6g, duality gap %.1e.", svm.norm, svm.gap);
  return judged;
}

HuntCase drawFeasible(Random& random, std::uint64_t seed) {
  RandomDatasetSpec spec;
  spec.n = 1 + random.below(5);
  spec.T = 2 + random.below(5);
  spec.d = std::max<Index>({spec.T - 1, spec.n, 2});  // as few as the statement allows
  spec.seed = seed;
  HuntCase at;
  at.dataset = randomDataset(spec).value();
  return at;
}

Judgement judgeNuclearRank(const HuntCase& at, int) {
  Judgement judged;
  if (!hasUniqueBest(at.dataset)) return judged;
  const SvmProblem problem = svmProblem(at.dataset, optimalTokens(at.dataset).value().tokens).value();
  const SvmSolution svm = solveSvm(problem, Norm::nuclear());
  judged.applies = svm.feasible && svm.status == SvmStatus::Solved;
  if (!judged.applies) return judged;
  const double constraints = static_cast<double>(problem.K());
  const double bound = std::floor((std::sqrt(8.0 * constraints + 1.0) - 1.0) / 2.0);
  judged.fails = static_cast<double>(svm.rank) > bound;
  judged.badness = static_cast<double>(svm.rank) / bound;
  judged.evidence = text("W*_mm has rank %.0f; the %.0f constraints allow %.0f.",
                         static_cast<double>(svm.rank), constraints, bound) +
                    text(" Duality gap %.1e.", svm.gap);
  return judged;
}

Judgement judgeRate(const HuntCase& at, int patience) {
  Judgement judged;
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  trainer.step(2 * kSteps);
  const Selection selected = trainer.selected();
  const LocalOptimality found = localOptimality(at.dataset, selected).value();
  if (!found.locallyOptimal || trainer.unsaturated() > kSaturated) return judged;
  const double early = oneMinusCorrelation(trainer.W(), found.solution.W);
  const double ratio = 8.0 * patience;
  trainer.step(static_cast<int>((ratio - 1.0) * 2 * kSteps));
  const double late = oneMinusCorrelation(trainer.W(), found.solution.W);
  judged.applies = trainer.failure().empty() && trainer.selected() == selected && early > kRounding;
  if (!judged.applies) return judged;
  const double slope = std::log(early / std::max(late, kRounding)) / std::log(ratio);
  judged.badness = -slope;
  judged.fails =
      slope < 1.5;  // between one and two: what curves that bend towards two have not left yet is let pass
  judged.evidence =
      text("1 - correlation is %.2e at step 8000 and %.2e at step %.0f", early, late, 8000.0 * ratio) +
      text(": it falls as 1/k^%.2f.", slope);
  return judged;
}

HuntCase drawSignDescent(Random& random, std::uint64_t seed) {
  HuntCase at = feasibleRegime(random, seed);
  at.training.optimizer = Optimizer::SignDescent;
  return at;
}

Judgement judgeSignDescent(const HuntCase& at, int patience) {
  Judgement judged;
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  trainer.step(kSteps);
  const Selection selected = trainer.selected();
  const LocalOptimality found = localOptimality(at.dataset, selected).value();
  if (!found.locallyOptimal || trainer.unsaturated() > kSaturated) return judged;
  const SvmProblem problem = svmProblem(at.dataset, selected).value();
  const SvmSolution svm = solveSvm(problem, Norm::linf());
  if (!svm.feasible || svm.status != SvmStatus::Solved) return judged;
  const double early = 1.0 - marginRatio(problem, trainer.W(), Norm::linf(), svm.norm);
  const int steps = 8 * kSteps * patience;
  trainer.step(steps - kSteps);
  const double late = 1.0 - marginRatio(problem, trainer.W(), Norm::linf(), svm.norm);
  judged.applies = trainer.failure().empty() && trainer.selected() == selected;
  judged.badness = late;
  judged.fails = judged.applies && late > 1e-2 && late > 0.7 * early;
  judged.evidence = text("The margin is %.4f of the largest at step 4000 and %.4f at step %.0f.", 1.0 - early,
                         1.0 - late, static_cast<double>(steps));
  return judged;
}

HuntCase drawFinitePart(Random& random, std::uint64_t seed) {
  RandomDatasetSpec spec{.n = 1 + random.below(3), .T = 3 + random.below(2), .d = 4 + random.below(3)};
  spec.seed = seed;
  spec.head = HeadKind::Mlp;
  HuntCase at;
  at.dataset = randomDataset(spec).value();
  at.training.seed = seed;
  return at;
}

Judgement judgeFinitePart(const HuntCase& at, int patience) {
  Judgement judged;
  Trainer trainer = Trainer::create(at.dataset, at.training).value();
  trainer.step(kSteps * patience);
  const Decomposition parts = decompose(trainer);
  const bool several = std::any_of(parts.kept.tokens.begin(), parts.kept.tokens.end(),
                                   [](const auto& tokens) { return tokens.size() > 1; });
  judged.applies = parts.feasible && parts.kept.settled && several && parts.directional.norm > 0.0;
  if (!judged.applies) return judged;
  judged.badness = parts.correlationDirectional - parts.correlationSvmEquivalent;
  judged.fails = judged.badness > 1e-9;
  judged.evidence = text("Correlation of W with W_mm %.6f, with W_fin + R W_mm %.6f (R = %.3g).",
                         parts.correlationDirectional, parts.correlationSvmEquivalent, parts.R);
  return judged;
}

}  // namespace

const HuntStatement& huntStatement(Statement statement) {
  static constexpr HuntStatement kLocalOptimality{
      "Normalized gradient descent ends in a locally optimal selection.", plainDraw, judgeLocalOptimality};
  static constexpr HuntStatement kSettles{"What training selects after 4,000 normalized steps it keeps.",
                                          plainDraw, judgeSettles};
  static constexpr HuntStatement kConditionA{
      "Where all non-optimal tokens of a sequence have equal scores, training ends in the global selection.",
      drawConditionA, judgeConditionA, makeScoresEqual};
  static constexpr HuntStatement kConditionB{
      "Where the first gradient step points to the optimal tokens, training ends in the global selection.",
      drawConditionB, judgeConditionB};
  static constexpr HuntStatement kFeasible{
      "With d >= max(T - 1, n) some matrix separates the optimal tokens.", drawFeasible, judgeFeasible};
  static constexpr HuntStatement kNuclearRank{
      "The rank r of the nuclear solution has r (r + 1) / 2 <= number of constraints.", plainDraw,
      judgeNuclearRank};
  static constexpr HuntStatement kRate{
      "1 - correlation with the SVM of the selection falls as 1/k^2 or better (counted as failed below "
      "1/k^1.5).",
      plainDraw, judgeRate};
  static constexpr HuntStatement kSignDescent{
      "Sign descent reaches the largest margin in the entrywise l_inf norm.", drawSignDescent,
      judgeSignDescent};
  static constexpr HuntStatement kFinitePart{
      "W_fin + R W_mm lies no further from the trained W than W_mm alone.", drawFinitePart, judgeFinitePart};
  switch (statement) {
    case Statement::LocalOptimality: return kLocalOptimality;
    case Statement::Settles: return kSettles;
    case Statement::ConditionA: return kConditionA;
    case Statement::ConditionB: return kConditionB;
    case Statement::Feasible: return kFeasible;
    case Statement::NuclearRank: return kNuclearRank;
    case Statement::Rate: return kRate;
    case Statement::SignDescent: return kSignDescent;
    case Statement::FinitePart: break;
  }
  return kFinitePart;
}

}  // namespace attention_svm
