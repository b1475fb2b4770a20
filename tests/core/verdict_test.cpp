// SPDX-License-Identifier: MIT
// What is said about a result: verdicts, kept sets, enumerations, in words and numbers.
#include "attention_svm/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "attention_svm/random_dataset.h"
#include "attention_svm/tokens.h"

namespace attention_svm {
namespace {

Verdict verdictOf(const Trainer& trainer) {
  const Dataset& dataset = trainer.dataset();
  const QueryMode mode = trainer.options().queries;
  const SvmProblem problem = svmProblem(dataset, trainer.selected(), mode).value();
  return verdict(trainer, localOptimality(dataset, trainer.selected(), mode).value(),
                 solveSvm(problem, predictedNorm(trainer.options())));
}

bool says(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

Trainer trained(const TrainerOptions& options, int steps, HeadKind head = HeadKind::Linear) {
  RandomDatasetSpec spec;
  spec.head = head;
  Trainer trainer = Trainer::create(randomDataset(spec).value(), options).value();
  trainer.step(steps);
  return trainer;
}

TEST(Verdict, SaysThatAnInnerSizeBelowTheRankIsTooSmall) {
  TrainerOptions options;
  options.parameterization = Parameterization::KQ;
  options.rank = 1;
  const Verdict small = verdictOf(trained(options, 2000));
  EXPECT_TRUE(small.rankTooSmall);
  EXPECT_TRUE(says(small.sentence, "m = 1 is too small")) << small.sentence;
  options.rank = 10;
  const Verdict large = verdictOf(trained(options, 2000));
  EXPECT_FALSE(large.rankTooSmall);
  EXPECT_FALSE(says(large.sentence, "too small")) << large.sentence;
  options = {};
  EXPECT_FALSE(verdictOf(trained(options, 2000)).rankTooSmall);
}

TEST(Verdict, PrintsWithItsEvidence) {
  const Verdict early = verdictOf(trained({}, 10)), late = verdictOf(trained({}, 4000));
  EXPECT_FALSE(early.saturated);
  EXPECT_TRUE(says(toText(early), "Attention is still spread")) << toText(early);
  EXPECT_TRUE(late.saturated && late.trusted && late.feasible);
  for (const char* words : {"Selected tokens", "angle to its SVM", "saturated yes", "trusted yes"})
    EXPECT_TRUE(says(toText(late), words)) << toText(late);
  TrainerOptions adam;
  adam.optimizer = Optimizer::Adam;
  EXPECT_TRUE(says(verdictOf(trained(adam, 2000)).sentence, "No theorem names"));
}

/// Where an SVM may have many solutions a direction says nothing.
TEST(Verdict, ComparesMarginsWhereSolutionsAreNotUnique) {
  struct {
    Optimizer optimizer;
    Norm norm;
    const char* name;
  } const descents[] = {{Optimizer::SignDescent, Norm::linf(), "ℓ∞"},
                        {Optimizer::SpectralDescent, Norm::spectral(), "operator"},
                        {Optimizer::CoordinateDescent, Norm::l1(), "ℓ1"}};
  for (const auto& [optimizer, norm, name] : descents) {
    TrainerOptions options;
    options.optimizer = optimizer;
    const Trainer trainer = trained(options, 4000);
    EXPECT_EQ(predictedNorm(options), norm);
    EXPECT_EQ(namedBy(options), NamedBy::LinearModels);
    const Verdict said = verdictOf(trainer);
    ASSERT_TRUE(said.marginRatio.has_value()) << said.sentence;
    EXPECT_FALSE(said.angleDegrees.has_value());
    EXPECT_GT(*said.marginRatio, 0.7) << said.sentence;
    EXPECT_LE(*said.marginRatio, 1.0);
    const std::string words =
        std::string("% of the largest in the ") + name + " norm, whose SVM may have many";
    EXPECT_TRUE(says(said.sentence, words.c_str())) << said.sentence;
    EXPECT_TRUE(says(said.sentence, "for attention it is open")) << said.sentence;
    EXPECT_FALSE(says(said.sentence, "angle")) << said.sentence;
    EXPECT_TRUE(says(toText(said), "margin 0.")) << toText(said);
    options.parameterization = Parameterization::KQ;
    EXPECT_EQ(namedBy(options), NamedBy::Nothing);
    const Verdict factors = verdictOf(trained(options, 4000));
    EXPECT_TRUE(says(factors.sentence, "No theorem names the SVM that K and Q go to")) << factors.sentence;
    EXPECT_FALSE(factors.rankTooSmall);
  }
  EXPECT_EQ(namedBy({}), NamedBy::Theorem);
}

/// Of the Frobenius SVM, say, where that of the named norm is too large to solve.
TEST(Verdict, NamesTheNormThatItWasGiven) {
  TrainerOptions options;
  options.optimizer = Optimizer::SignDescent;
  const Trainer trainer = trained(options, 500);
  const LocalOptimality optimality = localOptimality(trainer.dataset(), trainer.selected()).value();
  const Verdict said = verdict(trainer, optimality, optimality.solution, Norm::frobenius());
  EXPECT_TRUE(said.angleDegrees.has_value());
  EXPECT_FALSE(said.marginRatio.has_value());
  EXPECT_TRUE(says(said.sentence, "angle to its SVM")) << said.sentence;
}

TEST(Verdict, OfInfeasibleTokensNamesNoDirection) {
  Dataset dataset = randomDataset({.n = 1, .T = 3, .d = 2, .seed = 1}).value();
  dataset.X[0] = Matrix{{1.0, 0.0}, {0.0, 0.0}, {-1.0, 0.0}};  // the one in the middle cannot be selected
  const Trainer trainer = Trainer::create(dataset, {}).value();
  const LocalOptimality middle = localOptimality(dataset, {1}).value();
  EXPECT_FALSE(middle.feasible);
  EXPECT_FALSE(middle.locallyOptimal);
  EXPECT_TRUE(says(toText(middle), "no matrix separates")) << toText(middle);
  const Verdict said =
      verdict(trainer, middle, solveSvm(svmProblem(dataset, {1}).value(), Norm::frobenius()));
  EXPECT_FALSE(said.feasible);
  EXPECT_TRUE(says(said.sentence, "No matrix separates")) << said.sentence;
}

/// A problem that was not solved decides nothing.
TEST(LocalOptimality, IsNeverClaimedFromAnUntrustedSolution) {
  LocalOptimality undecided;
  undecided.solution.feasible = true;
  EXPECT_FALSE(undecided.solution.trusted());
  EXPECT_TRUE(says(toText(undecided), "undecided"));
}

TEST(LocallyOptimalSelections, PrintWithTheirBound) {
  const Dataset dataset = randomDataset({.n = 2, .T = 4, .d = 4, .seed = 1}).value();
  EXPECT_TRUE(says(toText(enumerateLocallyOptimal(dataset).value()), "among 16 selections, all there are"));
  const std::string some = toText(enumerateLocallyOptimal(dataset, 5).value());
  EXPECT_TRUE(says(some, "among 5 selections looked at, the first of 16")) << some;
}

TEST(KeptSets, SayWhetherTheyAreSettled) {
  const Trainer early = trained({}, 100, HeadKind::Mlp);
  const KeptSets spread = keptTokens(early.model(), 0.2, 1e-6);
  ASSERT_FALSE(spread.settled);
  EXPECT_TRUE(says(toText(spread), "not settled yet")) << toText(spread);
  EXPECT_TRUE(says(toText(spread), "between 1e-06 and 0.2")) << toText(spread);
  const Decomposition parts = decompose(early, 0.2);
  EXPECT_TRUE(says(parts.message, "not settled yet")) << parts.message;
  EXPECT_TRUE(says(parts.message, "and 0.2")) << parts.message;
  EXPECT_TRUE(says(verdict(early, parts).sentence, "not settled yet"));
  const KeptSets settled = keptTokens(early.model(), 1e-9, 1e-9);
  EXPECT_TRUE(settled.settled);
  EXPECT_TRUE(says(toText(settled), "settled: every other token")) << toText(settled);
}

/// What a decomposition means, on random data: log-odds in the finite part, ties in the directional part, R
/// by least squares.
TEST(Decomposition, MeetsItsDefinition) {
  int several = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    RandomDatasetSpec spec{.n = 3, .T = 4, .d = 8, .seed = seed, .head = HeadKind::Quadratic, .lambda = 1.0};
    if (seed % 2 == 0) spec.head = HeadKind::Mlp;
    Trainer trainer = Trainer::create(randomDataset(spec).value(), {}).value();
    trainer.step(800);
    const Decomposition parts = decompose(trainer);
    if (!parts.feasible) continue;
    SCOPED_TRACE(seed);
    const SvmProblem problem = generalizedSvmProblem(trainer.dataset(), parts.kept.tokens).value();
    several += problem.J() > 0;
    EXPECT_LE(parts.finiteResidual, 1e-9 * (1.0 + parts.finite.norm()));
    Index j = 0;
    const Vector odds = problem.equalityValues(parts.finite);
    for (std::size_t i = 0; i < parts.kept.tokens.size(); ++i)
      for (std::size_t t = 1; t < parts.kept.tokens[i].size(); ++t, ++j) {
        const Vector& logS = trainer.model().logProbabilities(static_cast<Index>(i));
        EXPECT_NEAR(odds(j), logS(parts.kept.tokens[i][0]) - logS(parts.kept.tokens[i][t]), 1e-8);
      }
    // Least squares: the rest is orthogonal to W_mm. Least norm: W_fin lies in the span of the equalities,
    // where W_mm is zero.
    const Matrix rest = trainer.W() - parts.finite - parts.R * parts.directional.W;
    EXPECT_NEAR(inner(rest, parts.directional.W), 0.0, 1e-8 * (1.0 + rest.norm() * parts.directional.norm));
    EXPECT_NEAR(inner(parts.finite, parts.directional.W), 0.0,
                1e-7 * (1.0 + parts.finite.norm() * parts.directional.norm));
  }
  EXPECT_GT(several, 10);
}

}  // namespace
}  // namespace attention_svm
