// SPDX-License-Identifier: MIT
// Next-word prediction against an independent implementation: tests/reference/next-token.json.
#include <gtest/gtest.h>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/regularization_path.h"
#include "support/word_problems.h"

namespace attention_svm {
namespace {

using test::matrix;
using test::number;

class WordsReference : public ::testing::Test {
 protected:
  /// Calls check(case, dataset) for each case of the file.
  template <class Check>
  void forEachCase(Check check) const {
    const json::Value file = test::readJsonFile("tests/reference/next-token.json");
    EXPECT_GE(test::referenceCases(file).size(), 7U);
    for (const json::Value& value : test::referenceCases(file)) {
      SCOPED_TRACE(test::text(value, "name"));
      check(value, wordDataset(test::referenceWords(value)).value());
    }
  }
};

TEST_F(WordsReference, ComponentsOfThePriorityGraphsAreEqual) {
  forEachCase([](const json::Value& value, const Dataset& dataset) {
    const json::Object& expected = *value.find("components")->object();
    const std::vector<PriorityGraph> graphs = priorityGraphs(*dataset.words);
    ASSERT_EQ(graphs.size(), expected.size());
    for (const PriorityGraph& graph : graphs) {
      const json::Value* components = value.find("components")->find(std::to_string(graph.last));
      ASSERT_NE(components, nullptr);
      std::vector<std::vector<Index>> lists;
      for (const json::Value& component : *components->array()) lists.push_back(test::indices(component));
      EXPECT_EQ(graph.components, lists) << graph.last;
    }
  });
}

TEST_F(WordsReference, GraphSvmIsEqual) {
  forEachCase([](const json::Value& value, const Dataset& dataset) {
    const json::Value& expected = *value.find("graph_svm");
    const SvmProblem problem = graphSvmProblem(dataset).value();
    const SvmSolution svm = solveSvm(problem, Norm::frobenius());
    EXPECT_EQ(svm.status, SvmStatus::Solved) << toText(svm);
    EXPECT_NEAR(svm.norm, number(expected, "norm"), 1e-8 * svm.norm);
    EXPECT_LE((svm.W - matrix(*expected.find("W"))).norm(), 1e-6 * svm.norm);
    EXPECT_LE(problem.equalityValues(svm.W).size() > 0 ? svm.equalityResidual : 0.0, 1e-12);
  });
}

TEST_F(WordsReference, FinitePartAndCyclicSubspaceAreEqual) {
  forEachCase([](const json::Value& value, const Dataset& dataset) {
    const CyclicSubspace subspace(*dataset.words);
    EXPECT_EQ(subspace.dimension(), static_cast<Index>(number(value, "cyclic_dimension")));
    const FinitePart finite = finitePart(*dataset.words, subspace);
    EXPECT_TRUE(finite.converged) << finite.residual;
    EXPECT_LE((finite.W - matrix(*value.find("W_finite"))).cwiseAbs().maxCoeff(), 1e-10);
  });
}

TEST_F(WordsReference, GradientDescentTakesTheSameSteps) {
  forEachCase([](const json::Value& value, const Dataset& dataset) {
    const json::Value& training = *value.find("training");
    for (const GradientMode mode : {GradientMode::LogDomain, GradientMode::Plain}) {
      TrainerOptions options;
      options.optimizer = Optimizer::Gd;
      options.stepSize = number(training, "step_size");
      options.W0 = matrix(*training.find("W0"));
      options.gradient = mode;
      Trainer trainer = Trainer::create(dataset, options).value();
      for (const json::Value& checkpoint : *training.find("checkpoints")->array()) {
        const int iteration = static_cast<int>(number(checkpoint, "iteration"));
        trainer.step(iteration - static_cast<int>(trainer.iteration()));
        EXPECT_NEAR(trainer.loss(), number(checkpoint, "loss"), 1e-13) << iteration;
        EXPECT_LE((trainer.W() - matrix(*checkpoint.find("W"))).cwiseAbs().maxCoeff(), 1e-12) << iteration;
      }
    }
  });
}

/// The file's weights of a vanishing ridge: argmin L(W) + lambda |W|^2 / 2, whose radius the path can aim at
/// only through the correlation.
TEST_F(WordsReference, DecompositionHoldsTheTwoParts) {
  forEachCase([](const json::Value& value, const Dataset& dataset) {
    TrainerOptions options;
    options.optimizer = Optimizer::Gd;
    options.stepSize = 1.0;
    Trainer trainer = Trainer::create(dataset, options).value();
    trainer.step(1000);
    const Decomposition parts = decompose(trainer);
    EXPECT_TRUE(parts.feasible) << parts.message;
    EXPECT_EQ(parts.message, "");
    EXPECT_LE((parts.finite - matrix(*value.find("W_finite"))).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_GT(parts.R, 0.0);
    EXPECT_GE(parts.correlationSvmEquivalent, parts.correlationDirectional - 1e-3);
  });
}

}  // namespace
}  // namespace attention_svm
