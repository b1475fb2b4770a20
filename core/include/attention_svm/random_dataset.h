// SPDX-License-Identifier: MIT
// Random data as in the paper's experiments (section 5): unit-norm Gaussian tokens, queries and v.
#pragma once

#include <cstdint>

#include "attention_svm/budget.h"

namespace attention_svm {

enum class HeadKind { Linear, Mlp, Quadratic };

struct RandomDatasetSpec {
  Index n = 6;   ///< sequences, >= 1
  Index T = 8;   ///< tokens in each, >= 1
  Index d = 10;  ///< dimension, >= 1
  std::uint64_t seed = 1;
  HeadKind head = HeadKind::Linear;
  double lambda = 1.0;         ///< quadratic head only
  bool selfAttention = false;  ///< no queries drawn: z_i is the first token
};

/// Labels are +-1 with probability 1/2. The same spec gives the same bits everywhere.
///
/// The MLP head is output^T relu(hidden o) with d hidden units, all weights Gaussian of variance 1/d, so that
/// its outputs have either sign. The paper's several-tokens experiment has another, 1^T relu(V^T o) with a
/// Gaussian V of |V|_F = 1, whose outputs only add up: ExperimentKind::SeveralTokens draws that one.
/// n, T and d up to 10000, and together no more than the budget allows.
Result<Dataset> randomDataset(const RandomDatasetSpec& spec, const Budget& budget = {});

}  // namespace attention_svm
