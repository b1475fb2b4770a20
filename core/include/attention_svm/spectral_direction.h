// SPDX-License-Identifier: MIT
// The direction of steepest descent in the operator norm (THEORY section 6c; Muon's).
#pragma once

#include "attention_svm/linalg.h"

namespace attention_svm {

/// U V^T of G = U Sigma V^T, over the singular values above 1e-12 of the largest: what lies below is
/// rounding. Zero for G = 0. Scratch of one shape, used again without allocation.
class SpectralDirection {
 public:
  SpectralDirection() = default;
  SpectralDirection(Index rows, Index cols);

  /// The direction of G, of the shape given before; stays valid until the next call.
  const Matrix& of(const Matrix& G);

 private:
  bool rotateRows(Index i, Index j);

  Matrix rows_;   ///< J G with orthogonal rows sigma v^T
  Matrix J_;      ///< its rows are the u^T
  Vector sizes_;  ///< sigma
  Matrix direction_;
  double least_ = 0.0;  ///< singular values up to here count as zero
};

}  // namespace attention_svm
