// SPDX-License-Identifier: MIT
// What a nonlinear head, or words, leave in the limit (paper, section 7; THEORY sections 5 and 6d).
#pragma once

#include <optional>
#include <string>

#include "attention_svm/cyclic_part.h"
#include "attention_svm/svm_solver.h"
#include "attention_svm/trainer.h"

namespace attention_svm {

/// Which tokens keep probability: s > threshold. Settled when no probability lies in
/// (masked, threshold]: those between are neither kept nor gone.
struct KeptSets {
  KeptTokens tokens;
  bool settled = false;
  std::vector<TokenConstraint> unsettled;  ///< the tokens in between
  double largestMasked = 0.0;              ///< largest probability outside the kept sets
  double threshold = 0.0, masked = 0.0;    ///< what it was asked for
};
KeptSets keptTokens(const AttentionModel& model, double threshold = 1e-3, double masked = 1e-6);

std::string toText(const KeptSets& kept);

/// W(k) ~ W_fin + R W_mm. Of words, W_mm solves the Graph-SVM and W_fin is the finitePart(), whatever is kept
/// now.
struct Decomposition {
  bool feasible = false;  ///< of the generalized SVM and of the equations of the finite part
  std::string message;    ///< why not, or that the kept set is not settled yet; empty when all is well
  KeptSets kept;
  SvmSolution directional;  ///< W_mm
  Matrix finite;            ///< W_fin, least norm with the log-odds of the kept tokens
  /// Largest error of the log-odds; of words, FinitePart::residual.
  double finiteResidual = 0.0;
  Matrix cyclic;   ///< words only: the projection of W onto the cyclic subspace, which tends to W_fin
  double R = 0.0;  ///< least squares: argmin |W - W_fin - R W_mm|_F
  double correlationDirectional = 0.0;    ///< of W with W_mm
  double correlationSvmEquivalent = 0.0;  ///< of W with W_fin + R W_mm
  /// With the SVM of the argmax tokens, when feasible; never of words.
  std::optional<double> correlationOneToken;
};
Decomposition decompose(const Trainer& trainer, double threshold = 1e-3);

std::string toText(const Decomposition& decomposition);

}  // namespace attention_svm
