// SPDX-License-Identifier: MIT
// Steepest descent in other norms against an independent implementation: tests/reference/norms.json.
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/margin_ratio.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/spectral_direction.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/tokens.h"
#include "attention_svm/trainer.h"
#include "support/reference_files.h"

namespace attention_svm {
namespace {

using test::matrix;
using test::number;
using test::text;

/// The file gives X, Z, y, v as they are.
Dataset bareDataset(const json::Value& value) {
  Dataset dataset;
  for (const json::Value& X : *value.find("X")->array()) dataset.X.push_back(matrix(X));
  dataset.Z = matrix(*value.find("Z"));
  dataset.y = matrix(*value.find("y")).row(0).transpose();
  dataset.head = LinearHead{matrix(*value.find("v")).row(0).transpose()};
  return validated(std::move(dataset)).value();
}

struct Descent {
  const char* norm;  ///< its name in the file
  Optimizer optimizer;
};
constexpr Descent kDescents[] = {{"l1", Optimizer::CoordinateDescent},
                                 {"linf", Optimizer::SignDescent},
                                 {"spectral", Optimizer::SpectralDescent}};

/// N(W)
double sizeIn(const std::string& norm, const Matrix& W) {
  if (norm == "l1") return W.cwiseAbs().sum();
  return norm == "linf" ? W.cwiseAbs().maxCoeff() : singularValues(W)(0);
}

TEST(NormsReference, DescentsTakeTheSameSteps) {
  int compared = 0;
  const json::Value file = test::readJsonFile("tests/reference/norms.json");
  for (const json::Value& value : test::referenceCases(file)) {
    const Dataset dataset = bareDataset(value);
    for (const Descent& descent : kDescents) {
      SCOPED_TRACE(text(value, "name") + " " + descent.norm);
      const json::Value& expected = *value.find("steepest_descent")->find(descent.norm);
      TrainerOptions options;
      options.optimizer = descent.optimizer;
      options.stepSize = number(expected, "step_size");
      options.W0 = matrix(*value.find("W0"));
      Trainer trainer = Trainer::create(dataset, options).value();
      for (const json::Value& checkpoint : *expected.find("checkpoints")->array()) {
        trainer.step(static_cast<int>(number(checkpoint, "iteration")) -
                     static_cast<int>(trainer.iteration()));
        EXPECT_LE((trainer.W() - matrix(*checkpoint.find("W"))).cwiseAbs().maxCoeff(), 1e-12);
      }
      trainer.step(static_cast<int>(number(expected, "steps")) - static_cast<int>(trainer.iteration()));
      const Selection selected = test::indices(*expected.find("selected"));
      EXPECT_EQ(trainer.selected(), selected);
      // The file has the least norm for the optimal tokens only.
      if (selected != test::indices(*value.find("optimal_tokens"))) continue;
      ++compared;
      const double smallest = svmProblem(dataset, selected).value().constraintValues(trainer.W()).minCoeff();
      const double least = number(*value.find("svm")->find(descent.norm), "norm");
      const double ratio = smallest * least / sizeIn(descent.norm, trainer.W());
      EXPECT_GE(ratio, number(expected, "margin_ratio") - 1e-3);
      EXPECT_LE(ratio, 1.0 + 1e-9);
    }
  }
  EXPECT_GE(compared, 9);
}

TEST(MarginRatio, IsOneForASolutionAndLessForAnythingElse) {
  Random random(3);
  const Dataset dataset = randomDataset({.n = 3, .T = 4, .d = 4, .seed = 2}).value();
  const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
  for (const Norm& norm : {Norm::frobenius(), Norm::nuclear(), Norm::lp(3.0)}) {
    const SvmSolution svm = solveSvm(problem, norm);
    ASSERT_EQ(svm.status, SvmStatus::Solved);
    EXPECT_NEAR(marginRatio(problem, 1e5 * svm.W, norm, svm.norm), 1.0, 1e-8);
    for (int k = 0; k < 20; ++k) {
      const Matrix other = svm.W + random.uniformMatrix(4, 4, -1, 1);
      EXPECT_LT(marginRatio(problem, other, norm, svm.norm), 1.0);
    }
    EXPECT_NEAR(marginRatio(problem, -svm.W, norm, svm.norm), problem.constraintValues(-svm.W).minCoeff(),
                1e-6 * problem.constraintValues(svm.W).maxCoeff());
  }
  EXPECT_EQ(marginRatio(problem, Matrix::Zero(4, 4), Norm::frobenius(), 1.0), 0.0);
}

/// D of N(D) = 1 with <G, D> = N*(G) is what steepest means.
TEST(SpectralDirection, LiesMostAlongTheGradientAmongMatricesOfOperatorNormOne) {
  Random random(5);
  for (int k = 0; k < 60; ++k) {
    const Index rows = 1 + k % 7, cols = 1 + (k / 3) % 6, rank = 1 + k % std::min(rows, cols);
    Matrix G = random.uniformMatrix(rows, rank, -1, 1) * random.uniformMatrix(rank, cols, -1, 1);
    G *= std::pow(10.0, 40.0 * (k % 5 - 2));
    SpectralDirection scratch(rows, cols);
    const Matrix D = scratch.of(G);
    const double nuclear = singularValues(G).sum();
    EXPECT_NEAR(inner(G, D) / nuclear, 1.0, 1e-12);
    const Vector sigma = singularValues(D);  // `rank` ones, then zeros
    for (Index i = 0; i < sigma.size(); ++i) EXPECT_NEAR(sigma(i), i < rank ? 1.0 : 0.0, 1e-9) << k;
  }
  SpectralDirection scratch(3, 2);
  EXPECT_TRUE(scratch.of(Matrix::Zero(3, 2)).isZero(0.0));
}

TEST(SteepestDescent, MovesEachFactorByOneStepInTheOptimizersNorm) {
  const Dataset dataset = randomDataset({}).value();
  for (const GradientMode gradient : {GradientMode::LogDomain, GradientMode::Plain})
    for (const Descent& descent : kDescents) {
      SCOPED_TRACE(descent.norm);
      TrainerOptions options;
      options.parameterization = Parameterization::KQ;
      options.optimizer = descent.optimizer;
      options.gradient = gradient;
      options.rank = 4;
      Trainer trainer = Trainer::create(dataset, options).value();
      for (int k = 0; k < 30; ++k) {
        const Matrix K = trainer.K(), Q = trainer.Q();
        const Matrix GK = trainer.gradient().direction * Q, GQ = trainer.gradient().direction.transpose() * K;
        trainer.step();
        for (const auto& [before, after, G] :
             {std::tuple{K, trainer.K(), GK}, std::tuple{Q, trainer.Q(), GQ}}) {
          const Matrix D = (before - after) / options.stepSize;
          const bool sign = descent.optimizer == Optimizer::SignDescent;
          const bool one = descent.optimizer == Optimizer::CoordinateDescent;
          const double size = sign  ? D.cwiseAbs().maxCoeff()
                              : one ? D.cwiseAbs().sum()
                                    : singularValues(D)(0);
          const double dual = sign  ? G.cwiseAbs().sum()
                              : one ? G.cwiseAbs().maxCoeff()
                                    : singularValues(G).sum();
          EXPECT_NEAR(size, 1.0, 1e-9);
          EXPECT_NEAR(inner(G, D) / dual, 1.0, 1e-7);
        }
      }
    }
}

/// A token that no query reaches: its coordinate has no gradient, and does not move.
TEST(SteepestDescent, TheSignOfZeroIsZero) {
  Dataset dataset = randomDataset({.n = 3, .T = 3, .d = 3}).value();
  for (Matrix& X : dataset.X) X.col(1).setZero();
  TrainerOptions options;
  options.optimizer = Optimizer::SignDescent;
  Trainer trainer = Trainer::create(validated(dataset).value(), options).value();
  const Matrix before = trainer.W();
  trainer.step(50);
  EXPECT_EQ(trainer.W().row(1), before.row(1));
  EXPECT_GT((trainer.W().row(0) - before.row(0)).norm(), 1.0);
}

}  // namespace
}  // namespace attention_svm
