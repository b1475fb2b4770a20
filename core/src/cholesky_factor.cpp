// SPDX-License-Identifier: MIT
#include "cholesky_factor.h"

#include <cmath>

namespace attention_svm {

bool CholeskyFactor::append(const Vector& gram, double diagonal, double threshold) {
  if (size_ == L_.rows()) L_.conservativeResize(2 * size_ + 8, 2 * size_ + 8);
  Vector row = gram;
  L_.topLeftCorner(size_, size_).triangularView<Eigen::Lower>().solveInPlace(row);
  const double rest = diagonal - row.squaredNorm();
  if (!(rest > threshold)) return false;
  L_.row(size_).head(size_) = row.transpose();
  L_(size_, size_) = std::sqrt(rest);
  ++size_;
  return true;
}

void CholeskyFactor::remove(Index position) {
  for (Index r = position; r + 1 < size_; ++r) L_.row(r).head(r + 2) = L_.row(r + 1).head(r + 2);
  --size_;
  // The rows below now reach one past the diagonal: Givens rotations of columns bring them back.
  for (Index c = position; c < size_; ++c) {
    const double a = L_(c, c), b = L_(c, c + 1);
    const double r = std::hypot(a, b);
    const double cosine = a / r, sine = b / r;
    for (Index i = c; i < size_; ++i) {
      const double x = L_(i, c), y = L_(i, c + 1);
      L_(i, c) = cosine * x + sine * y;
      L_(i, c + 1) = cosine * y - sine * x;
    }
  }
}

void CholeskyFactor::solve(Vector& b) const {
  const auto L = L_.topLeftCorner(size_, size_).triangularView<Eigen::Lower>();
  L.solveInPlace(b);
  L.transpose().solveInPlace(b);
}

}  // namespace attention_svm
