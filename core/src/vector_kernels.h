// SPDX-License-Identifier: MIT
// The inner loops of training. Their order of operations is written down, in four running sums, whatever the
// width of the vector unit: the same bits with two lanes (SSE2, NEON, WebAssembly) and with four (AVX2, never
// fused).
#pragma once

#include "attention_svm/linalg.h"

namespace attention_svm {

struct VectorKernels {
  /// y_i = <A_i, x> for the rows A_i of a row-major matrix: element k goes to running sum k mod 4; then
  /// (s0 + s1) + (s2 + s3).
  void (*product)(const double* A, Index rows, Index cols, const double* x, double* y);
  /// y += sum_i x_i A_i, each entry in the order of the rows; the x_i lie `stride` apart.
  void (*addTransposedProduct)(const double* A, Index rows, Index cols, const double* x, Index stride,
                               double* y);
  /// y_k = portableExp(x_k); y may be x.
  void (*exponentials)(const double* x, Index n, double* y);
};

/// What every processor of this build can do.
const VectorKernels& narrowKernels();
/// The widest that this processor can do.
const VectorKernels& kernels();

}  // namespace attention_svm
