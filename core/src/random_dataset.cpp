// SPDX-License-Identifier: MIT
#include "attention_svm/random_dataset.h"

#include <cmath>

#include "attention_svm/random.h"

namespace attention_svm {

namespace {

Head randomHead(const RandomDatasetSpec& spec, Random& random) {
  if (spec.head == HeadKind::Linear) return LinearHead{random.unitVector(spec.d)};
  if (spec.head == HeadKind::Quadratic) return QuadraticHead{random.unitVector(spec.d), spec.lambda};
  MlpHead head;
  const double scale = 1.0 / std::sqrt(static_cast<double>(spec.d));
  head.hidden.resize(spec.d, spec.d);
  head.output.resize(spec.d);
  for (Index j = 0; j < spec.d; ++j) {
    for (Index k = 0; k < spec.d; ++k) head.hidden(j, k) = scale * random.normal();
    head.output(j) = scale * random.normal();
  }
  return head;
}

Result<bool> checked(const RandomDatasetSpec& spec, const Budget& budget) {
  constexpr Index kLargest = 10000;
  if (spec.n < 1 || spec.n > kLargest) return Error{"n: expected a number from 1 to 10000"};
  if (spec.T < 1 || spec.T > kLargest) return Error{"T: expected a number from 1 to 10000"};
  if (spec.d < 1 || spec.d > kLargest) return Error{"d: expected a number from 1 to 10000"};
  const double n = static_cast<double>(spec.n), T = static_cast<double>(spec.T),
               d = static_cast<double>(spec.d);
  const double needed =
      n * T * d + (spec.selfAttention ? 0.0 : n * d) + n + (spec.head == HeadKind::Mlp ? d * d + d : d);
  if (std::string excess = excessNumbers("the data", needed, budget); !excess.empty())
    return Error{std::move(excess)};
  if (!std::isfinite(spec.lambda)) return Error{"lambda: expected a finite number"};
  return true;
}

}  // namespace

Result<Dataset> randomDataset(const RandomDatasetSpec& spec, const Budget& budget) {
  if (const Result<bool> check = checked(spec, budget); !check) return Error{check.error()};
  Random random(spec.seed);
  Dataset dataset;
  dataset.name = "random n=" + std::to_string(spec.n) + " T=" + std::to_string(spec.T) +
                 " d=" + std::to_string(spec.d) + " seed=" + std::to_string(spec.seed);
  dataset.y.resize(spec.n);
  dataset.Z.resize(spec.selfAttention ? 0 : spec.n, spec.d);
  for (Index i = 0; i < spec.n; ++i) {
    Matrix X(spec.T, spec.d);
    for (Index t = 0; t < spec.T; ++t) X.row(t) = random.unitVector(spec.d).transpose();
    dataset.X.push_back(std::move(X));
    if (!spec.selfAttention) dataset.Z.row(i) = random.unitVector(spec.d).transpose();
    dataset.y(i) = random.sign();
  }
  dataset.head = randomHead(spec, random);
  return dataset;
}

}  // namespace attention_svm
