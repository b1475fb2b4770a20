// SPDX-License-Identifier: MIT
// The paper's experiments: what each must show, and the bookkeeping that all share (THEORY section 7).
#include <gtest/gtest.h>

#include <cmath>

#include "attention_svm/experiments.h"

namespace attention_svm {
namespace {

ExperimentSpec small(ExperimentKind kind, int runs) {
  ExperimentSpec spec = paperExperiment(kind);
  spec.runs = runs;
  return spec;
}

ExperimentResult completed(const ExperimentSpec& spec) {
  Result<ExperimentResult> result = runExperiment(spec);
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error());
  EXPECT_EQ(result.value().progress, 1.0);
  return result.value();
}

TEST(Experiments, LocalConvergenceFallsForWAndForTheFactors) {
  const ExperimentResult result = completed(small(ExperimentKind::LocalConvergence, 4));
  ASSERT_EQ(result.x.back(), 2000.0);
  for (const int s : {0, 1}) {
    const ExperimentSeries& off = result.series[static_cast<std::size_t>(s)];
    const ExperimentSeries& largest = result.series[static_cast<std::size_t>(s) + 2];
    EXPECT_EQ(off.count.back(), 4 - result.leftOut);
    EXPECT_LT(off.mean.back(), 0.05 * off.mean.front()) << off.name;
    EXPECT_GT(largest.mean.back(), 0.99) << off.name;
    EXPECT_LT(largest.mean.front(), 0.7) << off.name;
  }
}

TEST(Experiments, SharesAddUpAndManyDimensionsAlwaysEndLocallyOptimal) {
  ExperimentSpec spec = small(ExperimentKind::GlobalOrLocal, 12);
  spec.values = {2, 20, 60};
  const ExperimentResult result = completed(spec);
  for (std::size_t k = 0; k < result.x.size(); ++k) {
    EXPECT_NEAR(result.series[0].mean[k] + result.series[1].mean[k] + result.series[2].mean[k], 1.0, 1e-12);
    for (const ExperimentSeries& series : result.series) {
      EXPECT_LE(series.low[k], series.mean[k]);
      EXPECT_GE(series.high[k], series.mean[k]);
    }
  }
  EXPECT_EQ(result.series[2].mean.back(), 0.0);
  EXPECT_EQ(result.series[3].mean.back(), 1.0);
  EXPECT_LT(result.series[3].mean.front(), 1.0);
}

TEST(Experiments, RankDropsForTheNuclearNormAndInfeasibleIsNotRankOne) {
  ExperimentSpec spec = small(ExperimentKind::Rank, 3);
  spec.values = {1, 20};
  const ExperimentResult result = completed(spec);
  const ExperimentSeries &frobenius = result.series[0], &nuclear = result.series[1],
                         &loose = result.series[2], &feasible = result.series[3];
  EXPECT_EQ(feasible.mean[0], 0.0);
  EXPECT_TRUE(std::isnan(nuclear.mean[0]));
  EXPECT_EQ(nuclear.count[0], 0);
  EXPECT_EQ(frobenius.mean[1], 15.0);
  EXPECT_GE(nuclear.low[1], 2.0);
  EXPECT_LE(nuclear.high[1], 6.0);
  EXPECT_GT(loose.mean[1], nuclear.mean[1] + 3.0);
}

TEST(Experiments, FiniteAndGrowingPartTogetherDescribeSeveralTokensBest) {
  ExperimentSpec spec = small(ExperimentKind::SeveralTokens, 30);
  spec.values = {4};
  const ExperimentResult result = completed(spec);
  EXPECT_GT(result.leftOut, 0);
  EXPECT_EQ(result.series[0].count[0], 30);
  // The finite part helps where a sequence keeps several tokens, and never harms.
  int better = 0;
  for (std::size_t k = 0; k + 1 < result.points.size(); ++k) {
    const ExperimentPoint &equivalent = result.points[k], &directional = result.points[k + 1];
    if (equivalent.series != 0) continue;
    ASSERT_EQ(directional.series, 1);
    EXPECT_LE(equivalent.y, directional.y * (1 + 1e-9));
    if (equivalent.y < 0.9 * directional.y) ++better;
  }
  EXPECT_GT(better, 0);
  for (const ExperimentPoint& point : result.points) EXPECT_LE(point.x, 1e-6);
}

TEST(Experiments, AQuadraticHeadKeepsMoreTokensAsLambdaGrows) {
  ExperimentSpec spec = small(ExperimentKind::QuadraticHead, 6);
  spec.values = {0, 0.3, 3};
  const ExperimentResult result = completed(spec);
  const std::vector<double>& kept = result.series[0].mean;
  EXPECT_NEAR(kept[0], 1.0, 0.1);
  EXPECT_GT(kept[1], kept[0]);
  EXPECT_GT(kept[2], kept[1]);
}

TEST(Experiments, SeveralTokensHaveCurvesOverTheIterationsToo) {
  ExperimentSpec spec = small(ExperimentKind::SeveralTokens, 12);
  spec.over = SweepVariable::Iteration;
  spec.d = 4;
  const ExperimentResult curves = completed(spec);
  ASSERT_EQ(curves.x.size(), 21u);
  EXPECT_EQ(curves.x[1], 101.0);
  EXPECT_EQ(curves.x.back(), 2001.0);
  spec.over = SweepVariable::D;
  spec.values = {4};
  const ExperimentResult ends = completed(spec);
  EXPECT_EQ(ends.draws, curves.draws);
  for (std::size_t s = 0; s < 3; ++s) {
    EXPECT_EQ(curves.series[s].mean.back(), ends.series[s].mean[0]) << "the curve ends in the point";
    EXPECT_EQ(curves.series[s].count.front(), 12);
  }
  EXPECT_LT(curves.series[0].mean.back(), 0.2 * curves.series[0].mean.front());
}

TEST(Experiments, TokensOfTheQuadraticHeadAreOrthonormalSoThatEqualSharesScoreBest) {
  // |o|^2 = sum s_t^2 for orthonormal tokens: where lambda rules, every token keeps the same share.
  ExperimentSpec spec = small(ExperimentKind::QuadraticHead, 4);
  spec.values = {1000};
  const ExperimentResult result = completed(spec);
  EXPECT_EQ(result.series[0].mean[0], static_cast<double>(spec.T));
}

TEST(Experiments, ADrawIsTheSameInAnyOrderAndOnAnyThread) {
  for (int kind = 0; kind < 5; ++kind) {
    ExperimentSpec spec = small(static_cast<ExperimentKind>(kind), 2);
    spec.steps = 60;
    if (!spec.values.empty()) spec.values.resize(2);
    Experiment inOrder = Experiment::create(spec).value(), added = Experiment::create(spec).value();
    int last = -1;
    while (inOrder.advance()) ++last;
    std::vector<ExperimentRow> rows;  // made backwards, added forwards
    const int values = static_cast<int>(added.values());
    if (inOrder.result().draws != 2 * values) continue;  // a value ended later than the other
    for (int at = last; at >= 0; --at)
      rows.push_back(added.draw(static_cast<std::size_t>(at % values), at / values));
    for (std::size_t k = rows.size(); k-- > 0;) added.add(rows[k]);
    EXPECT_EQ(toCsv(added.result()), toCsv(inOrder.result())) << toText(spec);
    EXPECT_EQ(rows[0].numbers.size(), added.columns().size());
  }
}

TEST(Experiments, EveryMomentHasAResultAndTheSameSeedGivesTheSameOne) {
  ExperimentSpec spec = small(ExperimentKind::GlobalOrLocal, 3);
  spec.values = {3, 6};
  spec.steps = 200;
  Experiment experiment = Experiment::create(spec).value();
  EXPECT_EQ(experiment.result().draws, 0);
  double before = -1.0;
  int draws = 0;
  while (experiment.advance()) {
    ++draws;
    EXPECT_GT(experiment.progress(), before);
    before = experiment.progress();
    EXPECT_EQ(experiment.result().draws, draws);
  }
  EXPECT_EQ(draws, 6);
  EXPECT_EQ(toCsv(experiment.result()), toCsv(completed(spec)));
  spec.seed = 77;
  EXPECT_NE(toCsv(experiment.result()), toCsv(completed(spec)));
}

TEST(Experiments, DrawsThatHardlyEverEnterComeToAnEnd) {
  ExperimentSpec spec = small(ExperimentKind::Rank, 2);
  spec.values = {1};
  const ExperimentResult result = completed(spec);
  EXPECT_EQ(result.draws, result.leftOut);
  EXPECT_EQ(result.draws, 10);
}

TEST(Experiments, SpecificationsThatCannotWorkAreRefusedWithThePlace) {
  const auto refusal = [](auto&& change) {
    ExperimentSpec spec = paperExperiment(ExperimentKind::GlobalOrLocal);
    change(spec);
    const Result<Experiment> result = Experiment::create(spec);
    return result ? std::string() : result.error();
  };
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.n = 0; }), "n: expected a number from 1 to 1000");
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.runs = 0; }), "runs: expected a number from 1 to 100000");
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.values = {}; }), "values: expected 1 to 100 of them");
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.values = {3, 2}; }), "values[1]: expected ascending values");
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.values = {2.5}; }),
            "values[0]: expected a whole number from 1 to 1000");
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.over = SweepVariable::Iteration; }),
            "over: this experiment sweeps n, T or d");
  EXPECT_EQ(refusal([](ExperimentSpec& s) { s.over = SweepVariable::Lambda; }),
            "over: this experiment sweeps n, T or d");
}

/// Medians over a few draws: steepest descent, and K and Q, have more of the largest margin in their own norm
/// than in any other. About Adam nothing is claimed.
TEST(Experiments, EveryOptimizerHasItsNorm) {
  const ExperimentResult result = completed(small(ExperimentKind::OptimizersAndNorms, 8));
  const std::vector<std::string> norms{"ℓ1", "nuclear", "Frobenius", "operator", "ℓ∞"};
  ASSERT_EQ(result.xLabels, norms);
  ASSERT_EQ(result.series.size(), 6u);
  const std::size_t own[] = {2, 1, 4, 3, 0};
  for (std::size_t s = 0; s < result.series.size(); ++s) {
    const ExperimentSeries& series = result.series[s];
    for (std::size_t k = 0; k < norms.size(); ++k) {
      EXPECT_EQ(series.count[k], 8 - result.leftOut);
      EXPECT_GT(series.low[k], 0.0);
      EXPECT_LE(series.high[k], 1.0 + 1e-9);
      if (s < 5 && k != own[s]) {
        EXPECT_LT(series.median[k], series.median[own[s]]) << series.name << " in " << norms[k];
      }
    }
    if (s < 5) {
      EXPECT_GT(series.median[own[s]], 0.9) << series.name;
    }
  }
  EXPECT_NE(toText(result).find("operator norm:"), std::string::npos) << toText(result);
  EXPECT_NE(toCsv(result).find("\noperator,\"Adam\","), std::string::npos) << toCsv(result);
}

}  // namespace
}  // namespace attention_svm
