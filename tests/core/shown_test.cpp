// SPDX-License-Identifier: MIT
// Figures that the reader sees, by number: a constant that is a little off must not pass.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "attention_svm/experiments.h"
#include "attention_svm/rounding.h"
#include "attention_svm/svm_solver.h"

namespace attention_svm {
namespace {

/// One query e_1: the constraints ask for w_1 delta_k >= 1, so that the smallest difference decides.
SvmSolution oneAxis(std::initializer_list<double> differences) {
  Dataset data;
  Matrix X = Matrix::Zero(static_cast<Index>(differences.size()) + 1, 2);
  Index t = 1;
  for (const double difference : differences) X(t++, 0) = -difference;
  data.X = {X};
  data.Z = Matrix{{1.0, 0.0}};
  data.y = Vector::Ones(1);
  data.head = LinearHead{Vector::Unit(2, 0)};
  return solveSvm(svmProblem(data, {0}).value(), Norm::frobenius());
}

TEST(Shown, SupportTokensHoldTheirConstraintToAMillionth) {
  const SvmSolution svm = oneAxis({1.0, 1.0 + 1e-7, 1.0 + 1e-5, 1.0 + 1e-4, 2.0});
  ASSERT_EQ(svm.status, SvmStatus::Solved);
  ASSERT_EQ(svm.support.size(), 2u);
  EXPECT_EQ(svm.support[0].token, 1);
  EXPECT_EQ(svm.support[1].token, 2);
  EXPECT_NEAR(svm.norm, 1.0, 1e-9);
}

/// The ends of Wilson's interval are where the share lies 1.96 standard deviations from the observed one.
TEST(Shown, SharesHaveWilsonsIntervalAt95Percent) {
  ExperimentSpec spec = paperExperiment(ExperimentKind::GlobalOrLocal);
  spec.n = 3;
  spec.T = 4;
  spec.values = {2, 4};
  spec.runs = 30;
  spec.steps = 200;
  const ExperimentResult result = runExperiment(spec).value();
  int checked = 0;
  for (const ExperimentSeries& series : result.series) {
    if (!series.share) continue;
    for (std::size_t k = 0; k < series.mean.size(); ++k) {
      const double p = series.mean[k], n = series.count[k];
      if (!(p > 0.0 && p < 1.0)) continue;
      ++checked;
      for (const double end : {series.low[k], series.high[k]})
        EXPECT_NEAR(std::abs(p - end) / std::sqrt(end * (1.0 - end) / n), 1.959964, 1e-5) << series.name;
    }
  }
  EXPECT_GE(checked, 2);
}

/// Half of the runs lie between the quartiles (Hyndman, Fan 1996, type 7), the median halves them.
TEST(Shown, TheSpreadOfAQuantityIsThatOfItsRuns) {
  ExperimentSpec spec = paperExperiment(ExperimentKind::Rank);
  spec.n = 4;
  spec.T = 4;
  spec.values = {5};
  spec.runs = 9;
  const ExperimentResult all = runExperiment(spec).value();
  std::vector<std::vector<double>> ranks(all.series.size());
  for (std::uint64_t k = 0; k < 9; ++k) {
    spec.runs = 1;
    spec.seed = paperExperiment(ExperimentKind::Rank).seed + k;
    const ExperimentResult one = runExperiment(spec).value();
    for (std::size_t s = 0; s < ranks.size(); ++s) ranks[s].push_back(one.series[s].mean[0]);
  }
  bool varies = false;
  for (std::size_t s = 0; s < ranks.size(); ++s) {
    if (all.series[s].share) continue;
    std::sort(ranks[s].begin(), ranks[s].end());
    varies = varies || ranks[s][2] < ranks[s][6];
    EXPECT_EQ(all.series[s].low[0], ranks[s][2]);
    EXPECT_EQ(all.series[s].median[0], ranks[s][4]);
    EXPECT_EQ(all.series[s].high[0], ranks[s][6]);
  }
  EXPECT_TRUE(varies);
}

TEST(Shown, EqualMeansEqualToTheRoundingOfTheData) {
  const auto order = [](double a, double b) {
    Matrix X(2, 3);
    X << a, 1.0, -0.3, b, 1.0, -0.3;
    return boundedProduct(X, Vector{{1.0, 0.5, 2.0}}).order(0, 1);
  };
  EXPECT_EQ(order(0.1, 0.1), Order::Equal);
  EXPECT_EQ(order(0.1, std::nextafter(0.1, 1.0)), Order::Equal);  // the last bit decides nothing
  EXPECT_EQ(order(0.1, 0.1 + 1e-13), Order::Lower);
  EXPECT_EQ(order(0.1 + 1e-13, 0.1), Order::Higher);
  for (const double size : {1e-150, 1e-13, 1e6, 1e150}) {
    // Relative to the size of what is added up, not absolute
    const Matrix X = Matrix{{1.0, 2.0}, {1.0 + 1e-12, 2.0}, {std::nextafter(1.0, 2.0), 2.0}} * size;
    const Bounded scores = boundedProduct(X, Vector{{1.0, 1.0}});
    EXPECT_EQ(scores.order(0, 1), Order::Lower) << size;
    EXPECT_EQ(scores.order(0, 2), Order::Equal) << size;
  }
  // What cancels leaves its rounding behind
  EXPECT_EQ(
      boundedProduct(Matrix{{1e9, 1e9, 1.0}, {1e9, 1e9, 1.0 + 1e-8}}, Vector{{1.0, -1.0, 1.0}}).order(0, 1),
      Order::Equal);
  const Matrix W{{2.0, 0.0}, {0.0, 1.0}};
  EXPECT_EQ(boundedLogits(Matrix{{1.0, 0.0}, {0.0, 2.0}}, W, Vector{{1.0, 1.0}}).order(0, 1), Order::Equal);
  EXPECT_EQ(boundedLogits(Matrix{{1.0, 0.0}, {0.0, 2.01}}, W, Vector{{1.0, 1.0}}).order(0, 1), Order::Lower);
}

}  // namespace
}  // namespace attention_svm
