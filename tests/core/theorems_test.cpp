// SPDX-License-Identifier: MIT
// What the paper's theorems promise of training, checked on random data (THEORY sections 3 and 4).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "attention_svm/hunt.h"
#include "attention_svm/local_optimality.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/tokens.h"
#include "attention_svm/trainer.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

/// With d >= max(T - 1, n), as the hunt draws them.
Dataset feasibleRegimeData(std::uint64_t seed) { return drawCase(Statement::Settles, seed).dataset; }
/// The same, with scores of which only the optimal ones differ: condition (a).
Dataset dataWithEqualOtherScores(std::uint64_t seed) { return drawCase(Statement::ConditionA, seed).dataset; }

TrainerOptions logDomainTraining(std::uint64_t seed) {
  TrainerOptions options;
  options.seed = seed;
  options.gradient = GradientMode::LogDomain;
  return options;
}

TEST(Theorems, FeasibleAlmostSurelyInTheFeasibleRegime) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const Dataset dataset = feasibleRegimeData(seed);
    const Selection best = optimalTokens(dataset).value().tokens;
    const SvmSolution solution = solveSvm(svmProblem(dataset, best).value(), Norm::frobenius());
    ASSERT_TRUE(solution.feasible) << "seed " << seed << "\n" << toText(solution);
    ASSERT_EQ(solution.status, SvmStatus::Solved) << "seed " << seed << "\n" << toText(solution);
  }
}

/// Of 200 runs one (seed 3) stays elsewhere, for a reason: in one sequence the support tokens tie with the
/// selected one, so that they exert no force, and the gradient of the other sequences is larger for ever.
/// The definition of local optimality, with its strict inequality, does not count that selection.
TEST(Theorems, EqualNonOptimalScoresLeadToTheGlobalSelectionButForTies) {
  int elsewhere = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Dataset dataset = dataWithEqualOtherScores(seed);
    const Selection best = optimalTokens(dataset).value().tokens;
    Trainer trainer = Trainer::create(dataset, logDomainTraining(seed + 7)).value();
    ASSERT_TRUE(globalConditions(dataset, trainer.W(), Loss::Logistic).value().equalScores);
    for (int round = 0; round < 5 && (round == 0 || trainer.selected() != best); ++round) trainer.step(2000);
    if (trainer.selected() == best) continue;
    ++elsewhere;
    const LocalOptimality found = localOptimality(dataset, trainer.selected()).value();
    ASSERT_FALSE(found.ties.empty()) << "seed " << seed << toText(found);
    EXPECT_TRUE(found.violations.empty()) << "seed " << seed << toText(found);
    EXPECT_FALSE(found.locallyOptimal);
  }
  EXPECT_LE(elsewhere, 2);
}

TEST(Theorems, TrainingEndsInALocallyOptimalSelection) {
  constexpr int kRuns = 2000 / test::kScale;
  int exceptions = 0, late = 0;
  for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
    const Dataset dataset = feasibleRegimeData(seed);
    Trainer trainer = Trainer::create(dataset, logDomainTraining(seed)).value();
    trainer.step(4000);
    LocalOptimality found = localOptimality(dataset, trainer.selected()).value();
    // Where a support token scores only a little higher, leaving takes long (seed 251: 5000 steps).
    for (int more = 0; more < 5 && !found.locallyOptimal; ++more) {
      ++late;
      trainer.step(4000);
      found = localOptimality(dataset, trainer.selected()).value();
    }
    if (found.locallyOptimal) continue;
    ++exceptions;
    std::printf("seed %d: n %d T %d d %d, off %.2e, %s\n", static_cast<int>(seed),
                static_cast<int>(dataset.n()), static_cast<int>(dataset.length(0)),
                static_cast<int>(dataset.d()), trainer.unsaturated(), toText(found).c_str());
  }
  EXPECT_EQ(exceptions, 0);
  EXPECT_LE(late, kRuns / 50);
}

TEST(Theorems, DirectionApproachesTheSvmOfTheSelection) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Dataset dataset = feasibleRegimeData(seed);
    Trainer trainer = Trainer::create(dataset, logDomainTraining(seed)).value();
    trainer.step(1000);
    const Selection early = trainer.selected();
    const SvmSolution solution = solveSvm(svmProblem(dataset, early).value(), Norm::frobenius());
    const double before = oneMinusCorrelation(trainer.W(), solution.W);
    trainer.step(3000);
    if (trainer.selected() != early) continue;  // left a selection that was not locally optimal
    EXPECT_LT(oneMinusCorrelation(trainer.W(), solution.W), before) << "seed " << seed;
  }
}

}  // namespace
}  // namespace attention_svm
