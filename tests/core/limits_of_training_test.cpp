// SPDX-License-Identifier: MIT
// Where double precision ends: numbers that leave its range, and plain gradients that are only rounding.
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/trainer.h"
#include "attention_svm/training_note.h"
#include "attention_svm/verdict.h"

namespace attention_svm {
namespace {

constexpr Optimizer kAll[] = {Optimizer::NormalizedGd,
                              Optimizer::NormalizedGdGrowing,
                              Optimizer::Gd,
                              Optimizer::Adam,
                              Optimizer::Mirror,
                              Optimizer::NormalizedMirror,
                              Optimizer::SignDescent,
                              Optimizer::SpectralDescent,
                              Optimizer::CoordinateDescent};

/// Every optimizer with everything it trains, every loss and both gradients.
template <class Body>
void forEveryMode(Body&& body) {
  for (const Optimizer optimizer : kAll)
    for (const Parameterization parameterization : {Parameterization::W, Parameterization::KQ})
      for (const Loss loss : {Loss::Logistic, Loss::Exponential, Loss::Linear})
        for (const GradientMode gradient : {GradientMode::LogDomain, GradientMode::Plain}) {
          TrainerOptions options;
          options.optimizer = optimizer;
          options.parameterization = parameterization;
          options.loss = loss;
          options.gradient = gradient;
          options.p = 1.75;
          const bool mirror = optimizer == Optimizer::Mirror || optimizer == Optimizer::NormalizedMirror;
          if (mirror && parameterization == Parameterization::KQ) continue;
          SCOPED_TRACE("optimizer " + std::to_string(static_cast<int>(optimizer)) + " KQ " +
                       std::to_string(static_cast<int>(parameterization)) + " loss " +
                       std::to_string(static_cast<int>(loss)) + " plain " +
                       std::to_string(static_cast<int>(gradient)));
          body(options);
        }
}

void expectFinite(const Trainer& trainer) {
  EXPECT_TRUE(trainer.W().allFinite() && trainer.K().allFinite() && trainer.Q().allFinite());
  EXPECT_TRUE(std::isfinite(trainer.loss()) && std::isfinite(trainer.unsaturated()));
  EXPECT_TRUE(std::isfinite(trainer.gradientNorm()));
}

TEST(Range, ThousandsOfHugeStepsStayFinite) {
  forEveryMode([](TrainerOptions options) {
    options.stepSize = 1e6;
    Trainer trainer = Trainer::create(randomDataset({.n = 3, .T = 4, .d = 4}).value(), options).value();
    trainer.step(3000);
    EXPECT_TRUE(trainer.failure().empty()) << trainer.failure();
    EXPECT_EQ(trainer.iteration(), 3000);
    expectFinite(trainer);
  });
}

/// Stopped with a sentence, and all that can be asked stays that of the last finite iteration.
TEST(Range, WhatLeavesItStopsTrainingWithASentence) {
  int stopped = 0;
  forEveryMode([&stopped](TrainerOptions options) {
    options.stepSize = 1e307;
    Trainer trainer = Trainer::create(randomDataset({.n = 3, .T = 4, .d = 4}).value(), options).value();
    trainer.step(400);
    expectFinite(trainer);
    if (trainer.failure().empty()) return;
    ++stopped;
    const Matrix W = trainer.W();
    const long iteration = trainer.iteration();
    trainer.step(10);
    EXPECT_EQ(trainer.W(), W);
    EXPECT_EQ(trainer.iteration(), iteration);
    EXPECT_NE(trainer.failure().find("after iteration " + std::to_string(iteration)), std::string::npos);
    EXPECT_EQ(trainingNote(trainer), trainer.failure());
    const Verdict said = verdict(trainer, LocalOptimality{}, SvmSolution{});
    EXPECT_EQ(said.sentence, trainer.failure());
    EXPECT_FALSE(said.saturated || said.global || said.locallyOptimal || said.feasible);
  });
  EXPECT_GT(stopped, 30);  // of 84; plain gradients may reach zero first, and Gd's steps fade
}

TEST(Range, AStartOutsideItIsSaidAtOnce) {
  Dataset dataset = randomDataset({.n = 2, .T = 3, .d = 3}).value();
  for (Matrix& X : dataset.X) X *= 1e200;
  Trainer trainer = Trainer::create(dataset, {}).value();
  EXPECT_NE(trainer.failure().find("cannot start"), std::string::npos);
  trainer.step(5);
  EXPECT_EQ(trainer.iteration(), 0);
}

double degreesToItsSvm(const Trainer& trainer) {
  const SvmProblem problem = svmProblem(trainer.dataset(), trainer.selected()).value();
  const double off = oneMinusCorrelation(trainer.W(), solveSvm(problem, Norm::frobenius()).W);
  return 2.0 * std::asin(std::sqrt(0.5 * off)) * 180.0 / 3.14159265358979323846;
}

/// THEORY section 8: n = 6, T = 8, d = 10, seed 3 goes from 5.1 to 36 degrees between 1e3 and 1e5 steps.
TEST(Rounding, LeadsPlainTrainingAstrayAndIsAnnounced) {
  TrainerOptions options;
  options.gradient = GradientMode::Plain;
  const Dataset dataset = randomDataset({.n = 6, .T = 8, .d = 10, .seed = 3}).value();
  Trainer plain = Trainer::create(dataset, options).value();
  plain.step(1000);
  EXPECT_NEAR(degreesToItsSvm(plain), 5.1, 0.1);
  EXPECT_FALSE(plain.roundingSince());
  EXPECT_EQ(trainingNote(plain), "");
  plain.step(9000);
  EXPECT_NEAR(degreesToItsSvm(plain), 7.1, 0.3);
  ASSERT_TRUE(plain.roundingSince());
  const long since = *plain.roundingSince();
  EXPECT_GT(since, 1000);
  EXPECT_LT(since, 2000);
  EXPECT_NE(trainingNote(plain).find("Since step " + std::to_string(since)), std::string::npos);
  plain.step(90000);
  EXPECT_NEAR(degreesToItsSvm(plain), 36.0, 2.0);
  EXPECT_EQ(plain.roundingSince(), since);
  options.gradient = GradientMode::LogDomain;
  Trainer exact = Trainer::create(dataset, options).value();
  exact.step(10000);
  EXPECT_FALSE(exact.roundingSince());
  EXPECT_LT(degreesToItsSvm(exact), 1.0);
}

/// The announcement comes neither early nor late: before it the plain gradient is the exact one to some
/// digits, soon after it not to one.
TEST(Rounding, IsAnnouncedWhereThePlainGradientPartsFromTheExactOne) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    TrainerOptions options;
    options.gradient = GradientMode::Plain;
    const Dataset dataset = randomDataset({.n = 6, .T = 8, .d = 10, .seed = seed}).value();
    Trainer plain = Trainer::create(dataset, options).value();
    AttentionModel model(dataset, {}, Loss::Logistic);
    ScaledGradient exact;
    const auto error = [&] {
      model.forward(plain.W());
      model.gradient(GradientMode::LogDomain, exact);
      const Matrix G = exact.direction * std::exp(exact.logScale);
      return (plain.gradient().direction - G).norm() / G.norm();
    };
    while (!plain.roundingSince() && plain.iteration() < 6000) {
      if (plain.gradientNorm() > 100.0 * plain.model().gradientRounding()) {
        EXPECT_LT(error(), 0.02);
      }
      plain.step(10);
    }
    ASSERT_TRUE(plain.roundingSince()) << seed;
    plain.step(2000);
    EXPECT_GT(error(), 0.5) << seed;
  }
}

TEST(TrainingNote, SaysThatFactorsCreepWithConstantSteps) {
  TrainerOptions options;
  options.parameterization = Parameterization::KQ;
  const Dataset dataset = randomDataset({}).value();
  Trainer creeping = Trainer::create(dataset, options).value();
  EXPECT_EQ(trainingNote(creeping), "");
  creeping.step(1000);
  EXPECT_NE(trainingNote(creeping).find("creeps"), std::string::npos);
  options.optimizer = Optimizer::NormalizedGdGrowing;
  Trainer arriving = Trainer::create(dataset, options).value();
  arriving.step(1000);
  EXPECT_EQ(trainingNote(arriving), "");
}

TEST(TrainingNote, SaysToWhichNormTheOptimizerBelongs) {
  TrainerOptions options;
  const Dataset dataset = randomDataset({}).value();
  for (const auto& [optimizer, norm] :
       {std::pair{Optimizer::SignDescent, "ℓ∞"}, std::pair{Optimizer::SpectralDescent, "operator norm"},
        std::pair{Optimizer::CoordinateDescent, "ℓ1"}}) {
    options.optimizer = optimizer;
    EXPECT_NE(trainingNote(Trainer::create(dataset, options).value()).find(norm), std::string::npos);
  }
}

TEST(TrainingNote, SaysWhyTrainingStandsStill) {
  Dataset dataset = randomDataset({.n = 2, .T = 1, .d = 3}).value();
  TrainerOptions options;
  Trainer nothingToChoose = Trainer::create(dataset, options).value();
  nothingToChoose.step();
  EXPECT_TRUE(nothingToChoose.stalled());
  EXPECT_NE(trainingNote(nothingToChoose).find("gradient is zero"), std::string::npos);
  options.gradient = GradientMode::Plain;
  options.W0 = 1e5 * Matrix::Identity(3, 3);
  Trainer saturated = Trainer::create(randomDataset({.n = 2, .T = 3, .d = 3}).value(), options).value();
  saturated.step();
  EXPECT_EQ(trainingNote(saturated).find("log-domain") != std::string::npos,
            saturated.stalled() || saturated.roundingSince());
}

}  // namespace
}  // namespace attention_svm
