// SPDX-License-Identifier: MIT
// Sums of products whose order is written down: four running sums, whatever the width of the vector unit, so
// that training gives the same bits natively and in WebAssembly. (Eigen's order depends on the instruction
// set, and a (K, Q) run in the log domain amplifies a last bit to a visible difference within 500 steps.)
#pragma once

#include "attention_svm/linalg.h"
#include "vector_kernels.h"

namespace attention_svm {

inline double orderedDot(const double* a, const double* b, Index n) {
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
  Index k = 0;
  for (; k + 4 <= n; k += 4) {
    s0 += a[k] * b[k];
    s1 += a[k + 1] * b[k + 1];
    s2 += a[k + 2] * b[k + 2];
    s3 += a[k + 3] * b[k + 3];
  }
  if (k < n) s0 += a[k] * b[k];
  if (k + 1 < n) s1 += a[k + 1] * b[k + 1];
  if (k + 2 < n) s2 += a[k + 2] * b[k + 2];
  return (s0 + s1) + (s2 + s3);
}

inline double orderedDot(const Vector& a, const Vector& b) {
  return orderedDot(a.data(), b.data(), a.size());
}

inline double orderedSum(const Vector& a) {
  double s0 = 0.0, s1 = 0.0;
  Index k = 0;
  for (; k + 2 <= a.size(); k += 2) {
    s0 += a(k);
    s1 += a(k + 1);
  }
  return (k < a.size() ? s0 + a(k) : s0) + s1;
}

inline double orderedSquaredNorm(const Matrix& A) { return orderedDot(A.data(), A.data(), A.size()); }

/// y = A x for the first y.size() rows of A
inline void orderedProduct(const Matrix& A, Index rows, const double* x, Vector& y) {
  kernels().product(A.data(), rows, A.cols(), x, y.data());
}

/// row += factor x
inline void addScaled(double* row, double factor, const double* x, Index n) {
  for (Index k = 0; k < n; ++k) row[k] += factor * x[k];
}

/// y = A^T x over the first `rows` rows of A
inline void orderedTransposedProduct(const Matrix& A, Index rows, const Vector& x, Vector& y) {
  y.setZero();
  kernels().addTransposedProduct(A.data(), rows, A.cols(), x.data(), 1, y.data());
}

}  // namespace attention_svm
