// SPDX-License-Identifier: MIT
// One singular value decomposition for all: each of Eigen's would be another 20 kB in the page.
#pragma once

#include "attention_svm/linalg.h"

namespace attention_svm {

struct ThinSvd {
  Matrix U;      ///< rows x k, orthonormal columns
  Vector sigma;  ///< k = min(rows, cols), largest first
  Matrix V;      ///< cols x k
};

ThinSvd thinSvd(const Matrix& A);

}  // namespace attention_svm
