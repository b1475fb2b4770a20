// SPDX-License-Identifier: MIT
// The SVMs of least entrywise l_1, least entrywise l_infinity and least operator norm, each with the dual
// norm of its multipliers as proof (THEORY section 6c).
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "support/reference_files.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

using test::kScale;

/// Value and dual value written down a second time.
double valueByHand(const Norm& norm, const Matrix& W) {
  if (norm.kind == Norm::Kind::L1) return W.cwiseAbs().sum();
  return norm.kind == Norm::Kind::Linf ? W.cwiseAbs().maxCoeff() : singularValues(W)(0);
}
double dualByHand(const Norm& norm, const Matrix& S) {
  if (norm.kind == Norm::Kind::L1) return S.cwiseAbs().maxCoeff();
  return norm.kind == Norm::Kind::Linf ? S.cwiseAbs().sum() : singularValues(S).sum();
}

/// Weak duality: sum a / N*(sum a A + sum b E) is below the norm of every feasible W.
void expectProof(const SvmProblem& problem, const SvmSolution& s, const Norm& norm) {
  ASSERT_EQ(s.status, SvmStatus::Solved) << toText(s);
  EXPECT_LE(s.gap, 1e-9);
  EXPECT_GE(problem.constraintValues(s.W).minCoeff(), 1.0 - 1e-9);
  EXPECT_NEAR(s.norm, valueByHand(norm, s.W), 1e-11 * s.norm);
  EXPECT_GE(s.dual.minCoeff(), 0.0);
  const double bound = s.dual.sum() / dualByHand(norm, problem.combination(s.dual, s.equalityDual));
  EXPECT_NEAR(bound, s.norm, 2e-9 * s.norm);
  if (problem.J() > 0) {
    EXPECT_LE(problem.equalityValues(s.W).cwiseAbs().maxCoeff(), 1e-11 * (1.0 + s.W.norm()));
  }
}

Selection anySelection(const Dataset& dataset, QueryMode mode, Random& random) {
  Selection tokens;
  for (const AttentionRow& row : attentionRows(dataset, mode))
    tokens.push_back(random.below(static_cast<int>(row.visible)));
  return tokens;
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

class DualNorms : public ::testing::TestWithParam<Norm> {};

TEST_P(DualNorms, AreThoseOfAnIndependentSolver) {
  const json::Value file = test::readJsonFile("tests/reference/norms.json");
  for (const json::Value& one : test::referenceCases(file)) {
    const Dataset dataset = bareDataset(one);
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    const json::Value& expected = *one.find("svm")->find(infoOf(GetParam()).id);
    const SvmSolution s = solveSvm(problem, GetParam());
    ASSERT_EQ(s.feasible, test::boolean(expected, "feasible"));
    if (!s.feasible) continue;
    expectProof(problem, s, GetParam());
    EXPECT_NEAR(s.norm, test::number(expected, "norm"), 1e-8 * s.norm);
  }
}

/// d = 1 and 2, one sequence, two tokens, among all others.
TEST_P(DualNorms, EveryAnswerCarriesItsProof) {
  int solved = 0;
  for (std::uint64_t seed = 1; seed <= 600 / kScale; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    const RandomDatasetSpec spec{
        .n = 1 + random.below(5), .T = 2 + random.below(5), .d = 1 + random.below(8), .seed = seed};
    const Dataset dataset = randomDataset(spec).value();
    const QueryMode mode{seed % 3 == 0, seed % 6 == 0};
    const SvmProblem problem = svmProblem(dataset, anySelection(dataset, mode, random), mode).value();
    const SvmSolution frobenius = solveSvm(problem, Norm::frobenius()), s = solveSvm(problem, GetParam());
    ASSERT_EQ(s.status, frobenius.status) << toText(s);
    if (!s.feasible) continue;
    ++solved;
    expectProof(problem, s, GetParam());
    EXPECT_LE(s.norm, normValue(GetParam(), frobenius.W) * (1 + 1e-9));
  }
  EXPECT_GT(solved, 300 / kScale);
}

TEST_P(DualNorms, AHundredConstraintsInTwentyDimensions) {
  for (const auto& [n, T, d] : {std::tuple{10, 7, 20}, {12, 9, 18}, {20, 6, 20}, {14, 8, 14}}) {
    const Dataset dataset = randomDataset({.n = n, .T = T, .d = d, .seed = 5}).value();
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    ASSERT_GE(problem.K(), 60);
    expectProof(problem, solveSvm(problem, GetParam()), GetParam());
  }
}

TEST_P(DualNorms, WithEqualities) {
  int ties = 0;
  for (std::uint64_t seed = 1; seed <= 200 / kScale; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed + 77);
    const Dataset dataset =
        randomDataset({.n = 1 + random.below(3), .T = 5, .d = 5 + random.below(5), .seed = seed}).value();
    KeptTokens kept;
    for (Index i = 0; i < dataset.n(); ++i) {
      std::vector<Index> row{random.below(5)};
      for (Index t = row[0] + 1; t < 5; ++t)
        if (random.below(2) == 0) row.push_back(t);
      kept.push_back(row);
    }
    const SvmProblem problem = generalizedSvmProblem(dataset, kept).value();
    if (problem.K() == 0) continue;
    const SvmSolution s = solveSvm(problem, GetParam());
    EXPECT_EQ(s.feasible, solveSvm(problem, Norm::frobenius()).feasible);
    if (!s.feasible) continue;
    ties += problem.J() > 0;
    expectProof(problem, s, GetParam());
  }
  EXPECT_GT(ties, 100 / kScale);
}

/// Equalities that follow from others have multipliers all the same.
TEST_P(DualNorms, WithEqualitiesThatDependOnEachOther) {
  Dataset dataset = randomDataset({.n = 2, .T = 5, .d = 9, .seed = 4}).value();
  dataset.X[1] = dataset.X[0];
  dataset.Z.row(1) = dataset.Z.row(0);
  const SvmProblem problem = generalizedSvmProblem(dataset, {{0, 1, 2}, {0, 1, 2}}).value();
  ASSERT_EQ(problem.J(), 4);
  expectProof(problem, solveSvm(problem, GetParam()), GetParam());
}

TEST_P(DualNorms, InfeasibleDataHasTheSameCertificate) {
  const Dataset dataset = randomDataset({.n = 12, .T = 5, .d = 2, .seed = 3}).value();
  const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
  const SvmSolution s = solveSvm(problem, GetParam()), frobenius = solveSvm(problem, Norm::frobenius());
  EXPECT_EQ(s.status, SvmStatus::Infeasible);
  EXPECT_EQ(s.certificate, frobenius.certificate);
  EXPECT_LT(problem.combination(s.certificate).norm(), 1e-13);
}

TEST_P(DualNorms, EqualTokensAndZeroQueriesAreInfeasible) {
  Dataset equal = randomDataset({}).value(), zero = equal;
  equal.X[2].row(1) = equal.X[2].row(0);
  zero.Z.row(3).setZero();
  for (const Dataset& dataset : {equal, zero}) {
    const SvmProblem problem = svmProblem(dataset, Selection(6, 0)).value();
    EXPECT_EQ(solveSvm(problem, GetParam()).status, SvmStatus::Infeasible);
  }
}

TEST_P(DualNorms, AConstraintTwiceChangesNothing) {
  Dataset dataset = randomDataset({.n = 2, .T = 4, .d = 5, .seed = 9}).value();
  const SvmSolution once = solveSvm(svmProblem(dataset, {0, 1}).value(), GetParam());
  dataset.X[0].conservativeResize(5, Eigen::NoChange);
  dataset.X[0].row(4) = dataset.X[0].row(3);
  const SvmProblem problem = svmProblem(dataset, {0, 1}).value();
  const SvmSolution twice = solveSvm(problem, GetParam());
  expectProof(problem, twice, GetParam());
  EXPECT_NEAR(twice.norm, once.norm, 2e-9 * once.norm);
}

/// Tokens and queries of sequence 1 times 1e3, of sequence 2 divided by it.
TEST_P(DualNorms, ScaleChangesNoAnswer) {
  for (std::uint64_t seed = 1; seed <= 60 / kScale; ++seed) {
    SCOPED_TRACE(seed);
    Dataset dataset = randomDataset({.n = 3, .T = 4, .d = 5, .seed = seed}).value();
    dataset.X[0] *= 1e3;
    dataset.X[1] /= 1e3;
    dataset.Z.row(0) *= 1e3;
    dataset.Z.row(1) /= 1e3;
    Random random(seed);
    const SvmProblem problem = svmProblem(dataset, anySelection(dataset, {}, random)).value();
    const SvmSolution s = solveSvm(problem, GetParam());
    ASSERT_EQ(s.status, SvmStatus::Solved) << toText(s);
    EXPECT_LE(s.gap, 1e-9);
  }
}

/// Norms of 100 and more, where the constraints nearly contradict each other.
TEST_P(DualNorms, NearlyInfeasibleProblemsAreSolvedToo) {
  int hard = 0;
  for (std::uint64_t seed = 1; seed <= 4000 / kScale; ++seed) {
    Random random(seed * 7919);
    const RandomDatasetSpec spec{
        .n = 1 + random.below(6), .T = 2 + random.below(11), .d = 2 + random.below(4), .seed = seed};
    const Dataset dataset = randomDataset(spec).value();
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    if (solveSvm(problem, Norm::frobenius()).norm < 100.0) continue;
    SCOPED_TRACE(seed);
    ++hard;
    const SvmSolution s = solveSvm(problem, GetParam());
    EXPECT_EQ(s.status, SvmStatus::Solved) << toText(s);
  }
  EXPECT_GT(hard, 40 / kScale);
}

INSTANTIATE_TEST_SUITE_P(Norms, DualNorms, ::testing::Values(Norm::l1(), Norm::linf(), Norm::spectral()),
                         [](const auto& tested) { return std::string(infoOf(tested.param).id); });

TEST(NormsCompare, LeastNormsOfTheSameConstraintsAreInOrder) {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 400 / kScale; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed + 5);
    const Dataset dataset =
        randomDataset(
            {.n = 1 + random.below(5), .T = 2 + random.below(5), .d = 1 + random.below(8), .seed = seed})
            .value();
    const SvmProblem problem = svmProblem(dataset, anySelection(dataset, {}, random)).value();
    double last = INFINITY;
    for (const Norm& norm :
         {Norm::l1(), Norm::nuclear(), Norm::frobenius(), Norm::spectral(), Norm::linf()}) {
      const SvmSolution s = solveSvm(problem, norm);
      if (!s.feasible) break;
      EXPECT_LE(s.norm, last * (1 + 2e-9)) << infoOf(norm).id;
      last = s.norm;
      ++compared;
      // No multipliers at all prove more than the least norm.
      Vector a(problem.K());
      for (double& x : a) x = random.uniform();
      EXPECT_LE(a.sum(), dualNormValue(norm, problem.combination(a)) * s.norm * (1 + 1e-9));
    }
  }
  EXPECT_GT(compared, 1000 / kScale);
}

}  // namespace
}  // namespace attention_svm
