// Training against independent implementations: tests/reference/plane.json, local-convergence.json.
#include <gtest/gtest.h>

#include <cstdio>

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

TEST_P(TrainingReference, PlainTrainingFollowsTheSamePath) {
  const json::Value file = test::readJsonFile(GetParam());
  for (const json::Value& value : test::referenceCases(file)) {
    const Dataset dataset = test::referenceDataset(value);
    for (const json::Value& training : *value.find("training")->array()) {
      SCOPED_TRACE(text(value, "name") + " " + text(training, "parameterization"));
      Trainer trainer = Trainer::create(dataset, optionsOf(training)).value();
      for (const json::Value& checkpoint : *training.find("checkpoints")->array()) {
        const int iteration = static_cast<int>(number(checkpoint, "iteration"));
        trainer.step(iteration - static_cast<int>(trainer.iteration()));
        if (iteration > 100) continue;  // later, rounding decides where the plain gradient wanders
        EXPECT_LT((trainer.W() - matrix(*checkpoint.find("W"))).cwiseAbs().maxCoeff(), 1e-9)
            << iteration;
        EXPECT_NEAR(trainer.loss(), number(checkpoint, "loss"), 1e-12) << iteration;
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
      const bool factors = text(training, "parameterization") == "KQ";
      SCOPED_TRACE(text(value, "name") + (factors ? " KQ" : " W"));
      TrainerOptions options = optionsOf(training);
      options.gradient = GradientMode::LogDomain;
      Trainer trainer = Trainer::create(dataset, options).value();
      trainer.step(2000);
      const Matrix half = trainer.W();
      trainer.step(2000);
      const SvmSolution svm = solveSvm(svmProblem(dataset, trainer.selected()).value(),
                                       factors ? Norm::nuclear() : Norm::frobenius());
      ASSERT_TRUE(svm.feasible) << toText(svm);
      const bool late = text(value, "name") == "random n=6 T=8 d=10 seed=2";
      const double off = oneMinusCorrelation(trainer.W(), svm.W);
      std::printf("%s %s: %.3e, at 2000 %.3e\n", text(value, "name").c_str(), factors ? "KQ" : "W", off,
                  oneMinusCorrelation(half, svm.W));
      EXPECT_LE(off, late ? 1e-2 : 1e-3);
      EXPECT_LT(off, oneMinusCorrelation(half, svm.W));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, TrainingReference,
                         ::testing::Values("tests/reference/plane.json",
                                           "tests/reference/local-convergence.json"),
                         [](const auto& info) { return info.index == 0 ? "plane" : "local"; });

}  // namespace
}  // namespace attention_svm
