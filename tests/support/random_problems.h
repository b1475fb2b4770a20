// SPDX-License-Identifier: MIT
// Small random problems, every second one degenerate on purpose: equal scores, also but for the last bit,
// tokens that occur twice, zero tokens and queries, sequences of one token, one dimension, scores of unusual
// size.
#pragma once

#include <cmath>
#include <limits>

#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"
#include "attention_svm/trainer.h"

namespace attention_svm::test {

struct Problem {
  Dataset data;
  TrainerOptions options;
  int steps = 0;
};

inline Matrix tokensFor(Random& random, Index T, Index d, bool grid) {
  Matrix X(T, d);
  for (double& x : X.reshaped()) x = grid ? 0.5 * (random.below(5) - 2) : random.normal();
  return X;
}

inline void makeDegenerate(Random& random, Dataset& data) {
  Vector& v = std::get<LinearHead>(data.head).v;
  const auto sometimes = [&random] { return random.below(3) == 0; };
  if (random.below(2) == 0) v = (random.below(2) == 0 ? 1.0 : 3.0) * Vector::Unit(data.d(), 0);
  for (Index i = 0; i < data.n(); ++i) {
    Matrix& X = data.X[static_cast<std::size_t>(i)];
    const Index one = random.below(static_cast<int>(X.rows())),
                other = random.below(static_cast<int>(X.rows()));
    if (random.below(6) == 0) X.row(one) = X.row(other);
    if (sometimes()) X.row(other).setZero();
    if (v.tail(data.d() - 1).isZero(0.0)) X(one, 0) = X(other, 0);  // the same score
    if (random.below(6) == 0) X(one, 0) = std::nextafter(X(one, 0), std::numeric_limits<double>::infinity());
    if (random.below(8) == 0 && !data.selfAttention()) data.Z.row(i).setZero();
  }
  if (random.below(6) == 0) v *= random.below(2) == 0 ? 1e-13 : 1e6;
}

inline TrainerOptions trainingFor(Random& random, Index d, bool special) {
  TrainerOptions options;
  options.seed = random.bits() % 1000;
  options.stepSize = random.below(2) == 0 ? 0.1 : 3.0;
  options.loss = static_cast<Loss>(random.below(3));
  const int kind = random.below(20);
  if (kind < 5) {
    options.parameterization = Parameterization::KQ;
    options.rank = 1 + random.below(static_cast<int>(d));
  } else if (kind == 5) {
    options.optimizer = Optimizer::NormalizedMirror;
    options.p = 3.0;
  } else if (kind == 6) {
    options.optimizer = Optimizer::Adam;
  } else if (kind == 7) {
    options.optimizer = Optimizer::SignDescent;
  } else if (kind == 8) {
    options.optimizer = Optimizer::SpectralDescent;
  } else if (kind == 9) {
    options.optimizer = Optimizer::CoordinateDescent;
  }
  if (options.parameterization == Parameterization::W) {
    const int start = random.below(special ? 4 : 3);
    if (start == 0) options.W0 = tokensFor(random, d, d, false) * 30.0;
    if (start == 3) options.W0 = Matrix::Zero(d, d);
  }
  options.queries.everyToken = random.below(6) == 0;
  options.queries.causal = options.queries.everyToken && random.below(2) == 0;
  return options;
}

/// Few enough constraints that all sets of them can be tried.
inline Problem randomProblem(std::uint64_t seed) {
  Random random(seed * 7919 + 13);
  const bool special = seed % 2 == 1;
  Problem problem;
  const Index d = special && random.below(4) == 0 ? 1 : 1 + random.below(4);
  problem.options = trainingFor(random, d, special);
  const bool everyToken = problem.options.queries.everyToken;
  const Index n = 1 + random.below(everyToken ? 2 : 3);
  const bool grid = special && random.below(2) == 0, onlyOne = special && random.below(12) == 0;
  for (Index i = 0; i < n; ++i) {
    const Index T = onlyOne                           ? 1
                    : special && random.below(6) == 0 ? 1
                    : everyToken                      ? 2 + random.below(2)
                                                      : 2 + random.below(3);
    problem.data.X.push_back(tokensFor(random, T, d, grid));
  }
  if (random.below(4) != 0) problem.data.Z = tokensFor(random, n, d, grid);
  problem.data.y.resize(n);
  for (double& y : problem.data.y) y = random.sign();
  problem.data.head = LinearHead{tokensFor(random, 1, d, grid).row(0).transpose()};
  if (special) makeDegenerate(random, problem.data);
  constexpr int kSteps[] = {0, 3, 40, 150};
  problem.steps = kSteps[random.below(4)];
  return problem;
}

}  // namespace attention_svm::test
