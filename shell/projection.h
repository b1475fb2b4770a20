// SPDX-License-Identifier: MIT
// The plane in which high-dimensional data is drawn.
#pragma once

#include "attention_svm/dataset.h"

namespace attention_svm::shell {

/// The plane in which tokens, W z and v are drawn: coordinates (x - origin) * basis.
/// For d = 2 the identity, else the two leading principal components of all tokens.
struct Projection {
  Matrix basis;            ///< d x 2, orthonormal columns
  Vector origin;           ///< d
  double explained = 1.0;  ///< share of the tokens' variance in the plane
};

/// Up to d = 64 by the covariance matrix. Beyond, by 32 steps of Lanczos' method (Golub, Van Loan, Matrix
/// Computations, section 10.1), which take time in proportion to the numbers of the data and no d x d matrix:
/// the plane is then that of the largest variance within the Krylov space, the leading components to the eye.
Projection projectionOf(const Dataset& dataset);

}  // namespace attention_svm::shell
