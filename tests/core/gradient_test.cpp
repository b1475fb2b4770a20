// SPDX-License-Identifier: MIT
// Gradients against differences of the loss, the two forms against each other, and the optimizers.
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/attention.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/trainer.h"

namespace attention_svm {
namespace {

Dataset randomRagged(std::uint64_t seed, HeadKind head) {
  Random random(seed);
  RandomDatasetSpec spec;
  spec.n = 3;
  spec.T = 5;
  spec.d = 4;
  spec.seed = seed;
  spec.head = head;
  spec.lambda = 0.7;
  Dataset dataset = randomDataset(spec).value();
  for (Matrix& X : dataset.X) X.conservativeResize(2 + random.below(4), Eigen::NoChange);
  return dataset;
}

double lossAt(AttentionModel& model, const Matrix& W) {
  model.forward(W);
  return model.loss();
}

TEST(Gradient, EqualsCentralDifferencesForEveryLossHeadAndMode) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic})
      for (const Loss loss : {Loss::Logistic, Loss::Exponential, Loss::Linear})
        for (const QueryMode mode : {QueryMode{}, QueryMode{true, false}, QueryMode{true, true}})
          for (const GradientMode form : {GradientMode::LogDomain, GradientMode::Plain}) {
            const Dataset dataset = randomRagged(seed, head);
            AttentionModel model(dataset, mode, loss);
            Random random(seed + 50);
            const Matrix W = random.uniformMatrix(4, 4, -1, 1);
            model.forward(W);
            ScaledGradient gradient;
            model.gradient(form, gradient);
            const Matrix G = std::exp(gradient.logScale) * gradient.direction;
            constexpr double h = 1e-6;
            for (Index k = 0; k < W.size(); ++k) {
              Matrix up = W, down = W;
              up.data()[k] += h;
              down.data()[k] -= h;
              const double slope = (lossAt(model, up) - lossAt(model, down)) / (2 * h);
              EXPECT_NEAR(G.data()[k], slope, 1e-8 * (1 + G.norm())) << seed;
            }
          }
}

TEST(Gradient, OfKAndQEqualsCentralDifferences) {
  const Dataset dataset = randomRagged(3, HeadKind::Linear);
  TrainerOptions options;
  options.parameterization = Parameterization::KQ;
  options.optimizer = Optimizer::Gd;
  options.rank = 2;
  options.stepSize = 1.0;
  for (const GradientMode form : {GradientMode::LogDomain, GradientMode::Plain}) {
    options.gradient = form;
    Trainer trainer = Trainer::create(dataset, options).value();
    const Matrix K = trainer.K(), Q = trainer.Q();
    trainer.step();  // K - K+ is the gradient for K
    AttentionModel model(dataset, {}, Loss::Logistic);
    constexpr double h = 1e-6;
    for (Index k = 0; k < K.size(); ++k) {
      Matrix up = K, down = K;
      up.data()[k] += h;
      down.data()[k] -= h;
      const double slope =
          (lossAt(model, up * Q.transpose()) - lossAt(model, down * Q.transpose())) / (2 * h);
      EXPECT_NEAR(K.data()[k] - trainer.K().data()[k], slope, 1e-8);
      up = Q;
      down = Q;
      up.data()[k] += h;
      down.data()[k] -= h;
      const double slopeQ =
          (lossAt(model, K * up.transpose()) - lossAt(model, K * down.transpose())) / (2 * h);
      EXPECT_NEAR(Q.data()[k] - trainer.Q().data()[k], slopeQ, 1e-8);
    }
  }
}

TEST(Gradient, LogDomainKeepsItsDirectionWhereThePlainFormIsGone) {
  const Dataset dataset = randomRagged(4, HeadKind::Linear);
  AttentionModel model(dataset, {}, Loss::Logistic);
  const Matrix W = Random(2).uniformMatrix(4, 4, -1, 1);
  ScaledGradient plain, scaled;
  model.forward(W);
  model.gradient(GradientMode::Plain, plain);
  model.gradient(GradientMode::LogDomain, scaled);
  EXPECT_LT(oneMinusCorrelation(plain.direction, scaled.direction), 1e-24);
  EXPECT_NEAR(std::exp(scaled.logScale) * scaled.direction.norm(), plain.direction.norm(), 1e-12);
  model.forward(1e5 * W);
  model.gradient(GradientMode::LogDomain, scaled);
  EXPECT_LT(scaled.logScale, -745.0);
  EXPECT_GT(scaled.direction.norm(), 1e-6);
  EXPECT_TRUE(scaled.direction.array().isFinite().all());
}

Trainer trained(const Dataset& dataset, const TrainerOptions& options, int steps) {
  Trainer trainer = Trainer::create(dataset, options).value();
  trainer.step(steps);
  return trainer;
}

TEST(Optimizers, MirrorDescentWithPTwoIsGradientDescentToTheBit) {
  const Dataset dataset = randomDataset({}).value();
  for (const auto& [mirror, plain] : {std::pair{Optimizer::Mirror, Optimizer::Gd},
                                      std::pair{Optimizer::NormalizedMirror, Optimizer::NormalizedGd}}) {
    TrainerOptions a, b;
    a.optimizer = mirror;
    b.optimizer = plain;
    EXPECT_EQ(trained(dataset, a, 300).W(), trained(dataset, b, 300).W());
  }
}

TEST(Optimizers, MirrorDescentGoesToItsOwnNorm) {
  RandomDatasetSpec spec;
  spec.n = 4;
  spec.T = 5;
  spec.d = 6;
  spec.seed = 2;
  const Dataset dataset = randomDataset(spec).value();
  for (const double p : {1.75, 3.0}) {
    TrainerOptions options;
    options.optimizer = Optimizer::NormalizedMirror;
    options.p = p;
    const Trainer trainer = trained(dataset, options, 6000);
    const SvmProblem problem = svmProblem(dataset, trainer.selected()).value();
    const SvmSolution own = solveSvm(problem, Norm::lp(p)), frobenius = solveSvm(problem, Norm::frobenius());
    ASSERT_EQ(own.status, SvmStatus::Solved);
    EXPECT_LT(oneMinusCorrelation(trainer.W(), own.W), 0.5 * oneMinusCorrelation(trainer.W(), frobenius.W))
        << p;
  }
}

TEST(Optimizers, EveryOneLowersTheLossAndIsDeterministic) {
  const Dataset dataset = randomDataset({}).value();
  for (const Optimizer optimizer :
       {Optimizer::NormalizedGd, Optimizer::NormalizedGdGrowing, Optimizer::Gd, Optimizer::Adam,
        Optimizer::Mirror, Optimizer::NormalizedMirror, Optimizer::SignDescent, Optimizer::SpectralDescent,
        Optimizer::CoordinateDescent})
    for (const GradientMode form : {GradientMode::LogDomain, GradientMode::Plain}) {
      TrainerOptions options;
      options.optimizer = optimizer;
      options.gradient = form;
      options.p = 3;
      options.stepSize = 0.05;
      const double before = trained(dataset, options, 0).loss();
      const Trainer a = trained(dataset, options, 400), b = trained(dataset, options, 400);
      EXPECT_LT(a.loss(), before);
      EXPECT_EQ(a.W(), b.W());
      EXPECT_TRUE(a.W().array().isFinite().all());
    }
}

TEST(Optimizers, AdamInTheLogDomainNeverStopsMoving) {
  TrainerOptions options;
  options.optimizer = Optimizer::Adam;
  Trainer trainer = trained(randomDataset({}).value(), options, 6000);
  const Matrix before = trainer.W();
  trainer.step(100);
  EXPECT_GT((trainer.W() - before).norm(), 1e-3);
  EXPECT_TRUE(trainer.W().array().isFinite().all());
}

TEST(Trainer, OptionsThatCannotWorkAreRefusedWithTheReason) {
  const Dataset dataset = randomDataset({}).value();
  const auto refusal = [&dataset](auto&& change) {
    TrainerOptions options;
    change(options);
    const Result<Trainer> result = Trainer::create(dataset, options);
    return result ? std::string() : result.error();
  };
  EXPECT_EQ(refusal([](TrainerOptions& o) { o.stepSize = 0; }), "stepSize: expected a positive number");
  EXPECT_EQ(refusal([](TrainerOptions& o) { o.W0 = Matrix::Zero(2, 3); }),
            "W0: expected 10 x 10 numbers, found 2 x 3");
  EXPECT_NE(refusal([](TrainerOptions& o) {
              o.parameterization = Parameterization::KQ;
              o.K0 = o.Q0 = Matrix::Zero(10, 10);
            }).find("saddle"),
            std::string::npos);
  EXPECT_NE(refusal([](TrainerOptions& o) {
              o.optimizer = Optimizer::Mirror;
              o.p = 1.0;
            }).find("p: expected"),
            std::string::npos);
}

}  // namespace
}  // namespace attention_svm
