// SPDX-License-Identifier: MIT
// The log-domain gradient against a third formula that neither cancels nor underflows (THEORY section 8).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "attention_svm/attention.h"
#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"

namespace attention_svm {
namespace {

/// n = 4 sequences of 1 to 6 normal tokens in d = 5.
Dataset raggedDataset(std::uint64_t seed, HeadKind head) {
  RandomDatasetSpec spec;
  spec.n = 4;
  spec.d = 5;
  spec.seed = seed;
  spec.head = head;
  spec.lambda = 0.7;
  Dataset dataset = randomDataset(spec).value();
  Random random(seed + 1000);
  for (Matrix& X : dataset.X) {
    X.resize(1 + random.below(6), spec.d);
    for (double& x : X.reshaped()) x = random.normal();
  }
  return dataset;
}

struct Pair {
  double logWeight;  ///< log of |l'| s_t s_tau
  Matrix effect;     ///< -(u_t - u_tau)(x_t - x_tau) z^T
};

std::vector<Pair> pairsOf(const AttentionModel& model, const Dataset& dataset, Loss loss) {
  std::vector<Pair> pairs;
  for (Index r = 0; r < static_cast<Index>(model.rows().size()); ++r) {
    const AttentionRow row = model.rows()[static_cast<std::size_t>(r)];
    const double y = dataset.y(row.sequence);
    const Matrix X = dataset.tokens(row.sequence).topRows(row.visible);
    Vector slope(dataset.d());
    gradient(dataset.head, X.transpose() * model.probabilities(r), slope);
    const Vector u = y * (X * slope);
    const Vector& logS = model.logProbabilities(r);
    for (Index t = 0; t < row.visible; ++t)
      for (Index tau = 0; tau < t; ++tau)
        if (u(t) != u(tau))
          pairs.push_back({logLossSlope(loss, y * model.prediction(r)) + logS(t) + logS(tau),
                           (u(tau) - u(t)) * (X.row(t) - X.row(tau)).transpose() * model.queries().row(r)});
  }
  return pairs;
}

/// The gradient as a sum over pairs of tokens, 1/2 sum s_t s_tau (u_t - u_tau)(x_t - x_tau) z^T: free of
/// cancellation. Scaled to unit norm; returns the logarithm of the norm.
double pairGradient(const AttentionModel& model, const Dataset& dataset, Loss loss, Matrix& direction) {
  const std::vector<Pair> pairs = pairsOf(model, dataset, loss);
  double largest = pairs.front().logWeight;
  for (const Pair& pair : pairs) largest = std::max(largest, pair.logWeight);
  direction.setZero(dataset.d(), dataset.d());
  for (const Pair& pair : pairs) direction += std::exp(pair.logWeight - largest) * pair.effect;
  const double norm = direction.norm();
  direction /= norm;
  return largest + std::log(norm / static_cast<double>(model.rows().size()));
}

/// From spread attention to probabilities of 1e-2000, where exp() has long given zero.
TEST(LogDomain, IsExactHoweverSmallTheProbabilities) {
  for (const HeadKind head : {HeadKind::Linear, HeadKind::Mlp, HeadKind::Quadratic}) {
    double smallest = 0.0;
    for (const Loss loss : {Loss::Logistic, Loss::Exponential, Loss::Linear})
      for (const QueryMode mode : {QueryMode{}, QueryMode{true, true}})
        for (const double scale : {0.1, 1.0, 10.0, 100.0, 400.0, 1000.0})
          for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const Dataset dataset = raggedDataset(seed, head);
            Random random(seed + 90);
            const Matrix W = random.uniformMatrix(dataset.d(), dataset.d(), -1.7 * scale, 1.7 * scale);
            AttentionModel model(dataset, mode, loss);
            model.forward(W);
            ScaledGradient found;
            model.gradient(GradientMode::LogDomain, found);
            Matrix expected;
            const double logNorm = pairGradient(model, dataset, loss, expected);
            const double norm = found.direction.norm();
            EXPECT_NEAR(std::log(norm) + found.logScale, logNorm, 1e-11 * (1.0 + std::abs(logNorm)));
            EXPECT_LT((found.direction / norm - expected).norm(), 1e-10)
                << "scale " << scale << " seed " << seed;
            smallest = std::min(smallest, logNorm);
          }
    EXPECT_LT(smallest, -745.0);  // below the smallest double: the test reached where it must
  }
}

/// Two equal tokens have no effect on each other, however much they outweigh the rest.
TEST(LogDomain, TokensWithoutEffectDoNotOverflow) {
  Dataset dataset;
  // In each sequence tokens 0 and 1 have the same score, token 2 another.
  dataset.X = {Matrix{{1.0, 1.0}, {1.0, 0.999}, {0.0, -1.0}}, Matrix{{1.0, 1.0}, {0.0, -1.0}}};
  dataset.Z = Matrix{{0.0, 1.0}, {0.0, 1.0}};
  dataset.y = Vector::Ones(2);
  dataset.head = LinearHead{Vector::Unit(2, 0)};
  AttentionModel model(validated(dataset).value(), QueryMode{}, Loss::Logistic);
  model.forward(1000.0 * Matrix::Identity(2, 2));
  ScaledGradient gradient;
  model.gradient(GradientMode::LogDomain, gradient);
  EXPECT_TRUE(gradient.direction.array().isFinite().all()) << gradient.direction;
  EXPECT_GT(gradient.direction.norm(), 0.0);
  EXPECT_LT(gradient.logScale, -1900.0);
}

}  // namespace
}  // namespace attention_svm
