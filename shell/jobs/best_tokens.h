// SPDX-License-Identifier: MIT
// The best token of every sequence, together: can a matrix separate them? And certificates that none can.
#pragma once

#include <vector>

#include "attention_svm/local_optimality.h"

namespace attention_svm::shell {

/// A constraint of the SVM: in a row of attention, `preferred` shall beat name.token.
struct CertificateEntry {
  TokenConstraint name;
  Index preferred = 0;
};

/// Weights a >= 0 of sum 1 with sum a_k A_k = 0; empty where there is a solution.
struct Certificate {
  std::vector<CertificateEntry> entries;
  Vector weights;
  double residual = 0.0;
};
Certificate certificateOf(const Dataset& dataset, const Selection& tokens, QueryMode mode,
                          const SvmSolution& solution);

struct BestTokens {
  Selection tokens;
  int ties = 0;  ///< rows of attention with several best tokens
  SvmSolution solution;
  Certificate certificate;
};
/// The error says why there are none, or that the SVM has more than `mostConstraints`.
Result<BestTokens> solveBestTokens(const Dataset& dataset, QueryMode mode, Index mostConstraints);

}  // namespace attention_svm::shell
