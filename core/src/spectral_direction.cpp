// SPDX-License-Identifier: MIT
// One-sided Jacobi rotations (Hestenes 1958): the order of all sums is written down, so that native and
// WebAssembly builds agree to the bit, which library decompositions do not promise.
#include "attention_svm/spectral_direction.h"

#include <cmath>

#include "ordered_sums.h"

namespace attention_svm {

namespace {

constexpr double kZero = 1e-14;        // of the largest singular value
constexpr double kOrthogonal = 1e-15;  // cosine of two rows that need no rotation
constexpr int kMostSweeps = 60;        // some ten are enough

/// (a, b) <- (c a - s b, s a + c b)
void rotate(double* a, double* b, Index n, double c, double s) {
  for (Index k = 0; k < n; ++k) {
    const double x = a[k], y = b[k];
    a[k] = c * x - s * y;
    b[k] = s * x + c * y;
  }
}

double rowSize(const Matrix& A, Index i) {
  const double* row = A.data() + i * A.cols();
  return std::sqrt(orderedDot(row, row, A.cols()));
}

}  // namespace

SpectralDirection::SpectralDirection(Index rows, Index cols)
    : rows_(rows, cols), J_(rows, rows), sizes_(rows), direction_(rows, cols) {}

/// Makes rows i and j orthogonal; false when they are already, or when one of them counts as zero.
bool SpectralDirection::rotateRows(Index i, Index j) {
  const Index n = rows_.cols();
  double *a = rows_.data() + i * n, *b = rows_.data() + j * n;
  const double aa = orderedDot(a, a, n), bb = orderedDot(b, b, n), ab = orderedDot(a, b, n);
  if (!(std::min(aa, bb) > least_ * least_)) return false;
  if (std::abs(ab) <= kOrthogonal * std::sqrt(aa) * std::sqrt(bb)) return false;
  const double zeta = (bb - aa) / (2.0 * ab);
  const double t = std::copysign(1.0, zeta) / (std::abs(zeta) + std::sqrt(1.0 + zeta * zeta));
  const double c = 1.0 / std::sqrt(1.0 + t * t);
  rotate(a, b, n, c, c * t);
  rotate(J_.data() + i * J_.cols(), J_.data() + j * J_.cols(), J_.cols(), c, c * t);
  return true;
}

const Matrix& SpectralDirection::of(const Matrix& G) {
  direction_.setZero();
  const double largest = G.cwiseAbs().maxCoeff();
  if (!(largest > 0.0)) return direction_;
  rows_ = G / largest;  // so that no square leaves the range of doubles
  J_.setIdentity();
  least_ = kZero;  // at most that share of the largest singular value: an entry is no larger
  bool moved = true;
  for (int sweep = 0; moved && sweep < kMostSweeps; ++sweep) {
    moved = false;
    for (Index i = 0; i + 1 < rows_.rows(); ++i)
      for (Index j = i + 1; j < rows_.rows(); ++j) moved = rotateRows(i, j) || moved;
  }
  for (Index k = 0; k < rows_.rows(); ++k) sizes_(k) = rowSize(rows_, k);
  least_ = kZero * sizes_.maxCoeff();
  for (Index k = 0; k < rows_.rows(); ++k) {  // + u v^T
    if (!(sizes_(k) > least_)) continue;
    for (Index i = 0; i < G.rows(); ++i)
      addScaled(direction_.data() + i * G.cols(), J_(k, i) / sizes_(k), rows_.data() + k * G.cols(),
                G.cols());
  }
  return direction_;
}

}  // namespace attention_svm
