// SPDX-License-Identifier: MIT
// Feasibility does not change when a token difference or a query is multiplied by a positive number (THEORY
// sections 3 and 8). Families of problems whose answer is known, in every norm: an answer may stay open now
// and then, but none may be wrong. ATTENTION_SVM_SEED=n draws others.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/svm_solver.h"
#include "support/scale.h"

namespace attention_svm {
namespace {

using test::kScale;

std::uint64_t firstSeed() {
  const char* given = std::getenv("ATTENTION_SVM_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 90210;
}

const std::vector<Norm>& allNorms() {
  static const std::vector<Norm> norms{Norm::frobenius(), Norm::nuclear(), Norm::lp(1.5),   Norm::lp(3.0),
                                       Norm::l1(),        Norm::linf(),    Norm::spectral()};
  return norms;
}

/// Of wedges as narrow as 1e-9 the least norms are 1e9, more than the two linear programs reach.
std::vector<Norm> wedgeNorms() {
  std::vector<Norm> norms = allNorms();
  std::erase_if(
      norms, [](const Norm& norm) { return norm.kind == Norm::Kind::L1 || norm.kind == Norm::Kind::Linf; });
  return norms;
}

bool finite(const SvmSolution& s) {
  return s.W.allFinite() && s.dual.allFinite() && s.equalityDual.allFinite() && std::isfinite(s.norm) &&
         std::isfinite(s.gap) && std::isfinite(s.dualValue) && std::isfinite(s.smallestConstraint) &&
         s.singularValues.allFinite() && s.certificate.allFinite() && s.certificateEqualities.allFinite() &&
         std::isfinite(s.certificateResidual) && !std::isnan(s.margin) && !std::isnan(s.lowerBound);
}

/// "half-angle 1e-9 seed 17"
std::string named(const char* what, double value, std::uint64_t seed) {
  char text[100];
  std::snprintf(text, sizeof text, "%s %.3g seed %d", what, value, static_cast<int>(seed));
  return text;
}

std::string nameOf(const Norm& norm) {
  if (norm.kind == Norm::Kind::Frobenius) return "Frobenius";
  if (norm.kind != Norm::Kind::Lp) return infoOf(norm).name;
  return named("l_p, p =", norm.p, 0);
}

/// Counts what the solvers say about problems of one family.
struct Tally {
  int asked = 0, open = 0;

  void add(const SvmProblem& problem, const Norm& norm, bool feasible, const std::string& what) {
    SCOPED_TRACE(what + ", " + nameOf(norm));
    const SvmSolution s = solveSvm(problem, norm);
    ++asked;
    EXPECT_TRUE(finite(s)) << toText(s);
    if (s.status == SvmStatus::Solved || s.status == SvmStatus::Infeasible) {
      EXPECT_EQ(s.status, feasible ? SvmStatus::Solved : SvmStatus::Infeasible) << toText(s);
    } else {
      ++open;
      if (std::getenv("ATTENTION_SVM_VERBOSE"))
        std::printf("open: %s, %s: %s", what.c_str(), nameOf(norm).c_str(), toText(s).c_str());
    }
    if (!feasible) {
      EXPECT_FALSE(s.feasible) << toText(s);
    }
    if (s.status == SvmStatus::Solved) {
      EXPECT_LE(s.gap, 1e-9);
      EXPECT_GE(s.smallestConstraint, 1.0 - 1e-6);
    }
    if (s.status == SvmStatus::Infeasible) {
      EXPECT_LE(s.certificateResidual, 1e-14);
      EXPECT_GE(s.certificate.minCoeff(), 0.0);
      EXPECT_NEAR(s.certificate.sum(), 1.0, 1e-12);
    }
  }

  void expectNearlyAllDecided() const {
    EXPECT_GT(asked, 0);
    EXPECT_LE(open, asked / 100) << open << " of " << asked << " left open";
  }
};

enum class What { Tokens, Queries, Both };

/// Sequence `up` times factor, sequence `down` divided by it.
Dataset scaledApart(Dataset dataset, What what, double factor, std::size_t up, std::size_t down) {
  if (what != What::Queries) {
    dataset.X[up] *= factor;
    dataset.X[down] /= factor;
  }
  if (what != What::Tokens && dataset.Z.size() > 0) {
    dataset.Z.row(static_cast<Index>(up)) *= factor;
    dataset.Z.row(static_cast<Index>(down)) /= factor;
  }
  return dataset;
}

Selection anySelection(const Dataset& dataset, QueryMode mode, Random& random) {
  Selection tokens;
  for (const AttentionRow& row : attentionRows(dataset, mode))
    tokens.push_back(random.below(static_cast<int>(row.visible)));
  return tokens;
}

/// d at least T - 1 and the number of queries, in general position: all constraints are independent, so that
/// every selection and every set of kept tokens is feasible.
void checkScaledApart(QueryMode mode, bool generalized, std::uint64_t count) {
  Tally tally;
  for (std::uint64_t seed = firstSeed(); seed < firstSeed() + count; ++seed) {
    Random random(seed);
    const Index n = mode.everyToken ? 2 : 3, T = mode.everyToken ? 3 : 4;
    const Dataset drawn = randomDataset({.n = n, .T = T, .d = 6, .seed = seed}).value();
    const Selection tokens = anySelection(drawn, mode, random);
    KeptTokens kept;
    for (const Index token : tokens) {
      kept.push_back({token});
      if (token + 1 < T && random.below(2) == 0) kept.back().push_back(token + 1);
    }
    const auto up = static_cast<std::size_t>(random.below(static_cast<int>(n)));
    const std::size_t down = (up + 1) % static_cast<std::size_t>(n);
    for (const What what : {What::Tokens, What::Queries, What::Both})
      for (const double factor : {10.0, 1e3, 1e6}) {
        const Dataset dataset = scaledApart(drawn, what, factor, up, down);
        const SvmProblem problem = generalized ? generalizedSvmProblem(dataset, kept, mode).value()
                                               : svmProblem(dataset, tokens, mode).value();
        if (problem.K() == 0) continue;
        for (const Norm& norm : allNorms())
          tally.add(problem, norm, true,
                    named(what == What::Tokens    ? "tokens times"
                          : what == What::Queries ? "queries times"
                                                  : "both times",
                          factor, seed));
      }
  }
  tally.expectNearlyAllDecided();
}

TEST(SvmScale, SequencesOfDifferentSizeStayFeasible) { checkScaledApart({}, false, 40 / kScale); }
TEST(SvmScale, KeptTokensOfDifferentSizeStayFeasible) { checkScaledApart({}, true, 40 / kScale); }
TEST(SvmScale, EveryTokenProblemsOfDifferentSizeStayFeasible) {
  checkScaledApart({true, false}, false, 20 / kScale);
  checkScaledApart({true, true}, false, 20 / kScale);
  checkScaledApart({true, false}, true, 20 / kScale);
}

/// X = [0, -p, -q] with p and q at an angle of pi minus twice the half-angle: the least norm is
/// |q - p| / |p x q| / |z|.
struct Wedge {
  Dataset dataset;
  double norm = 0.0;
};

/// a b - c d without cancellation (Kahan): Dekker's exact products through the fused operation.
double crossProduct(double a, double b, double c, double d) {
  const double w = c * d, error = std::fma(-c, d, w);
  return std::fma(a, b, -w) + error;
}

Wedge wedge(double halfAngle, double rotation) {
  const double c = std::cos(rotation), s = std::sin(rotation), mu = halfAngle;
  Wedge result;
  Matrix X = Matrix::Zero(3, 2);
  X.row(1) << -(c - mu * s), -(s + mu * c);
  X.row(2) << -(-c - mu * s), -(-s + mu * c);
  result.dataset.X = {X};
  result.dataset.Z = Matrix(1, 2);
  result.dataset.Z << 0.6, 0.8;
  result.dataset.y = Vector::Ones(1);
  result.dataset.head = LinearHead{Vector::Ones(2)};
  const double cross = crossProduct(X(1, 0), X(2, 1), X(1, 1), X(2, 0));
  result.norm = (X.row(2) - X.row(1)).norm() / std::abs(cross);
  return result;
}

TEST(SvmScale, NarrowWedgesAreSolvedAtEveryRotation) {
  Random random(firstSeed());
  Tally tally;
  for (int exponent = 3; exponent <= 9; ++exponent)
    for (std::uint64_t k = 0; k < 100 / kScale; ++k) {
      const Wedge w = wedge(std::pow(10.0, -exponent), 6.283185307179586 * random.uniform());
      const SvmProblem problem = svmProblem(w.dataset, {0}).value();
      for (const Norm& norm : wedgeNorms())
        tally.add(problem, norm, true, named("half-angle 1e-", exponent, k));
      const SvmSolution s = solveSvm(problem, Norm::frobenius());
      EXPECT_NEAR(s.norm / w.norm, 1.0, 1e-9) << "half-angle 1e-" << exponent << "\n" << toText(s);
    }
  tally.expectNearlyAllDecided();
}

/// Beyond what must be solved: never called infeasible, and never a bound above the norm.
TEST(SvmScale, NarrowerWedgesAreNeverCalledInfeasible) {
  Random random(firstSeed() + 1);
  for (int exponent = 10; exponent <= 14; ++exponent)
    for (std::uint64_t k = 0; k < 40 / kScale; ++k) {
      const Wedge w = wedge(std::pow(10.0, -exponent), 6.283185307179586 * random.uniform());
      for (const Norm& norm : {Norm::frobenius(), Norm::nuclear()}) {
        const SvmSolution s = solveSvm(svmProblem(w.dataset, {0}).value(), norm);
        EXPECT_TRUE(finite(s));
        EXPECT_NE(s.status, SvmStatus::Infeasible) << "half-angle 1e-" << exponent << "\n" << toText(s);
        EXPECT_LE(s.lowerBound, w.norm * (1.0 + 1e-6)) << "half-angle 1e-" << exponent << "\n" << toText(s);
      }
    }
}

/// The wedge with a third coordinate for a kept token that ties with the selected one, and as a sequence in
/// which both tokens query.
TEST(SvmScale, WedgesWithKeptTokensAndAsSequences) {
  Random random(firstSeed() + 2);
  Tally tally;
  for (int exponent = 3; exponent <= 9; ++exponent)
    for (std::uint64_t k = 0; k < 20 / kScale; ++k) {
      const Wedge w = wedge(std::pow(10.0, -exponent), 6.283185307179586 * random.uniform());
      Dataset kept = w.dataset;
      kept.X[0] = Matrix::Zero(4, 3);
      kept.X[0].row(0) << 0.3, 0.2, 1.0;
      kept.X[0].block(2, 0, 2, 2) = w.dataset.X[0].bottomRows(2);
      kept.Z = Matrix(1, 3);
      kept.Z << 0.6, 0.8, -0.5;
      kept.head = LinearHead{Vector::Ones(3)};
      const SvmProblem generalized = generalizedSvmProblem(kept, {{0, 1}}).value();
      const SvmProblem sequence = svmProblem(w.dataset, {0, 1, 0}, {true, true}).value();
      // Query 0 sees itself alone; the zero token is no query's only rival, so that a matrix exists.
      for (const Norm& norm : wedgeNorms()) {
        tally.add(generalized, norm, true, named("kept, half-angle 1e-", exponent, k));
        tally.add(sequence, norm, true, named("sequence, half-angle 1e-", exponent, k));
      }
    }
  tally.expectNearlyAllDecided();
}

TEST(SvmScale, SizesFromTheSmallestToTheLargestWork) {
  Tally tally;
  for (std::uint64_t seed = firstSeed(); seed < firstSeed() + 8 / std::min<std::uint64_t>(kScale, 4);
       ++seed) {
    const Dataset drawn = randomDataset({.n = 3, .T = 4, .d = 6, .seed = seed}).value();
    const Selection tokens = optimalTokens(drawn).value().tokens;
    for (const double size : {1e-150, 1e-75, 1e75, 1e150})
      for (int part = 0; part < 6; ++part) {
        Dataset dataset = drawn;
        if (part == 0 || part == 2)
          for (Matrix& X : dataset.X) X *= size;
        if (part == 1 || part == 2) dataset.Z *= size;
        if (part == 3 || part == 5) dataset.X[1] *= size;
        if (part == 4 || part == 5) dataset.Z.row(1) *= size;
        const SvmProblem problem = svmProblem(dataset, tokens).value();
        for (const Norm& norm : allNorms())
          tally.add(problem, norm, true, named(part < 3 ? "all of size" : "one of size", size, seed));
      }
  }
  tally.expectNearlyAllDecided();
}

/// Integer tokens whose selected one is a convex combination of the others, then scaled: infeasible at any
/// size.
TEST(SvmScale, ConvexCombinationsAndDuplicatesAreInfeasibleAtAnySize) {
  Tally tally;
  for (std::uint64_t seed = firstSeed(); seed < firstSeed() + 60 / kScale; ++seed) {
    Random random(seed);
    Dataset drawn = randomDataset({.n = 3, .T = 4, .d = 6, .seed = seed}).value();
    Matrix& X = drawn.X[2];
    for (double& x : X.reshaped()) x = (random.below(2) == 0 ? 8.0 : -8.0) * (1 + random.below(9));
    if (seed % 3 == 0) {
      X.row(0) = X.row(1 + random.below(3));
    } else {
      const double weight = seed % 3 == 1 ? 0.5 : 0.125 * (1 + random.below(7));
      X.row(0) = weight * X.row(1) + (1.0 - weight) * X.row(3);
    }
    for (const What what : {What::Tokens, What::Queries, What::Both})
      for (const double factor : {1.0, 10.0, 1e3, 1e6, 1e150}) {
        if (what == What::Both && factor > 1e100) continue;  // constraints of 1e300 and 1e-300: refused
        const Dataset dataset =
            scaledApart(drawn, what, factor, seed % 2 == 0 ? 2 : 1, seed % 2 == 0 ? 1 : 2);
        const SvmProblem problem = svmProblem(dataset, {1, 2, 0}).value();
        for (const Norm& norm : allNorms()) tally.add(problem, norm, false, named("factor", factor, seed));
      }
  }
  tally.expectNearlyAllDecided();
}

/// Many tokens in few dimensions are infeasible by a wide margin, and remain so.
TEST(SvmScale, CrowdedDataIsInfeasibleAtAnySize) {
  Tally tally;
  int infeasible = 0;
  for (std::uint64_t seed = firstSeed(); seed < firstSeed() + 60 / kScale; ++seed) {
    Random random(seed);
    const Dataset drawn = randomDataset({.n = 4, .T = 6, .d = 2, .seed = seed}).value();
    const Selection tokens = anySelection(drawn, {}, random);
    const SvmSolution plain = solveSvm(svmProblem(drawn, tokens).value(), Norm::frobenius());
    if (plain.status == SvmStatus::Infeasible) ++infeasible;
    for (const double factor : {10.0, 1e3, 1e6})
      for (const Norm& norm : allNorms())
        tally.add(svmProblem(scaledApart(drawn, What::Both, factor, 0, 1), tokens).value(), norm,
                  plain.status != SvmStatus::Infeasible, named("factor", factor, seed));
  }
  EXPECT_GT(infeasible, 0);
  tally.expectNearlyAllDecided();
}

TEST(SvmScale, PowersOutsideTheirRangeAreRefusedWithASentence) {
  const Dataset dataset = randomDataset({.n = 3, .T = 4, .d = 6, .seed = 4}).value();
  const SvmProblem problem = svmProblem(dataset, {0, 0, 0}).value();
  for (const double p : {1.0000001, 1e6, 1.0, 0.5, -2.0, std::nan(""), HUGE_VAL}) {
    const SvmSolution s = solveSvm(problem, Norm::lp(p));
    EXPECT_EQ(s.status, SvmStatus::NotConverged);
    EXPECT_FALSE(s.feasible);
    EXPECT_NE(s.message.find("p: expected"), std::string::npos) << p;
    EXPECT_LE(s.gap, 1.0);
  }
}

}  // namespace
}  // namespace attention_svm
