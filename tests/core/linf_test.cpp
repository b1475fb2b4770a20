// SPDX-License-Identifier: MIT
// The SVM of least entrywise l_infinity norm: a linear program, its certificate the l_1 norm of the
// multipliers.
#include <gtest/gtest.h>

#include "attention_svm/kept_tokens.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "support/reference_files.h"

using namespace attention_svm;

namespace {

Dataset drawn(Index n, Index T, Index d, std::uint64_t seed) {
  RandomDatasetSpec spec;
  spec.n = n;
  spec.T = T;
  spec.d = d;
  spec.seed = seed;
  return randomDataset(spec).value();
}

/// The file gives X, Z, y, v as they are.
Dataset bareDataset(const json::Value& value) {
  Dataset dataset;
  for (const json::Value& X : *value.find("X")->array()) dataset.X.push_back(test::matrix(X));
  dataset.Z = test::matrix(*value.find("Z"));
  dataset.y = test::matrix(*value.find("y")).row(0).transpose();
  dataset.head = LinearHead{test::matrix(*value.find("v")).row(0).transpose()};
  return validated(std::move(dataset)).value();
}

/// Weak duality by hand: sum a / |sum a A + sum b E|_1 is below the norm of every feasible W.
void expectProof(const SvmProblem& problem, const SvmSolution& s) {
  ASSERT_EQ(s.status, SvmStatus::Solved) << toText(s);
  EXPECT_LE(s.gap, 1e-9);
  EXPECT_GE(problem.constraintValues(s.W).minCoeff(), 1.0 - 1e-12);
  EXPECT_NEAR(s.norm, s.W.cwiseAbs().maxCoeff(), 1e-12 * s.norm);
  EXPECT_GE(s.dual.minCoeff(), 0.0);
  const double bound = s.dual.sum() / problem.combination(s.dual, s.equalityDual).cwiseAbs().sum();
  EXPECT_NEAR(bound, s.norm, 1e-9 * s.norm);
  if (problem.J() > 0) {
    EXPECT_LE(problem.equalityValues(s.W).cwiseAbs().maxCoeff(), 1e-12 * (1.0 + s.norm));
  }
}

}  // namespace

TEST(Linf, NormsOfAnIndependentSolver) {
  const json::Value file = test::readJsonFile("tests/reference/norms.json");
  for (const json::Value& one : test::referenceCases(file)) {
    const Dataset dataset = bareDataset(one);
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    const SvmSolution s = solveSvm(problem, Norm::linf());
    expectProof(problem, s);
    EXPECT_NEAR(s.norm, *one.find("svm")->find("linf")->find("norm")->number(), 1e-7 * s.norm);
  }
}

TEST(Linf, EveryAnswerCarriesItsProof) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto k = static_cast<Index>(seed);
    const Dataset dataset = drawn(2 + k % 5, 2 + k % 6, 6 + k % 5, seed);
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    const SvmSolution frobenius = solveSvm(problem, Norm::frobenius());
    const SvmSolution s = solveSvm(problem, Norm::linf());
    ASSERT_EQ(s.feasible, frobenius.feasible) << seed;
    if (!s.feasible) continue;
    expectProof(problem, s);
    EXPECT_LE(s.norm, normValue(Norm::linf(), frobenius.W) * (1 + 1e-9));
  }
}

TEST(Linf, WithEqualities) {
  const Dataset dataset = drawn(3, 5, 9, 4);
  const SvmProblem problem = generalizedSvmProblem(dataset, {{0, 1}, {2}, {3, 4}}).value();
  ASSERT_GT(problem.J(), 0);
  expectProof(problem, solveSvm(problem, Norm::linf()));
}

TEST(Linf, InfeasibleDataHasTheSameCertificate) {
  const Dataset dataset = drawn(12, 5, 2, 3);
  const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
  const SvmSolution s = solveSvm(problem, Norm::linf());
  EXPECT_EQ(s.status, SvmStatus::Infeasible);
  EXPECT_LT(s.certificateResidual, 1e-9);
}
