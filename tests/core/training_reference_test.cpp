// SPDX-License-Identifier: MIT
// Training against independent implementations: tests/reference/plane.json,
// local-convergence.json, mlp-head.json.
#include <gtest/gtest.h>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/tokens.h"
#include "attention_svm/trainer.h"
#include "support/reference_files.h"

namespace attention_svm {
namespace {

using test::boolean;
using test::matrix;
using test::number;
using test::text;

TrainerOptions optionsOf(const json::Value& training) {
  TrainerOptions options;
  options.gradient = GradientMode::Plain;
  options.stepSize = number(training, "step_size");
  if (text(training, "parameterization") == "KQ") {
    options.parameterization = Parameterization::KQ;
    options.K0 = matrix(*training.find("K0"));
    options.Q0 = matrix(*training.find("Q0"));
  } else {
    options.W0 = matrix(*training.find("W0"));
  }
  return options;
}

class TrainingReference : public ::testing::TestWithParam<const char*> {};

TEST_P(TrainingReference, OptimalTokensAreEqual) {
  const json::Value file = test::readJsonFile(GetParam());
  for (const json::Value& value : test::referenceCases(file))
    EXPECT_EQ(optimalTokens(test::referenceDataset(value)).value().tokens,
              test::indices(*value.find("optimal_tokens")));
}

/// Far closer than the 1e-9 that is asked for: the plain mode does the published program's operations in the
/// same order, on every machine and in WebAssembly. Near saturation nothing less would do; other orders of
/// the same sums end 1e-8 away for one (K, Q) run in ten. What is left comes from that machine's exp of the
/// loss, which is not the nearest double in 8 of 10,000 cases.
TEST_P(TrainingReference, PlainTrainingFollowsTheSamePath) {
  const json::Value file = test::readJsonFile(GetParam());
  for (const json::Value& value : test::referenceCases(file)) {
    const Dataset dataset = test::referenceDataset(value);
    for (const json::Value& training : *value.find("training")->array()) {
      const bool factors = text(training, "parameterization") == "KQ";
      SCOPED_TRACE(text(value, "name") + (factors ? " KQ" : " W"));
      Trainer trainer = Trainer::create(dataset, optionsOf(training)).value();
      for (const json::Value& checkpoint : *training.find("checkpoints")->array()) {
        const int iteration = static_cast<int>(number(checkpoint, "iteration"));
        trainer.step(iteration - static_cast<int>(trainer.iteration()));
        EXPECT_NEAR(trainer.loss(), number(checkpoint, "loss"), 1e-12) << iteration;
        if (iteration > 100) continue;
        EXPECT_LE((trainer.W() - matrix(*checkpoint.find("W"))).cwiseAbs().maxCoeff(), 1e-10) << iteration;
      }
      EXPECT_EQ(trainer.selected(), test::indices(*training.find("selected")));
    }
  }
}

TEST_P(TrainingReference, LogDomainReachesTheSvmDirectionAndGoesOn) {
  const json::Value file = test::readJsonFile(GetParam());
  for (const json::Value& value : test::referenceCases(file)) {
    const Dataset dataset = test::referenceDataset(value);
    for (const json::Value& training : *value.find("training")->array()) {
      if (text(training, "parameterization") == "KQ") continue;
      SCOPED_TRACE(text(value, "name"));
      TrainerOptions options = optionsOf(training);
      options.gradient = GradientMode::LogDomain;
      Trainer trainer = Trainer::create(dataset, options).value();
      trainer.step(2000);
      const Matrix half = trainer.W();
      trainer.step(2000);
      const SvmSolution svm = solveSvm(svmProblem(dataset, trainer.selected()).value(), Norm::frobenius());
      ASSERT_TRUE(svm.feasible) << toText(svm);
      const bool late = text(value, "name") == "random n=6 T=8 d=10 seed=2";
      const double off = oneMinusCorrelation(trainer.W(), svm.W);
      EXPECT_LE(off, late ? 1e-2 : 1e-3);
      EXPECT_LT(off, oneMinusCorrelation(half, svm.W));
    }
  }
}

/// With growing steps, which bring (K, Q) there within a wait (growing_steps_test.cpp has the medians).
TEST_P(TrainingReference, FactorsArriveAtTheNuclearSvmNotAtTheFrobeniusOne) {
  const json::Value file = test::readJsonFile(GetParam());
  for (const json::Value& value : test::referenceCases(file)) {
    const Dataset dataset = test::referenceDataset(value);
    for (const json::Value& training : *value.find("training")->array()) {
      if (text(training, "parameterization") != "KQ") continue;
      SCOPED_TRACE(text(value, "name"));
      TrainerOptions options = optionsOf(training);
      options.gradient = GradientMode::LogDomain;
      options.optimizer = Optimizer::NormalizedGdGrowing;
      Trainer trainer = Trainer::create(dataset, options).value();
      trainer.step(10000);
      const Matrix half = trainer.W();
      trainer.step(10000);
      const SvmProblem problem = svmProblem(dataset, trainer.selected()).value();
      const SvmSolution nuclear = solveSvm(problem, Norm::nuclear());
      const SvmSolution frobenius = solveSvm(problem, Norm::frobenius());
      ASSERT_EQ(nuclear.status, SvmStatus::Solved) << toText(nuclear);
      const double off = oneMinusCorrelation(trainer.W(), nuclear.W);
      EXPECT_LT(off, 1e-3);
      EXPECT_LT(off, std::max(1e-6, oneMinusCorrelation(half, nuclear.W)));  // below, the last step shows
      EXPECT_LT(off, 0.02 * oneMinusCorrelation(trainer.W(), frobenius.W));
    }
  }
}

void expectDecomposition(const Decomposition& parts, const json::Value& expected) {
  const Matrix directional = matrix(*expected.find("W_directional")),
               finite = matrix(*expected.find("W_finite"));
  EXPECT_EQ(parts.feasible, boolean(expected, "feasible")) << toText(parts);
  EXPECT_LE((parts.directional.W - directional).norm(), 1e-6 * directional.norm());
  EXPECT_LE((parts.finite - finite).norm(), 1e-6 * (1.0 + finite.norm()));
  EXPECT_NEAR(parts.R, number(expected, "R"), 1e-4 * (1.0 + parts.R));
  const json::Value& correlation = *expected.find("correlation");
  EXPECT_NEAR(parts.correlationDirectional, number(correlation, "directional"), 1e-4);
  EXPECT_NEAR(parts.correlationSvmEquivalent, number(correlation, "svm_equivalent"), 1e-4);
  const double oneToken = number(correlation, "one_token");  // null, not a number, when infeasible
  ASSERT_EQ(parts.correlationOneToken.has_value(), !std::isnan(oneToken));
  if (parts.correlationOneToken) {
    EXPECT_NEAR(*parts.correlationOneToken, oneToken, 1e-4);
  }
}

TEST(MlpReference, SoftmaxKeptTokensAndDecompositionAreEqual) {
  const json::Value file = test::readJsonFile("tests/reference/mlp-head.json");
  int decomposed = 0;
  for (const json::Value& value : test::referenceCases(file)) {
    SCOPED_TRACE(text(value, "name"));
    const json::Value& training = *value.find("training");
    Trainer trainer = Trainer::create(test::referenceDataset(value), optionsOf(training)).value();
    for (const json::Value& checkpoint : *training.find("checkpoints")->array()) {
      const int iteration = static_cast<int>(number(checkpoint, "iteration"));
      trainer.step(iteration - static_cast<int>(trainer.iteration()));
      if (iteration > 100) continue;
      const Matrix softmax = matrix(*checkpoint.find("softmax"));
      for (Index i = 0; i < softmax.rows(); ++i)
        EXPECT_LE((trainer.model().probabilities(i).transpose() - softmax.row(i)).cwiseAbs().maxCoeff(),
                  1e-12);
    }
    const Decomposition parts = decompose(trainer);
    KeptTokens kept;
    for (const json::Value& tokens : *value.find("kept")->array()) kept.push_back(test::indices(tokens));
    EXPECT_EQ(parts.kept.tokens, kept);
    EXPECT_EQ(parts.kept.settled, !boolean(value, "ambiguous")) << toText(parts);
    if (value.find("W_directional") == nullptr) continue;
    ++decomposed;
    expectDecomposition(parts, value);
  }
  EXPECT_GE(decomposed, 5);
}

INSTANTIATE_TEST_SUITE_P(Files, TrainingReference,
                         ::testing::Values("tests/reference/plane.json",
                                           "tests/reference/local-convergence.json"),
                         [](const auto& info) { return info.index == 0 ? "plane" : "local"; });

}  // namespace
}  // namespace attention_svm
