// SPDX-License-Identifier: MIT
// The table of THEORY section 6c: which optimizers are compared, in which norms.
#pragma once

#include <array>

#include "attention_svm/norm.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

/// From the largest least norm to the smallest: of the same constraints l_1 >= nuclear >= Frobenius >=
/// operator >= l_inf.
inline const std::array<Norm, 5>& comparedNorms() {
  static const std::array<Norm, 5> norms{Norm::l1(), Norm::nuclear(), Norm::frobenius(), Norm::spectral(),
                                         Norm::linf()};
  return norms;
}

struct ComparedOptimizer {
  const char* name;  ///< for people: "(K, Q)"
  Optimizer optimizer;
  Parameterization parameterization;
};

/// Normalized gradient descent of W, of (K, Q) with growing steps (with constant ones they creep, THEORY
/// section 4), sign, spectral, coordinate descent, and Adam.
inline const std::array<ComparedOptimizer, 6>& comparedOptimizers() {
  static constexpr std::array<ComparedOptimizer, 6> all{{
      {"gradient descent", Optimizer::NormalizedGd, Parameterization::W},
      {"K and Q", Optimizer::NormalizedGdGrowing, Parameterization::KQ},
      {"sign descent", Optimizer::SignDescent, Parameterization::W},
      {"spectral descent", Optimizer::SpectralDescent, Parameterization::W},
      {"coordinate descent", Optimizer::CoordinateDescent, Parameterization::W},
      {"Adam", Optimizer::Adam, Parameterization::W},
  }};
  return all;
}

}  // namespace attention_svm
