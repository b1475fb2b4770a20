// SPDX-License-Identifier: MIT
// The training step of the paper's own program to the last bit (THEORY section 8: keep the plain mode, to
// match the published curves). Where attention saturates, the plain gradient is what rounding leaves of s_t
// (u_t - sum_tau s_tau u_tau): only the same operations in the same order give the same path.
#pragma once

#include <vector>

#include "attention_svm/attention.h"

namespace attention_svm {

class PublishedProgram {
 public:
  PublishedProgram(const Dataset& dataset, QueryMode mode, Loss loss);

  /// That program forms X W, which costs T d^2 for each row: true while that is little. False for words.
  static bool affordable(const Dataset& dataset, QueryMode mode);

  /// W = K Q^T
  void weights(const Matrix& K, const Matrix& Q, Matrix& W);
  /// dL/dW at W; no heap allocation.
  void gradient(const Matrix& W, Matrix& dW);
  /// dW Q and dW^T K
  void factorGradients(const Matrix& dW, const Matrix& K, const Matrix& Q, Matrix& dK, Matrix& dQ);
  /// P -= eta G / (|G|_F + eps). The eps, 2^-52, is what ends the training when only rounding is left of G.
  static void normalizedStep(double eta, const Matrix& G, Matrix& P);

 private:
  void logits(const Matrix& W, std::size_t row);
  void softmax(std::size_t row);
  void outputGradient(std::size_t row);
  void logitGradient(std::size_t row);

  std::vector<AttentionRow> rows_;
  std::vector<Matrix> X_;
  Matrix Z_;
  Vector y_;
  Head head_;
  Loss loss_;
  Matrix XW_, Qt_, dWt_;                 ///< scratch
  Vector a_, s_, o_, hidden_, do_, da_;  ///< logits, probabilities, output, hidden units, gradients
};

}  // namespace attention_svm
