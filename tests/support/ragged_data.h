// Small random datasets with everything that can vary: lengths, heads, self- or cross-attention.
#pragma once

#include "attention_svm/random.h"
#include "attention_svm/random_dataset.h"

namespace attention_svm::test {

/// n = 4 sequences of 1 to 6 tokens in d = 5, entries normal; `head` of any kind.
inline Dataset raggedDataset(std::uint64_t seed, HeadKind head, bool selfAttention = false) {
  RandomDatasetSpec spec;
  spec.n = 4;
  spec.T = 2;
  spec.d = 5;
  spec.seed = seed;
  spec.head = head;
  spec.lambda = 0.7;
  spec.selfAttention = selfAttention;
  Dataset dataset = randomDataset(spec).value();
  Random random(seed + 1000);
  for (Matrix& X : dataset.X) {
    X.resize(1 + random.below(6), spec.d);
    for (double& x : X.reshaped()) x = random.normal();
  }
  dataset.name = "ragged " + std::to_string(seed);
  return dataset;
}

inline Matrix normalMatrix(std::uint64_t seed, Index rows, Index cols) {
  Random random(seed);
  Matrix A(rows, cols);
  for (double& x : A.reshaped()) x = random.normal();
  return A;
}

}  // namespace attention_svm::test
