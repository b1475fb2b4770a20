// SPDX-License-Identifier: MIT
// What CyclicSubspace keeps and FinitePartSolver solves with.
#pragma once

#include "attention_svm/cyclic_part.h"
#include "cholesky_factor.h"

namespace attention_svm {

class CyclicSubspace::Gram {
 public:
  CholeskyFactor factor;
};

}  // namespace attention_svm
