// SPDX-License-Identifier: MIT
// Cholesky factor of a Gram matrix that grows and shrinks by one row at a time (Golub, Van Loan 6.5).
#pragma once

#include "attention_svm/linalg.h"

namespace attention_svm {

class CholeskyFactor {
 public:
  [[nodiscard]] Index size() const { return size_; }

  /// Appends a row: `gram` holds its products with the present ones, `diagonal` that with itself. False,
  /// and nothing changes, when it depends on them: what is left of the diagonal is below threshold.
  bool append(const Vector& gram, double diagonal, double threshold);
  /// Takes row `position` out.
  void remove(Index position);
  /// Solves L L^T x = b in place.
  void solve(Vector& b) const;

 private:
  Matrix L_;  // lower triangle, more room than size_
  Index size_ = 0;
};

}  // namespace attention_svm
