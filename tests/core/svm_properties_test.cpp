// SPDX-License-Identifier: MIT
// What defines the solutions, on random problems: optimality, duality, invariances, certificates.
#include <gtest/gtest.h>

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <string>

#include "attention_svm/local_optimality.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "support/reference_files.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

using test::kScale;

/// n, d and the lengths T_i at random; sometimes self-attention.
Dataset randomRagged(std::uint64_t seed) {
  Random random(seed);
  RandomDatasetSpec spec;
  spec.n = 1 + random.below(6);
  spec.T = 2 + random.below(6);
  spec.d = 2 + random.below(7);
  spec.seed = seed;
  spec.selfAttention = random.below(4) == 0;
  Dataset dataset = randomDataset(spec).value();
  for (Matrix& X : dataset.X)
    X.conservativeResize(1 + random.below(static_cast<int>(spec.T)), Eigen::NoChange);
  return dataset;
}

Selection randomSelection(const Dataset& dataset, Random& random) {
  Selection tokens;
  for (const Matrix& X : dataset.X) tokens.push_back(random.below(static_cast<int>(X.rows())));
  return tokens;
}

SvmProblem randomProblem(std::uint64_t seed) {
  Random random(seed + 1000);
  const Dataset dataset = randomRagged(seed);
  if (random.below(5) == 0) {
    const QueryMode mode{true, random.below(2) == 0};
    return svmProblem(dataset, optimalTokens(dataset, mode).value().tokens, mode).value();
  }
  return svmProblem(dataset, randomSelection(dataset, random), {}).value();
}

double largestConstraint(const SvmProblem& problem) {
  double largest = 0;
  for (Index k = 0; k < problem.K(); ++k)
    largest = std::max(largest, problem.delta.row(k).norm() *
                                    problem.Z.row(problem.query[static_cast<std::size_t>(k)]).norm());
  return largest;
}

/// Verified from the problem alone: a >= 0, sum a = 1, sum a A = 0.
void expectCertificate(const SvmProblem& problem, const SvmSolution& solution) {
  ASSERT_EQ(solution.certificate.size(), problem.K());
  EXPECT_GE(solution.certificate.minCoeff(), 0.0);
  EXPECT_NEAR(solution.certificate.sum(), 1.0, 1e-12);
  const double rest = problem.combination(solution.certificate, solution.certificateEqualities).norm();
  EXPECT_LE(rest, 1e-10 * std::max(largestConstraint(problem), 1e-300));
}

/// Complementary slackness: a_k (<A_k, W> - 1) = 0 for every k, relative to sum a.
double slackness(const SvmProblem& problem, const SvmSolution& s) {
  const Vector slack = (problem.constraintValues(s.W).array() - 1.0).matrix();
  return s.dual.cwiseProduct(slack).cwiseAbs().maxCoeff() / s.dual.sum();
}

TEST(SvmProperties, FrobeniusMeetsTheOptimalityConditionsOrIsProvedInfeasible) {
  int feasible = 0, infeasible = 0;
  for (std::uint64_t seed = 1; seed <= 20000 / kScale; ++seed) {
    const SvmProblem problem = randomProblem(seed);
    const SvmSolution s = solveSvm(problem, Norm::frobenius());
    SCOPED_TRACE(seed);
    ASSERT_TRUE(s.trusted()) << toText(s);
    if (s.status == SvmStatus::Infeasible) {
      ++infeasible;
      expectCertificate(problem, s);
      continue;
    }
    ++feasible;
    if (problem.K() == 0) continue;
    EXPECT_LE(s.gap, 1e-9);
    EXPECT_GE(problem.constraintValues(s.W).minCoeff(), 1.0 - 1e-12);
    EXPECT_GE(s.dual.minCoeff(), 0.0);
    // Stationarity: W = sum a A, as far as the multipliers, of the size of norm^2, leave digits for it
    EXPECT_LE((s.W - problem.combination(s.dual)).norm(), (1e-9 + 1e-15 * s.norm) * s.norm);
    EXPECT_LE(slackness(problem, s), 1e-9);
  }
  EXPECT_GT(feasible, 10000 / kScale);
  EXPECT_GT(infeasible, 500 / kScale);
}

/// Many tokens in few dimensions: norms up to a million, and the multipliers of the size of its square.
TEST(SvmProperties, NearlyInfeasibleProblemsAreSolvedToo) {
  int hard = 0;
  double largest = 0.0;
  for (std::uint64_t seed = 1; seed <= 40000 / kScale; ++seed) {
    Random random(seed * 7919);
    RandomDatasetSpec spec;
    spec.d = 2 + random.below(4);
    spec.n = 1 + random.below(6);
    spec.T = 2 + random.below(11);
    spec.seed = seed;
    const Dataset dataset = randomDataset(spec).value();
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    const SvmSolution s = solveSvm(problem, Norm::frobenius());
    SCOPED_TRACE(seed);
    ASSERT_TRUE(s.trusted()) << toText(s);
    if (s.norm < 300.0) continue;
    ++hard;
    largest = std::max(largest, s.norm);
    EXPECT_GE(s.smallestConstraint, 1.0 - 1e-11);
    const SvmSolution nuclear = solveSvm(problem, Norm::nuclear());
    // One of 500 such problems, of norm 4e5, misses the tolerance, and says so.
    EXPECT_EQ(nuclear.status, nuclear.gap <= 1e-9 ? SvmStatus::Solved : SvmStatus::NotConverged);
    EXPECT_LE(nuclear.gap, nuclear.norm < 1e5 ? 1e-9 : 1e-6) << toText(nuclear);
  }
  EXPECT_GT(hard, 300 / kScale);
  EXPECT_GT(largest, 1e4);
}

/// For every unit vector of the dual norm <S, W> <= |W|, with equality exactly at the optimum: S = sum a A
/// lies in the subdifferential of the norm at W.
TEST(SvmProperties, NuclearAndLpMeetTheirOptimalityConditions) {
  int solved = 0;
  for (std::uint64_t seed = 1; seed <= 2000 / kScale; ++seed) {
    const SvmProblem problem = randomProblem(seed);
    if (problem.K() == 0) continue;
    for (const Norm& norm : {Norm::nuclear(), Norm::lp(1.75), Norm::lp(3.0)}) {
      if (norm.kind == Norm::Kind::Lp && seed > 400 / kScale) continue;
      const SvmSolution s = solveSvm(problem, norm);
      SCOPED_TRACE("seed " + std::to_string(seed) + " p " + std::to_string(norm.p));
      if (s.status == SvmStatus::Infeasible) {
        expectCertificate(problem, s);
        continue;
      }
      if (norm.kind == Norm::Kind::Lp && s.norm > 1000.0) continue;
      ASSERT_EQ(s.status, SvmStatus::Solved) << toText(s);
      ++solved;
      const Matrix S = problem.combination(s.dual);
      const double dual = norm.kind == Norm::Kind::Nuclear ? singularValues(S)(0)
                                                           : normValue(Norm::lp(norm.p / (norm.p - 1.0)), S);
      EXPECT_GE(s.dual.minCoeff(), 0.0);
      EXPECT_GE(inner(S, s.W), (1.0 - 1e-9) * dual * s.norm);
      EXPECT_LE(slackness(problem, s), 2e-9);
      if (norm.kind != Norm::Kind::Nuclear) continue;
      // Where W has a singular value, S has its largest one; W has no others.
      EXPECT_LE(s.rank, (singularValues(S).array() > (1.0 - 1e-4) * dual).count());
      EXPECT_LE(s.rank, std::min<Index>(problem.Z.rows(), problem.d));
    }
  }
  EXPECT_GT(solved, 1500 / kScale);
}

TEST(SvmProperties, NuclearIsSolvedAndTheNormsCompareAsTheyMust) {
  for (std::uint64_t seed = 1; seed <= 4000 / kScale; ++seed) {
    const Dataset dataset = randomRagged(seed);
    Random random(seed);
    const SvmProblem problem = svmProblem(dataset, randomSelection(dataset, random)).value();
    const SvmSolution f = solveSvm(problem, Norm::frobenius()), s = solveSvm(problem, Norm::nuclear());
    SCOPED_TRACE(seed);
    EXPECT_EQ(f.feasible, s.feasible);
    if (!f.feasible || problem.K() == 0) continue;
    ASSERT_EQ(s.status, SvmStatus::Solved) << toText(s);
    EXPECT_LE(s.norm, normValue(Norm::nuclear(), f.W) * (1 + 1e-8));
    EXPECT_LE(f.norm, normValue(Norm::frobenius(), s.W) * (1 + 1e-8));
    EXPECT_LE(f.rank, std::min(dataset.n(), dataset.d()));
    EXPECT_LE(s.rank, std::min(dataset.n(), dataset.d()));
    EXPECT_LE(singularValues(problem.combination(s.dual))(0) * s.dualValue, s.dual.sum() * (1 + 1e-12));
  }
}

TEST(SvmProperties, WeakDualityHoldsForRandomMultipliers) {
  Random random(3);
  for (std::uint64_t seed = 1; seed <= 3000 / kScale; ++seed) {
    const SvmProblem problem = randomProblem(seed);
    const SvmSolution s = solveSvm(problem, Norm::frobenius());
    if (!s.feasible || problem.K() == 0) continue;
    Vector a(problem.K());
    for (double& x : a) x = random.uniform();
    EXPECT_LE(a.sum(), problem.combination(a).norm() * s.norm * (1 + 1e-12));
  }
}

TEST(SvmProperties, LpIsSolvedAndPTwoIsFrobenius) {
  for (std::uint64_t seed = 1; seed <= 120 / kScale; ++seed) {
    const Dataset dataset = randomRagged(seed);
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset).value().tokens).value();
    const SvmSolution f = solveSvm(problem, Norm::frobenius());
    if (!f.feasible || problem.K() == 0 || f.norm > 100) continue;
    SCOPED_TRACE(seed);
    const SvmSolution two = solveSvm(problem, Norm::lp(2.0));
    EXPECT_LE((two.W - f.W).norm(), 1e-8 * f.norm);
    for (const double p : {1.5, 1.75, 3.0, 6.0}) {
      const SvmSolution s = solveSvm(problem, Norm::lp(p));
      // Far from 2 the last digits are not always reached; the status says so.
      if (p < 6.0) {
        EXPECT_EQ(s.status, SvmStatus::Solved) << "p " << p << "\n" << toText(s);
      }
      EXPECT_EQ(s.status == SvmStatus::Solved, s.gap <= 1e-9);
      EXPECT_LT(s.gap, 1e-6) << "p " << p << "\n" << toText(s);
      EXPECT_LE(s.norm, normValue(Norm::lp(p), f.W) * (1 + 1e-6));
    }
  }
}

Matrix randomRotation(Index d, Random& random) {
  Eigen::MatrixXd A(d, d);
  for (double& x : A.reshaped()) x = random.normal();
  return Eigen::HouseholderQR<Eigen::MatrixXd>(A).householderQ() * Eigen::MatrixXd::Identity(d, d);
}

TEST(SvmProperties, InvariantUnderPermutationRotationShiftAndScaling) {
  for (std::uint64_t seed = 1; seed <= 2000 / kScale; ++seed) {
    Random random(seed);
    Dataset dataset = randomRagged(seed);
    if (dataset.selfAttention()) continue;
    const Selection tokens = randomSelection(dataset, random);
    const auto solve = [](const Dataset& data, const Selection& t, const Norm& norm) {
      return solveSvm(svmProblem(data, t).value(), norm);
    };
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      const SvmSolution s = solve(dataset, tokens, norm);
      if (!s.feasible || s.norm > 200) continue;
      SCOPED_TRACE(seed);
      Dataset reversed = dataset;  // sequences and tokens in the other order
      Selection reversedTokens;
      for (Index i = 0; i < dataset.n(); ++i) {
        const auto from = static_cast<std::size_t>(dataset.n() - 1 - i), to = static_cast<std::size_t>(i);
        reversed.X[to] = dataset.X[from].colwise().reverse();
        reversed.Z.row(i) = dataset.Z.row(dataset.n() - 1 - i);
        reversedTokens.push_back(dataset.X[from].rows() - 1 - tokens[from]);
      }
      EXPECT_NEAR(solve(reversed, reversedTokens, norm).norm, s.norm, 1e-8 * s.norm);

      const Matrix R = randomRotation(dataset.d(), random);
      Dataset rotated = dataset;
      for (Matrix& X : rotated.X) X = X * R.transpose();
      rotated.Z = dataset.Z * R.transpose();
      EXPECT_LE((solve(rotated, tokens, norm).W - R * s.W * R.transpose()).norm(), 2e-4 * s.W.norm());

      Dataset shifted = dataset;
      for (Matrix& X : shifted.X) X.rowwise() += random.unitVector(dataset.d()).transpose();
      EXPECT_NEAR(solve(shifted, tokens, norm).norm, s.norm, 1e-8 * s.norm);

      Dataset scaled = dataset;
      scaled.Z *= 2.5;
      EXPECT_NEAR(solve(scaled, tokens, norm).norm, s.norm / 2.5, 1e-8 * s.norm);
    }
  }
}

/// The same invariances where every token queries: then tokens and queries rotate together, and scaling all
/// tokens by c divides W by c^2.
TEST(SvmProperties, SequenceProblemsAreInvariantToo) {
  int solved = 0;
  for (std::uint64_t seed = 1; seed <= 600 / kScale; ++seed) {
    Random random(seed);
    const QueryMode mode{true, random.below(2) == 0};
    Dataset dataset =
        randomDataset({.n = 1 + random.below(2), .T = 2 + random.below(3), .d = 6, .seed = seed}).value();
    const Selection tokens = optimalTokens(dataset, mode).value().tokens;
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      const auto solve = [&](const Dataset& data) {
        return solveSvm(svmProblem(data, tokens, mode).value(), norm);
      };
      const SvmSolution s = solve(dataset);
      if (!s.feasible || s.norm > 200 || s.norm == 0.0) continue;
      SCOPED_TRACE(seed);
      ++solved;
      const Matrix R = randomRotation(dataset.d(), random);
      Dataset rotated = dataset, scaled = dataset;
      for (Matrix& X : rotated.X) X = X * R.transpose();
      for (Matrix& X : scaled.X) X *= 2.5;
      EXPECT_NEAR(solve(rotated).norm, s.norm, 3e-9 * s.norm);
      EXPECT_NEAR(solve(scaled).norm, s.norm / 6.25, 3e-9 * s.norm);
      if (norm.kind == Norm::Kind::Frobenius) {
        EXPECT_LE((solve(rotated).W - R * s.W * R.transpose()).norm(), 1e-4 * s.norm);
      }
    }
  }
  EXPECT_GT(solved, 600 / kScale);
}

/// Generalized problems: W = sum a A + sum b E and complementary slackness; permuting, rotating, shifting.
TEST(SvmProperties, GeneralizedProblemsMeetTheirConditionsAndAreInvariant) {
  int solved = 0;
  for (std::uint64_t seed = 1; seed <= 2000 / kScale; ++seed) {
    Random random(seed);
    Dataset dataset = randomRagged(seed);
    if (dataset.selfAttention()) continue;
    KeptTokens kept;
    for (const Matrix& X : dataset.X) {
      std::vector<Index> tokens{random.below(static_cast<int>(X.rows()))};
      for (Index t = tokens[0] + 1; t < X.rows(); ++t)
        if (random.below(3) == 0) tokens.push_back(t);
      kept.push_back(tokens);
    }
    const SvmProblem problem = generalizedSvmProblem(dataset, kept).value();
    const SvmSolution s = solveSvm(problem, Norm::frobenius());
    SCOPED_TRACE(seed);
    ASSERT_TRUE(s.trusted()) << toText(s);
    if (!s.feasible || problem.K() == 0 || s.norm > 200) continue;
    ++solved;
    EXPECT_LE((s.W - problem.combination(s.dual, s.equalityDual)).norm(), 1e-8 * s.norm);
    EXPECT_LE(slackness(problem, s), 1e-9);
    const Matrix R = randomRotation(dataset.d(), random);
    Dataset moved = dataset;
    for (Matrix& X : moved.X) {
      X = X * R.transpose();
      X.rowwise() += random.unitVector(dataset.d()).transpose();
    }
    moved.Z = 2.0 * dataset.Z * R.transpose();
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      const SvmSolution before = solveSvm(problem, norm);
      const SvmSolution after = solveSvm(generalizedSvmProblem(moved, kept).value(), norm);
      ASSERT_EQ(after.status, SvmStatus::Solved) << toText(after);
      EXPECT_NEAR(after.norm, 0.5 * before.norm, 3e-9 * before.norm);
    }
  }
  EXPECT_GT(solved, 500 / kScale);
}

TEST(SvmProperties, GeneralizedProblemTiesTheKeptTokensInBothNorms) {
  int feasible = 0;
  for (std::uint64_t seed = 1; seed <= 300 / kScale; ++seed) {
    Random random(seed);
    const Dataset dataset = randomRagged(seed);
    KeptTokens kept;
    for (const Matrix& X : dataset.X) {
      std::vector<Index> tokens{random.below(static_cast<int>(X.rows()))};
      for (Index t = tokens[0] + 1; t < X.rows(); ++t)
        if (random.below(3) == 0) tokens.push_back(t);
      kept.push_back(tokens);
    }
    const SvmProblem problem = generalizedSvmProblem(dataset, kept).value();
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      const SvmSolution s = solveSvm(problem, norm);
      SCOPED_TRACE(seed);
      if (!s.feasible) {
        ASSERT_EQ(s.status, SvmStatus::Infeasible) << toText(s);
        expectCertificate(problem, s);
        continue;
      }
      ++feasible;
      EXPECT_EQ(s.status, SvmStatus::Solved) << toText(s);
      EXPECT_LE(s.equalityResidual, 1e-8 * (1 + s.norm));
      if (problem.K() > 0) {
        EXPECT_GE(problem.constraintValues(s.W).minCoeff(), 1 - 1e-12);
      }
    }
  }
  EXPECT_GT(feasible, 50 / kScale);
}

TEST(SvmProperties, GloballyOptimalSelectionsThatAreFeasibleAreLocallyOptimal) {
  for (std::uint64_t seed = 1; seed <= 1000 / kScale; ++seed) {
    const Dataset dataset = randomRagged(seed);
    const LocalOptimality found = localOptimality(dataset, optimalTokens(dataset).value().tokens).value();
    EXPECT_TRUE(found.global);
    EXPECT_EQ(found.locallyOptimal, found.feasible) << seed << toText(found);
  }
}

TEST(SvmProperties, EnumerationFindsTheGlobalSelectionAndKeepsItsBound) {
  RandomDatasetSpec spec;
  spec.n = 2;
  spec.T = 4;
  spec.d = 4;
  const Dataset dataset = randomDataset(spec).value();
  const LocallyOptimalSelections all = enumerateLocallyOptimal(dataset).value();
  EXPECT_TRUE(all.complete);
  EXPECT_EQ(all.examined, 16);
  const Selection best = optimalTokens(dataset).value().tokens;
  EXPECT_NE(std::find(all.selections.begin(), all.selections.end(), best), all.selections.end());
  const LocallyOptimalSelections some = enumerateLocallyOptimal(dataset, 5).value();
  EXPECT_FALSE(some.complete);
  EXPECT_EQ(some.examined, 5);
}

TEST(SvmProperties, WithoutConstraintsTheSolutionIsZero) {
  RandomDatasetSpec spec;
  spec.T = 1;
  const Dataset dataset = randomDataset(spec).value();
  for (const Norm& norm :
       {Norm::frobenius(), Norm::nuclear(), Norm::lp(3), Norm::l1(), Norm::linf(), Norm::spectral()}) {
    const SvmSolution s = solveSvm(svmProblem(dataset, Selection(6, 0)).value(), norm);
    EXPECT_TRUE(s.feasible);
    EXPECT_EQ(s.norm, 0.0);
    EXPECT_TRUE(std::isinf(s.margin));
  }
}

TEST(SvmProperties, EqualTokensAreInfeasibleWithACertificate) {
  Dataset dataset = randomDataset({}).value();
  dataset.X[2].row(1) = dataset.X[2].row(0);
  Selection tokens(6, 0);
  for (const Norm& norm : {Norm::frobenius(), Norm::nuclear(), Norm::lp(3)}) {
    const SvmProblem problem = svmProblem(dataset, tokens).value();
    const SvmSolution s = solveSvm(problem, norm);
    ASSERT_EQ(s.status, SvmStatus::Infeasible);
    expectCertificate(problem, s);
  }
}

class SvmReference : public ::testing::TestWithParam<const char*> {};

TEST_P(SvmReference, BothNormsAreEqual) {
  const json::Value file = test::readJsonFile(GetParam());
  for (const json::Value& value : test::referenceCases(file)) {
    SCOPED_TRACE(test::text(value, "name"));
    const Dataset dataset = test::referenceDataset(value);
    const QueryMode mode{test::text(value, "queries") == "every token", test::boolean(value, "causal")};
    const SvmProblem problem = svmProblem(dataset, optimalTokens(dataset, mode).value().tokens, mode).value();
    const json::Value& svm = *value.find("svm");
    for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
      const bool nuclear = norm.kind == Norm::Kind::Nuclear;
      const SvmSolution s = solveSvm(problem, norm);
      ASSERT_EQ(s.feasible, test::boolean(svm, "feasible"));
      if (!s.feasible) {
        expectCertificate(problem, s);
        continue;
      }
      const json::Value& expected = *svm.find(nuclear ? "nuclear" : "frobenius");
      EXPECT_NEAR(s.norm / test::number(expected, "norm"), 1.0, nuclear ? 1e-7 : 1e-8);
      EXPECT_LE(s.gap, 1e-9);
      if (nuclear) {
        EXPECT_EQ(static_cast<double>(s.rank), test::number(expected, "rank"));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, SvmReference,
                         ::testing::Values("tests/reference/svm.json", "tests/reference/plane.json",
                                           "tests/reference/local-convergence.json",
                                           "tests/reference/sequence.json"));

}  // namespace
}  // namespace attention_svm
